import Testing

@testable import Actuators

/// Packets that the vendor prints, with their checksums computed anew.
@Suite struct DynamixelGoldenTests {
    struct Golden: CustomTestStringConvertible, Sendable {
        let name: String
        let hex: String
        let write: @Sendable (inout Dynamixel.Writer) throws -> Void
        var testDescription: String { name }
    }

    static let requests: [Golden] = [
        Golden(name: "ping 1", hex: "FF FF FD 00 01 03 00 01 19 4E") { try $0.ping(.one(dynamixelID(1))) },
        Golden(name: "ping everyone", hex: "FF FF FD 00 FE 03 00 01 31 42") { try $0.ping(.everyone) },
        Golden(name: "read", hex: "FF FF FD 00 01 07 00 02 84 00 04 00 1D 15") {
            try $0.read(dynamixelID(1), .init(address: 132, count: 4))
        },
        Golden(name: "write", hex: "FF FF FD 00 01 09 00 03 74 00 00 02 00 00 CA 89") {
            try $0.write(.one(dynamixelID(1)), at: 116, bytes("00 02 00 00").span)
        },
        Golden(name: "reboot", hex: "FF FF FD 00 01 03 00 08 2F 4E") { try $0.reboot(dynamixelID(1)) },
        Golden(name: "clear turns", hex: "FF FF FD 00 01 08 00 10 01 44 58 4C 22 B1 DC") {
            try $0.clearTurns(dynamixelID(1))
        },
        Golden(name: "sync read", hex: "FF FF FD 00 FE 09 00 82 84 00 04 00 01 02 CE FA") {
            try $0.syncRead(.init(address: 132, count: 4), from: [dynamixelID(1), dynamixelID(2)].span)
        },
        Golden(
            name: "sync write",
            hex: "FF FF FD 00 FE 11 00 83 74 00 04 00 01 96 00 00 00 02 AA 00 00 00 82 87"
        ) {
            $0.beginSyncWrite(.init(address: 116, count: 4))
            try $0.addSyncWrite(dynamixelID(1), bytes("96 00 00 00").span)
            try $0.addSyncWrite(dynamixelID(2), bytes("AA 00 00 00").span)
            try $0.finish()
        },
        Golden(name: "bulk read", hex: "FF FF FD 00 FE 0D 00 92 01 90 00 02 00 02 92 00 01 00 1A 05") {
            $0.beginBulkRead()
            $0.addBulkRead(try dynamixelID(1), .init(address: 144, count: 2))
            $0.addBulkRead(try dynamixelID(2), .init(address: 146, count: 1))
            try $0.finish()
        },
        Golden(name: "bulk write", hex: "FF FF FD 00 FE 10 00 93 01 20 00 02 00 A0 00 02 1F 00 01 00 50 B7 68") {
            $0.beginBulkWrite()
            try $0.addBulkWrite(dynamixelID(1), at: 32, bytes("A0 00").span)
            try $0.addBulkWrite(dynamixelID(2), at: 31, bytes("50").span)
            try $0.finish()
        },
        Golden(name: "fast sync read", hex: "FF FF FD 00 FE 0A 00 8A 84 00 04 00 03 07 04 20 F2") {
            let ids = try [3, 7, 4].map { try dynamixelID($0) }
            try $0.syncRead(.init(address: 132, count: 4), from: ids.span, fast: true)
        },
        Golden(
            name: "fast bulk read",
            hex: "FF FF FD 00 FE 12 00 9A 03 84 00 04 00 07 7C 00 02 00 04 92 00 01 00 DA 2D"
        ) {
            $0.beginBulkRead(fast: true)
            $0.addBulkRead(try dynamixelID(3), .init(address: 132, count: 4))
            $0.addBulkRead(try dynamixelID(7), .init(address: 124, count: 2))
            $0.addBulkRead(try dynamixelID(4), .init(address: 146, count: 1))
            try $0.finish()
        },
    ]

    static let answers: [Golden] = [
        Golden(name: "answer to a ping", hex: "FF FF FD 00 01 07 00 55 00 06 04 26 65 5D") {
            try $0.status(from: dynamixelID(1), .none, bytes("06 04 26").span)
        },
        Golden(name: "position 166", hex: "FF FF FD 00 01 08 00 55 00 A6 00 00 00 8C C0") {
            try $0.status(from: dynamixelID(1), .none, bytes("A6 00 00 00").span)
        },
        Golden(name: "empty answer", hex: "FF FF FD 00 01 04 00 55 00 A1 0C") {
            try $0.status(from: dynamixelID(1), .none, [UInt8]().span)
        },
    ]

