public import Quantities

/// Host to board, and back unchanged: up to 112 bytes that try the line.
public struct Echo: Equatable, Sendable {
    public internal(set) var bytes: Bytes

    /// The longest echo; its frame is nearly the longest frame.
    public static var capacity: Int { @_noAllocation @_noLocks get { 112 } }

    /// Nil when there are more than 112 bytes.
    @_noAllocation @_noLocks
    public init?(bytes: Bytes) {
        guard bytes.count <= Self.capacity else { return nil }
        self.bytes = bytes
    }
}

/// A moment on the host's clock in nanoseconds. The board returns it and never looks inside.
public struct HostStamp: Equatable, Sendable {
    public internal(set) var rawValue: DoubleWord

    public init(_ rawValue: DoubleWord) { self.rawValue = rawValue }
}

/// Host to board: what is your time? Answered by `Time`.
public struct AskTime: Equatable, Sendable {
    public internal(set) var stamp: HostStamp

    public init(stamp: HostStamp) { self.stamp = stamp }
}

/// Board to host: the board's time when `stamp` arrived.
public struct Time: Equatable, Sendable {
    public internal(set) var stamp: HostStamp
    public internal(set) var tick: Tick
    /// How long that tick had lasted by then; nil when the board cannot tell.
    public internal(set) var sinceTick: Seconds?

    public init(stamp: HostStamp, tick: Tick, sinceTick: Seconds?) {
        self.stamp = stamp
        self.tick = tick
        self.sinceTick = sinceTick
    }
}

extension Echo {
    @_noAllocation @_noLocks
    init() { bytes = Bytes() }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        fields.note(.byteCount, UInt32(Self.capacity))
        var length = UInt8(truncatingIfNeeded: bytes.count)
        fields.byte(&length)
        if Int(length) > Self.capacity { fields.refuse(.byteCount) }
        while bytes.count < min(Int(length), Self.capacity) { bytes.append(0) }
        var position = 0
        while position < bytes.count {
            var byte = bytes[position]
            fields.byte(&byte)
            bytes[position] = byte
            position += 1
        }
    }
}

extension HostStamp {
    @_noAllocation @_noLocks
    init() { self.init(.zero) }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        fields.plain(&rawValue)
    }
}

extension AskTime {
    @_noAllocation @_noLocks
    init() { self.init(stamp: HostStamp()) }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        stamp.visit(&fields)
    }
}

extension Time {
    @_noAllocation @_noLocks
    init() { self.init(stamp: HostStamp(), tick: Tick(0), sinceTick: nil) }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        stamp.visit(&fields)
        fields.moment(&tick)
        fields.scaled(&sinceTick)
    }
}
