/// Where a recording goes, from the first byte to the last.
public protocol ByteSink: ~Copyable {
    /// Writes all of it or throws; after a throw there is nothing of it.
    mutating func write(_ bytes: Span<UInt8>) throws(RecordingError)
    /// Comes back when what was written survives a loss of power.
    mutating func sync() throws(RecordingError)
}

/// A recording in memory.
public struct MemorySink: ByteSink, Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func write(_ bytes: Span<UInt8>) { self.bytes.append(copying: bytes) }

    public func sync() {}
}
