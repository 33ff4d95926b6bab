import Episodes
import JSON
import Ledger
public import Ports
public import Varlink

/// What stands around the desk of a guard.
public struct GuardSettings: Sendable {
    public var socket: String
    public var access = SocketAccess(mode: 0o666)
    /// What a caller may do; asked at every call, so that a group that is changed counts at once.
    public var roles: @Sendable (PeerCredentials) -> Set<Role>
    public var limits = ServerLimits()
    /// Where what is counted may be scraped; nil is nowhere.
    public var metricsSocket: String?
    public var version: String
    /// How long a verification that somebody waits for may take.
    public var verificationTime = Duration.seconds(30)
    /// The shortest period of `Watch`.
    public var shortestPeriod: Int64 = 100

    /// - Parameter access: who may connect. Everybody by default: whoever sees a robot may stop it.
    public init(socket: String, version: String, roles: @escaping @Sendable (PeerCredentials) -> Set<Role>) {
        self.socket = socket
        self.roles = roles
        self.version = version
    }
}

/// The desk behind its socket. It has one owner, whose thread it works on; only stops do not wait for that thread.
public struct GuardService: ~Copyable {
    public var desk: Desk
    let seat: any RobotSeat
    let settings: GuardSettings
    private let box: CallBox
    private let bell: Bell
    private let server: VarlinkServer
    private var metrics: MetricsPort?
    var streams = Streams()
    /// What the robot had no room for yet.
    private var orders: [SeatOrder] = []
    /// Whether the robot was told to stop, switch off and end; and what came of it.
    public private(set) var closing = Closing.no

    public enum Closing: Equatable, Sendable {
        case no, asked
        case done(isOff: Bool)
    }

    public init(_ desk: consuming Desk, seat: any RobotSeat, _ settings: GuardSettings) throws(ServerError) {
        let bell: Bell
        do throws(PortError) { bell = try Bell() } catch { throw .port(error) }
        do throws(PortError) {
            metrics = try settings.metricsSocket.map { (path) throws(PortError) in try MetricsPort(at: path) }
        } catch {
            throw .port(error)
        }
        let box = CallBox(seat, bell, roles: settings.roles)
        server = try VarlinkServer(
            GuardInterface.service(version: settings.version), at: settings.socket, access: settings.access,
            limits: settings.limits, handler: box)
        self.desk = desk
        self.seat = seat
        self.settings = settings
        self.box = box
        self.bell = bell
    }

    public var statistics: ServerStatistics { server.statistics }

    /// Waits until somebody calls or time is up. An error is only a wait that was none.
    public func wait(by deadline: MonotonicInstant) {
        do throws(PortError) { try bell.wait(by: deadline) } catch {
            MonotonicInstant.sleep(until: min(deadline, .now() + .milliseconds(10)))
        }
    }

    /// One turn: hears the robot, does what was asked, tells who waits. Waits for nothing but the ledger's disk.
    public mutating func turn(at now: DeskTime) {
        let notes = box.take()
        // Before anything can begin, whatever came before them.
        for stop in notes.stops { desk.note(stop: stop.why, by: caller(stop.peer), at: now) }
        for one in notes.crowdedOut {
            desk.note(refused: one.wasInside ? "stay" : "connect", of: caller(one.peer), why: "Crowded", at: now)
        }
        let reports = seat.reports()
        for report in reports { if case .closed(let isOff) = report { closing = .done(isOff: isOff) } }
        desk.turn(seat.sight, reports, stops: notes.stopCount, at: now)
        for (place, call) in notes.calls.enumerated() {
            answer(call, at: now)
            // What this call has allowed was allowed before they were pressed.
            for stop in notes.stops where stop.calls == place + 1 {
                desk.note(again: stop.why, by: caller(stop.peer), at: now)
            }
        }
        handOver()
        tell(at: now)
        answerScrapes(at: now)
    }

    private mutating func answerScrapes(at now: DeskTime) {
        guard var port = metrics.take() else { return }
        port.turn(at: now.steady) { try? desk.metrics() }
        metrics = consume port
    }

    /// Stops the robot by the ladder and switches it off; `closing` says when that is done.
    public mutating func close() {
        guard closing == .no else { return }
        closing = .asked
        desk.beginNoMore()
        orders = [.close]
    }

    /// Ends the socket; whoever waits for an answer sees the connection end. Who has stopped the robot since the last turn
    /// is known to the next guard.
    public consuming func end(at now: DeskTime) {
        server.stop()
        for stop in box.take().stops { desk.note(stop: stop.why, by: caller(stop.peer), at: now) }
    }

    private mutating func handOver() {
        let fresh = desk.takeOrders()
        // What ends takes no new orders: an approval that was used up for one of them counts as lost.
        if closing == .no { orders += fresh }
        while let order = orders.first, seat.order(order) { orders.removeFirst() }
    }

    func caller(_ peer: PeerCredentials) -> Caller {
        let author = Author(
            userNumber: peer.user, groupNumber: peer.group, name: UserNames.name(of: peer.user),
            origin: "unix:\(settings.socket) pid \(peer.process)")
        return Caller(author: author, roles: settings.roles(peer))
    }
}
