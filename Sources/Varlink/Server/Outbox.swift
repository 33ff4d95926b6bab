internal import Ports
internal import Synchronization

/// What waits to be sent on one connection. Handlers put answers in from any thread, the server's thread takes them out.
final class Outbox: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        /// Everything that the kernel has not taken yet, whether it is still here or with the server's thread.
        var unsent = 0
        var openCall: UInt64?
        var isOneway = false
        var isClosed = false
        var hasTooMuch = false
        var wasLetGo = false
    }

    private let state = Mutex(State())
    private let limit: Int
    private let bell: Bell

    init(limit: Int, bell: Bell) {
        self.limit = limit
        self.bell = bell
    }

    /// A connection has one call at a time; the next one waits in the socket.
    func begin(_ number: UInt64, isOneway: Bool) {
        state.withLock { ($0.openCall, $0.isOneway) = (number, isOneway) }
    }

    /// Nobody is there to read an answer: the call that waits for one is over, and this was its number. What was called
    /// without wanting an answer goes on.
    func abandon() -> UInt64? {
        state.withLock { state in
            guard !state.isOneway else { return nil }
            defer { state.openCall = nil }
            return state.openCall
        }
    }

    var openCall: UInt64? { state.withLock { $0.openCall } }

    func isOpen(_ number: UInt64) -> Bool { state.withLock { !$0.isClosed && $0.openCall == number } }

    func put(_ bytes: [UInt8], answering number: UInt64, isLast: Bool) throws(ReplyRefusal) {
        let refusal: ReplyRefusal? = state.withLock { state in
            guard !state.isClosed, !state.hasTooMuch else { return .gone }
            guard state.openCall == number else { return .alreadyAnswered }
            if isLast { state.openCall = nil }
            guard state.unsent + bytes.count <= limit else {
                state.hasTooMuch = true
                state.bytes = []
                return .gone
            }
            state.bytes += bytes
            state.unsent += bytes.count
            return nil
        }
        bell.ring()
        if let refusal { throw refusal }
    }

    /// Nobody holds the call any more. If it was not answered, nobody ever will.
    func letGo(of number: UInt64) {
        let isMissing = state.withLock { state in
            guard state.openCall == number, !state.isClosed else { return false }
            state.wasLetGo = true
            return true
        }
        if isMissing { bell.ring() }
    }

    /// What is there to send, which then is not here any more.
    func take() -> [UInt8] {
        state.withLock { state in
            defer { state.bytes = [] }
            return state.bytes
        }
    }

    func sent(_ count: Int) { state.withLock { $0.unsent -= count } }

    var unsent: Int { state.withLock { $0.unsent } }

    /// Why the connection must end, as far as its answers say.
    var end: ConnectionEnd? {
        state.withLock { $0.hasTooMuch ? .tooMuchUnread : $0.wasLetGo ? .unanswered : nil }
    }

    /// From now on nothing is put in; answers the call that was open.
    func close() -> UInt64? {
        state.withLock { state in
            state.isClosed = true
            state.bytes = []
            defer { state.openCall = nil }
            return state.openCall
        }
    }
}
