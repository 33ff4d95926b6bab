/// Which input of one board: a sensor beside the joints. One that exists is below 4.
@frozen public struct BoardInput: Equatable, Sendable {
    public let rawValue: UInt8

    @inlinable @_noAllocation @_noLocks
    public init?(_ rawValue: UInt8) {
        guard rawValue < 4 else { return nil }
        self.rawValue = rawValue
    }

    @inlinable public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

/// How many inputs one board reports. One that exists lies in `0 ... 4`.
@frozen public struct BoardInputCount: Equatable, Sendable {
    public let rawValue: UInt8

    @inlinable @_noAllocation @_noLocks
    public init?(_ rawValue: UInt8) {
        guard rawValue <= 4 else { return nil }
        self.rawValue = rawValue
    }

    @inlinable init(known rawValue: UInt8) { self.rawValue = rawValue }

    @inlinable public static var zero: Self { @_noAllocation @_noLocks get { Self(known: 0) } }
    @inlinable public static var four: Self { @_noAllocation @_noLocks get { Self(known: 4) } }

    /// The input at `position`, or nil past the last one: the loop `while let input = count.input(at: position)`.
    @inlinable @_noAllocation @_noLocks
    public func input(at position: UInt8) -> BoardInput? {
        position < rawValue ? BoardInput(position) : nil
    }

    @inlinable public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

extension BoardInputCount {
    /// Whether the inputs that are present read the same.
    func agree(_ left: InlineArray<4, Int32?>, _ right: InlineArray<4, Int32?>) -> Bool {
        var position: UInt8 = 0
        while let input = input(at: position) {
            guard left[Int(input.rawValue)] == right[Int(input.rawValue)] else { return false }
            position += 1
        }
        return true
    }
}

extension Fields {
    @_noAllocation @_noLocks
    mutating func count(_ value: inout BoardInputCount) {
        note(.inputCount, 4)
        var raw = value.rawValue
        byte(&raw)
        guard let read = BoardInputCount(raw) else { return refuse(.inputCount) }
        value = read
    }

    /// What an input has counted; its least number stands for "unknown".
    @_noAllocation @_noLocks
    mutating func counts(_ value: inout Int32?) {
        note(.counts, 4)
        let raw = UInt32(bitPattern: value ?? .min)
        var low = UInt16(truncatingIfNeeded: raw)
        var high = UInt16(truncatingIfNeeded: raw >> 16)
        half(&low)
        half(&high)
        let read = Int32(bitPattern: UInt32(low) | UInt32(high) << 16)
        value = read == .min ? nil : read
    }
}
