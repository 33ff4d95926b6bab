import Episodes
import Ledger
import Ports
import Quantities
import Supervision

// From an approval to a flight, and from its end into the ledger.
extension Desk {
    /// Uses the oldest approval up, if the robot is as it must be, and orders its flight: in this order. A robot that still
    /// falls or swings may be somewhere else when its motors are on.
    mutating func fly(at now: DeskTime) {
        guard !isEnding, flight == nil, unwritten == nil, state == .observing else { return }
        let stop = stopped
        let allowed = live.values.filter { $0.state == .approved && stop?.allows($0) != false }
        // In the order in which they were approved: the supervisor takes none that is older than one it has taken.
        let waiting = allowed.sorted { ($0.approval ?? 0) < ($1.approval ?? 0) }
        guard !waiting.isEmpty, verifier.isFresh(at: now.steady), verifier.phase == .ready else { return }
        // Not whether the ledger took the last entry: an attempt is what shows that it takes them again.
        let checks = checks(at: now.wall).filter { $0.name != .ledger }
        let approved = waiting.first { checks.needed(for: $0.open.proposal.plan).allPass }
        guard let approved, let serial = approved.approval, sight.finding == nil, sight.isAtRest else {
            return
        }
        do throws(GuardRefusal) {
            try write(about: approved.plan) { ledger throws(LedgerError) in
                if approved.permit == nil { try ledger.issuePermit(serial, at: now.wall) }
                try ledger.usePermit(serial, at: now.wall)
            }
        } catch {
            do throws(GuardRefusal) { try refresh(approved.plan) } catch {
                // Nothing was flown; the next turn reads again.
            }
            return
        }
        latestFlown = serial
        let proposal = approved.open.proposal
        flight = DeskFlight(serial: serial, plan: approved.plan, cost: proposal.plan.cost)
        let approval = proposal.approval(serial: serial)
        orders.append(.fly(Flight(approval: approval, proposal: proposal, stops: stopCount)))
        do throws(GuardRefusal) { try refresh(approved.plan) } catch {
            // It flies; its state is read again when it has ended.
            changed.insert(approved.plan)
        }
    }

    /// This guard is about to end: what is approved and not begun waits for the next one.
    public mutating func beginNoMore() { isEnding = true }

    /// The flight did not begin. Its permit is used up all the same, and nothing is charged for it.
    mutating func refuse(flight serial: UInt64, _ refusal: Refusal) {
        guard flight?.serial == serial else { return }
        let fault: Fault
        if case .notHealthy(let found?) = refusal { fault = found } else { fault = .verificationFailed }
        unwritten = SeatEnd(serial: serial, outcome: .stopped(fault, at: .zero), recording: nil, spent: .zero)
    }

    /// Writes the end of the episode. While the ledger does not take it, it is kept, and nothing else begins.
    mutating func settle(at now: DeskTime) {
        guard let end = unwritten else { return }
        let entry = EpisodeEnd(
            outcome: end.outcome, recording: end.recording, spent: end.spent, verdicts: end.verdicts)
        do throws(GuardRefusal) {
            try write { ledger throws(LedgerError) in try ledger.end(end.serial, entry, at: now.wall) }
            unwritten = nil
            bar(end, at: now)
        } catch {
            if ledgerTrouble != nil { return }
            // The ledger works and knows of no such episode: it stands as lost there, and stays so.
            unwritten = nil
        }
        guard let flown = flight, flown.serial == end.serial else { return }
        flight = nil
        do throws(GuardRefusal) {
            try refresh(flown.plan)
            let story = try read { history throws(LedgerError) in try history.story(of: flown.plan) }
            if let story, story.showsDirections(of: facts) { directionSeen = now.wall }
        } catch {
            live[flown.plan] = nil
        }
    }

    /// A joint that was seen to turn the wrong way keeps the robot still until a person has seen to it.
    private mutating func bar(_ end: SeatEnd, at now: DeskTime) {
        guard let note = end.note else { return }
        let fault = Fault.verificationFailed
        do throws(GuardRefusal) {
            let serial = try write { ledger throws(LedgerError) in
                try ledger.report(
                    fault, during: end.serial, joint: end.joint?.rawValue, detail: String(note.prefix(500)),
                    at: now.wall)
            }
            faults.append((serial, fault))
            verifier.bar()
        } catch {
            // The ledger's trouble keeps every flight away as well.
        }
    }

    /// What nobody decided about, or nobody flew, in time. A clock that was set back makes everything older, not younger.
    mutating func expire(at now: DeskTime) {
        for story in live.values.sorted(by: { $0.open.serial < $1.open.serial }) {
            if story.state == .approved, let approval = story.approval, approval < latestFlown {
                // One that was kept down, or not ready, and can never be used any more: it may be proposed again.
                do throws(GuardRefusal) { try expire(story, "one that was approved later has flown", at: now) } catch {
                    return
                }
                continue
            }
            guard let end = expiry(of: story) else { continue }
            let since = story.state == .approved ? story.decided?.at ?? story.open.at : story.open.at
            guard now.wall > end || now.wall < since.advanced(by: -60_000) else { continue }
            do throws(GuardRefusal) { try expire(story, "the robot was not ready in time", at: now) } catch { return }
        }
    }

    private mutating func expire(_ story: PlanStory, _ why: String, at now: DeskTime) throws(GuardRefusal) {
        let author = Author(
            userNumber: itself.userNumber, groupNumber: itself.groupNumber, name: itself.name,
            origin: PlanStory.expiredOrigin)
        try write(about: story.plan) { ledger throws(LedgerError) in
            guard let serial = story.approval else {
                return try ledger.deny(story.plan, by: author, why: "nobody decided in time", at: now.wall)
            }
            if story.permit == nil { try ledger.issuePermit(serial, at: now.wall) }
            try ledger.voidPermit(serial, why: why, at: now.wall)
        }
        try refresh(story.plan)
    }
}
