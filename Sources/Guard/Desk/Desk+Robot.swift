import Episodes
import Ledger
import Ports
import Quantities
import Supervision

// What the robot is told, and what it tells.
extension Desk {
    /// What `resume` and `clear` come to: at once, or after a verification with this number.
    public enum Begun: Equatable, Sendable {
        case done
        case verifying(after: UInt64)
    }

    /// Lets an episode that was held go on, or looks at the robot anew; and lets fly what was allowed before a person
    /// stopped the robot. Moves nothing that was not approved.
    ///
    /// While a robot that was stopped is still on its way to rest it refuses, which is a matter of seconds: whoever lets it
    /// go on shall have seen it at rest.
    public mutating func resume(by caller: Caller, why: String, at now: DeskTime) throws(GuardRefusal) -> Begun {
        try demand(.operator, of: caller)
        if let latched, faults.first != nil { throw .latched(latched) }
        guard GuardState.resumable.contains(state) else { throw .wrongState(state, needed: GuardState.resumable) }
        if case .held(let stop) = sight.mode {
            // Later than that only a new permit brings motion; so it is where somebody has stopped this very flight, and the
            // robot is about to hear of it.
            let isStopped = if let flight, let stopped { !stopped.allows(flight.serial) } else { false }
            guard stop.rung == .hold, !isStopped else { throw .wrongState(state, needed: GuardState.verifiable) }
            try lift(by: caller, why: why, at: now)
            orders.append(.resume(caller.author.supervised))
            return .done
        }
        try lift(by: caller, why: why, at: now)
        let before = verifier.ended
        _ = verifier.restart()
        return .verifying(after: before)
    }

    /// Takes back a fault that latched, after its cause is gone.
    public mutating func clear(
        _ number: Int64, by caller: Caller, why: String, at now: DeskTime
    ) throws(GuardRefusal) -> Begun {
        try demand(.operator, of: caller)
        guard let open = faults.first(where: { Int64($0.fault.rawValue) == number }) else {
            throw .notLatched(number, latched: faults.first?.fault)
        }
        if case .latched(let stop) = sight.mode, !stop.isStopped {
            throw .causeRemains(LatchedFault(open.fault, joint: nil, isLatched: true))
        }
        try write { ledger throws(LedgerError) in
            try ledger.clear(fault: open.serial, by: caller.author, why: why, at: now.wall)
        }
        faults.removeAll { $0.serial == open.serial }
        guard faults.isEmpty else { return .done }
        let before = verifier.ended
        if case .latched = sight.mode {
            orders.append(.clear(caller.author.supervised))
            verifier.awaitClearing()
        } else {
            verifier.cleared()
        }
        return .verifying(after: before)
    }

    // MARK: Turns

    /// One turn: what was seen, what was told, what is overdue, what comes next. Never waits.
    ///
    /// - Parameter stops: how many the robot had been told of before the latest of them were noted here: a flight that is
    ///   ordered on this turn begins only if there was none since.
    public mutating func turn(_ seen: SeatSight, _ reports: [SeatReport], stops: UInt64, at now: DeskTime) {
        (sight, stopCount) = (seen, stops)
        writeStop(at: now)
        for report in reports { take(report, at: now) }
        noteLatch(at: now)
        settle(at: now)
        expire(at: now)
        for entry in refusals.due(at: now.steady) { keep(entry, at: now) }
        countStops(at: now)
        if let order = verifier.next(sight.mode, at: now.steady) { orders.append(order) }
        decideAgain(at: now)
        fly(at: now)
    }

    private mutating func take(_ report: SeatReport, at now: DeskTime) {
        switch report {
        case .identified(let found):
            let passes = verification.identity(found).allPass
            let order = verifier.identified(found, passes: passes, sight.mode, at: now.steady)
            if let order { orders.append(order) }
        case .prepared:
            let order = verifier.prepared(at: now.steady)
            if let order { orders.append(order) }
        case .failed(_, let text), .warning(let text): verifier.failed(text, at: now.steady)
        case .stopped(let why): note(ownStop: why, at: now)
        case .notPermitted(let serial, let refusal): refuse(flight: serial, refusal)
        case .began: break
        case .ended(let end): unwritten = end
        case .cleared: verifier.cleared()
        case .refused:
            // A latch that stays is a fault again, for a person to clear again.
            if verifier.phase == .clearing { isLatchNoted = false }
            if verifier.phase != .ready { verifier.failed("the robot does not do that now", at: now.steady) }
        case .closed: break
        }
    }

    /// A latch stands in the ledger as soon as the ledger takes it.
    private mutating func noteLatch(at now: DeskTime) {
        guard case .latched(let stop) = sight.mode else {
            isLatchNoted = false
            return
        }
        guard !isLatchNoted, verifier.phase != .clearing else { return }
        let fault = stop.cause ?? .deviceFault
        let joint = sight.finding.flatMap { $0.fault == fault ? $0.joint?.rawValue : nil }
        let flown = flight?.serial
        do throws(GuardRefusal) {
            let serial = try write { ledger throws(LedgerError) in
                try ledger.report(fault, during: flown, joint: joint, at: now.wall)
            }
            faults.append((serial, fault))
            isLatchNoted = true
            verifier.bar()
        } catch {
            // Tried again on the next turn; a latched robot waits for that.
        }
    }

    private mutating func decideAgain(at now: DeskTime) {
        if let lastDecision, now.steady - lastDecision.steady < rules.decisionPause { return }
        do throws(GuardRefusal) { try decideAll(at: now) } catch {
            // The plans wait on; whoever asks is told of the ledger's trouble.
        }
    }
}
