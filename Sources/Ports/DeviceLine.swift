/// A line to devices, of whatever kind its address is: a serial port, a pseudo terminal, a socket, or a virtual robot in
/// lockstep, in this process or another one.
public struct DeviceLine: BytePort, ~Copyable {
    private var serial: SerialPort?
    private var terminal: TerminalLink?
    private var socket: SocketLink?
    private var stepped: SteppedLink?
    private var lockstep: LockstepLink?

    /// Opens it, for this program alone.
    public init(_ address: DeviceAddress, baudRate: BaudRate) throws(PortError) {
        switch address {
        case .serial(let identity):
            serial = try SerialPort(identity, baudRate: baudRate)
        case .lockstep(let path):
            lockstep = try LockstepLink(to: path)
            try lockstep?.setBaudRate(baudRate)
        case .path(let path):
            guard let target = Linux.resolved(path) else { throw .missing }
            if DeviceAddress.isPseudoTerminal(target) {
                terminal = try TerminalLink(target, baudRate: baudRate)
            } else if target.hasPrefix("/dev/") {
                // A link to a real device: that is opened by its own identity.
                throw .missing
            } else {
                socket = try SocketLink(to: target)
            }
        }
    }

    public init(_ socket: consuming SocketLink) { self.socket = consume socket }

    public init(_ line: any SteppedLine, baudRate: BaudRate) {
        line.setBaudRate(baudRate)
        stepped = SteppedLink(line)
    }

    /// Whether it is in lockstep: its time goes on only while somebody waits for it, and nothing is missed meanwhile.
    public var standsStill: Bool {
        switch stepped {
        case .some: return true
        case .none: break
        }
        switch lockstep {
        case .some: return true
        case .none: return false
        }
    }

    /// A line in lockstep has a clock of its own.
    public var now: MonotonicInstant {
        switch stepped {
        case .some(let stepped): return stepped.now
        case .none: break
        }
        switch lockstep {
        case .some(let lockstep): return lockstep.now
        case .none: return .now()
        }
    }

    public mutating func sleep(until instant: MonotonicInstant) throws(PortError) {
        if let slept: Void = try stepped?.sleep(until: instant) { return slept }
        if let slept: Void = try lockstep?.sleep(until: instant) { return slept }
        Linux.sleep(until: instant)
    }

    public mutating func setLastWords(_ words: LastWords) {
        serial?.setLastWords(words)
        terminal?.setLastWords(words)
        socket?.setLastWords(words)
        stepped?.setLastWords(words)
        lockstep?.setLastWords(words)
    }

    /// Whether bytes are slowed down by a rate at all: a socket has none.
    public var hasRate: Bool {
        switch socket {
        case .some: false
        case .none: true
        }
    }

    /// How the adapter's driver delays answers; nil where there is no adapter.
    public var latency: LineLatency? {
        switch serial {
        case .some(let serial): serial.latency
        case .none: nil
        }
    }

    public mutating func setBaudRate(_ rate: BaudRate) throws(PortError) {
        try serial?.setBaudRate(rate)
        try terminal?.setBaudRate(rate)
        try stepped?.setBaudRate(rate)
        try lockstep?.setBaudRate(rate)
    }

    public var counters: PortCounters {
        switch serial {
        case .some(let serial): return serial.counters
        case .none: break
        }
        switch terminal {
        case .some(let terminal): return terminal.counters
        case .none: break
        }
        switch socket {
        case .some(let socket): return socket.counters
        case .none: break
        }
        switch stepped {
        case .some(let stepped): return stepped.counters
        case .none: break
        }
        switch lockstep {
        case .some(let lockstep): return lockstep.counters
        case .none: return PortCounters()
        }
    }

    public mutating func write(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) throws(PortError) {
        try serial?.write(bytes, by: deadline)
        try terminal?.write(bytes, by: deadline)
        try socket?.write(bytes, by: deadline)
        try stepped?.write(bytes, by: deadline)
        try lockstep?.write(bytes, by: deadline)
    }

    public mutating func read(
        into buffer: inout MutableSpan<UInt8>, from start: Int, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        if let count = try serial?.read(into: &buffer, from: start, by: deadline) { return count }
        if let count = try terminal?.read(into: &buffer, from: start, by: deadline) { return count }
        if let count = try socket?.read(into: &buffer, from: start, by: deadline) { return count }
        if let count = try stepped?.read(into: &buffer, from: start, by: deadline) { return count }
        guard let count = try lockstep?.read(into: &buffer, from: start, by: deadline) else {
            preconditionFailure("a line is of one of the five kinds")
        }
        return count
    }

    public mutating func expect(_ bytes: Int) { lockstep?.expect(bytes) }

    public mutating func discardInput() throws(PortError) -> Int {
        if let count = try serial?.discardInput() { return count }
        if let count = try terminal?.discardInput() { return count }
        if let count = try socket?.discardInput() { return count }
        if let count = try stepped?.discardInput() { return count }
        return try lockstep?.discardInput() ?? 0
    }
}
