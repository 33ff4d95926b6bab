import Episodes
import JSON
import Ledger
import Ports
import Quantities
import Supervision
import Varlink

// One function a method of the interface.
extension GuardService {
    /// Answers now, or puts the call where its answer will come from.
    mutating func answer(_ call: VarlinkCall, at now: DeskTime) {
        let caller = caller(call.caller)
        do throws(GuardRefusal) {
            if let reply = try reply(to: call, caller, at: now) { call.answer(reply) }
        } catch {
            desk.note(refused: call.method, of: caller, why: error.word, at: now)
            call.refuse(error.error)
        }
    }

    /// Nil when the answer comes later.
    private mutating func reply(
        to call: VarlinkCall, _ caller: Caller, at now: DeskTime
    ) throws(GuardRefusal) -> JSONObject? {
        let words = CallWords(call.parameters)
        switch call.method {
        case "Propose": return try propose(words, caller, at: now)
        case "Show": return try show(words, at: now)
        case "Await": return try follow(call, words, at: now)
        case "Approve": return try approve(words, caller, at: now)
        case "Deny": try desk.deny(words.text("sha256"), by: caller, why: words.text("why"), at: now)
        case "Adopt":
            let ground = try desk.adopt(
                words.text("rule"), file: words.text("sha256"), by: caller, why: words.text("why"), at: now)
            return ["ground": Wire.count(ground)]
        case "Withdraw":
            try desk.withdraw(words.whole("ground") ?? 0, by: caller, why: words.text("why"), at: now)
        case "Grant":
            let account = try desk.grant(words.price("amount") ?? .zero, by: caller, why: words.text("why"), at: now)
            return ["account": .object(Wire.account(account))]
        case "Resume":
            return wait(call, try desk.resume(by: caller, why: words.text("why"), at: now), at: now)
        case "ClearFault":
            let begun = try desk.clear(words.whole("number") ?? -1, by: caller, why: words.text("why"), at: now)
            return wait(call, begun, at: now)
        case "Status": return try status(at: now)
        case "Watch": return watch(call, words, at: now)
        case "Budget": return try budget(words)
        case "Metrics": return ["openmetrics": .text(try desk.metrics())]
        case "Robot": return Wire.robot(desk.facts, desk.verifier.devices ?? [], desk.checks(at: now.wall))
        default: preconditionFailure("the interface has no other method: \(call.method)")
        }
        return [:]
    }

    private mutating func propose(
        _ words: CallWords, _ caller: Caller, at now: DeskTime
    ) throws(GuardRefusal) -> JSONObject {
        // Before the bytes are read: who may not propose cannot make the guard work.
        try desk.demand(.learner, of: caller)
        guard let bytes = Base64.decode(words.text("proposal_base64")) else { throw .badPlan(.notBase64) }
        let proposed = try desk.propose(bytes, claiming: words.text("sha256"), by: caller, at: now)
        return [
            "sha256": .text(proposed.plan.text), "ledger_row": Wire.count(proposed.serial),
            "state": .text(proposed.state.rawValue),
        ]
    }

    private mutating func show(_ words: CallWords, at now: DeskTime) throws(GuardRefusal) -> JSONObject {
        let story = try desk.story(words.text("sha256"))
        let proposal = story.open.proposal
        let measured = try desk.measured(story)
        return [
            "plan": .object(Wire.plan(proposal.plan, digest: story.plan, desk.facts)),
            "dossier": .object(Wire.dossier(proposal.dossier, measured: measured, desk.facts)),
            "summary": .object(Wire.summary(try desk.summary(of: story, at: now.wall))),
        ]
    }

    private mutating func approve(
        _ words: CallWords, _ caller: Caller, at now: DeskTime
    ) throws(GuardRefusal) -> JSONObject {
        let yes: Desk.Yes
        switch ApprovalMode(rawValue: words.text("mode")) {
        case .each: yes = .once
        case .batch: yes = .batch(episodes: words.whole("episodes") ?? 0, nats: words.real("policy_distance") ?? 0)
        // A rule is adopted, which is another act with another responsibility.
        case .standing, nil: throw .invalidParameter("mode")
        }
        let approved = try desk.approve(words.text("sha256"), yes, by: caller, why: words.text("why"), at: now)
        return ["permit": Wire.count(approved.permit), "expires_at_ns": Wire.nanoseconds(approved.expires)]
    }

    private func status(at now: DeskTime) throws(GuardRefusal) -> JSONObject {
        let sight = desk.sight
        var object = Wire.stand(desk.state, sight, desk.latched)
        object["stopped"] = desk.stopped.map { .object(Wire.stopped($0)) }
        object["joints"] = Wire.joints(sight, desk.facts)
        object["plans"] = Wire.list(try desk.summaries(at: now.wall), Wire.summary)
        let grounds = try desk.openGrounds(at: now.wall)
        object["mode"] = .text(ApprovalMode(under: grounds).rawValue)
        object["grounds"] = Wire.list(grounds, Wire.ground)
        object["timing"] = .object(Wire.timing(sight.timing))
        object["ledger_row"] = Wire.count(desk.head.serial)
        object["recording"] = sight.recording.map { .text($0) }
        object["attended"] = .boolean(sight.deadMan == .held)
        return object
    }

    private func budget(_ words: CallWords) throws(GuardRefusal) -> JSONObject {
        let account = try desk.account()
        let price = words.price("price") ?? .zero
        let isEnough = (account.remaining - price).isCovered
        return ["account": .object(Wire.account(account)), "enough": .boolean(isEnough)]
    }
}

extension VarlinkCall {
    func answer(_ object: JSONObject) {
        do throws(ReplyRefusal) { try reply(object) } catch {
            // Who has left is answered no more; what was decided is in the ledger.
        }
    }

    func refuse(_ error: VarlinkError) {
        do throws(ReplyRefusal) { try fail(error) } catch {
            // As above.
        }
    }

    /// False when nobody listens any more.
    func tell(_ object: JSONObject) -> Bool {
        do throws(ReplyRefusal) {
            try update(object)
            return true
        } catch {
            return false
        }
    }
}

/// The parameters of a call whose types the server has checked. What is left out is empty.
struct CallWords {
    private let object: JSONObject

    init(_ object: JSONObject) { self.object = object }

    func text(_ key: String) -> String { object[key]?.text ?? "" }
    func whole(_ key: String) -> Int64? { object[key]?.integer }
    func real(_ key: String) -> Double? { object[key]?.number }

    func price(_ key: String) -> Cost? {
        object[key]?.object.map { price in
            func amount(_ key: String) -> Int64 { price[key]?.integer ?? 0 }
            return Cost(
                time: Milliseconds(amount("time_ms")), wear: Microlives(amount("wear_microlives")),
                heat: Millijoules(amount("heat_mj")), attention: Milliseconds(amount("attention_ms")))
        }
    }
}
