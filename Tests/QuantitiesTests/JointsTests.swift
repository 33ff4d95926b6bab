import Quantities
import Testing

@Suite struct JointsTests {
    @Test("a joint exists below the capacity of 16", arguments: UInt8.min...UInt8.max)
    func index(raw: UInt8) {
        #expect(JointIndex(raw)?.rawValue == (Int(raw) < jointCapacity ? raw : nil))
    }

    @Test("a robot has 1 to 16 joints", arguments: UInt8.min...UInt8.max)
    func count(raw: UInt8) {
        #expect(JointCount(raw)?.rawValue == ((1...jointCapacity).contains(Int(raw)) ? raw : nil))
    }

    @Test("walks as many joints as there are, in order", arguments: 1...16 as ClosedRange<UInt8>)
    func walk(raw: UInt8) throws {
        let count = try #require(JointCount(raw))
        #expect((0...255).compactMap { count.joint(at: $0)?.rawValue } == Array(0..<raw))
    }

    @Test("the first joint is number 0") func first() { #expect(JointIndex.first == JointIndex(0)) }

    @Test("joints are told apart by number") func equality() {
        #expect(JointIndex(3) == JointIndex(3))
        #expect(JointIndex(3) != JointIndex(4))
        #expect(Set([JointIndex(3), JointIndex(3), JointIndex(4)]).count == 2)
        #expect(JointCount(3) != JointCount(4))
    }

    @Test("a vector keeps one value for each joint") func vector() throws {
        var vector = JointVector<6, Radians>(repeating: Radians(0.5))
        let third = try #require(JointIndex(2))
        vector[third] = Radians(-1)
        #expect(vector[.first] == Radians(0.5))
        #expect(vector[third] == Radians(-1))
        #expect((0..<6).map { vector.elements[$0].value } == [0.5, 0.5, -1, 0.5, 0.5, 0.5])
    }

    @Test("each joint that a robot could have has its own place") func places() throws {
        var vector = PerJoint(repeating: Celsius(20))
        let joints = try (0..<UInt8(jointCapacity)).map { try #require(JointIndex($0)) }
        for joint in joints { vector[joint] = Celsius(Float(joint.rawValue)) }
        #expect(joints.map { vector[$0].value } == (0..<16).map { Float($0) })
    }

    @Test("stops the program at a joint that the vector does not have") func beyondVector() async {
        await #expect(processExitsWith: .failure) {
            guard let seventh = JointIndex(6) else { return }
            _ = JointVector<6, Radians>(repeating: .zero)[seventh]
        }
    }
}
