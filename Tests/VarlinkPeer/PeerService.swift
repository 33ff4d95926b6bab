import JSON
public import Ports
import Synchronization
public import Varlink

/// A service with one method for everything that the protocol can do.
public final class PeerService: VarlinkHandler {
    public static let text = """
        # For other people's clients.
        interface org.understudy.Peer

        type Kind (small, large)

        type Thing (
          name: string,
          size: ?float,
          tags: []string,
          marks: [string]int,
          kind: Kind,
          rest: ?object
        )

        method Echo(thing: Thing) -> (thing: Thing)
        method Add(left: int, right: int) -> (sum: int)

        # Counts from one on; to be called with more.
        method Count(to: int) -> (number: int)

        method Note(text: string) -> ()
        method Notes() -> (texts: []string)
        method Caller() -> (process: int, user: int, groups: []int)
        method Refuse(number: int) -> ()

        # Answers otherwise than it says here.
        method Drift() -> (number: int)
        method DriftInError() -> ()

        # Is let go of without an answer.
        method Forget() -> ()

        # Is answered when somebody calls Release.
        method Hold() -> (number: int)
        method Release() -> (calls: int)

        # Sends so many texts of so many letters at once.
        method Flood(texts: int, letters: int) -> (text: string)

        # It did not want to.
        error Refused (number: int, reason: string)

        """

    private struct State {
        var notes: [String] = []
        var held: [VarlinkCall] = []
        var ended: [UInt64] = []
        var ends: [ConnectionEnd] = []
        var prefers = false
    }

    private let state = Mutex(State())

    public init() {}

    public var notes: [String] { state.withLock { $0.notes } }
    public var held: [VarlinkCall] { state.withLock { $0.held } }
    /// Calls whose callers left.
    public var ended: [UInt64] { state.withLock { $0.ended } }
    public var ends: [ConnectionEnd] { state.withLock { $0.ends } }

    /// From now on, whether whoever comes is preferred.
    public func prefer(_ prefers: Bool) { state.withLock { $0.prefers = prefers } }
    public func isPreferred(_ caller: PeerCredentials) -> Bool { state.withLock { $0.prefers } }

    public func callEnded(_ number: UInt64) {
        // A held call is let go of only after the lock: that asks the connection.
        let gone = state.withLock { state in
            state.ended.append(number)
            let gone = state.held.filter { $0.number == number }
            state.held.removeAll { $0.number == number }
            return gone
        }
        _ = gone
    }

    public func connectionEnded(_ caller: PeerCredentials, _ end: ConnectionEnd) {
        state.withLock { $0.ends.append(end) }
    }

    public func handle(_ call: VarlinkCall) {
        do throws(ReplyRefusal) {
            try answer(call)
        } catch {
            // Whoever asked has been told, or is gone.
        }
    }

    private func answer(_ call: VarlinkCall) throws(ReplyRefusal) {
        let parameters = call.parameters
        switch call.method {
        case "Echo": try call.reply(["thing": parameters["thing"] ?? .null])
        case "Add":
            let (sum, isOver) = integer(parameters["left"]).addingReportingOverflow(integer(parameters["right"]))
            if isOver { try call.fail(.invalidParameter("right")) } else { try call.reply(["sum": .integer(sum)]) }
        case "Count": try count(call)
        case "Note":
            state.withLock { $0.notes.append(parameters["text"]?.text ?? "") }
            try call.reply()
        case "Notes": try call.reply(["texts": .list(notes.map { .text($0) })])
        case "Caller": try call.reply(describe(call.caller))
        case "Refuse":
            let number = parameters["number"] ?? .null
            try call.fail(VarlinkError("org.understudy.Peer.Refused", ["number": number, "reason": "it was asked to"]))
        case "Drift": try call.reply(["number": "three"])
        case "DriftInError": try call.fail(VarlinkError("org.understudy.Peer.Refused", ["number": 1]))
        case "Forget": break
        case "Hold": state.withLock { $0.held.append(call) }
        case "Release": try release(call)
        default: try flood(call)
        }
    }

    private func integer(_ value: JSONValue?) -> Int64 { value?.integer ?? 0 }

    private func count(_ call: VarlinkCall) throws(ReplyRefusal) {
        guard call.wantsMore else { return try call.fail(.expectedMore) }
        let last = integer(call.parameters["to"])
        guard last > 0 else { return try call.fail(.invalidParameter("to")) }
        for number in 1..<last { try call.update(["number": .integer(number)]) }
        try call.reply(["number": .integer(last)])
    }

    private func describe(_ caller: PeerCredentials) -> JSONObject {
        [
            "process": .integer(Int64(caller.process)), "user": .integer(Int64(caller.user)),
            "groups": .list(caller.userGroups.map { .integer(Int64($0)) }),
        ]
    }

    private func release(_ call: VarlinkCall) throws(ReplyRefusal) {
        let held = state.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        for call in held { try call.reply(["number": .integer(Int64(call.number))]) }
        try call.reply(["calls": .integer(Int64(held.count))])
    }

    private func flood(_ call: VarlinkCall) throws(ReplyRefusal) {
        guard call.wantsMore else { return try call.fail(.expectedMore) }
        let text = String(repeating: "x", count: Int(integer(call.parameters["letters"])))
        for _ in 1..<max(2, integer(call.parameters["texts"])) { try call.update(["text": .text(text)]) }
        try call.reply(["text": .text(text)])
    }
}

extension VarlinkService {
    public static func peer() throws(InterfaceError) -> VarlinkService {
        VarlinkService(
            vendor: "Understudy", product: "Peer", version: "1", url: "https://example.org",
            interfaces: [try VarlinkInterface(parsing: PeerService.text)], noPlaceError: "org.understudy.Peer.Crowded")
    }
}
