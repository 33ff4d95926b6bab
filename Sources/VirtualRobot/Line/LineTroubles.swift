/// What is wrong with the wire now; each number is the probability that it strikes a packet.
struct LineTroubles: Equatable, Sendable {
    var loss = 0.0
    var flip = 0.0
    var truncation = 0.0
    var duplicate = 0.0
    var late = 0.0
    var lateness: Int64 = 0
    var hasEcho = false
    var latencyTimer: Int64?
    /// nil without a short; else how likely each byte arrives as a wrong one instead of not at all.
    var short: Double?
    /// The first slave behind the loose piece of wire, and how often it gives way.
    var loosePlace = Int.max
    var loose = 0.0

    /// What the wire makes of bytes; nil when nothing arrives.
    func damaged(_ bytes: [UInt8], using generator: inout SplitMix64) -> [UInt8]? {
        var bytes = bytes
        if let short {
            bytes = bytes.filter { _ in generator.happens(short) }.map { $0 ^ UInt8(1 + generator.below(255)) }
        }
        if generator.happens(loss) { return nil }
        if !bytes.isEmpty, generator.happens(flip) {
            let bit = generator.below(bytes.count * 8)
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        }
        if !bytes.isEmpty, generator.happens(truncation) { bytes.removeLast(1 + generator.below(bytes.count)) }
        return bytes.isEmpty ? nil : bytes
    }

    /// Whether the loose piece of wire keeps a slave from being heard, or from hearing.
    func cutsOff(_ slave: Int, using generator: inout SplitMix64) -> Bool {
        slave >= loosePlace && generator.happens(loose)
    }
}
