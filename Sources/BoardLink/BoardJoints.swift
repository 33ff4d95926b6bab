/// Which joint of one board. One that exists is below 4.
@frozen public struct BoardJoint: Equatable, Sendable {
    public let rawValue: UInt8

    @inlinable @_noAllocation @_noLocks
    public init?(_ rawValue: UInt8) {
        guard rawValue < 4 else { return nil }
        self.rawValue = rawValue
    }

    @inlinable public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

/// How many joints one board drives. One that exists lies in `1 ... 4`.
@frozen public struct BoardJointCount: Equatable, Sendable {
    public let rawValue: UInt8

    @inlinable @_noAllocation @_noLocks
    public init?(_ rawValue: UInt8) {
        guard 1 <= rawValue, rawValue <= 4 else { return nil }
        self.rawValue = rawValue
    }

    @inlinable init(known rawValue: UInt8) { self.rawValue = rawValue }

    @inlinable public static var one: Self { @_noAllocation @_noLocks get { Self(known: 1) } }
    @inlinable public static var two: Self { @_noAllocation @_noLocks get { Self(known: 2) } }
    @inlinable public static var three: Self { @_noAllocation @_noLocks get { Self(known: 3) } }
    @inlinable public static var four: Self { @_noAllocation @_noLocks get { Self(known: 4) } }

    /// The joint at `position`, or nil past the last one: the loop `while let joint = count.joint(at: position)`.
    @inlinable @_noAllocation @_noLocks
    public func joint(at position: UInt8) -> BoardJoint? {
        position < rawValue ? BoardJoint(position) : nil
    }

    @inlinable public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

extension BoardJointCount {
    /// Whether the joints that are present have equal values.
    func agree<Value: Equatable>(_ left: InlineArray<4, Value>, _ right: InlineArray<4, Value>) -> Bool {
        var position: UInt8 = 0
        while let joint = joint(at: position) {
            guard left[Int(joint.rawValue)] == right[Int(joint.rawValue)] else { return false }
            position += 1
        }
        return true
    }
}

extension Fields {
    @_noAllocation @_noLocks
    mutating func count(_ value: inout BoardJointCount) {
        note(.jointCount, 4)
        var raw = value.rawValue
        byte(&raw)
        guard let read = BoardJointCount(raw) else { return refuse(.jointCount) }
        value = read
    }

    /// 255 stands for the board as a whole.
    @_noAllocation @_noLocks
    mutating func joint(_ value: inout BoardJoint?) {
        note(.joint, 4)
        var raw = value?.rawValue ?? 255
        byte(&raw)
        value = BoardJoint(raw)
        if case nil = value, raw != 255 { refuse(.joint) }
    }
}
