import Quantities

// Integers, low byte first, and the small types that are one.
extension Fields {
    @_noAllocation @_noLocks
    mutating func plain(_ value: inout UInt8) {
        note(.plain, 1)
        byte(&value)
    }

    @_noAllocation @_noLocks
    mutating func plain(_ value: inout UInt16) {
        note(.plain, 2)
        half(&value)
    }

    @_noAllocation @_noLocks
    mutating func plain(_ value: inout UInt32) {
        note(.plain, 4)
        word(&value)
    }

    @_noAllocation @_noLocks
    mutating func half(_ value: inout UInt16) {
        var low = UInt8(truncatingIfNeeded: value)
        var high = UInt8(truncatingIfNeeded: value >> 8)
        byte(&low)
        byte(&high)
        value = UInt16(low) | UInt16(high) << 8
    }

    private mutating func word(_ value: inout UInt32) {
        var low = UInt16(truncatingIfNeeded: value)
        var high = UInt16(truncatingIfNeeded: value >> 16)
        half(&low)
        half(&high)
        value = UInt32(low) | UInt32(high) << 16
    }

    /// The raw value of an enumeration whose cases are numbered from 0 to below `end`.
    @_noAllocation @_noLocks
    mutating func choice(_ raw: inout UInt8, below end: UInt8, _ field: Field) {
        note(.choice, UInt32(end))
        byte(&raw)
        if raw >= end { refuse(field) }
    }

    /// A tick of the board; it wraps around.
    @_noAllocation @_noLocks
    mutating func moment(_ value: inout Tick) {
        note(.moment, 4)
        var raw = value.rawValue
        word(&raw)
        value = Tick(raw)
    }

    /// A span of 1 to 65,535 ticks; a longer or shorter one becomes the end of that range.
    @_noAllocation @_noLocks
    mutating func span(_ value: inout Ticks) {
        note(.span, 2)
        var raw = UInt16(truncatingIfNeeded: min(max(value.rawValue, 1), 65_535))
        half(&raw)
        if raw == 0 { refuse(.lifetime) }
        value = Ticks(Int32(raw))
    }

    /// A joint of the robot.
    @_noAllocation @_noLocks
    mutating func joint(_ value: inout JointIndex) {
        note(.robotJoint, 16)
        var raw = value.rawValue
        byte(&raw)
        guard let read = JointIndex(raw) else { return refuse(.joint) }
        value = read
    }
}
