public import Ports

/// Where the time of the transactions went.
///
/// Of each transaction four moments are known: when the request was given to the system, when the system had it, when
/// the first byte of the answer was there and when the last one was. What the wire needs follows from the rate.
public struct BusTiming: Sendable {
    /// How long the system took to take a request.
    public internal(set) var handOver = LatencyHistogram()
    /// From the moment at which the request's last bit can have left, to the one at which the answer's first bit was on
    /// the wire at the latest: return delay, adapter, and the wake-up of this program.
    public internal(set) var wait = LatencyHistogram()
    /// From the first bytes that were seen to the last.
    public internal(set) var receive = LatencyHistogram()
    /// All of it, retries included.
    public internal(set) var whole = LatencyHistogram()
    /// What all of it would have taken on a perfect wire, without any delay.
    public internal(set) var wire = LatencyHistogram()

    public init() {}
}

/// How long bytes are on a wire.
public struct WireTime: Sendable {
    /// Start bit, eight bits, stop bit.
    static let bitsPerByte: Int64 = 10

    /// nil where no rate limits the bytes.
    public let rate: BaudRate?

    public init(_ rate: BaudRate?) { self.rate = rate }

    public func nanoseconds(for bytes: Int) -> Int64 {
        guard let rate else { return 0 }
        return Int64(bytes) * Self.bitsPerByte * 1_000_000_000 / Int64(rate.bitsPerSecond)
    }
}
