import Episodes
import Ledger
import Supervision

// What a stop keeps down, and until when.
//
// After a person's stop a plan flies only if the act of a person that allows it, the approval of that plan or the batch or
// rule that it was approved under, stands behind the stop in the ledger, or if an operator has resumed since.
extension Desk {
    /// Somebody has stopped the robot; the stop itself was ordered before. From here on nothing flies that was allowed
    /// before, whether or not the ledger takes the entry.
    public mutating func note(stop why: String, by caller: Caller, at now: DeskTime) {
        let kind = flight.map { "during \($0.serial)" } ?? "at rest"
        let isNew = stops.note(kind, of: caller.author, why: why, at: now.steady) != nil
        hold(why, by: caller.author, isNew: isNew, at: now)
    }

    /// The same stop once more, behind a call that came before it and was answered only now: what that has allowed was
    /// allowed before the stop.
    public mutating func note(again why: String, by caller: Caller, at now: DeskTime) {
        hold(why, by: caller.author, isNew: false, at: now)
    }

    /// What repeats itself is only counted, unless something was written since that the next guard must not take for
    /// something behind the stop.
    private mutating func hold(_ why: String, by author: Author, isNew: Bool, at now: DeskTime) {
        let head = ledger.head.serial
        if !isNew, let stopped, stopped.newest == head { return }
        stopped = PersonStop(why, by: author, at: now.wall, during: flight?.serial, newest: head)
        changed.formUnion(live.keys)
        writeStop(at: now)
    }

    /// A stop that the ledger did not take holds all the same; that is tried again on every turn.
    mutating func writeStop(at now: DeskTime) {
        guard let stop = stopped, !stop.isWritten else { return }
        let head = ledger.head.serial
        do throws(GuardRefusal) {
            let serial = try write { ledger throws(LedgerError) in
                try ledger.report(.operatorStop, during: stop.during, detail: stop.detail, at: now.wall)
            }
            stopped?.isWritten = true
            // What was allowed while the ledger did not take the stop came after it, though it stands before it there.
            if stop.newest == head { stopped?.newest = serial }
        } catch {
            // The robot stops all the same; the ledger's trouble shows in every check.
        }
    }

    /// The robot was stopped and no person did it, such as when its recording cannot be written: nobody reaches in
    /// because of that, so it keeps nothing down that a person has allowed. What made it stop keeps flights away while it
    /// lasts.
    mutating func note(ownStop why: String, at now: DeskTime) {
        let kind = flight.map { "during \($0.serial)" } ?? "at rest"
        guard let entry = stops.note(kind, of: itself, why: why, at: now.steady) else { return }
        keep(stop: PersonStop.own + entry.why, during: flight?.serial, at: now)
    }

    /// How often stops were repeated that stand in the ledger.
    mutating func countStops(at now: DeskTime) {
        for entry in stops.due(at: now.steady) {
            let (name, number) = (entry.author.name, entry.author.userNumber)
            keep(stop: "\(PersonStop.counted)\(name) (\(number)): \(entry.why)", during: nil, at: now)
        }
    }

    private mutating func keep(stop detail: String, during serial: UInt64?, at now: DeskTime) {
        do throws(GuardRefusal) {
            _ = try write { ledger throws(LedgerError) in
                try ledger.report(.operatorStop, during: serial, detail: String(detail.prefix(500)), at: now.wall)
            }
        } catch {
            // As above.
        }
    }

    /// An operator lets fly again what was allowed before the stop. That stands in the ledger before it takes effect.
    mutating func lift(by caller: Caller, why: String, at now: DeskTime) throws(GuardRefusal) {
        guard stopped != nil else { return }
        writeStop(at: now)
        guard stopped?.isWritten == true else { throw .ledgerUnavailable(ledgerTrouble ?? .diskFull) }
        let open = try read { history throws(LedgerError) in try history.openFaults() }
        let stops = open.filter { PersonStop($0) != nil }.map(\.serial)
        try write { ledger throws(LedgerError) in
            try ledger.clear(
                faults: stops, by: caller.author, why: why.isEmpty ? "resumed" : why, at: now.wall)
        }
        stopped = nil
        changed.formUnion(live.keys)
        do throws(GuardRefusal) { try decideAll(at: now) } catch {
            // The plans wait on; whoever asks is told of the ledger's trouble.
        }
    }

    /// Whether there are batches or rules under which plans would be approved if nobody had stopped the robot.
    func hasGroundKeptDown(at now: WallInstant) throws(GuardRefusal) -> Bool {
        guard let stopped else { return false }
        return try openGrounds(at: now).contains { !stopped.allows($0.serial) }
    }
}

extension PersonStop {
    /// Whether an act of a person, by its number in the ledger, still allows anything: only where it stands behind the stop.
    func allows(_ act: UInt64) -> Bool { act > newest }

    /// Whether a plan flies under the act that it was approved by.
    func allows(_ story: PlanStory) -> Bool {
        guard case .approved(let serial, let ground)? = story.decided?.decision else { return true }
        switch ground {
        case .person: return allows(serial)
        case .batch(let act), .standing(let act): return allows(act)
        }
    }
}

extension ApprovalRules {
    /// Those that a person has allowed behind a stop.
    func behind(_ stop: PersonStop?) -> ApprovalRules {
        guard let stop else { return self }
        return ApprovalRules(
            batches: batches.filter { stop.allows($0.serial) }, standing: standing.filter { stop.allows($0.serial) })
    }
}
