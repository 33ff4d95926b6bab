import Episodes
import JSON
import Ledger
import Ports
import Supervision
import Varlink

/// Calls whose answers come later. There are never more than connections.
struct Streams {
    struct Awaited {
        let call: VarlinkCall
        let plan: Digest
        var told: Told
    }

    /// What is worth telling: where a plan stands, and whether a person's stop keeps it there.
    struct Told: Equatable {
        let state: PlanState
        let isKeptDown: Bool

        init(_ summary: PlanSummary) {
            state = summary.state
            isKeptDown = summary.waitsFor.contains(Desk.resumption)
        }
    }

    struct Watched {
        let call: VarlinkCall
        let period: Duration?
        var due: MonotonicInstant
    }

    struct Verified {
        let call: VarlinkCall
        /// The verification that was the latest when this one was asked for.
        let after: UInt64
        let deadline: MonotonicInstant
    }

    var awaited: [Awaited] = []
    var watched: [Watched] = []
    var verified: [Verified] = []
    /// What every watcher was told last.
    var state: GuardState?
    var fault: LatchedFault?
    var rung: Rung?
}

// Answers that come later, and those that come again and again.
extension GuardService {
    /// Where a plan stands; with more, again at every change until nothing can change.
    mutating func follow(
        _ call: VarlinkCall, _ words: CallWords, at now: DeskTime
    ) throws(GuardRefusal) -> JSONObject? {
        let summary = try desk.summary(words.text("sha256"), at: now.wall)
        let object: JSONObject = ["summary": .object(Wire.summary(summary))]
        guard call.wantsMore, !summary.state.isFinal else { return object }
        if call.tell(object) {
            streams.awaited.append(Streams.Awaited(call: call, plan: summary.story.plan, told: Streams.Told(summary)))
        }
        return nil
    }

    mutating func watch(_ call: VarlinkCall, _ words: CallWords, at now: DeskTime) -> JSONObject? {
        let first = change(nil, nil, at: now)
        guard call.wantsMore else { return first }
        let period = words.whole("period_ms").map { Duration.milliseconds(max($0, settings.shortestPeriod)) }
        if call.tell(first) {
            let due = period.map { now.steady + $0 } ?? .never
            streams.watched.append(Streams.Watched(call: call, period: period, due: due))
        }
        return nil
    }

    /// The answer, or nil when a verification has to end first.
    mutating func wait(_ call: VarlinkCall, _ begun: Desk.Begun, at now: DeskTime) -> JSONObject? {
        switch begun {
        case .done: return verdict(at: now)
        case .verifying(let after):
            let deadline = now.steady + settings.verificationTime
            streams.verified.append(Streams.Verified(call: call, after: after, deadline: deadline))
            return nil
        }
    }

    private func verdict(at now: DeskTime) -> JSONObject {
        ["state": .text(desk.state.rawValue), "checks": Wire.list(desk.checks(at: now.wall), Wire.check)]
    }

    /// Tells everybody what is new. Who does not read is disconnected by the server.
    mutating func tell(at now: DeskTime) {
        let changes = desk.takeChanges()
        tellVerified(at: now)
        tellAwaited(changes, at: now)
        tellWatched(changes, at: now)
    }

    private mutating func tellVerified(at now: DeskTime) {
        guard !streams.verified.isEmpty else { return }
        let (ended, phase) = (desk.verifier.ended, desk.verifier.phase)
        var rest: [Streams.Verified] = []
        for waiting in streams.verified where waiting.call.isOpen {
            let passes = ended != waiting.after && phase == .ready && desk.verifier.trouble == nil
            let isUnderWay = ended == waiting.after || (passes && !desk.sight.mode.isWatched)
            if isUnderWay, now.steady < waiting.deadline {
                rest.append(waiting)
            } else if passes, desk.sight.mode.isWatched {
                waiting.call.answer(verdict(at: now))
            } else {
                waiting.call.refuse(GuardRefusal.notVerified(desk.checks(at: now.wall)).error)
            }
        }
        streams.verified = rest
    }

    private mutating func tellAwaited(_ changes: Set<Digest>, at now: DeskTime) {
        guard !changes.isEmpty || streams.awaited.contains(where: { !$0.call.isOpen }) else { return }
        var rest: [Streams.Awaited] = []
        for var waiting in streams.awaited where waiting.call.isOpen {
            guard changes.contains(waiting.plan), let summary = summary(waiting.plan, at: now),
                Streams.Told(summary) != waiting.told
            else {
                rest.append(waiting)
                continue
            }
            waiting.told = Streams.Told(summary)
            let object: JSONObject = ["summary": .object(Wire.summary(summary))]
            if summary.state.isFinal {
                waiting.call.answer(object)
            } else if waiting.call.tell(object) {
                rest.append(waiting)
            }
        }
        streams.awaited = rest
    }

    /// Nil while the ledger cannot be read; whoever waits, waits on.
    private func summary(_ plan: Digest, at now: DeskTime) -> PlanSummary? {
        do throws(GuardRefusal) { return try desk.summary(plan.text, at: now.wall) } catch { return nil }
    }

    private mutating func tellWatched(_ changes: Set<Digest>, at now: DeskTime) {
        let (state, fault, rung) = (desk.state, desk.latched, desk.sight.mode.rungOfStop)
        let isNew = state != streams.state || fault != streams.fault || rung != streams.rung
        (streams.state, streams.fault, streams.rung) = (state, fault, rung)
        let news = changes.compactMap { summary($0, at: now) }.map { change($0, nil, at: now) }
        let plain = change(nil, desk.ledgerTrouble.map { "the ledger does not take entries: \($0)" }, at: now)
        var rest: [Streams.Watched] = []
        for var watcher in streams.watched where watcher.call.isOpen {
            var isThere = true
            for object in news where isThere { isThere = watcher.call.tell(object) }
            if isThere, isNew || watcher.due <= now.steady {
                isThere = watcher.call.tell(plain)
                watcher.due = watcher.period.map { now.steady + $0 } ?? .never
            }
            if isThere { rest.append(watcher) }
        }
        streams.watched = rest
    }

    private func change(_ summary: PlanSummary?, _ message: String?, at now: DeskTime) -> JSONObject {
        var object: JSONObject = ["at_ns": Wire.nanoseconds(now.wall)]
        for member in Wire.stand(desk.state, desk.sight, desk.latched).members { object[member.key] = member.value }
        object["joints"] = Wire.joints(desk.sight, desk.facts)
        object["summary"] = summary.map { .object(Wire.summary($0)) }
        object["message"] = message.map { .text($0) }
        return object
    }
}

extension Mode {
    /// The rung of a stop under way.
    var rungOfStop: Rung? {
        switch self {
        case .held(let stop), .latched(let stop): stop.rung
        case .unknown, .identified, .verified, .observing, .permitted, .running: nil
        }
    }
}
