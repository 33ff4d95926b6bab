public import Quantities

/// What a bus has been through. Nothing that was repaired is kept silent.
public struct BusCounters: Sendable {
    public internal(set) var transactions: UInt64 = 0
    /// Requests sent once more because no or no intact answer came.
    public internal(set) var retries: UInt64 = 0
    /// Answers that did not come in time, one for each device.
    public internal(set) var timeOuts: UInt64 = 0
    /// Packets that arrived damaged.
    public internal(set) var damaged: UInt64 = 0
    /// Intact packets that nobody had asked for: late or repeated answers, or those of another device.
    public internal(set) var unexpected: UInt64 = 0
    /// Bytes that were waiting before a request was sent: an answer came after its deadline.
    public internal(set) var lateBytes: UInt64 = 0
    /// Requests that came back before the answer did: the adapter repeats what it sends.
    public internal(set) var echoes: UInt64 = 0
    /// Values that were intact and cannot be true.
    public internal(set) var implausible: UInt64 = 0
    /// How often a joint did not answer, or not intact, while it was asked.
    public internal(set) var failures = PerJoint<UInt64>(repeating: 0)
    /// How often a shared answer was first broken in this joint's part.
    public internal(set) var chainBreaks = PerJoint<UInt64>(repeating: 0)

    public init() {}
}
