public import Ports

/// What lies between the program of a master and its slaves.
public struct LineSettings: Equatable, Sendable {
    /// How fast the master sends where its port does not say so itself; nil when bytes take no time.
    public var rate: BaudRate?
    /// One talker at a time: who talks at the same time destroys both.
    public var isShared: Bool
    /// Whether the rate that a master sets at its port is that of the line; an adapter for another kind of bus heeds none.
    public var heedsPort = true
    /// The adapter hears what it sends.
    public var hasEcho = false
    /// How long the adapter waits for more before it passes on what it has; 16 ms for FTDI's as delivered.
    public var latencyTimer: Duration = .zero
    /// A longer silence ends a packet that was begun.
    public var packetPause: Duration = .milliseconds(2)

    public init(rate: BaudRate?, isShared: Bool = true) {
        self.rate = rate
        self.isShared = isShared
    }
}

/// Bytes that reach the master's program at a moment.
public struct Delivery: Equatable, Sendable {
    public let instant: BusInstant
    public let bytes: [UInt8]

    public init(instant: BusInstant, bytes: [UInt8]) {
        self.instant = instant
        self.bytes = bytes
    }
}

extension Duration {
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * nanosecondsPerSecond + attoseconds / nanosecondsPerSecond
    }
}
