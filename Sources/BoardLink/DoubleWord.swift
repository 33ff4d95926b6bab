/// 64 bits as two halves.
///
/// On a 32-bit microcontroller Swift 6.3 widens to `UInt64` through code that can allocate, so no `UInt64` is used there.
public struct DoubleWord: Equatable, Sendable {
    public internal(set) var high: UInt32
    public internal(set) var low: UInt32

    @_noAllocation @_noLocks
    public init(high: UInt32, low: UInt32) {
        self.high = high
        self.low = low
    }

    static var zero: DoubleWord { @_noAllocation @_noLocks get { DoubleWord(high: 0, low: 0) } }

    @_noAllocation @_noLocks
    public static func == (left: Self, right: Self) -> Bool { left.high == right.high && left.low == right.low }
}

#if !hasFeature(Embedded)
    extension DoubleWord {
        public init(_ joined: UInt64) {
            self.init(high: UInt32(truncatingIfNeeded: joined >> 32), low: UInt32(truncatingIfNeeded: joined))
        }

        public var joined: UInt64 { UInt64(high) << 32 | UInt64(low) }
    }
#endif

extension Fields {
    @_noAllocation @_noLocks
    mutating func plain(_ value: inout DoubleWord) {
        plain(&value.low)
        plain(&value.high)
    }
}
