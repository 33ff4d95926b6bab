import Testing

#if canImport(Glibc)
    import Glibc
#endif
@testable import Actuators

/// How many random streams each of these takes: ten million in a proof.
private let streams: Int =
    unsafe getenv("UNDERSTUDY_CAMPAIGN").map { unsafe String(cString: $0) } == "proof" ? 10_000_000 : 20_000

/// What a checksum lets through by chance, counted and compared with what theory says of it.
@Suite struct FalseAcceptTests {
    /// Demands a count within five standard deviations, and one more for the steps of small numbers.
    private func expect(_ count: Int, _ what: String, chance: Double) {
        let expected = Double(streams) * chance
        print("false accepts: \(what): \(count) of \(streams), expected \(expected)")
        #expect(abs(Double(count) - expected) <= 5 * expected.squareRoot() + 1, "\(what): \(count), not \(expected)")
    }

    @Test("noise behind a Dynamixel header passes as often as 16 bits allow")
    func dynamixelNoise() {
        var noise = Noise(seed: 1)
        var parser = Dynamixel.Parser()
        let count = noise.count { bytes, random in
            // A body that could be one: an identity, a length that fits, any instruction but that of a status.
            bytes.put([0xFF, 0xFF, 0xFD, 0x00, UInt8(random.below(253)), 16, 0])
            bytes.put(16) { _ in random.byte() }
            if bytes[7] == 0x55 { bytes[7] = 0x54 }
        } accepts: {
            parser.accepted($0.span)
        }
        // Noise holds a header of its own, or an open pattern, in about one of a million.
        expect(count, "Dynamixel noise", chance: 1 / 65_536)
    }

    @Test("a Dynamixel packet with up to three bits turned over never passes")
    func dynamixelFlips() throws {
        let packet = try dynamixelPacket { try $0.status(from: dynamixelID(1), .none, Self.window.span) }
        var noise = Noise(seed: 2)
        var parser = Dynamixel.Parser()
        let count = noise.count { bytes, random in
            bytes.put(packet)
            // Behind the length: a packet of another length is judged by other bytes, and by chance.
            for _ in 0...random.below(3) { bytes.flip(random.below((packet.count - 7) * 8) + 56) }
        } accepts: { bytes in
            parser.accepted(bytes.span) && bytes != packet
        }
        #expect(count == 0)
        print("false accepts: Dynamixel, one to three bits: \(count) of \(streams), expected 0")
    }

    @Test("two Dynamixel packets spliced pass as often as 16 bits allow")
    func dynamixelSplice() {
        var noise = Noise(seed: 3)
        var parser = Dynamixel.Parser()
        let count = noise.count { bytes, random in
            // The head of one and the end of another: neither says anything about the bytes of the other.
            bytes.put([0xFF, 0xFF, 0xFD, 0x00, 1, 18, 0, 0x55, 0])
            bytes.put(14) { _ in random.byte() }
            var checksum = Dynamixel.Checksum()
            for position in 0..<23 { checksum.add(position < 12 ? bytes[position] : random.byte()) }
            bytes.put([checksum.low, checksum.high])
        } accepts: {
            parser.accepted($0.span)
        }
        expect(count, "Dynamixel spliced", chance: 1 / 65_536)
    }

    static let window = bytes("00 64 00 9C FF FF FF 00 08 00 00 7B 00 29")

