internal import JSON
internal import Ports
internal import Synchronization

extension ServerLoop {
    /// Answers one message or gives it to the handler; says why the connection must end, if it must.
    func handle(_ bytes: [UInt8], on session: Session) -> ConnectionEnd? {
        let limits = desk.limits
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(
                parsing: bytes,
                limits: JSONLimits(bytes: limits.messageBytes, depth: limits.depth, values: limits.values))
        } catch {
            return .notJSON
        }
        guard let message = CallMessage(value) else { return .notACall }
        lastCall += 1
        desk.statistics.withLock { $0.calls += 1 }
        session.outbox.begin(lastCall, isOneway: message.isOneway)
        dispatch(message, lastCall, on: session)
        return nil
    }

    private func dispatch(_ message: CallMessage, _ number: UInt64, on session: Session) {
        let names = message.names
        guard let interface = desk.interfaces[names.interface] else {
            return answer(.error(.interfaceNotFound(names.interface)), number, message, on: session)
        }
        guard let method = interface.method(names.method) else {
            return answer(.error(.methodNotFound(names.method)), number, message, on: session)
        }
        if let wrong = fault(in: message, interface, method.input) {
            return answer(.error(.invalidParameter(wrong)), number, message, on: session)
        }
        if interface.name == ServiceInterface.interface.name {
            let reply = ServiceInterface.answer(message, of: desk.service)
            return answer(reply ?? .error(.methodNotImplemented(names.method)), number, message, on: session)
        }
        let open = OpenAnswer(
            number, to: session.outbox, interface: interface, method: names.method, output: method.output,
            isOneway: message.isOneway,
            drifted: { [desk] in desk.statistics.withLock { $0.driftedReplies += 1 } })
        desk.handler.handle(
            VarlinkCall(
                number: number, interface: names.interface, method: names.method, parameters: message.parameters,
                caller: session.socket.peer, wantsMore: message.wantsMore, isOneway: message.isOneway, answer: open))
    }

    /// The name of what is wrong with the call, if something is.
    private func fault(in message: CallMessage, _ interface: VarlinkInterface, _ input: [VarlinkField]) -> String? {
        // The protocol beneath is not changed for anybody, and who wants no reply cannot want several.
        if message.wantsUpgrade { return "upgrade" }
        if message.wantsMore, message.isOneway { return "more" }
        do throws(VarlinkMismatch) {
            try interface.check(message.parameters, against: input)
            return nil
        } catch {
            return error.path
        }
    }

    private func answer(_ reply: ReplyMessage, _ number: UInt64, _ message: CallMessage, on session: Session) {
        do throws(ReplyRefusal) {
            try session.outbox.put(message.isOneway ? [] : reply.bytes, answering: number, isLast: true)
        } catch {
            // The outbox has too much in it and says so itself at the end of this turn.
        }
    }
}
