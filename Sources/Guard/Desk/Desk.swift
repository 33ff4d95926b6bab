public import Episodes
public import Ledger
import Ports
public import Supervision

/// The desk of the guard: who may do what, what is allowed, what comes next.
///
/// A value with one owner: it has no thread, no clock and no device. Whatever it decides stands in the ledger before it
/// takes effect; what the robot is to do comes out as orders. When the ledger cannot be written nothing is allowed.
public struct Desk: ~Copyable {
    public let facts: RobotFacts
    public let rules: DeskRules
    let check: PlanCheck
    let measure: PolicyMeasure
    let verification: Verification
    /// In whose name the guard itself writes.
    let itself: Author
    let ruleFiles: @Sendable () -> [RuleOnFile]
    var ledger: Ledger
    public internal(set) var verifier: Verifier
    var orders: [SeatOrder] = []
    /// Plans that nothing has ended yet, by their hash.
    var live: [Digest: PlanStory] = [:]
    /// What the robot flies now, or was told to.
    var flight: DeskFlight?
    /// An episode has ended and the ledger did not take it yet: until it does, nothing else begins.
    var unwritten: SeatEnd?
    /// Faults that only a person clears, oldest first.
    var faults: [(serial: UInt64, fault: Fault)] = []
    /// When motions for that ran to their end with the robot's file of today.
    var directionSeen: WallInstant?
    /// Whether the latch that the robot is in stands in the ledger.
    var isLatchNoted = false
    var refusals = RefusalLog()
    var stops = RefusalLog()
    /// What keeps down whatever was allowed before it, until an operator resumes.
    public internal(set) var stopped: PersonStop?
    /// The newest approval that was used: the supervisor takes no older one any more.
    var latestFlown: UInt64
    /// How many stops the robot had been told of when the latest turn began.
    var stopCount: UInt64 = 0
    public internal(set) var sight = SeatSight()
    var distances: [DistanceKey: Double?] = [:]
    var lastDecision: DeskTime?
    /// Why the ledger did not take the last thing that it was told.
    public internal(set) var ledgerTrouble: LedgerError?
    /// Whether this guard is about to end: then no permit is used up any more.
    var isEnding = false
    /// What has changed since it was last asked.
    var changed: Set<Digest> = []

    /// - Parameters:
    ///   - itself: in whose name the guard itself writes.
    ///   - ruleFiles: what lies in the folder of approval rules now.
    public init(
        _ facts: RobotFacts, ledger: consuming Ledger, itself: Author, rules: DeskRules = DeskRules(),
        verification: VerificationRules = VerificationRules(), measure: PolicyMeasure = PolicyMeasure(),
        ruleFiles: @escaping @Sendable () -> [RuleOnFile]
    ) throws(LedgerError) {
        self.facts = facts
        self.rules = rules
        check = PlanCheck(facts)
        self.measure = measure
        self.verification = Verification(facts, verification)
        self.itself = itself
        self.ruleFiles = ruleFiles
        let history = ledger.history
        for open in try history.openProposals() {
            live[open.proposal.digest] = try history.story(of: open.proposal.digest)
        }
        for story in try history.waitingStories() { live[story.plan] = story }
        directionSeen = try history.finishedPlans(with: MotionScript.format, atMost: 64)
            .first { $0.showsDirections(of: facts) }?.episode?.at
        let open = try history.openFaults()
        faults = open.filter { $0.fault.row.latches }.map { ($0.serial, $0.fault) }
        stopped = open.compactMap { PersonStop($0) }.last
        latestFlown = try history.latestPermit()
        verifier = Verifier(rules)
        self.ledger = ledger
        if !faults.isEmpty { verifier.bar() }
    }

    /// Where the guard stands. A fault that stands in the ledger latches across restarts, whatever the robot says.
    public var state: GuardState { faults.isEmpty ? GuardState(sight.mode) : .latched }

    /// The fault that keeps everything, if one does.
    public var latched: LatchedFault? {
        if let first = faults.first { return LatchedFault(first.fault, joint: joint(of: first.fault), isLatched: true) }
        guard let fault = sight.fault else { return nil }
        return LatchedFault(fault, joint: joint(of: fault), isLatched: false)
    }

    private func joint(of fault: Fault) -> String? {
        sight.finding.flatMap { $0.fault == fault ? facts.joint($0.joint) : nil }
    }

