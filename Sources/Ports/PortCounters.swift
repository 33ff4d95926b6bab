/// What happened at a port since it was opened.
public struct PortCounters: Equatable, Sendable {
    public internal(set) var bytesIn: UInt64 = 0
    public internal(set) var bytesOut: UInt64 = 0
    /// Reads that brought something.
    public internal(set) var reads: UInt64 = 0
    /// How often the system took less than it was given: the other side, or the wire, is slower than we are.
    public internal(set) var shortWrites: UInt64 = 0
    public internal(set) var timeOuts: UInt64 = 0
    public internal(set) var hangUps: UInt64 = 0
    /// Bytes that arrived when nobody wanted any; not in `bytesIn`. Not zero: something answers late.
    public internal(set) var bytesDiscarded: UInt64 = 0

    public init() {}
}
