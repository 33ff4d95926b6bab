import Episodes
import Guard
import GuardCalls
import JSON
import Ports
import Robots
import Varlink

extension CallOptions {
    func run(in surroundings: Surroundings) -> Outcome {
        if isWithoutGuard { return StopWithoutGuard(self).run(in: surroundings) }
        do throws(ClientError) {
            var client = try VarlinkClient(to: path, by: .now() + (task == .stop ? Self.patienceOfStops : .seconds(5)))
            return try ask(&client, in: surroundings)
        } catch {
            // A stop that reaches nobody is not a stop: the robot itself is told.
            if task == .stop, error.isUnreachable {
                return StopWithoutGuard(self, isCrowded: error.isCrowded).run(in: surroundings)
            }
            return failure(error, surroundings.errors)
        }
    }

    var patience: MonotonicInstant { .now() + .seconds(60) }
    /// A stop is answered by a thread that waits for nobody: a guard that is silent for so long hangs.
    private static let patienceOfStops = Duration.seconds(3)

    private func ask(_ client: inout VarlinkClient, in surroundings: Surroundings) throws(ClientError) -> Outcome {
        let texts = GuardTexts(style: asJSON ? .plain : surroundings.output)
        switch task {
        case .status:
            let reply = try call(&client, "Status")
            return show(reply, texts.status(reply, of: robot))
        case .metrics: return Outcome(output: try call(&client, "Metrics")["openmetrics"]?.text ?? "")
        case .approve(let plan, let batch): return try approve(&client, plan, batch, texts, surroundings)
        case .deny(let plan):
            let hash = try full(&client, plan)
            return show(try call(&client, "Deny", ["sha256": .text(hash), "why": .text(why)]), "denied \(hash)\n")
        case .adopt(let file): return try adopt(&client, file, surroundings)
        case .withdraw(let ground):
            let reply = try call(&client, "Withdraw", ["ground": .integer(ground), "why": .text(why)])
            return show(reply, "withdrawn: nothing more is approved under \(ground)\n")
        case .grant(let cost):
            let reply = try call(&client, "Grant", ["amount": .object(cost.words), "why": .text(why)])
            let left = reply["account"]?.object?["remaining"]?.object ?? [:]
            return show(reply, "granted; left are \(texts.price(left))\n")
        case .stop:
            let reply = try client.call(
                "Stop", of: GuardInterface.interface, ["why": .text(why)], by: .now() + Self.patienceOfStops)
            let next = "understudy resume \(shown(robot)), or approve a plan anew"
            return show(
                reply,
                """
                stop ordered; the robot was \(reply.word("state"))
                what was allowed before does not fly until an operator lets it
                  next: \(next)

                """)
        case .resume:
            let reply = try call(&client, "Resume", ["why": .text(why)])
            return show(reply, "\(texts.headline(reply, of: robot))\n\(texts.checks(reply))")
        case .clear(let number):
            let reply = try call(&client, "ClearFault", ["number": .integer(number), "why": .text(why)])
            return show(reply, "\(texts.headline(reply, of: robot))\n\(texts.checks(reply))")
        case .watch(let period): return try watch(&client, period, texts, surroundings)
        }
    }

    func call(
        _ client: inout VarlinkClient, _ method: String, _ parameters: JSONObject = [:]
    ) throws(ClientError) -> JSONObject {
        try client.call(method, of: GuardInterface.interface, parameters, by: patience)
    }

    func show(_ reply: JSONObject, _ text: String) -> Outcome {
        asJSON
            ? Outcome(output: String(decoding: JSONValue.object(reply).bytes, as: UTF8.self) + "\n")
            : Outcome(output: text)
    }

    /// The whole hash of a plan on its way, of which a person typed the beginning.
    private func full(_ client: inout VarlinkClient, _ start: String) throws(ClientError) -> String {
        guard start.count < 64 else { return start }
        let plans = try call(&client, "Status")["plans"]?.list ?? []
        let found = plans.compactMap { $0.object?["sha256"]?.text }.filter { $0.hasPrefix(start) }
        // One that fits nothing, or two, is refused by the guard in its own words.
        return found.count == 1 ? found[0] : start
    }

    /// Shows what is decided about; with a hash, decides. The hash that is approved is the one that was typed.
    private func approve(
        _ client: inout VarlinkClient, _ plan: String?, _ batch: Batch?, _ texts: GuardTexts,
        _ surroundings: Surroundings
    ) throws(ClientError) -> Outcome {
        guard let plan else { return try pending(&client, texts, surroundings) }
        let hash = try full(&client, plan)
        let shown = try call(&client, "Show", ["sha256": .text(hash)])
        var parameters: JSONObject = ["sha256": .text(hash), "mode": .text(batch == nil ? "each" : "batch")]
        if !why.isEmpty { parameters["why"] = .text(why) }
        if let batch {
            parameters["episodes"] = .integer(batch.episodes)
            parameters["policy_distance"] = .real(batch.nats)
        }
        let reply = try call(&client, "Approve", parameters)
        let more = batch.map { ", and \($0.episodes - 1) more like it" } ?? ""
        return show(reply, "\(texts.dossier(shown))\napproved as permit \(reply.whole("permit"))\(more)\n")
    }

    private func pending(
        _ client: inout VarlinkClient, _ texts: GuardTexts, _ surroundings: Surroundings
    ) throws(ClientError) -> Outcome {
        let status = try call(&client, "Status")
        let plans = (status["plans"]?.list ?? []).compactMap(\.object)
        let waiting = plans.first { $0["state"]?.text == "proposed" }
        guard let hash = waiting?["sha256"]?.text else { return Outcome(output: "no plan waits for approval\n") }
        let shown = try call(&client, "Show", ["sha256": .text(hash)])
        if asJSON { return show(shown, "") }
        let next = "understudy approve \(robot) \(hash.prefix(12))   # or: understudy deny, with --why"
        let errors = "\(surroundings.errors.bold("not approved yet"))\n  next: \(next)\n"
        // Whoever stopped it may have a hand in it, and what is approved now flies all the same.
        let stop = status["stopped"]?.object.map { texts.stopped($0, of: robot) } ?? []
        return Outcome(
            status: .refused, output: stop.map { "\($0)\n" }.joined() + texts.dossier(shown), errors: errors)
    }

}

extension ClientError {
    /// Whether there is nobody who could have heard, or who would listen: a guard that has no place left for this user.
    var isUnreachable: Bool {
        switch self {
        case .missing, .hungUp, .timedOut: true
        default: isCrowded
        }
    }

    var isCrowded: Bool {
        if case .refused(let refusal) = self { refusal.name == GuardInterface.crowded } else { false }
    }
}
