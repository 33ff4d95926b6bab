import Testing

@testable import Actuators

extension Moteus.LineParser {
    mutating func events(_ text: String, chunk: Int = .max) -> [Event] { events([UInt8](text.utf8), chunk: chunk) }

    mutating func events(_ bytes: [UInt8], chunk: Int) -> [Event] {
        var events: [Event] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = [UInt8](rest.prefix(chunk))
            let taken = take(piece.span)
            rest = rest.dropFirst(taken)
            while let event = next() { events.append(event) }
        }
        return events
    }
}

/// The text lines around moteus frames.
@Suite struct MoteusLineTests {
    static let sent = "can send 8001 01000a07206000200150ff140400130d\n"
    static let received = "rcv 100 2404000a005000000170ff230d181400\n"

    private func frame(_ identifier: UInt32, _ hex: String) throws -> Moteus.Frame {
        Moteus.Frame(
            address: try #require(Moteus.Address(identifier: identifier)), payload: try moteusPayload(hex))
    }

    private func line(_ hasChecksum: Bool = false, _ write: (inout Moteus.LineWriter) throws -> Void) rethrows -> String
    {
        var writer = Moteus.LineWriter(hasChecksum: hasChecksum)
        try write(&writer)
        return String(decoding: [UInt8](writer.bytes), as: UTF8.self)
    }

    @Test("the documented lines are written letter by letter")
    func written() throws {
        #expect(try line { $0.send(try frame(0x8001, MoteusTests.command)) } == Self.sent)
        #expect(try line { $0.received(try frame(0x0100, MoteusTests.reply)) } == Self.received)
        #expect(try line(true) { $0.send(try frame(0x8001, "11 00 11 0F")) } == "can send 8001 1100110f *EC\n")
        #expect(line { $0.acknowledged() } == "OK\n")
        #expect(line { $0.rejected("unknown command") } == "ERR unknown command\n")
        #expect(try line { $0.received(try frame(0, "")) } == "rcv 0 \n")
    }

    @Test("the documented lines are read, in chunks of any size", arguments: [1, 2, 7, 64, 1_000])
    func read(chunk: Int) throws {
        var parser = Moteus.LineParser(needsChecksum: false)
        let text = Self.sent + "OK\r\n\n" + "ERR nothing\n" + Self.received
        let events = parser.events([UInt8](text.utf8), chunk: chunk)
        let expected: [Moteus.Line] = [
            .send(try frame(0x8001, MoteusTests.command)), .acknowledged, .rejected,
            .received(try frame(0x0100, MoteusTests.reply)),
        ]
        #expect(events == expected.map(Moteus.LineParser.Event.line))
        #expect(parser.counters.lines == 4)
    }

    @Test("flags are passed over, and capitals are digits too", arguments: [" E B F", " t1234 x", " ", ""])
    func flags(flags: String) throws {
        var parser = Moteus.LineParser(needsChecksum: false)
        let expected = Moteus.Line.received(try frame(0x8100, "AB CD"))
        #expect(parser.events("rcv 8100 ABcd\(flags)\n") == [.line(expected)])
    }

    static let refusals: [(String, Moteus.LineRefusal)] = [
        ("hello", .word), ("can drop 1 00", .word), ("can", .word), ("OKAY", .word), ("rcv", .identifier),
        ("rcv zz 00", .identifier), ("rcv 10000 00", .identifier), ("rcv 000000100 00", .identifier),
        ("rcv 180 00", .identifier), ("rcv 100 0", .data), ("rcv 100 0g", .data), ("rcv 100 g0", .data),
        ("can send 1 " + String(repeating: "00", count: 65), .data), ("OK *00", .checksum), ("OK *zz", .checksum),
        (String(repeating: "x", count: 513), .tooLong),
    ]

    @Test("each kind of nonsense has its own count, and the next line is read", arguments: refusals)
    func refused(text: String, refusal: Moteus.LineRefusal) {
        for chunk in [1, 10_000] {
            var parser = Moteus.LineParser(needsChecksum: false)
            let events = parser.events([UInt8]((text + "\nOK\n").utf8), chunk: chunk)
            #expect(events == [.refused(refusal), .line(.acknowledged)])
            for kind in Moteus.LineRefusal.allCases { #expect(parser.counters[kind] == (kind == refusal ? 1 : 0)) }
        }
    }

    @Test("a line without an end is thrown away once, however long it becomes")
    func endless() {
        var parser = Moteus.LineParser(needsChecksum: false)
        let events = parser.events(String(repeating: "x", count: 5_000) + "\n" + Self.received, chunk: 100)
        #expect(events.count == 2 && events.first == .refused(.tooLong))
        #expect(parser.counters.lines == 1)
    }

    @Test("where a checksum must be, a line without one is refused")
    func checksum() throws {
        var parser = Moteus.LineParser(needsChecksum: true)
        #expect(parser.events("OK\n") == [.refused(.checksum)])
        let expected = Moteus.Line.send(try frame(0x8001, "11 00 11 0F"))
        #expect(parser.events("can send 8001 1100110f *EC\n") == [.line(expected)])
        let acknowledged = line(true) { $0.acknowledged() }
        #expect(parser.events(acknowledged) == [.line(.acknowledged)])
    }

    @Test("no flip of one bit in a line with a checksum passes")
    func flipped() throws {
        let expected = try frame(0x0100, MoteusTests.reply)
        let text = [UInt8](line(true) { $0.received(expected) }.utf8)
        for bit in 0..<(text.count - 1) * 8 {
            var parser = Moteus.LineParser(needsChecksum: true)
            let events = parser.events(text.flipping(bit), chunk: .max)
            // A capital digit of the checksum may become a small one: the line says the same.
            let isSame = events == [.line(.received(expected))] && bit / 8 >= text.count - 3
            #expect(parser.counters.lines == 0 || isSame, "bit \(bit)")
        }
    }

    @Test("after any garbage and a newline the next good line is read", arguments: 0..<400)
    func resynchronises(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var parser = Moteus.LineParser(needsChecksum: generator.below(2) == 0)
        let alphabet = [UInt8]("can send rcv 0123456789abcdef OK ERR *\r\n".utf8)
        let garbage = generator.nastyBytes(generator.below(3_000), from: alphabet)
        _ = parser.events(garbage + [0x0A], chunk: 1 + generator.below(700))
        let before = parser.counters.lines
        let events = parser.events("can send 8001 1100110f *EC\n", chunk: 1 + generator.below(30))
        #expect(events.count == 1 && parser.counters.lines == before + 1, "seed \(seed)")
    }

    @Test("the checksum of the digits 1 to 9 is the published one")
    func digits() {
        var checksum = Moteus.LineChecksum()
        for byte in "123456789".utf8 { checksum.add(byte) }
        #expect(checksum.value == 0x94)
    }
}
