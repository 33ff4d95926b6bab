import Actuators
import Quantities

/// What the packets of one tick of six servos cost, written and read. A tick of 1 ms has room for both many times over
/// when each stays in microseconds.
enum CodecBench {
    static let batches = 200
    static let roundsInBatch = 1_000

    static func run() {
        print("codecs: \(batches) batches of \(roundsInBatch) rounds, six servos in a round,")
        print("thread processor time; each figure is the median batch")
        reportDynamixel()
        reportFeetech()
        reportMoteus()
        reportChecksums()
    }

    private static func report(_ what: String, _ round: () -> Int) {
        print("  \(what): \(measure(rounds: roundsInBatch, round).line("ns"))")
    }

    /// A round gives a number that must not change, so that nothing of it can be left out.
    private static func measure(rounds: Int, _ round: () -> Int) -> Spread {
        let expected = round()
        var times: [Double] = []
        for _ in 0..<batches {
            let before = Stopwatch.nanoseconds()
            var sum = 0
            for _ in 0..<rounds { sum += round() }
            let after = Stopwatch.nanoseconds()
            guard sum == expected * rounds else { preconditionFailure("\(sum) is not \(rounds) times \(expected)") }
            times.append(Double(after - before) / Double(rounds))
        }
        return Spread(times)
    }

    private static func reportDynamixel() {
        var wire = DynamixelCodec()
        guard wire.parseShared() == 6, wire.parseEach() == 6 else {
            preconditionFailure("an answer was not understood")
        }
        report("Dynamixel, write 6 goals (sync write)") { wire.writeGoals() }
        report("Dynamixel, write a fast sync read of 6") { wire.writeRequest() }
        report("Dynamixel, read its shared answer of 6 × 14 bytes") { wire.parseShared() }
        report("Dynamixel, read 6 answers of 14 bytes") { wire.parseEach() }
    }

    private static func reportFeetech() {
        var wire = FeetechCodec()
        guard wire.parseEach() == 6 else { preconditionFailure("an answer was not understood") }
        report("Feetech, write 6 goals (sync write)") { wire.writeGoals() }
        report("Feetech, read 6 answers of 15 bytes") { wire.parseEach() }
    }

    private static func reportMoteus() {
        var wire = MoteusCodec()
        guard wire.parseEach() == 6 else { preconditionFailure("an answer was not understood") }
        report("moteus, write 6 commands with queries (text lines)") { wire.writeCommands() }
        report("moteus, read 6 answers (text lines)") { wire.parseEach() }
    }

    private static func reportChecksums() {
        let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 3) }
        let table = ChecksumTable()
        guard closedForm(bytes.span) == table.checksum(of: bytes.span) else {
            preconditionFailure("the table is wrong")
        }
        let formula = measure(rounds: 100) { Int(closedForm(bytes.span)) }
        let looked = measure(rounds: 100) { Int(table.checksum(of: bytes.span)) }
        print("  Dynamixel checksum of 1,000 bytes, closed form: \(formula.line("ns"))")
        print("  the same with a table of 256 words: \(looked.line("ns"))")
    }

    private static func closedForm(_ bytes: Span<UInt8>) -> UInt16 {
        var checksum = Dynamixel.Checksum()
        checksum.add(bytes)
        return checksum.value
    }
}

/// The usual way to compute the checksum, to compare with.
struct ChecksumTable {
    private var entries = InlineArray<256, UInt16>(repeating: 0)

    init() {
        for entry in 0..<256 {
            var value = UInt16(entry) << 8
            for _ in 0..<8 { value = value & 0x8000 == 0 ? value << 1 : value << 1 ^ 0x8005 }
            entries[entry] = value
        }
    }

    func checksum(of bytes: Span<UInt8>) -> UInt16 {
        var value: UInt16 = 0
        for position in bytes.indices {
            value = value << 8 ^ entries[Int(UInt8(truncatingIfNeeded: value >> 8) ^ bytes[position])]
        }
        return value
    }
}
