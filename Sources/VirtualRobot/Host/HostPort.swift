public import Ports
internal import Glibc

/// The end of a line that the virtual robot holds; the master has the other one.
public protocol HostPort: ~Copyable, Sendable {
    /// What a master opens; nil when there is nothing to open.
    var path: String? { get }

    /// The rate that the master has set; nil when this kind of port does not know.
    func masterRate() -> BaudRate?

    /// What the master has sent by the deadline; 0 when that is nothing, or when there is no master.
    mutating func receive(into buffer: inout MutableSpan<UInt8>, by deadline: MonotonicInstant) -> Int

    /// Whether the master's side took the bytes. One that does not read loses them, as it does with a real adapter.
    mutating func deliver(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) -> Bool

    /// Pulls the adapter out: the master finds its port hung up.
    mutating func unplug()

    /// Puts the adapter back, under the same path where there is one.
    mutating func plug()
}

/// A pseudo terminal, for masters that open a serial port.
public struct TerminalPort: HostPort, ~Copyable {
    private let link: String?
    private let awake: Duration
    private var terminal: PseudoTerminal?

    /// - Parameter link: a name that leads to the terminal, also after it was unplugged and has another number.
    /// - Parameter awake: how long to stay awake for the master's next word; costs a core, and makes the bus exact.
    public init(link: String? = nil, awake: Duration = .zero) throws(PortError) {
        self.link = link
        self.awake = awake
        terminal = try Self.terminal(awake)
        relink()
    }

    private static func terminal(_ awake: Duration) throws(PortError) -> PseudoTerminal {
        var terminal = try PseudoTerminal()
        terminal.stayAwake(for: awake)
        return terminal
    }

    public var path: String? { link ?? terminalPath }

    private var terminalPath: String? {
        switch terminal {
        case .some(let terminal): terminal.path
        case .none: nil
        }
    }

    public func masterRate() -> BaudRate? {
        switch terminal {
        case .some(let terminal): try? terminal.baudRateOfPeer()
        case .none: nil
        }
    }

    public mutating func receive(into buffer: inout MutableSpan<UInt8>, by deadline: MonotonicInstant) -> Int {
        do throws(PortError) {
            if let count = try terminal?.read(into: &buffer, by: deadline) { return count }
        } catch .timedOut {
            return 0
        } catch {}
        sleep(until: min(deadline, .now() + .milliseconds(1)))
        return 0
    }

    public mutating func deliver(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) -> Bool {
        do throws(PortError) { try terminal?.write(bytes, by: deadline) } catch { return false }
        return true
    }

    public mutating func unplug() {
        // The name goes first: who finds it finds a terminal that is there.
        // SAFETY: the string outlives the call, which keeps no pointer.
        if let link { unsafe _ = Glibc.unlink(link) }
        terminal = nil
    }

    public mutating func plug() {
        terminal = try? Self.terminal(awake)
        relink()
    }

    /// In one step, so that nobody finds the name missing or leading to the old terminal.
    private func relink() {
        guard let link, let target = terminalPath else { return }
        let next = link + ".next"
        // SAFETY: the strings outlive the calls, which keep no pointers.
        unsafe _ = Glibc.unlink(next)
        unsafe _ = symlink(target, next)
        unsafe _ = rename(next, link)
    }

    deinit {
        // SAFETY: the string outlives the call, which keeps no pointer.
        if let link { unsafe _ = Glibc.unlink(link) }
    }
}

/// One end of a socket, for masters in this process or behind a listener. Once unplugged it stays so.
public struct SocketPort: HostPort, ~Copyable {
    private var link: SocketLink?

    public init(_ link: consuming SocketLink) { self.link = consume link }

    public var path: String? { nil }

    public func masterRate() -> BaudRate? { nil }

    public mutating func receive(into buffer: inout MutableSpan<UInt8>, by deadline: MonotonicInstant) -> Int {
        do throws(PortError) {
            if let count = try link?.read(into: &buffer, by: deadline) { return count }
        } catch .timedOut {
            return 0
        } catch {}
        sleep(until: min(deadline, .now() + .milliseconds(1)))
        return 0
    }

    public mutating func deliver(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) -> Bool {
        do throws(PortError) { try link?.write(bytes, by: deadline) } catch { return false }
        return true
    }

    public mutating func unplug() { link = nil }

    public mutating func plug() {}
}

func sleep(until instant: MonotonicInstant) {
    let nanoseconds = max(0, instant.nanoseconds)
    var until = timespec(
        tv_sec: Int(nanoseconds / nanosecondsPerSecond), tv_nsec: Int(nanoseconds % nanosecondsPerSecond))
    // SAFETY: the call reads one value that outlives it.
    while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nil) == EINTR { continue }
}
