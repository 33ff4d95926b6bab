import Episodes
import Foundation
import LedgerSamples
import Quantities
import Supervision
import Testing

@testable import Ledger

/// A folder of its own for one test.
struct Folder: ~Copyable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "ledger-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    var ledger: String { "\(path)/ledger.sqlite" }

    func open(_ second: Int64 = 0) throws -> Ledger {
        try Ledger.open(at: ledger, program: "test", now: Samples.instant(second))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension Ledger {
    /// From the proposal to the permit.
    mutating func permitted(_ number: Int, at second: Int64 = 2) throws -> UInt64 {
        let (author, now) = (try Samples.author(), Samples.instant(second))
        let proposal = try Samples.proposal(number)
        _ = try propose(proposal, by: author, at: now)
        let approval = try approve(proposal.digest, by: author, at: now).serial
        try issuePermit(approval, at: now)
        return approval
    }
}

@Suite("The ledger")
struct LedgerTests {
    @Test("nobody but its user may read or write a ledger, nor what lies beside it")
    func rights() throws {
        let folder = try Folder()
        var ledger = try folder.open()
        _ = try ledger.permitted(1)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let facts = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(name)")
            #expect(facts[.posixPermissions] as? Int == 0o600, "\(name)")
        }
    }

    @Test("an episode goes from proposal to end, and all of it is read back")
    func story() throws {
        let folder = try Folder()
        var ledger = try folder.open()
        let author = try Samples.author()
        let proposal = try Samples.proposal()
        let serial = try ledger.propose(proposal, by: author, at: Samples.instant(1))
        let open = try ledger.history.openProposals()
        #expect(open == [OpenProposal(serial: serial, at: Samples.instant(1), proposal: proposal)])
        #expect(try ledger.propose(proposal, by: author, at: Samples.instant(2)) == serial)
        let approval = try ledger.approve(proposal.digest, by: author, why: "looks well", at: Samples.instant(3))
        #expect(approval == proposal.approval(serial: approval.serial))
        #expect(try ledger.history.openProposals().isEmpty)
        #expect(try ledger.history.waitingApprovals() == [approval.serial])
        #expect(try ledger.history.approval(approval.serial) == approval)
        try ledger.issuePermit(approval.serial, at: Samples.instant(4))
        #expect(try ledger.history.permitStep(approval.serial) == .issued)
        #expect(try ledger.history.latestPermit() == approval.serial)
        try ledger.usePermit(approval.serial, at: Samples.instant(5))
        #expect(try ledger.history.episodeStep(approval.serial) == .started)
        let verdicts = [VerdictSummary(rule: .speed, clampedTicks: 12, stops: 0)]
        let outcome = EpisodeOutcome.stopped(.trackingError, at: Ticks(31))
        let end = EpisodeEnd(outcome: outcome, recording: nil, spent: Samples.cost, verdicts: verdicts)
        try ledger.end(approval.serial, end, at: Samples.instant(6))
        #expect(try ledger.history.episodeStep(approval.serial) == .stopped)
        #expect(try ledger.history.balance() == Cost.zero - Samples.cost)
        #expect(try ledger.history.lastApprovedPolicy() == proposal.plan.policy.digest)
        #expect(try ledger.history.latest() == Samples.instant(6))
        let report = try LedgerReader(at: folder.path).verify()
        #expect(report.isSound && report.head == ledger.head && report.entries == Int(ledger.head.serial))
        #expect(report.unanchored == 0 && report.counts[.verdict] == 1)
    }

    @Test("a permit is used once; each step needs the one before it")
    func permits() throws {
        let folder = try Folder()
        var ledger = try folder.open()
        let now = Samples.instant(9)
        #expect(throws: LedgerError.refused(.noApproval(77))) { try ledger.issuePermit(77, at: now) }
        let approval = try ledger.permitted(0)
        #expect(throws: LedgerError.refused(.permit(approval, .issued, wanted: .issued))) {
            try ledger.issuePermit(approval, at: now)
        }
        #expect(throws: LedgerError.refused(.episodeNotRunning(approval))) {
            try ledger.end(
                approval, EpisodeEnd(outcome: .lost, recording: nil, spent: .zero, verdicts: []), at: now)
        }
        try ledger.usePermit(approval, at: now)
        #expect(throws: LedgerError.refused(.permit(approval, .used, wanted: .used))) {
            try ledger.usePermit(approval, at: now)
        }
        #expect(throws: LedgerError.refused(.permit(approval, .used, wanted: .void))) {
            try ledger.voidPermit(approval, why: "late", at: now)
        }
        let end = EpisodeEnd(outcome: .finished(Ticks(400)), recording: nil, spent: .zero, verdicts: [])
        try ledger.end(approval, end, at: now)
        #expect(throws: LedgerError.refused(.episodeNotRunning(approval))) { try ledger.end(approval, end, at: now) }
        let second = try ledger.permitted(1)
        try ledger.voidPermit(second, why: "not used in time", at: now)
        #expect(throws: LedgerError.refused(.permit(second, .void, wanted: .used))) {
            try ledger.usePermit(second, at: now)
        }
    }

    @Test("the database itself refuses a second use, whatever the program thinks")
    func databaseRules() throws {
        let folder = try Folder()
        var ledger = try folder.open()
        let approval = try ledger.permitted(0)
        try ledger.usePermit(approval, at: Samples.instant(3))
        let head = ledger.head
        for step in ["used", "issued"] {
            #expect(throws: LedgerError.self) {
                try ledger.transaction { ledger throws(LedgerError) in
                    try ledger.append(.permit, [.serial(approval), .text(step), .text("")], at: Samples.instant(4))
                }
            }
        }
        let second = try ledger.permitted(1)
        try ledger.voidPermit(second, why: "late", at: Samples.instant(5))
        #expect(throws: LedgerError.self) {
            try ledger.transaction { ledger throws(LedgerError) in
                try ledger.append(.permit, [.serial(second), .permit(.used), .text("")], at: Samples.instant(6))
            }
        }
        #expect(ledger.head.serial == head.serial + 5)
        #expect(try LedgerReader(at: folder.path).verify().isSound)
    }

    @Test("a plan is decided once; after that it has to be proposed anew")
    func decisions() throws {
        let folder = try Folder()
        var ledger = try folder.open()
        let (author, now) = (try Samples.author(), Samples.instant(1))
        let (first, second) = (try Samples.proposal(0), try Samples.proposal(1))
        #expect(throws: LedgerError.refused(.unknownPlan(first.digest))) {
            try ledger.approve(first.digest, by: author, at: now)
        }
        _ = try ledger.propose(first, by: author, at: now)
        _ = try ledger.propose(second, by: author, at: now)
        _ = try ledger.approve(first.digest, by: author, at: now)
        try ledger.deny(second.digest, by: author, why: "too fast", at: now)
        for proposal in [first, second] {
            #expect(throws: LedgerError.refused(.decided(proposal.digest))) {
                try ledger.approve(proposal.digest, by: author, at: now)
            }
            #expect(throws: LedgerError.refused(.decided(proposal.digest))) {
                try ledger.deny(proposal.digest, by: author, why: "again", at: now)
            }
        }
        let again = try ledger.propose(second, by: author, at: now)
        #expect(try ledger.history.openProposals().map(\.serial) == [again])
        #expect(throws: LedgerError.refused(.reason(length: 0))) {
            try ledger.deny(second.digest, by: author, why: "", at: now)
        }
        #expect(throws: LedgerError.refused(.reason(length: 2_001))) {
            try ledger.deny(second.digest, by: author, why: String(repeating: "a", count: 2_001), at: now)
        }
    }

    @Test("at a restart a used permit is lost and paid, an issued one is void, and an approval still waits")
    func restart() throws {
        let folder = try Folder()
        let (used, issued, approved) = try Self.crash(folder)
        var ledger = try folder.open(100)
        let history = ledger.history
        #expect(try history.permitStep(used) == .lost && history.episodeStep(used) == .lost)
        #expect(try history.permitStep(issued) == .void && history.episodeStep(issued) == .planned)
        #expect(try history.waitingApprovals() == [approved])
        #expect(try history.balance() == Cost.zero - Samples.cost)
        #expect(try history.latestPermit() == issued)
        for serial in [used, issued] {
            #expect(throws: LedgerError.self) { try ledger.usePermit(serial, at: Samples.instant(101)) }
            #expect(throws: LedgerError.self) { try ledger.issuePermit(serial, at: Samples.instant(101)) }
        }
        try ledger.issuePermit(approved, at: Samples.instant(102))
        let end = EpisodeEnd(outcome: .finished(Ticks(1)), recording: nil, spent: .zero, verdicts: [])
        #expect(throws: LedgerError.refused(.episodeNotRunning(used))) {
            try ledger.end(used, end, at: Samples.instant(103))
        }
    }

    private static func crash(_ folder: borrowing Folder) throws -> (UInt64, UInt64, UInt64) {
        var ledger = try folder.open()
        let used = try ledger.permitted(0)
        try ledger.usePermit(used, at: Samples.instant(3))
        let issued = try ledger.permitted(1)
        let proposal = try Samples.proposal(2)
        _ = try ledger.propose(proposal, by: Samples.author(), at: Samples.instant(4))
        let approved = try ledger.approve(proposal.digest, by: Samples.author(), at: Samples.instant(5)).serial
        return (used, issued, approved)
    }

    @Test("a batch covers so many episodes, a withdrawn batch or rule covers none")
    func grounds() throws {
        let folder = try Folder()
        var ledger = try folder.open()
        let (author, now) = (try Samples.author(), Samples.instant(1))
        let plan = try Samples.plan()
        let batch = BatchApproval(
            robot: plan.robot, task: plan.task.digest, envelope: plan.envelope.digest, policy: plan.policy.digest,
            episodes: 2, greatestDistance: 0.1, leastMargin: 0.2, until: Samples.instant(900))
        let serial = try ledger.allow(batch, by: author, why: "the afternoon", at: now)
        #expect(try ledger.history.batches() == [ApprovalRules.Batch(serial: serial, approval: batch)])
        for number in 0..<3 {
            let proposal = try Samples.proposal(number)
            _ = try ledger.propose(proposal, by: author, at: now)
            guard number == 2 else {
                _ = try ledger.approve(proposal.digest, on: .batch(serial), by: author, at: now)
                continue
            }
            #expect(throws: LedgerError.refused(.batchUsedUp(serial, episodes: 2))) {
                try ledger.approve(proposal.digest, on: .batch(serial), by: author, at: now)
            }
            #expect(throws: LedgerError.refused(.noGround(serial))) {
                try ledger.approve(proposal.digest, on: .standing(serial), by: author, at: now)
            }
        }
        let use = Situation.Use(ground: .batch(serial), at: now)
        #expect(try ledger.history.uses() == [use, use])
        #expect(try ledger.history.lastApprovedPolicy() == nil)
        try ledger.withdraw(serial, by: author, why: "enough", at: now)
        #expect(try ledger.history.batches().isEmpty)
        #expect(throws: LedgerError.refused(.noGround(serial))) {
            try ledger.withdraw(serial, by: author, why: "again", at: now)
        }
        #expect(throws: LedgerError.refused(.noGround(serial))) {
            try ledger.approve(Samples.proposal(2).digest, on: .batch(serial), by: author, at: now)
        }
    }

    @Test("who adopted which text of a rule is kept, and of one name the last adoption counts")
    func adoptions() throws {
        let folder = try Folder()
        var ledger = try folder.open()
        let (rule, text) = (try Samples.name("night"), "{ /* first */ }")
        let first = try ledger.adopt(
            rule, file: Digest(of: text), contents: text, by: Samples.author(), why: "tried", at: Samples.instant(1))
        #expect(throws: LedgerError.refused(.otherText(file: Digest(of: text), text: Digest(of: "{}")))) {
            try ledger.adopt(
                rule, file: Digest(of: text), contents: "{}", by: Samples.author(), why: "tried",
                at: Samples.instant(2))
        }
        let adoption = Adoption(rule: rule, file: Digest(of: text), by: try Samples.author(), at: Samples.instant(1))
        #expect(
            try ledger.history.adoptions() == [AdoptedRule(serial: first, adoption: adoption, contents: text)])
        let second = try ledger.adopt(
            rule, file: Digest(of: "{}"), contents: "{}", by: Samples.author("bea"), why: "shorter",
            at: Samples.instant(3))
        #expect(try ledger.history.adoptions().map(\.serial) == [second])
        try ledger.withdraw(second, by: Samples.author(), why: "no", at: Samples.instant(4))
        // The one before does not come back to life.
        #expect(try ledger.history.adoptions().isEmpty)
    }

    @Test("the balance is what was granted less what was spent, in each of four currencies")
    func budget() throws {
        let folder = try Folder()
        var ledger = try folder.open()
        let author = try Samples.author()
        let grant = Cost(
            time: Milliseconds(60_000), wear: Microlives(100), heat: Millijoules(1_000_000),
            attention: Milliseconds(600_000))
        _ = try ledger.grant(grant, by: author, why: "the week", at: Samples.instant(1))
        _ = try ledger.grant(Cost(wear: Microlives(-10)), by: author, why: "less", at: Samples.instant(2))
        let approval = try ledger.permitted(0)
        try ledger.usePermit(approval, at: Samples.instant(3))
        let end = EpisodeEnd(outcome: .finished(Ticks(400)), recording: nil, spent: Samples.cost, verdicts: [])
        try ledger.end(approval, end, at: Samples.instant(4))
        #expect(try ledger.history.balance() == grant - Cost(wear: Microlives(10)) - Samples.cost)
        let entries = try ledger.history.budget()
        #expect(entries.map(\.approval) == [nil, nil, approval])
        #expect(entries.map(\.user) == ["ada", "ada", "guard"] && entries[0].amount == grant)
    }

    @Test("a fault is open until it is cleared, once")
    func faults() throws {
        let folder = try Folder()
        var ledger = try folder.open()
        let author = try Samples.author()
        let first = try ledger.report(.overspeed, joint: 2, detail: "4.1 rad/s", at: Samples.instant(1))
        let second = try ledger.report(.operatorStop, at: Samples.instant(2))
        #expect(try ledger.history.openFaults().map(\.fault) == [.overspeed, .operatorStop])
        try ledger.clear(fault: first, by: author, why: "looked at it", at: Samples.instant(3))
        #expect(try ledger.history.openFaults().map(\.serial) == [second])
        #expect(throws: LedgerError.refused(.alreadyCleared(first))) {
            try ledger.clear(fault: first, by: author, why: "again", at: Samples.instant(4))
        }
        #expect(throws: LedgerError.refused(.unknownFault(999))) {
            try ledger.clear(fault: 999, by: author, why: "none", at: Samples.instant(4))
        }
        try ledger.refuse("approve", of: Samples.author("eve"), why: "not an operator", at: Samples.instant(5))
        let name = try Samples.name("arm-1")
        _ = try ledger.keep(
            calibration: name, of: name, bytes: [1, 2], by: author, at: Samples.instant(6))
        let report = try LedgerReader(at: folder.ledger).verify()
        #expect(report.isSound && report.counts[.refusal] == 1 && report.counts[.calibration] == 1)
    }
}
