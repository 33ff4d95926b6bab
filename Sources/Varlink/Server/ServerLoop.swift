internal import Ports
internal import Synchronization

/// The server's thread: looks at all connections in turn and gives each a small share of every turn.
final class ServerLoop {
    let desk: ServerDesk
    private let station: SocketStation
    var sessions: [Session] = []
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    /// Until then nobody is let in: the system had no descriptor left, and the queue would end every wait at once.
    private var closedUntil = MonotonicInstant.past
    /// How many newcomers and how many messages of one connection are handled before others have their turn.
    private static let newcomersInTurn = 16
    private static let messagesInTurn = 16
    var lastCall: UInt64 = 0

    init(_ desk: ServerDesk, _ station: SocketStation) {
        self.desk = desk
        self.station = station
    }

    func run() {
        while !desk.isStopped { turn() }
        for session in sessions { farewell(session, .stopped) }
    }

    private func turn() {
        let before = MonotonicInstant.now()
        let isOpen = closedUntil <= before
        var look = isOpen ? MonotonicInstant.never : closedUntil
        for session in sessions { look = min(look, session.nextLook(desk.limits, at: before)) }
        guard let sight = watch(until: look, accepting: isOpen) else { return }
        let now = MonotonicInstant.now()
        for index in sessions.indices { serve(index, sight.ready[index], isGone: sight.gone[index], at: now) }
        endSessions(at: now)
        if sight.someoneWaits { welcome(at: now) }
        count()
    }

    private func watch(until: MonotonicInstant, accepting: Bool) -> SocketStation.Sight? {
        do throws(PortError) {
            return try station.wait(
                for: sessions.map { ($0.socket, $0.interest) }, accepting: accepting, by: until)
        } catch {
            // The kernel is short of memory: the next turn asks again, and does not ask without a pause.
            MonotonicInstant.sleep(until: .now() + .milliseconds(10))
            return nil
        }
    }

    private func serve(
        _ index: Int, _ ready: SocketStation.Interest, isGone: Bool, at now: MonotonicInstant
    ) {
        if isGone { sessions[index].peerIsGone = true }
        do throws(PortError) {
            if sessions[index].wantsInput, ready.contains(.reading) || sessions[index].peerIsGone {
                try sessions[index].read(into: &buffer, at: now)
            }
            handleMessages(index, at: now)
            if !sessions[index].peerIsGone { return try sessions[index].write(at: now) }
            if let call = sessions[index].outbox.abandon() { desk.handler.callEnded(call) }
        } catch .hungUp {
            sessions[index].peerIsGone = true
        } catch {
            end(index, .failed)
        }
    }

    private func handleMessages(_ index: Int, at now: MonotonicInstant) {
        for _ in 0..<Self.messagesInTurn {
            // Asked before the allowance, so that a message without an end is seen however fast it comes.
            if sessions[index].framer.isTooLarge { return end(index, .tooLarge) }
            guard sessions[index].mayCall(at: now),
                case .message(let bytes) = sessions[index].nextMessage(at: now)
            else { return }
            if let end = handle(bytes, on: sessions[index]) { return self.end(index, end) }
            // A large message was this connection's share.
            if bytes.count > buffer.count { return }
        }
    }

    // MARK: Coming and going

    /// Ended in this turn; the places in `sessions` stay as they are until the turn is over.
    private var ended: [Int: ConnectionEnd] = [:]

    private func end(_ index: Int, _ end: ConnectionEnd) { ended[index] = ended[index] ?? end }

    private func endSessions(at now: MonotonicInstant) {
        for index in sessions.indices {
            if let reason = sessions[index].end(desk.limits, at: now) { end(index, reason) }
        }
        endGreedy()
        let ended = ended
        self.ended = [:]
        guard !ended.isEmpty else { return }
        let leaving = ended.sorted { $0.key < $1.key }.map { (sessions[$0.key], $0.value) }
        sessions = sessions.enumerated().filter { ended[$0.offset] == nil }.map(\.element)
        for (session, reason) in leaving { farewell(session, reason) }
    }

    /// Of a user whose connections hold too much together, those that hold most have to go.
    private func endGreedy() {
        var held: [UInt32: Int] = [:]
        for index in sessions.indices where ended[index] == nil {
            held[sessions[index].user, default: 0] += sessions[index].framer.held
        }
        for (user, bytes) in held where bytes > desk.limits.heldBytesPerUser {
            let theirs = sessions.indices.filter { sessions[$0].user == user && ended[$0] == nil }
            var left = bytes
            for index in theirs.sorted(by: { sessions[$0].framer.held > sessions[$1].framer.held }) {
                guard left > desk.limits.heldBytesPerUser else { break }
                left -= sessions[index].framer.held
                end(index, .heldTooMuch)
            }
        }
    }

    func farewell(_ session: Session, _ reason: ConnectionEnd) {
        if let call = session.outbox.close() { desk.handler.callEnded(call) }
        note(reason, of: session.socket.peer)
    }

    func note(_ reason: ConnectionEnd, of peer: PeerCredentials) {
        let connections = sessions.count
        // Together: whoever sees the end must not see the connection any more.
        desk.statistics.withLock {
            $0.ends[reason, default: 0] += 1
            $0.connections = connections
        }
        desk.handler.connectionEnded(peer, reason)
    }

    private func welcome(at now: MonotonicInstant) {
        for _ in 0..<Self.newcomersInTurn {
            do throws(PortError) {
                guard let socket = try station.accept() else { return }
                desk.statistics.withLock { $0.accepted += 1 }
                admit(socket, at: now)
            } catch {
                closedUntil = now + .milliseconds(100)
                return
            }
        }
    }

    private func count() {
        let held = sessions.reduce(0) { $0 + $1.framer.held + $1.outbox.unsent }
        let connections = sessions.count
        desk.statistics.withLock {
            $0.connections = connections
            $0.mostHeldBytes = max($0.mostHeldBytes, held)
        }
    }
}
