/// Watches the sequence numbers of one sender.
public struct SequenceMonitor: Equatable, Sendable {
    /// What a number says about the frames before it.
    public enum Order: Equatable, Sendable {
        case first
        case next
        /// Frames are missing before this one.
        case gap(lost: UInt16)
        /// The same number as the last time.
        case repeated
        /// An older number; it was counted as lost when a newer one came.
        case late
    }

    /// All counts wrap around.
    public private(set) var lost: UInt32 = 0
    public private(set) var repeated: UInt32 = 0
    public private(set) var late: UInt32 = 0
    private var newest: UInt16?

    @_noAllocation @_noLocks
    public init() {}

    /// Places one number. Half of all numbers are ahead of the newest and half behind, also across the wrap.
    @_noAllocation @_noLocks
    public mutating func observe(_ sequence: UInt16) -> Order {
        guard let newest else {
            self.newest = sequence
            return .first
        }
        let ahead = Int16(bitPattern: sequence &- newest)
        if ahead == 0 {
            repeated &+= 1
            return .repeated
        }
        if ahead < 0 {
            late &+= 1
            return .late
        }
        self.newest = sequence
        return skipped(UInt16(bitPattern: ahead) - 1)
    }

    /// The sender started again, so its next number says nothing about lost frames.
    @_noAllocation @_noLocks
    public mutating func restart() { newest = nil }

    private mutating func skipped(_ frames: UInt16) -> Order {
        lost &+= UInt32(frames)
        return frames == 0 ? .next : .gap(lost: frames)
    }
}
