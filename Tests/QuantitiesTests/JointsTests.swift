import Quantities
import Testing

@Suite struct JointsTests {
    @Test("a joint's index lies below the capacity", arguments: [(0, true), (15, true), (16, false), (255, false)])
    func index(raw: UInt8, exists: Bool) {
        #expect(JointIndex(raw)?.rawValue == (exists ? raw : nil))
        #expect((Int(raw) < jointCapacity) == exists)
    }

    @Test(
        "a robot has at least one joint and at most the capacity",
        arguments: [(0, false), (1, true), (16, true), (17, false)])
    func count(raw: UInt8, exists: Bool) {
        #expect(JointCount(raw)?.rawValue == (exists ? raw : nil))
    }

    @Test("the joints of a count come in order and end", arguments: [1, 6, 16])
    func enumeration(raw: UInt8) throws {
        let count = try #require(JointCount(raw))
        let joints = (UInt8.min...UInt8.max).map { count.joint(at: $0) }
        #expect(joints.prefix(Int(raw)).map { $0?.rawValue } == (0..<raw).map { $0 })
        #expect(joints.dropFirst(Int(raw)).allSatisfy { $0 == nil })
    }

    @Test("each joint of a vector has its own place")
    func places() throws {
        var vector = PerJoint(repeating: Radians(0.5))
        let indices = try (0..<UInt8(jointCapacity)).map { try #require(JointIndex($0)) }
        #expect(indices.allSatisfy { vector[$0] == Radians(0.5) })
        for index in indices { vector[index] = Radians(Float(index.rawValue)) }
        #expect(indices.map { vector[$0] } == indices.map { Radians(Float($0.rawValue)) })
    }
}
