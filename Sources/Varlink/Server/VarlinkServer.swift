public import Ports
internal import Synchronization

public enum ServerError: Error, Equatable, Sendable {
    /// The path cannot be had; `.busy` when another live server has it.
    case port(PortError)
    /// Two interfaces have this name.
    case duplicateInterface(String)
    /// The system has no thread left.
    case noThread
}

/// A service at a path, on a thread of its own.
///
/// Nothing that a caller does makes it wait, grow without bound, or hold up another caller for longer than one message
/// takes to read. Letting go of the server, or `stop`, ends it, closes all connections and takes the name away.
public final class VarlinkServer: Sendable {
    public let path: String
    private let desk: ServerDesk
    private let thread: Mutex<ServerThread?>

    public init(
        _ service: VarlinkService, at path: String, access: SocketAccess = SocketAccess(),
        limits: ServerLimits = ServerLimits(), handler: any VarlinkHandler
    ) throws(ServerError) {
        var interfaces = [ServiceInterface.interface.name: ServiceInterface.interface]
        for interface in service.interfaces {
            guard interfaces.updateValue(interface, forKey: interface.name) == nil else {
                throw .duplicateInterface(interface.name)
            }
        }
        let (bell, station): (Bell, SocketStation)
        do throws(PortError) {
            bell = try Bell()
            station = try SocketStation(at: path, access: access, bell: bell)
        } catch {
            throw .port(error)
        }
        let desk = ServerDesk(service, interfaces, bell, limits, handler)
        // The name belongs to the thread alone, so it is gone when the thread has ended.
        guard let thread = ServerThread({ ServerLoop(desk, station).run() }) else { throw .noThread }
        self.path = path
        self.desk = desk
        self.thread = Mutex(consume thread)
    }

    deinit { desk.stop() }

    public var statistics: ServerStatistics { desk.statistics.withLock { $0 } }

    /// Ends the service and waits until it has ended.
    public func stop() {
        desk.stop()
        let ending = thread.withLock { $0.take() }
        _ = consume ending
    }
}

/// What the server's thread and its owner share.
final class ServerDesk: Sendable {
    let service: VarlinkService
    let interfaces: [String: VarlinkInterface]
    let bell: Bell
    let limits: ServerLimits
    let handler: any VarlinkHandler
    let statistics = Mutex(ServerStatistics())
    private let stopAsked = Atomic(false)

    init(
        _ service: VarlinkService, _ interfaces: [String: VarlinkInterface], _ bell: Bell,
        _ limits: ServerLimits, _ handler: any VarlinkHandler
    ) {
        self.service = service
        self.interfaces = interfaces
        self.bell = bell
        self.limits = limits
        self.handler = handler
    }

    var isStopped: Bool { stopAsked.load(ordering: .acquiring) }

    func stop() {
        stopAsked.store(true, ordering: .releasing)
        bell.ring()
    }
}
