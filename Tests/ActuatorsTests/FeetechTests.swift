import Testing

@testable import Actuators

/// An event of a Feetech parser with the parameters that belong to it.
struct FeetechSight: Equatable {
    let event: Feetech.Parser.Event
    var parameters: [UInt8] = []

    var isPacket: Bool {
        if case .packet = event { true } else { false }
    }
}

extension Feetech.Parser {
    mutating func sights(_ bytes: [UInt8], chunk: Int = .max) -> [FeetechSight] {
        var sights: [FeetechSight] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = [UInt8](rest.prefix(chunk))
            let taken = take(piece.span)
            rest = rest.dropFirst(taken)
            sights += drain()
        }
        return sights
    }

    mutating func drain(afterSilence: Bool = false) -> [FeetechSight] {
        var sights: [FeetechSight] = []
        while let event = next(afterSilence: afterSilence) {
            sights.append(FeetechSight(event: event, parameters: [UInt8](parameters)))
        }
        return sights
    }
}

func feetechID(_ number: UInt8) throws -> Feetech.ServoID { try #require(Feetech.ServoID(number)) }

func feetechPacket(_ write: (inout Feetech.Writer) throws -> Void) rethrows -> [UInt8] {
    var writer = Feetech.Writer()
    try write(&writer)
    return [UInt8](writer.bytes)
}

/// Packets, streams of them, and what a checksum of eight bits cannot see.
@Suite struct FeetechTests {
    struct Golden: CustomTestStringConvertible, Sendable {
        let name: String
        let hex: String
        let write: @Sendable (inout Feetech.Writer) throws -> Void
        var testDescription: String { name }
    }

    static let position = bytes("FF FF 01 04 00 00 08 F2")
    static let ping = bytes("FF FF 01 02 01 FB")
    static let alphabet: [UInt8] = [0xFF, 0xFF, 0xFF, 0x01, 0x02, 0x04, 0x00, 0xFE]

    static let golden: [Golden] = [
        Golden(name: "ping", hex: "FF FF 01 02 01 FB") { try $0.ping(feetechID(1)) },
        Golden(name: "read", hex: "FF FF 01 04 02 38 02 BE") {
            try $0.read(feetechID(1), Feetech.Item.presentPosition.register.region)
        },
        Golden(name: "position 2048", hex: "FF FF 01 04 00 00 08 F2") {
            try $0.status(from: feetechID(1), Feetech.ServoFaults(rawValue: 0), bytes("00 08").span)
        },
        Golden(name: "sync read", hex: "FF FF FE 06 82 38 02 01 02 3C") {
            let ids = [try feetechID(1), try feetechID(2)]
            try $0.syncRead(Feetech.Item.presentPosition.register.region, from: ids.span)
        },
        Golden(name: "sync write", hex: "FF FF FE 0A 83 2A 02 01 00 08 02 00 08 35") {
            $0.beginSyncWrite(Feetech.Item.goalPosition.register.region)
            try $0.addSyncWrite(feetechID(1), bytes("00 08").span)
            try $0.addSyncWrite(feetechID(2), bytes("00 08").span)
            try $0.finish()
        },
        Golden(name: "torque on", hex: "FF FF 01 04 03 28 01 CE") {
            try $0.write(.one(feetechID(1)), at: Feetech.Item.torqueEnable.register.address, bytes("01").span)
        },
    ]

    @Test("is written byte by byte as printed", arguments: golden)
    func written(golden: Golden) throws {
        #expect(try feetechPacket(golden.write) == bytes(golden.hex))
    }

    @Test("is read whole, in chunks of any size", arguments: golden, [1, 2, 3, 5, 64])
    func read(golden: Golden, chunk: Int) {
        var parser = Feetech.Parser()
        let packet = bytes(golden.hex)
        let sights = parser.sights(packet, chunk: chunk)
        #expect(sights.map(\.parameters) == [Array(packet[5..<packet.count - 1])])
        #expect(parser.counters.packets == 1 && parser.counters.skippedBytes == 0)
    }

    @Test("no flip of one bit passes", arguments: golden)
    func flipped(golden: Golden) {
        let packet = bytes(golden.hex)
        for bit in 0..<packet.count * 8 {
            var parser = Feetech.Parser()
            _ = parser.sights(packet.flipping(bit))
            _ = parser.drain(afterSilence: true)
            #expect(parser.counters.packets == 0, "bit \(bit)")
            #expect(parser.counters.skippedBytes == UInt64(packet.count), "bit \(bit)")
        }
    }

    /// How many damages of two bits a parser takes for a packet, and how many there are.
    private static func acceptedOfTwo(_ packet: [UInt8], _ expectation: Feetech.Expectation?) -> (Int, of: Int) {
        var accepted = 0
        var tried = 0
        for first in 0..<packet.count * 8 {
            for second in 0..<first {
                var parser = Feetech.Parser()
                parser.expectation = expectation
                _ = parser.sights(packet.flipping(first).flipping(second))
                accepted += Int(parser.counters.packets)
                tried += 1
            }
        }
        return (accepted, of: tried)
    }

    // The sum cannot do better: two bits of the same place in two bytes cancel out when one rises and the other falls.
    // Of the 2,016 damages of two bits 34 pass. The expectation refuses those of them that touch the servo's number.
    @Test("the checksum misses one damage of two bits in 59, the expectation leaves one in 96")
    func weakness() throws {
        let alone = Self.acceptedOfTwo(Self.position, nil)
        #expect(alone == (34, of: 2_016))
        let expected = Self.acceptedOfTwo(Self.position, Feetech.Expectation(id: try feetechID(1), parameters: 2))
        #expect(expected == (21, of: 2_016))
    }

    @Test("what is not the awaited answer is refused before its end comes")
    func expectation() throws {
        var parser = Feetech.Parser()
        parser.expectation = Feetech.Expectation(id: try feetechID(2), parameters: 2)
        #expect(parser.sights(Self.position.prefix(4) + []).map(\.event) == [.refused(.unexpected)])
        parser.expectation = Feetech.Expectation(id: try feetechID(1), parameters: 3)
        #expect(parser.sights(Self.position.prefix(4) + []).map(\.event) == [.refused(.unexpected)])
        parser.expectation = Feetech.Expectation(id: try feetechID(1), parameters: 2)
        #expect(parser.sights(Self.position).map(\.isPacket) == [true])
        #expect(parser.counters[.unexpected] == 2)
    }

    @Test("a false header that hides an answer gives way to it")
    func falseHeader() throws {
        var parser = Feetech.Parser()
        parser.expectation = Feetech.Expectation(id: try feetechID(1), parameters: 2)
        let sights = parser.sights(bytes("FF FF 01 F0 00") + Self.position)
        #expect(sights.filter(\.isPacket).map(\.parameters) == [[0x00, 0x08]])
    }

    static let refusals: [(String, Feetech.Refusal)] = [
        ("FF FF 01 01 01 FC", .length), ("FF FF 01 00", .length), ("FF FF 01 02 01 FA", .checksum),
    ]

    @Test("each kind of damage has its own count", arguments: refusals)
    func refused(hex: String, refusal: Feetech.Refusal) {
        var parser = Feetech.Parser()
        #expect(parser.sights(bytes(hex)).first?.event == .refused(refusal))
        for kind in Feetech.Refusal.allCases { #expect(parser.counters[kind] == (kind == refusal ? 1 : 0)) }
    }

    @Test("what is longer than the bus allows is refused before it is waited for")
    func limit() {
        var parser = Feetech.Parser(longestPacket: 7)
        #expect(parser.sights(Self.position.prefix(4) + []).map(\.event) == [.refused(.length)])
    }

    @Test("silence ends what is incomplete", arguments: 1..<8)
    func silence(length: Int) {
        var parser = Feetech.Parser()
        #expect(parser.sights(Self.position.prefix(length) + []) == [])
        let sights = parser.drain(afterSilence: true)
        #expect(sights.map(\.event) == (length < 3 ? [] : [.refused(.truncated)]))
        #expect(parser.counters.skippedBytes == UInt64(length))
        #expect(parser.sights(Self.position).map(\.isPacket) == [true])
    }

    @Test("after any garbage and a silence the next good packet is found", arguments: 0..<400)
    func resynchronises(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var parser = Feetech.Parser()
        _ = parser.sights(generator.nastyBytes(generator.below(3_000), from: Self.alphabet))
        _ = parser.drain(afterSilence: true)
        let sights = parser.sights(Self.position, chunk: 1 + generator.below(9))
        #expect(sights.map(\.parameters) == [[0x00, 0x08]], "seed \(seed)")
    }

    @Test("each byte is in a packet, skipped or waiting", arguments: 0..<200)
    func accounted(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var stream: [UInt8] = []
        while stream.count < 3_000 {
            let isDamaged = generator.below(3) == 0
            let bit = generator.below(Self.position.count * 8)
            stream += isDamaged ? Self.position.flipping(bit) : Self.position
            stream += generator.nastyBytes(generator.below(4), from: Self.alphabet)
        }
        var parser = Feetech.Parser()
        parser.expectation = Feetech.Expectation(id: try feetechID(1), parameters: 2)
        let sights = parser.sights(stream, chunk: 1 + generator.below(1_500)) + parser.drain(afterSilence: true)
        let packets = sights.count { $0.isPacket }
        #expect(packets == Int(parser.counters.packets) && packets > 100, "seed \(seed)")
        let inPackets = packets * Self.position.count
        #expect(inPackets + Int(parser.counters.skippedBytes) == stream.count, "seed \(seed)")
    }

    @Test("data comes through, whatever it is", arguments: 0..<64)
    func roundTrip(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for count in [0, 1, 2, 15, 100, 253] {
            let data = generator.nastyBytes(count, from: Self.alphabet)
            let faults = Feetech.ServoFaults(rawValue: generator.byte())
            let packet = try feetechPacket { try $0.status(from: feetechID(253), faults, data.span) }
            var parser = Feetech.Parser()
            let sights = parser.sights(packet, chunk: 1 + generator.below(9))
            let expected = Feetech.Packet(target: .one(try feetechID(253)), code: faults.rawValue)
            #expect(sights == [FeetechSight(event: .packet(expected), parameters: data)], "seed \(seed)")
            #expect(expected.faults == faults)
        }
    }

    @Test("what does not fit is not sent")
    func tooLong() throws {
        var writer = Feetech.Writer()
        let id = try feetechID(1)
        let none = Feetech.ServoFaults(rawValue: 0)
        let data = [UInt8](repeating: 0, count: 1_100)
        #expect(throws: EncodingError.tooLong) { try writer.status(from: id, none, data.span.extracting(0..<254)) }
        #expect(throws: EncodingError.tooLong) { try writer.write(.everyone, at: 0, data.span) }
        writer.beginSyncWrite(.init(address: 42, count: 2))
        #expect(throws: EncodingError.wrongWidth(expected: 2, found: 1)) {
            try writer.addSyncWrite(id, data.span.extracting(0..<1))
        }
    }

    static let requests: [(UInt8, String, Feetech.Request?)] = [
        (1, "", .ping), (2, "38 02", .read(.init(address: 56, count: 2))), (2, "38", nil),
        (3, "28 01", .write(address: 40)), (3, "28", nil), (4, "28 01", .registerWrite(address: 40)), (5, "", .action),
        (0x82, "38 02 01", .syncRead(.init(address: 56, count: 2))),
        (0x83, "2A 02 01 00 08", .syncWrite(.init(address: 42, count: 2))), (0x83, "2A", nil), (6, "", nil),
    ]

    @Test("a servo understands what a master wrote", arguments: requests)
    func request(code: UInt8, hex: String, expected: Feetech.Request?) {
        let found = Feetech.Request(code: code, parameters: bytes(hex).span)
        #expect(found == expected)
    }

    @Test("waiting writes and their start")
    func waiting() throws {
        let write = try feetechPacket { try $0.registerWrite(.one(feetechID(1)), at: 42, bytes("00 08").span) }
        #expect(write == bytes("FF FF 01 05 04 2A 00 08 C3"))
        #expect(try feetechPacket { try $0.action(.everyone) } == bytes("FF FF FE 02 05 FA"))
    }

    static let shares: [(Feetech.Request, String, UInt8, Feetech.Request.Share?)] = [
        (.syncRead(.init(address: 56, count: 2)), "38 02 01 02", 2, .init(place: 1, data: 4..<4)),
        (.syncRead(.init(address: 56, count: 2)), "38 02 01 02", 3, nil),
        (.syncWrite(.init(address: 42, count: 2)), "2A 02 01 00 08 02 0A 08", 2, .init(place: 1, data: 6..<8)),
        (.syncWrite(.init(address: 42, count: 2)), "2A 02 01 00 08 02 0A", 2, nil), (.ping, "01 01 01", 1, nil),
    ]

    @Test("a servo finds its own part of a request for several", arguments: shares)
    func share(request: Feetech.Request, hex: String, id: UInt8, expected: Feetech.Request.Share?) throws {
        let found = request.share(of: try feetechID(id), in: bytes(hex).span)
        #expect(found == expected)
    }

    @Test("numbers of servos", arguments: [0, 1, 252, 253, 254, 255])
    func identity(raw: UInt8) {
        #expect((Feetech.ServoID(raw) != nil) == (raw <= 253))
    }
}