    static let fastAnswers: [Golden] = [
        Golden(
            name: "answer to a fast sync read",
            hex: "FF FF FD 00 FE 19 00 55 00 03 A6 00 00 00 84 08 00 07 1F 08 00 00 16 CA 00 04 FF 03 00 00 D1 9E"
        ) {
            try $0.beginFastReply(servos: 3, dataBytes: 12)
            try $0.addFastReply(from: dynamixelID(3), .none, bytes("A6 00 00 00").span)
            try $0.addFastReply(from: dynamixelID(7), .none, bytes("1F 08 00 00").span)
            try $0.addFastReply(from: dynamixelID(4), .none, bytes("FF 03 00 00").span)
        },
        Golden(
            name: "answer to a fast bulk read",
            hex: "FF FF FD 00 FE 14 00 55 00 03 A6 00 00 00 67 A4 00 07 A5 01 24 74 00 04 1F D9 C1"
        ) {
            try $0.beginFastReply(servos: 3, dataBytes: 7)
            try $0.addFastReply(from: dynamixelID(3), .none, bytes("A6 00 00 00").span)
            try $0.addFastReply(from: dynamixelID(7), .none, bytes("A5 01").span)
            try $0.addFastReply(from: dynamixelID(4), .none, bytes("1F").span)
        },
    ]

    static let workbench: [Golden] = [
        Golden(name: "factory reset but for the number", hex: "FF FF FD 00 01 04 00 06 01 A1 E6") {
            try $0.factoryReset(dynamixelID(1), keeping: .id)
        }
    ]

    static let all = requests + answers + fastAnswers + workbench

    @Test("is written byte by byte as printed", arguments: all)
    func written(golden: Golden) throws {
        #expect(try dynamixelPacket(golden.write) == bytes(golden.hex))
    }

    @Test("is read whole, in chunks of any size", arguments: all, [1, 2, 3, 7, 64])
    func read(golden: Golden, chunk: Int) {
        var parser = Dynamixel.Parser()
        let sights = parser.sights(bytes(golden.hex), chunk: chunk)
        #expect(sights.count == 1)
        #expect(parser.counters.packets == 1)
        #expect(parser.counters.skippedBytes == 0)
    }

    @Test("no flip of one bit passes", arguments: all)
    func flipped(golden: Golden) {
        let packet = bytes(golden.hex)
        for bit in 0..<packet.count * 8 {
            var parser = Dynamixel.Parser()
            _ = parser.sights(packet.flipping(bit))
            _ = parser.drain(afterSilence: true)
            #expect(parser.counters.packets == 0, "bit \(bit)")
            #expect(parser.counters.skippedBytes == UInt64(packet.count), "bit \(bit)")
        }
    }

    @Test("no flip of two bits passes", arguments: [requests[0], requests[3], answers[1]])
    func flippedTwice(golden: Golden) {
        let packet = bytes(golden.hex)
        var accepted = 0
        for first in 0..<packet.count * 8 {
            for second in 0..<first {
                var parser = Dynamixel.Parser()
                _ = parser.sights(packet.flipping(first).flipping(second))
                accepted += Int(parser.counters.packets)
            }
        }
        #expect(accepted == 0)
    }

    @Test("the error, the model and the version of an answer are found")
    func answer() throws {
        var parser = Dynamixel.Parser()
        let sights = parser.sights(bytes(Self.answers[0].hex))
        let packet = Dynamixel.Packet(target: .one(try dynamixelID(1)), kind: .status(.none))
        #expect(sights == [DynamixelSight(event: .packet(packet), parameters: [0x06, 0x04, 0x26])])
    }

    static let decoded: [(Int, Dynamixel.Request)] = [
        (0, .ping), (1, .ping), (2, .read(.init(address: 132, count: 4))), (3, .write(address: 116)), (4, .reboot),
        (5, .clearTurns), (6, .syncRead(.init(address: 132, count: 4), fast: false)),
        (7, .syncWrite(.init(address: 116, count: 4))), (8, .bulkRead(fast: false)), (9, .bulkWrite),
        (10, .syncRead(.init(address: 132, count: 4), fast: true)), (11, .bulkRead(fast: true)),
    ]

    @Test("a servo understands what a master wrote", arguments: decoded)
    func understood(index: Int, request: Dynamixel.Request) throws {
        var parser = Dynamixel.Parser()
        let sight = try #require(parser.sights(bytes(Self.requests[index].hex)).first)
        guard case .packet(let packet) = sight.event, case .instruction(let code) = packet.kind else {
            Issue.record("\(sight)")
            return
        }
        let found = try Dynamixel.Request(code: code, parameters: sight.parameters.span)
        #expect(found == request)
    }

    @Test("the checksum of the digits 1 to 9 is the published one")
    func checksum() {
        var checksum = Dynamixel.Checksum()
        checksum.add([UInt8]("123456789".utf8).span)
        #expect(checksum.value == 0xFEE8)
    }

    @Test("the closed form is the polynomial, for every byte after every high byte")
    func polynomial() {
        for state in 0...UInt16(255) {
            for byte in 0...UInt8(255) {
                var checksum = Dynamixel.Checksum()
                checksum.add([UInt8(state), byte].span)
                #expect(checksum.value == Self.bitByBit([UInt8(state), byte]))
            }
        }
    }

    /// The definition: a shift register of sixteen bits.
    private static func bitByBit(_ bytes: [UInt8]) -> UInt16 {
        var register: UInt16 = 0
        for byte in bytes {
            register ^= UInt16(byte) << 8
            for _ in 0..<8 { register = register & 0x8000 == 0 ? register << 1 : register << 1 ^ 0x8005 }
        }
        return register
    }
}
