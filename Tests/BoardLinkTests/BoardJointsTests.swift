import BoardLink
import Testing

@Suite struct BoardJointsTests {
    @Test("a board joint exists below 4 only", arguments: UInt8.min...UInt8.max)
    func joint(raw: UInt8) { #expect(BoardJoint(raw)?.rawValue == (raw < 4 ? raw : nil)) }

    @Test("a board has 1 to 4 joints", arguments: UInt8.min...UInt8.max)
    func count(raw: UInt8) { #expect(BoardJointCount(raw)?.rawValue == ((1...4).contains(raw) ? raw : nil)) }

    @Test(
        "walks its joints in order",
        arguments: zip([BoardJointCount.one, .two, .three, .four], [[0], [0, 1], [0, 1, 2], [0, 1, 2, 3]]))
    func walk(count: BoardJointCount, joints: [UInt8]) {
        #expect((0...255).compactMap { count.joint(at: $0)?.rawValue } == joints)
    }
}
