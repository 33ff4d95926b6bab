import Testing

@testable import Actuators

/// Streams that are not as they should be.
@Suite struct DynamixelParserTests {
    static let ping = bytes("FF FF FD 00 01 03 00 01 19 4E")
    static let position = bytes("FF FF FD 00 01 08 00 55 00 A6 00 00 00 8C C0")
    static let fast = bytes(DynamixelGoldenTests.fastAnswers[0].hex)
    /// Parts of headers, of stuffing and of lengths.
    static let alphabet: [UInt8] = [0xFF, 0xFF, 0xFD, 0xFD, 0x00, 0x55, 0x01, 0xFE, 0x04]

    @Test("data full of headers comes through stuffed and unstuffed", arguments: 0..<64)
    func roundTrip(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<50 {
            let data = generator.nastyBytes(generator.below(700), from: Self.alphabet)
            let packet = try dynamixelPacket { try $0.status(from: dynamixelID(9), .none, data.span) }
            var parser = Dynamixel.Parser()
            let sights = parser.sights(packet, chunk: 1 + generator.below(80))
            #expect(sights.map(\.parameters) == [data], "seed \(seed)")
            #expect(parser.counters.skippedBytes == 0, "seed \(seed)")
        }
    }

    static let worst: [(String, String)] = [
        ("FF FF FD", "FF FF FD FD"), ("FF FF FD FD", "FF FF FD FD FD"), ("FF FF FF FD", "FF FF FF FD FD"),
        ("FF FF FD FF FF FD", "FF FF FD FD FF FF FD FD"), ("FF FF", "FF FF"), ("FF FD", "FF FD"),
        ("FF FF FD 00", "FF FF FD FD 00"), ("FD FF FF FD FD FF FF FD", "FD FF FF FD FD FD FF FF FD FD"),
    ]

    @Test("each header in the data costs one byte more", arguments: worst)
    func stuffed(plain: String, stuffed: String) throws {
        let packet = try dynamixelPacket { try $0.write(.one(dynamixelID(1)), at: 116, bytes(plain).span) }
        #expect(Array(packet[10..<packet.count - 2]) == bytes(stuffed))
        var parser = Dynamixel.Parser()
        #expect(parser.sights(packet, chunk: 1).map(\.parameters) == [bytes("74 00") + bytes(plain)])
    }

    @Test("the longest data fits, and one header more is refused")
    func longest() throws {
        let header = bytes("FF FF FD")
        let most = (1...253).flatMap { _ in header }
        let packet = try dynamixelPacket { try $0.status(from: dynamixelID(1), .none, most.span) }
        #expect(packet.count == 1_023)
        var parser = Dynamixel.Parser()
        #expect(parser.sights(packet).map(\.parameters) == [most])
        var writer = Dynamixel.Writer()
        let id = try dynamixelID(1)
        #expect(throws: EncodingError.tooLong) { try writer.status(from: id, .none, (most + header).span) }
        #expect(throws: EncodingError.tooLong) { try writer.beginFastReply(servos: 16_383, dataBytes: 4) }
        let tooMany = [UInt8](repeating: 0, count: 65_536)
        #expect(throws: EncodingError.tooLong) { try writer.addBulkWrite(id, at: 0, tooMany.span) }
    }

