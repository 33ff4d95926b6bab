internal import CLinux
internal import Glibc

/// Who may see and use the name of a service.
public struct SocketAccess: Equatable, Sendable {
    /// Like the mode of a file; whoever may write may connect.
    public var mode: UInt32
    /// nil leaves the user or the group of this process.
    public var owner: UInt32?
    public var group: UInt32?

    public init(mode: UInt32 = 0o660, owner: UInt32? = nil, group: UInt32? = nil) {
        self.mode = mode
        self.owner = owner
        self.group = group
    }
}

/// Ends the wait of another thread.
public final class Bell: Sendable {
    fileprivate let descriptor: Descriptor

    public init() throws(PortError) { descriptor = Descriptor(try Linux.checked(.listen, clinux_bell())) }

    /// Ends the wait that is under way, or the next one if none is.
    public func ring() { clinux_ring(descriptor.number) }

    /// Waits for the bell by itself, for a thread that has no station; returns when it rang or when time is up.
    public func wait(by deadline: MonotonicInstant) throws(PortError) {
        var entry = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
        // SAFETY: the entry is ours for the time of the call, and there is one.
        try Linux.checked(.wait, unsafe clinux_wait_any(&entry, 1, deadline.nanoseconds))
        if entry.revents != 0 { clinux_silence(descriptor.number) }
    }
}

/// A name where many connect, for one thread that waits for all of them at once.
///
/// A lock beside the name (`PATH.lock`) says whether a server lives, so two that start at the same moment cannot both
/// take the name over from a dead one.
public final class SocketStation: Sendable {
    public let path: String
    private let lock: Descriptor
    private let listener: Descriptor
    private let bell: Bell

    /// `.busy` when another live server has the path.
    public init(
        at path: String, access: SocketAccess = SocketAccess(), bell: Bell
    ) throws(PortError) {
        self.path = path
        // SAFETY: the strings outlive the calls, which keep no pointer.
        lock = Descriptor(try Linux.checked(.listen, unsafe clinux_lock_file("\(path).lock")))
        self.bell = bell
        let owner = access.owner.map { Int64($0) } ?? -1
        let group = access.group.map { Int64($0) } ?? -1
        listener = Descriptor(
            try Linux.checked(.listen, unsafe clinux_serve(path, access.mode, owner, group)))
    }

    deinit { Linux.remove(path) }

    /// The next who waits to be let in; nil when nobody does.
    public func accept() throws(PortError) -> ServedSocket? {
        guard let descriptor = try Linux.accept(listener) else { return nil }
        let peer = try PeerCredentials(of: descriptor)
        return ServedSocket(descriptor, peer: peer)
    }

    /// What one connection is waited for.
    public struct Interest: OptionSet, Sendable {
        public let rawValue: Int32
        public init(rawValue: Int32) { self.rawValue = rawValue }

        public static let reading = Interest(rawValue: POLLIN)
        public static let writing = Interest(rawValue: POLLOUT)
    }

    /// What a wait saw. The lists are as long as what was waited for, and in its order.
    public struct Sight: Sendable {
        public fileprivate(set) var someoneWaits = false
        public fileprivate(set) var ready: [Interest] = []
        /// The other side is gone for good. What it said before can still be read.
        public fileprivate(set) var gone: [Bool] = []
    }

    /// Waits until something happens at the name (if `accepting`) or at a connection, the bell rings, or time is up.
    ///
    /// nil for a connection does not look at it at all, not even for a hang-up, which would end every wait at once.
    public func wait(
        for sockets: [(socket: ServedSocket, interest: Interest?)], accepting: Bool, by deadline: MonotonicInstant
    ) throws(PortError) -> Sight {
        // Linux passes over entries with a negative number.
        var entries = [
            pollfd(fd: bell.descriptor.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: accepting ? listener.number : -1, events: Int16(POLLIN), revents: 0),
        ]
        for (socket, interest) in sockets {
            let number = interest == nil ? -1 : socket.number
            entries.append(pollfd(fd: number, events: Int16(interest?.rawValue ?? 0), revents: 0))
        }
        // SAFETY: the array is ours for the time of the call, and the count is its own.
        try Linux.checked(.wait, unsafe clinux_wait_any(&entries, entries.count, deadline.nanoseconds))
        if entries[0].revents != 0 { clinux_silence(bell.descriptor.number) }
        var sight = Sight()
        sight.someoneWaits = entries[1].revents != 0
        for entry in entries.dropFirst(2) {
            let seen = Int32(entry.revents)
            sight.ready.append(Interest(rawValue: seen & (POLLIN | POLLOUT)))
            sight.gone.append(Linux.Events(bits: seen).isHangUp)
        }
        return sight
    }
}

/// One connection at a station. Nothing here waits.
public final class ServedSocket: Sendable {
    public let peer: PeerCredentials
    private let descriptor: Descriptor

    init(_ descriptor: consuming Descriptor, peer: PeerCredentials) {
        self.descriptor = descriptor
        self.peer = peer
    }

    fileprivate var number: Int32 { descriptor.number }

    /// Takes what is there; 0 when that is nothing, `.hungUp` when nothing will come any more.
    public func read(into buffer: inout MutableSpan<UInt8>) throws(PortError) -> Int {
        let received = Linux.read(descriptor.number, into: &buffer)
        if received > 0 { return received }
        if Linux.isNothingNow(received) { return 0 }
        if received == 0 || Linux.isHangUp(received) { throw .hungUp(transferred: 0) }
        throw .system(call: .read, errno: Int32(-received))
    }

    /// Hands over as much as fits without waiting, and says how much that was.
    public func write(_ bytes: Span<UInt8>) throws(PortError) -> Int {
        let sent = Linux.write(descriptor.number, bytes, toSocket: true)
        if sent >= 0 { return sent }
        if Linux.isNothingNow(sent) { return 0 }
        throw Linux.isHangUp(sent) ? .hungUp(transferred: 0) : .system(call: .write, errno: Int32(-sent))
    }
}
