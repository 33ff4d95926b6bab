/// Waits at a path for those who want to connect.
///
/// Who may connect is decided by the folder that the path is in. A name that a dead process left over is taken again;
/// one that somebody answers to is `.busy`.
public struct SocketListener: ~Copyable, Sendable {
    public let path: String
    private let descriptor: Descriptor

    public init(at path: String) throws(PortError) {
        descriptor = try Linux.listen(path)
        self.path = path
    }

    public func accept(by deadline: MonotonicInstant) throws(PortError) -> SocketLink {
        while true {
            let events = try Linux.wait(descriptor.number, for: .readable, by: deadline)
            if events.isEmpty { throw .timedOut(transferred: 0) }
            // Whoever was waiting may have gone away between the two calls.
            if let accepted = try Linux.accept(descriptor) { return SocketLink(accepted) }
        }
    }

    deinit { Linux.remove(path) }
}
