import Episodes
import Foundation
import Guard
import GuardSamples
import Ledger
import Ports
import Quantities
import Supervision
import Synchronization

/// A desk with a ledger in a folder of its own and a rehearsed robot, and a clock that is turned by hand.
struct DeskBench: ~Copyable {
    let folder: String
    let facts: RobotFacts
    let seat: RehearsalSeat
    var desk: Desk
    private(set) var seconds: Int64 = 0

    init(
        _ folder: String? = nil, facts: RobotFacts? = nil, rules: DeskRules = DeskRules(),
        verification: VerificationRules = PlanSamples.rules, at seconds: Int64 = 0,
        latestSerial: UInt64? = nil, files: @escaping @Sendable () -> [RuleOnFile] = { [] }
    ) throws {
        let place = folder ?? FileManager.default.temporaryDirectory.appending(path: "desk-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let known = try facts ?? PlanSamples.facts()
        let ledger = try Ledger.open(
            at: "\(place)/ledger.sqlite", program: "test", now: PlanSamples.instant(seconds))
        let latest = try latestSerial ?? ledger.history.latestPermit()
        let itself = try PlanSamples.itself()
        let seat = RehearsalSeat(known.envelope, latestSerial: latest, recordings: place)
        let desk = try Desk(
            known, ledger: ledger, itself: itself, rules: rules, verification: verification,
            measure: PolicyMeasure(reach: 3, states: 32),
            ruleFiles: files)
        self.facts = known
        self.folder = place
        self.seconds = seconds
        self.seat = seat
        self.desk = desk
    }

    var now: DeskTime {
        DeskTime(
            wall: PlanSamples.instant(seconds),
            steady: MonotonicInstant(nanoseconds: (seconds + 1_000_000) * 1_000_000_000))
    }

    mutating func pass(_ seconds: Int64) { self.seconds += seconds }

    /// So many turns, one a second; orders go to the robot at once.
    mutating func turn(_ turns: Int = 1) {
        for _ in 0..<turns {
            seconds += 1
            let reports = seat.reports()
            desk.turn(seat.sight, reports, stops: seat.stopCount, at: now)
            for order in desk.takeOrders() { _ = seat.order(order) }
        }
    }

    mutating func grant(_ episodes: Int64 = 10) throws {
        let amount = (0..<episodes).reduce(Cost.zero) { cost, _ in cost + PlanSamples.cost }
        _ = try desk.grant(amount, by: PlanSamples.caller(.operator), why: "a morning", at: now)
    }

    mutating func propose(_ change: (inout PlanSamples.Change) -> Void = { _ in }) throws -> String {
        let proposal = try PlanSamples.proposal(facts, change)
        let hash = proposal.digest.text
        _ = try desk.propose(
            proposal.canonicalBytes, claiming: hash, by: PlanSamples.caller(.learner, 1_001, "lea"), at: now)
        return hash
    }

    @discardableResult
    mutating func approve(_ hash: String, _ yes: Desk.Yes = .once, why: String = "looks well") throws -> Desk.Approved {
        try desk.approve(hash, yes, by: PlanSamples.caller(.operator), why: why, at: now)
    }

    /// Watches the robot at rest, and has a plan approved that flies on the next turn.
    mutating func approved() throws -> String {
        try grant()
        turn(4)
        let hash = try propose()
        try approve(hash)
        return hash
    }

    /// Somebody who may do nothing else stops the robot.
    mutating func stop(_ why: String = "the cat") throws {
        seat.stop()
        desk.note(stop: why, by: try PlanSamples.caller(.anyone, 5, "bob"), at: now)
    }

    mutating func resume(_ why: String = "") throws {
        _ = try desk.resume(by: PlanSamples.caller(.operator), why: why, at: now)
    }

    func waits(_ hash: String) throws -> [String] { try desk.summary(hash, at: now.wall).waitsFor }

    /// How many flights were ordered.
    var flights: Int { seat.orders.count { $0 == "fly" } }

    func state(_ hash: String) throws -> PlanState { try desk.summary(hash, at: now.wall).state }

    func verified() throws -> Bool { try LedgerReader(at: folder).verify().isSound }
}