    /// Every check as it stands now.
    public func checks(at now: WallInstant) -> [Check] {
        let looked = verifier.trouble.map { [Check(.identity, false, $0, remedy: "understudy doctor \(facts.name)")] }
        return (looked ?? verification.identity(verifier.devices))
            + [verification.calibration(now), verification.direction(directionSeen)]
            + verification.state(sight, now: now) + [ledgerCheck]
    }

    private var ledgerCheck: Check {
        let why = ledgerTrouble.map { "the ledger does not take entries: \($0)" } ?? "entries can be written"
        return Check(
            .ledger, ledgerTrouble == nil, why, remedy: "make room on the disk and look at its rights: 'df', 'ls -l'")
    }

    /// What the robot is to be told, in this order; the caller keeps what the robot has no room for.
    public mutating func takeOrders() -> [SeatOrder] {
        defer { orders = [] }
        return orders
    }

    /// The plans about which there is something new.
    public mutating func takeChanges() -> Set<Digest> {
        defer { changed = [] }
        return changed
    }

    public var head: Head { ledger.head }
}

/// An episode under way.
struct DeskFlight: Equatable {
    let serial: UInt64
    let plan: Digest
    let cost: Cost
}

/// Which two policies were compared.
struct DistanceKey: Hashable {
    let policy: Digest
    let from: Digest
}

// What everything here has in common: the ledger's word, and who may speak.
extension Desk {
    /// Writes, or says in the interface's words why not. An attempt that succeeds ends the ledger's trouble.
    mutating func write<Result>(
        about plan: Digest? = nil, _ body: (inout Ledger) throws(LedgerError) -> Result
    ) throws(GuardRefusal) -> Result {
        do throws(LedgerError) {
            let result = try body(&ledger)
            ledgerTrouble = nil
            return result
        } catch {
            throw refusal(error, plan)
        }
    }

    func read<Result>(_ body: (History) throws(LedgerError) -> Result) throws(GuardRefusal) -> Result {
        do throws(LedgerError) { return try body(ledger.history) } catch { throw .ledgerUnavailable(error) }
    }

    private mutating func refusal(_ error: LedgerError, _ plan: Digest?) -> GuardRefusal {
        guard case .refused(let why) = error else {
            ledgerTrouble = error
            return .ledgerUnavailable(error)
        }
        switch why {
        case .unknownPlan(let plan): return .unknownPlan(plan.text)
        case .decided(let plan): return .notPending(plan, live[plan]?.state ?? .denied)
        case .noGround(let serial), .batchUsedUp(let serial, _): return .unknownGround("\(serial)")
        case .reason: return .invalidParameter("why")
        case .otherText(let file, let text): return .hashDiffers(given: file.text, computed: text)
        case .unknownFault, .alreadyCleared, .noApproval, .permit, .episodeNotRunning, .recordingOutside:
            return plan.map { .notPending($0, live[$0]?.state ?? .failed) } ?? .ledgerUnavailable(error)
        }
    }

    func demand(_ role: Role, of caller: Caller) throws(GuardRefusal) {
        guard caller.roles.contains(role) else {
            throw .notAllowed(needed: role, has: caller.role, user: caller.author.userNumber)
        }
    }

    /// Reads a plan's story anew after something was written about it.
    mutating func refresh(_ plan: Digest) throws(GuardRefusal) {
        let story = try read { history throws(LedgerError) in try history.story(of: plan) }
        live[plan] = story.flatMap { $0.state.isFinal ? nil : $0 }
        changed.insert(plan)
    }

    /// Somebody asked for something and did not get it. That this was written is not waited for: it changes nothing.
    public mutating func note(refused asked: String, of caller: Caller, why: String, at now: DeskTime) {
        guard let entry = refusals.note(asked, of: caller.author, why: why, at: now.steady) else { return }
        keep(entry, at: now)
    }

    mutating func keep(_ entry: RefusalLog.Entry, at now: DeskTime) {
        let why = String(entry.why.prefix(500))
        do throws(GuardRefusal) {
            try write { ledger throws(LedgerError) in
                try ledger.refuse(entry.asked, of: entry.author, why: why, at: now.wall)
            }
        } catch {
            // The ledger's trouble is kept, and shows in every check and in the status.
        }
    }
}