    @Test("noise behind a Feetech header passes as often as eight bits allow, and an expectation makes that rare")
    func feetechNoise() throws {
        var noise = Noise(seed: 4)
        var parser = Feetech.Parser()
        parser.expectation = Feetech.Expectation(id: try #require(Feetech.ServoID(1)), parameters: 4)
        let known = noise.count { bytes, random in
            bytes.put([0xFF, 0xFF, 1, 6])
            bytes.put(6) { _ in random.byte() }
        } accepts: {
            parser.accepted($0.span)
        }
        expect(known, "Feetech noise with the awaited number and length", chance: 1 / 256)
        let unknown = noise.count { bytes, random in
            bytes.put([0xFF, 0xFF])
            bytes.put(8) { _ in random.byte() }
        } accepts: {
            parser.accepted($0.span)
        }
        expect(unknown, "Feetech noise behind a bare header", chance: 1 / (256.0 * 256 * 256))
    }

    @Test("two bits turned over in a Feetech answer pass as often as a sum allows")
    func feetechFlips() throws {
        var noise = Noise(seed: 5)
        var parser = Feetech.Parser()
        parser.expectation = Feetech.Expectation(id: try #require(Feetech.ServoID(1)), parameters: 8)
        let count = noise.count { bytes, random in
            bytes.put([0xFF, 0xFF, 1, 10])
            bytes.put(9) { _ in random.byte() }
            bytes.put([bytes.sum(from: 2)])
            let first = random.below(80)
            let second = (first + 1 + random.below(79)) % 80
            bytes.flip(32 + first)
            bytes.flip(32 + second)
        } accepts: {
            parser.accepted($0.span)
        }
        // The same bit of two of ten bytes, once up and once down; for the highest bit up and up is the same.
        expect(count, "Feetech, two bits", chance: 9.0 / 79 * (7.0 / 8 * 0.5 + 1.0 / 8))
    }

    @Test("two Feetech answers spliced pass as often as eight bits allow")
    func feetechSplice() throws {
        var noise = Noise(seed: 6)
        var parser = Feetech.Parser()
        parser.expectation = Feetech.Expectation(id: try #require(Feetech.ServoID(1)), parameters: 8)
        let count = noise.count { bytes, random in
            bytes.put([0xFF, 0xFF, 1, 10])
            bytes.put(9) { _ in random.byte() }
            // The checksum of another answer.
            bytes.put([random.byte()])
        } accepts: {
            parser.accepted($0.span)
        }
        expect(count, "Feetech spliced", chance: 1 / 256)
    }

    @Test("a frame in a line with any checksum passes as often as eight bits allow")
    func moteusNoise() {
        var noise = Noise(seed: 7)
        var parser = Moteus.LineParser(needsChecksum: true)
        let head = Array("rcv 100 ".utf8)
        let hex = Array("0123456789abcdef".utf8)
        let count = noise.count { bytes, random in
            bytes.put(head)
            bytes.put(24) { _ in hex[random.below(16)] }
            bytes.put([0x20, 0x2A])
            bytes.put(2) { _ in hex[random.below(16)] }
            bytes.put([0x0A])
        } accepts: {
            parser.accepted($0.span)
        }
        expect(count, "moteus line with any checksum", chance: 1 / 256)
    }

    @Test("a moteus line of noise is nothing, and one with a wrong letter is refused")
    func moteusMutations() throws {
        var writer = Moteus.LineWriter(hasChecksum: true)
        var payload = Moteus.Payload()
        for byte in Self.window { try payload.append(byte) }
        let address = try #require(Moteus.Address(source: 1, destination: 0, wantsReply: false))
        writer.received(Moteus.Frame(address: address, payload: payload))
        let line = [UInt8](writer.bytes)
        var noise = Noise(seed: 8)
        var parser = Moteus.LineParser(needsChecksum: true)
        let changed = noise.count { bytes, random in
            bytes.put(line)
            // One byte before the star: a burst of at most eight bits, which eight bits of checksum always find.
            let position = random.below(line.count - 5)
            bytes[position] ^= UInt8(1 + random.below(255))
            if bytes[position] == 0x0A { bytes[position] = 0x0B }
        } accepts: {
            parser.accepted($0.span)
        }
        #expect(changed == 0)
        let random = noise.count { bytes, random in
            bytes.put(24) { _ in random.byte() }
            bytes.put([0x0A])
        } accepts: {
            parser.accepted($0.span)
        }
        #expect(random == 0)
        print("false accepts: moteus, one wrong byte: \(changed), noise: \(random) of \(streams) each, expected 0")
    }
}

// A stream under construction.
extension [UInt8] {
    fileprivate mutating func put(_ bytes: [UInt8]) { self += bytes }

    fileprivate mutating func put(_ count: Int, _ byte: (Int) -> UInt8) {
        for position in 0..<count { append(byte(position)) }
    }

    fileprivate mutating func flip(_ bit: Int) { self[bit / 8] ^= 1 << UInt8(bit % 8) }

    fileprivate func sum(from start: Int) -> UInt8 {
        var sum: UInt8 = 0
        for position in start..<count { sum &+= self[position] }
        return ~sum
    }
}

private struct Noise {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// How many of the streams are accepted.
    mutating func count(_ build: (inout [UInt8], inout SplitMix64) -> Void, accepts: ([UInt8]) -> Bool) -> Int {
        var draft: [UInt8] = []
        var count = 0
        for _ in 0..<streams {
            draft.removeAll(keepingCapacity: true)
            build(&draft, &random)
            if accepts(draft) { count += 1 }
        }
        return count
    }
}

extension Dynamixel.Parser {
    /// Whether a packet comes out of a stream. Afterwards nothing of the stream is left.
    fileprivate mutating func accepted(_ bytes: Span<UInt8>) -> Bool {
        let before = counters.packets
        _ = take(bytes)
        while next(afterSilence: true) != nil {}
        return counters.packets > before
    }
}

extension Feetech.Parser {
    fileprivate mutating func accepted(_ bytes: Span<UInt8>) -> Bool {
        let before = counters.packets
        _ = take(bytes)
        while next(afterSilence: true) != nil {}
        return counters.packets > before
    }
}

extension Moteus.LineParser {
    fileprivate mutating func accepted(_ bytes: Span<UInt8>) -> Bool {
        let before = counters.lines
        _ = take(bytes)
        while next() != nil {}
        return counters.lines > before
    }
}
