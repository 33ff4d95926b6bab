import Quantities
import Testing

@testable import BoardLink

/// One byte of a golden payload, and the values that it may have.
struct ByteField: CustomTestStringConvertible, Sendable {
    let golden: String
    let offset: Int
    let field: Field
    let isLegal: @Sendable (UInt8) -> Bool

    init(_ golden: String, _ offset: Int, _ field: Field, _ isLegal: @escaping @Sendable (UInt8) -> Bool) {
        self.golden = golden
        self.offset = offset
        self.field = field
        self.isLegal = isLegal
    }

    var testDescription: String { "\(field) in \(golden)" }

    static let all = [
        ByteField("latchedState", 10, .mode) { BoardMode(rawValue: $0) != nil },
        ByteField("latchedState", 12, .flags) { $0 < 32 },
        ByteField("clear", 4, .fault) { $0 != 0 },
        ByteField("faultReport", 8, .fault) { $0 != 0 },
        ByteField("event", 8, .event) { EventKind(rawValue: $0) != nil },
        ByteField("event", 9, .joint) { $0 < 4 || $0 == 255 },
        ByteField("answer", 4, .request) { Request(rawValue: $0) != nil },
        ByteField("answer", 7, .outcome) { Outcome(rawValue: $0) != nil },
        ByteField("identification", 29, .jointCount) { (1...4).contains($0) },
    ]

    func payload() throws -> [UInt8] {
        let named = GoldenFrame.all.first { $0.name == golden }
        return try #require(named).packet.payload().array
    }
}

@Suite struct FieldsTests {
    @Test("every value of a byte field is taken or refused by name", arguments: ByteField.all)
    func byteField(_ byteField: ByteField) throws {
        var payload = try byteField.payload()
        for value in UInt8.min...UInt8.max {
            payload[byteField.offset] = value
            let expected: LinkError? = byteField.isLegal(value) ? nil : .illegalValue(byteField.field)
            #expect(refusal(of: payload) == expected, "value \(value)")
        }
    }

    @Test("every legal value of a byte field comes back as itself", arguments: ByteField.all)
    func byteFieldRoundTrip(_ byteField: ByteField) throws {
        var payload = try byteField.payload()
        for value in UInt8.min...UInt8.max where byteField.isLegal(value) {
            payload[byteField.offset] = value
            #expect(try Packet(Payload(payload)).payload().array == payload, "value \(value)")
        }
    }

    private static let header: [UInt8] = [1, 6, 0, 0]
    private static let configure: [UInt8] = [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]

    @Test("a command for no joint or more than four is refused", arguments: [0, 5, 6, 128, 255] as [UInt8])
    func jointCount(count: UInt8) {
        let drives = [UInt8](repeating: 0, count: Int(count))
        #expect(refusal(of: Self.header + [20, 0, count] + drives.prefix(100)) == .illegalValue(.jointCount))
    }

    @Test("a command for one to four joints is taken", arguments: [1, 2, 3, 4] as [UInt8])
    func legalJointCount(count: UInt8) {
        #expect(refusal(of: Self.header + [20, 0, count] + [UInt8](repeating: 0, count: Int(count))) == nil)
    }

    @Test("a command that would end at once is refused") func lifetime() {
        #expect(refusal(of: Self.header + [0, 0, 1, 0]) == .illegalValue(.lifetime))
        #expect(refusal(of: Self.header + [1, 0, 1, 0]) == nil)
    }

