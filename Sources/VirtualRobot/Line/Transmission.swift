internal import Ports

/// Bytes on the wire, from the first start bit to the last stop bit.
struct Transmission: Sendable {
    enum Sender: Equatable { case master, slave(Int) }

    let sender: Sender
    var bytes: [UInt8]
    let start: BusInstant
    let end: BusInstant
    let rate: BaudRate?
    /// Which bytes somebody else talked into.
    var spoiled: Range<Int> = 0..<0

    init(_ bytes: [UInt8], from sender: Sender, at start: BusInstant, rate: BaudRate?) {
        self.sender = sender
        self.bytes = bytes
        self.start = start
        self.rate = rate
        end = start + Self.time(of: bytes.count, at: rate)
    }

    /// Ten bits for each byte, start and stop among them.
    static func time(of count: Int, at rate: BaudRate?) -> Int64 {
        guard let rate else { return 0 }
        let bits = Int64(rate.bitsPerSecond)
        return (Int64(count) * 10 * nanosecondsPerSecond + bits - 1) / bits
    }

    func overlaps(_ other: Transmission) -> Bool { start < other.end && other.start < end }

    /// Marks the bytes during which the other one was on the wire too.
    mutating func spoil(by other: Transmission) {
        let span = end - start
        guard span > 0 else { return }
        let count = Int64(bytes.count)
        let first = Int(max(0, other.start - start) * count / span)
        let last = Int((min(span, other.end - start) * count + span - 1) / span)
        spoiled = spoiled.isEmpty ? first..<last : min(first, spoiled.lowerBound)..<max(last, spoiled.upperBound)
    }
}
