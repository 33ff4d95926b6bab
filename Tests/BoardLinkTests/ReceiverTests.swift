import BoardLink
import Testing

@Suite struct ReceiverTests {
    @Test("one flipped bit anywhere in a frame loses it and is counted", arguments: GoldenFrame.all)
    func everyBitFlip(golden: GoldenFrame) {
        let whole = bytes(hex: golden.hex)
        for bit in 0..<(whole.count * 8) {
            var damaged = whole
            damaged[bit / 8] ^= 1 << (bit % 8)
            // The zero ends the frame if its own end was hit.
            let heard = heard(damaged + [0])
            #expect(heard.packets.isEmpty, "bit \(bit)")
            #expect(!heard.errors.isEmpty && heard.addsUp, "bit \(bit)")
        }
    }

    @Test("a frame after a damaged one is taken, whichever bit was hit but its end", arguments: GoldenFrame.all)
    func nextFrameSurvives(golden: GoldenFrame) {
        let whole = bytes(hex: golden.hex)
        for bit in 0..<((whole.count - 1) * 8) {
            var damaged = whole
            damaged[bit / 8] ^= 1 << (bit % 8)
            #expect(heard(damaged + whole).packets.count == 1, "bit \(bit)")
        }
    }

    @Test("any stream gives frames or counted errors", arguments: 0..<64 as Range<UInt64>)
    func randomStream(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        // From pure noise to streams of short frames.
        let zeros = [2, 6, 20, 100, 1_000_000][Int(seed % 5)]
        let heard = heard((0..<20_000).map { _ in random.chance(zeros) ? 0 : random.byte() })
        #expect(heard.addsUp, "seed \(seed)")
        // A random frame passes the checksum once in 65,536 times; far fewer than that are here.
        #expect(heard.packets.count <= 1, "seed \(seed)")
    }

    @Test("after any garbage the first frame behind a zero is taken", arguments: 0..<64 as Range<UInt64>)
    func resynchronises(seed: UInt64) throws {
        var random = RandomMessage(random: SplitMix64(seed: seed))
        for _ in 0..<50 {
            let garbage = (0..<random.random.below(400)).map { _ in random.random.byte() }
            let message = try random.message()
            var sender = Sender()
            var heard = heard(garbage + [0])
            let before = heard.packets.count
            heard.hear(sender.frame(message).array)
            #expect(heard.packets.dropFirst(before).map(\.message) == [message], "seed \(seed)")
            #expect(heard.addsUp, "seed \(seed)")
        }
    }

    @Test("a mixed stream of frames and damage adds up", arguments: 0..<32 as Range<UInt64>)
    func mixedStream(seed: UInt64) throws {
        var random = RandomMessage(random: SplitMix64(seed: seed))
        var sender = Sender()
        var heard = Heard()
        var sent = 0
        for _ in 0..<300 {
            var frame = sender.frame(try random.message()).array
            switch random.random.below(4) {
            case 0: frame.remove(at: random.random.below(frame.count))
            case 1: frame[random.random.below(frame.count)] ^= 1 << UInt8(random.random.below(8))
            default: sent += 1
            }
            heard.hear(frame)
        }
        #expect(heard.addsUp, "seed \(seed)")
        // A frame whose end was hit takes its undamaged follower with it.
        #expect(heard.packets.count <= sent && heard.packets.count > sent / 2, "seed \(seed)")
        #expect(Int(heard.receiver.order.lost) <= 300 - heard.packets.count, "seed \(seed)")
    }

    @Test("each kind of error has its own count") func eachError() throws {
        var heard = Heard()
        heard.hear([UInt8](repeating: 5, count: 200) + [0])
        heard.hear([9, 1, 2, 3, 4, 5, 6, 0])
        heard.hear([3, 1, 2, 0])
        heard.hear([7, 1, 6, 1, 1, 1, 1, 0])
        for payload in [[2, 5, 0, 0], [1, 10, 0, 0], [1, 5, 0, 0, 0], [1, 7, 0, 0, 0]] as [[UInt8]] {
            heard.hear(framed(payload))
        }
        let counters = heard.receiver.counters
        #expect(counters.overflow == 1 && counters.stuffing == 1 && counters.truncated == 1 && counters.checksum == 1)
        #expect(counters.unknownVersion == 1 && counters.unknownType == 1)
        #expect(counters.wrongLength == 1 && counters.illegalValue == 1)
        #expect(counters.accepted == 0 && heard.receiver.framesEnded == 8 && heard.addsUp)
        #expect(
            heard.errors == [
                .overflow, .stuffing, .truncated, .checksum, .unknownVersion(2), .unknownType(10),
                .wrongLength(.disarm), .illegalValue(.fault),
            ])
    }

    @Test("watches the sequence of what it accepted, until the peer starts again") func order() {
        var heard = Heard()
        for sequence in [5, 6, 6, 9] as [UInt16] {
            var sender = Sender(nextSequence: sequence)
            heard.hear(sender.frame(.disarm).array)
        }
        #expect(heard.receiver.order.lost == 2 && heard.receiver.order.repeated == 1)
        heard.receiver.peerRestarted()
        var sender = Sender()
        heard.hear(sender.frame(.disarm).array)
        #expect(heard.receiver.order.late == 0 && heard.receiver.order.lost == 2)
    }

    /// A sound frame around any payload.
    private func framed(_ payload: [UInt8]) -> [UInt8] {
        var checksum = Checksum()
        for byte in payload { checksum.add(byte) }
        let content = payload + [UInt8(truncatingIfNeeded: checksum.value), UInt8(checksum.value >> 8)]
        let groups = content.split(separator: 0, omittingEmptySubsequences: false)
        return groups.flatMap { [UInt8($0.count + 1)] + $0 } + [0]
    }
}