    @Test("a drive of an unknown kind is refused", arguments: [4, 5, 255] as [UInt8])
    func drive(kind: UInt8) { #expect(refusal(of: Self.header + [1, 0, 1, kind]) == .illegalValue(.drive)) }

    @Test(
        "a command without its number is refused",
        arguments: [[1, 0, 0, 0x80], [2, 0, 0x80], [3, 0, 0x80]] as [[UInt8]])
    func missingNumber(drive: [UInt8]) {
        #expect(refusal(of: Self.header + [1, 0, 1] + drive) == .illegalValue(.missingNumber))
    }

    @Test(
        "a command that is no number never arrives as one",
        arguments: [
            .position(Radians(.nan)), .speed(RadiansPerSecond(.infinity)), .effort(NewtonMetres(-.infinity)),
        ] as [Drive])
    func notANumber(drive: Drive) throws {
        var command = Command(lifetime: Ticks(1), joints: .one)
        command.set(try #require(BoardJoint(0)), to: drive)
        let payload = Packet(sequence: 0, message: .command(command)).payload()
        #expect(refusal(of: payload.array) == .illegalValue(.missingNumber))
    }

    @Test("an echo of more than 112 bytes is refused") func longEcho() {
        let echo: [UInt8] = [1, 8, 0, 0]
        #expect(refusal(of: echo + [112] + [UInt8](repeating: 3, count: 112)) == nil)
        #expect(refusal(of: echo + [113] + [UInt8](repeating: 3, count: 113)) == .illegalValue(.byteCount))
        #expect(refusal(of: echo + [255] + [UInt8](repeating: 3, count: 112)) == .illegalValue(.byteCount))
    }

    @Test(
        "a supply range that is empty or has no end is refused",
        arguments: [
            ([0, 10, 0, 10], .limit), ([1, 10, 0, 10], .limit), ([0, 0x80, 0, 10], .missingNumber),
            ([0, 10, 0, 0x80], .missingNumber),
        ] as [([UInt8], Field)])
    func supply(ends: [UInt8], field: Field) {
        #expect(refusal(of: Self.configure + ends + [1, 0, 1] + bounds()) == .illegalValue(field))
    }

    @Test(
        "a bound of zero, below zero or missing is refused",
        arguments: [7, 9, 13],
        [([0, 0], .limit), ([0xFF, 0xFF], .limit), ([0, 0x80], .missingNumber)] as [([UInt8], Field)])
    func bound(offset: Int, value: ([UInt8], Field)) {
        var joint = bounds()
        joint.replaceSubrange(offset..<offset + 2, with: value.0)
        #expect(refusal(of: Self.configure + [0, 10, 0, 11, 1, 0, 1] + joint) == .illegalValue(value.1))
    }

    @Test(
        "a joint that would not brake, would speed up, or brake with no number, is refused by that name",
        arguments: [[0, 0], [0xFF, 0xFF], [1, 0x80], [0, 0x80]] as [[UInt8]])
    func braking(value: [UInt8]) {
        var joint = bounds()
        joint.replaceSubrange(15..<17, with: value)
        #expect(refusal(of: Self.configure + [0, 10, 0, 11, 1, 0, 1] + joint) == .illegalValue(.braking))
    }

    @Test("a joint that no robot has is refused", arguments: UInt8.min...UInt8.max)
    func robotJoint(joint: UInt8) {
        let payload = Self.configure + [0, 10, 0, 11, 1, 0, 1] + bounds(joint)
        #expect(refusal(of: payload) == (joint < 16 ? nil : .illegalValue(.joint)))
    }

    @Test("two joints of a board never stand for one joint of the robot") func jointMap() {
        let start = Self.configure + [0, 10, 0, 11, 1, 0]
        #expect(refusal(of: start + [2] + bounds(3) + bounds(4)) == nil)
        #expect(refusal(of: start + [2] + bounds(3) + bounds(3)) == .illegalValue(.jointMap))
        #expect(refusal(of: start + [4] + bounds(3) + bounds(4) + bounds(5) + bounds(3)) == .illegalValue(.jointMap))
        #expect(refusal(of: start + [4] + bounds(3) + bounds(4) + bounds(5) + bounds(5)) == .illegalValue(.jointMap))
    }

    @Test("the first fault of a payload is the one reported") func firstFault() {
        #expect(refusal(of: Self.header + [0, 0, 5, 9]) == .illegalValue(.lifetime))
        #expect(refusal(of: Self.header + [0, 0]) == .illegalValue(.lifetime))
        #expect(refusal(of: Self.header + [0]) == .wrongLength(.command))
        #expect(refusal(of: Self.header + [1, 0]) == .wrongLength(.command))
    }

    private func bounds(_ joint: UInt8 = 0) -> [UInt8] { [joint, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0] }
}
