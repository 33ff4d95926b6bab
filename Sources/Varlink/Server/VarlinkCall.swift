public import JSON
public import Ports

/// Why an answer was not sent.
public enum ReplyRefusal: Error, Equatable, Sendable {
    /// The caller is gone, or is being disconnected because it does not read.
    case gone
    case alreadyAnswered
    /// The caller did not ask for more than one reply.
    case notAskedForMore
    /// The answer is not what the interface says. The caller was told that the method is not implemented.
    case drifted(VarlinkMismatch)
    /// The interface has no such error. The caller was told that the method is not implemented.
    case unknownError(String)
}

/// One call, to be answered once; with `update` before that as often as wanted, if the caller asked for more.
public struct VarlinkCall: Sendable {
    /// No two calls of a server have the same.
    public let number: UInt64
    public let interface: String
    public let method: String
    public let parameters: JSONObject
    public let caller: PeerCredentials
    public let wantsMore: Bool
    /// Nobody waits for the answer; it must be given all the same, as the end of the call.
    public let isOneway: Bool
    let answer: OpenAnswer

    /// Whether somebody still waits for the answer.
    public var isOpen: Bool { answer.outbox.isOpen(number) }

    /// The one answer, or the last of a stream.
    public func reply(_ parameters: JSONObject = [:]) throws(ReplyRefusal) {
        try answer.send(parameters, continues: false)
    }

    /// One of several answers; `reply` or `fail` must follow.
    public func update(_ parameters: JSONObject) throws(ReplyRefusal) {
        guard wantsMore else { throw .notAskedForMore }
        try answer.send(parameters, continues: true)
    }

    /// An error as the answer: one of the call's interface, or one of those that every service has.
    public func fail(_ error: VarlinkError) throws(ReplyRefusal) { try answer.send(error) }
}

/// The way back of one call.
final class OpenAnswer: Sendable {
    let number: UInt64
    let outbox: Outbox
    private let interface: VarlinkInterface
    private let method: String
    private let output: [VarlinkField]
    private let isOneway: Bool
    private let drifted: @Sendable () -> Void

    init(
        _ number: UInt64, to outbox: Outbox, interface: VarlinkInterface, method: String, output: [VarlinkField],
        isOneway: Bool, drifted: @escaping @Sendable () -> Void
    ) {
        self.number = number
        self.outbox = outbox
        self.interface = interface
        self.method = method
        self.output = output
        self.isOneway = isOneway
        self.drifted = drifted
    }

    deinit { outbox.letGo(of: number) }

    func send(_ parameters: JSONObject, continues: Bool) throws(ReplyRefusal) {
        do throws(VarlinkMismatch) {
            try interface.check(parameters, against: output)
        } catch {
            throw refuse(.drifted(error))
        }
        try put(.reply(parameters, continues: continues), isLast: !continues)
    }

    func send(_ error: VarlinkError) throws(ReplyRefusal) {
        let names = CallMessage(method: error.name).names
        let owner = names.interface == interface.name ? interface : ServiceInterface.interface
        guard owner.name == names.interface, let fields = owner.error(names.method) else {
            throw refuse(.unknownError(error.name))
        }
        do throws(VarlinkMismatch) {
            try owner.check(error.parameters, against: fields)
        } catch {
            throw refuse(.drifted(error))
        }
        try put(.error(error), isLast: true)
    }

    /// The handler broke its own description: the caller must not wait for ever, and must not see it as an answer.
    private func refuse(_ refusal: ReplyRefusal) -> ReplyRefusal {
        do throws(ReplyRefusal) {
            try put(.error(.methodNotImplemented(method)), isLast: true)
            drifted()
            return refusal
        } catch {
            return error
        }
    }

    private func put(_ message: ReplyMessage, isLast: Bool) throws(ReplyRefusal) {
        try outbox.put(isOneway ? [] : message.bytes, answering: number, isLast: isLast)
    }
}