    @Test("every servo of a sync write gets the same number of bytes")
    func width() throws {
        var writer = Dynamixel.Writer()
        writer.beginSyncWrite(.init(address: 116, count: 4))
        let id = try dynamixelID(1)
        #expect(throws: EncodingError.wrongWidth(expected: 4, found: 2)) {
            try writer.addSyncWrite(id, bytes("01 02").span)
        }
    }

    @Test("a packet that lost its end gives way to the next one at once", arguments: 4..<15)
    func truncated(length: Int) {
        var parser = Dynamixel.Parser()
        let sights = parser.sights(Self.position.prefix(length) + Self.ping)
        #expect(sights.last?.isPacket == true)
        #expect(sights.count { $0.isPacket } == 1)
        #expect(parser.counters.skippedBytes == UInt64(length))
    }

    @Test("silence ends what is incomplete, and what it hid comes out", arguments: 1..<10)
    func silence(length: Int) {
        var parser = Dynamixel.Parser()
        let lie = bytes("FF FF FD 00 FE 80 00 55")
        #expect(parser.sights(lie + Self.ping + Self.ping.prefix(length)) == [])
        let sights = parser.drain(afterSilence: true)
        #expect(sights.first?.event == .fastReply(isIntact: false))
        #expect(sights.count { $0.isPacket } == 1)
        #expect(parser.counters[.truncated] == (length < 4 ? 1 : 2))
        #expect(parser.counters.skippedBytes == UInt64(8 + length))
        #expect(parser.drain() == [])
    }

    static let refusals: [(String, Dynamixel.Refusal)] = [
        ("FF FF FD 00 FD 03 00 01 00 00", .identity), ("FF FF FD 00 FF 03 00 01 00 00", .identity),
        ("FF FF FD 00 01 02 00 01 00 00", .length), ("FF FF FD 00 01 03 00 55 00 00", .length),
        ("FF FF FD 00 01 FA 03 01 00 00", .length), ("FF FF FD 00 01 03 00 01 19 4F", .checksum),
        ("FF FF FD 00 01 03 00 01 18 4E", .checksum),
        ("FF FF FD 00 01 07 00 02 FF FF FD 00 00 00", .stuffing), ("FF FF FD 00 01 06 00 02 FF FF FD 00 00", .stuffing),
    ]

    @Test("each kind of damage has its own count", arguments: refusals)
    func refused(hex: String, refusal: Dynamixel.Refusal) {
        var parser = Dynamixel.Parser()
        #expect(parser.sights(bytes(hex)).first?.event == .refused(refusal))
        for kind in Dynamixel.Refusal.allCases { #expect(parser.counters[kind] == (kind == refusal ? 1 : 0)) }
    }

    @Test("what is longer than the bus allows is refused before it is waited for")
    func limit() {
        var parser = Dynamixel.Parser(longestPacket: 14)
        #expect(parser.sights(Self.position.prefix(8) + []).map(\.event) == [.refused(.length)])
        var roomy = Dynamixel.Parser(longestPacket: 15)
        #expect(roomy.sights(Self.position).map(\.isPacket) == [true])
    }

    @Test("after any garbage the next good packet is found", arguments: 0..<400)
    func resynchronises(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var parser = Dynamixel.Parser()
        let garbage = generator.nastyBytes(generator.below(3_000), from: Self.alphabet)
        var sights = parser.sights(garbage, chunk: 1 + generator.below(300))
        sights += parser.drain(afterSilence: true)
        let falsePackets = parser.counters.packets
        sights += parser.sights(Self.position, chunk: 1 + generator.below(300))
        #expect(sights.last?.parameters == [0xA6, 0, 0, 0], "seed \(seed)")
        #expect(parser.counters.packets == falsePackets + 1, "seed \(seed)")
    }

    @Test("each byte is in a packet, skipped or waiting", arguments: 0..<200)
    func accounted(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var stream: [UInt8] = []
        while stream.count < 4_000 {
            let packet = generator.below(2) == 0 ? Self.ping : Self.fast
            let isDamaged = generator.below(3) == 0
            stream += isDamaged ? packet.flipping(generator.below(packet.count * 8)) : packet
            stream += generator.nastyBytes(generator.below(6), from: Self.alphabet)
        }
        var parser = Dynamixel.Parser()
        let sights = parser.sights(stream, chunk: 1 + generator.below(1_500)) + parser.drain(afterSilence: true)
        let pings = sights.count { $0.isPacket }
        let shared = sights.count { $0.event == .fastReply(isIntact: true) }
        #expect(pings + shared == Int(parser.counters.packets), "seed \(seed)")
        #expect(pings > 20 && shared > 20, "seed \(seed)")
        let inPackets = pings * Self.ping.count + shared * Self.fast.count
        #expect(inPackets + Int(parser.counters.skippedBytes) == stream.count, "seed \(seed)")
    }

    @Test("requests that make no sense are answered with the right refusal")
    func senseless() {
        func refusal(_ code: UInt8, _ hex: String) -> Dynamixel.Failure? {
            do throws(Dynamixel.Failure) {
                _ = try Dynamixel.Request(code: code, parameters: bytes(hex).span)
                return nil
            } catch { return error }
        }
        #expect(refusal(0x7E, "") == .instruction)
        #expect(refusal(0x02, "84 00 04") == .dataLength)
        #expect(refusal(0x03, "84 00") == .dataLength)
        #expect(refusal(0x04, "84 00 01") == nil)
        #expect(refusal(0x05, "") == nil)
        #expect(refusal(0x10, "01 44 58 4C") == .dataLength)
        #expect(refusal(0x10, "01 44 58 4C 23") == .dataRange)
        #expect(refusal(0x8A, "84") == .dataLength)
    }

    static let shares: [(Dynamixel.Request, String, UInt8, Dynamixel.Request.Share?)] = [
        (
            .syncRead(.init(address: 132, count: 4), fast: true), "84 00 04 00 03 07", 7,
            .init(place: 1, region: .init(address: 132, count: 4), data: 6..<6)
        ),
        (.syncRead(.init(address: 132, count: 4), fast: false), "84 00 04 00 03 07", 9, nil),
        (
            .syncWrite(.init(address: 116, count: 2)), "74 00 02 00 01 0A 0B 02 0C 0D", 2,
            .init(place: 1, region: .init(address: 116, count: 2), data: 8..<10)
        ),
        (.syncWrite(.init(address: 116, count: 2)), "74 00 02 00 01 0A 0B 02 0C", 2, nil),
        (
            .bulkRead(fast: false), "01 90 00 02 00 02 92 00 01 00", 2,
            .init(place: 1, region: .init(address: 146, count: 1), data: 10..<10)
        ),
        (.bulkRead(fast: true), "01 90 00 02 00 02 92 00 01", 2, nil),
        (
            .bulkWrite, "01 20 00 02 00 A0 00 02 1F 00 01 00 50", 2,
            .init(place: 1, region: .init(address: 31, count: 1), data: 12..<13)
        ),
        (.bulkWrite, "01 20 00 FF FF A0 00", 1, nil), (.ping, "01 02 03 04 05 06", 5, nil),
    ]

    @Test("a servo finds its own part of a request for several", arguments: shares)
    func share(request: Dynamixel.Request, hex: String, id: UInt8, share: Dynamixel.Request.Share?) throws {
        let found = request.share(of: try dynamixelID(id), in: bytes(hex).span)
        #expect(found == share)
    }

    @Test("an instruction that nobody knows may begin what was stuffed")
    func stuffedFromTheInstruction() throws {
        var parser = Dynamixel.Parser()
        let sights = parser.sights(bytes("FF FF FD 00 F5 0B 00 FF FF FD FD FD FF FF FF 0A 7A AC"))
        let packet = Dynamixel.Packet(target: .one(try dynamixelID(245)), kind: .instruction(0xFF))
        #expect(sights.map(\.event) == [.packet(packet)])
        #expect(sights.map(\.parameters) == [bytes("FF FD FD FF FF FF 0A")])
    }
}
