internal import JSON
internal import Ports
internal import Synchronization

// Who may stay when there are more callers than places.
extension ServerLoop {
    func admit(_ socket: ServedSocket, at now: MonotonicInstant) {
        let isPreferred = desk.handler.isPreferred(socket.peer)
        guard makePlace(for: socket.peer.user, isPreferred) else { return turnAway(socket) }
        let outbox = Outbox(limit: desk.limits.unreadBytes, bell: desk.bell)
        sessions.append(Session(socket, outbox, desk.limits, isPreferred: isPreferred, at: now))
    }

    /// Says why before it closes, as the answer to whatever the newcomer is about to call; who is told is counted already.
    private func turnAway(_ socket: ServedSocket) {
        note(.noPlace, of: socket.peer)
        guard let name = desk.service.noPlaceError else { return }
        let error = VarlinkError(name, ["limit": .integer(Int64(desk.limits.connectionsPerUser))])
        // Whoever has left already need not be told.
        _ = try? socket.write(ReplyMessage.error(error).bytes.span)
    }

    /// Whether there is a place. If need be somebody gives theirs.
    private func makePlace(for user: UInt32, _ isPreferred: Bool) -> Bool {
        let own = sessions.count { $0.user == user }
        let hasOwnPlace = own < desk.limits.connectionsPerUser
        if hasOwnPlace, sessions.count < desk.limits.connections { return true }
        let givers = hasOwnPlace ? richest : sessions.indices.filter { sessions[$0].user == user }
        let isIdle = { [sessions] index in sessions[index].isIdle }
        if let index = givers.filter(isIdle).min(by: { sessions[$0].active < sessions[$1].active }) {
            return give(index, .gavePlace)
        }
        // Calls keep a place against others of the same kind, but neither against a preferred caller nor, when others
        // have them all, against a user who has hardly any: else a few users could keep everybody out by never being idle.
        let isFair = hasOwnPlace && givers.count >= own + 2 && !givers.contains { sessions[$0].isPreferred }
        guard isPreferred || isFair else { return false }
        guard let index = givers.min(by: { sessions[$0].since < sessions[$1].since }) else { return false }
        return give(index, .displaced)
    }

    /// The connections of the user who has most; of those who are preferred only when there are no others.
    private var richest: [Int] {
        let others = sessions.indices.filter { !sessions[$0].isPreferred }
        let groups = Dictionary(grouping: others.isEmpty ? Array(sessions.indices) : others) { sessions[$0].user }
        return groups.max { ($0.value.count, $0.key) < ($1.value.count, $1.key) }?.value ?? []
    }

    private func give(_ index: Int, _ end: ConnectionEnd) -> Bool {
        farewell(sessions.remove(at: index), end)
        return true
    }
}
