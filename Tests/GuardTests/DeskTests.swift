import Episodes
import Foundation
import Guard
import GuardSamples
import Ledger
import Quantities
import Supervision
import Testing

@Suite("The desk")
struct DeskTests {
    @Test("a plan goes from proposal to a finished episode that is paid, recorded and sound in the ledger")
    func story() throws {
        var bench = try DeskBench()
        try bench.grant()
        bench.turn(4)
        #expect(bench.desk.state == .observing)
        let hash = try bench.propose()
        #expect(try bench.state(hash) == .proposed)
        #expect(try bench.desk.summary(hash, at: bench.now.wall).waitsFor == ["approval"])
        let approved = try bench.approve(hash)
        #expect(approved.expires == bench.now.wall.advanced(by: 15 * 60_000))
        #expect(try bench.desk.account().reserved == PlanSamples.cost)
        bench.turn(8)
        let summary = try bench.desk.summary(hash, at: bench.now.wall)
        #expect(summary.state == .finished && summary.end == .finished)
        #expect(summary.story.episode?.ticks == 40)
        #expect(summary.story.episode?.recording?.path == "\(approved.permit).mcap")
        let account = try bench.desk.account()
        #expect(account.spent == PlanSamples.cost && account.reserved == .zero && account.episodes == 1)
        #expect(try bench.verified())
        #expect(bench.seat.orders == ["identify", "prepare", "observe", "fly"])
    }

    @Test("nothing flies without an approval, and one approval flies once")
    func once() throws {
        var bench = try DeskBench()
        try bench.grant()
        let hash = try bench.propose()
        bench.turn(20)
        #expect(!bench.seat.orders.contains("fly"))
        try bench.approve(hash)
        bench.turn(20)
        #expect(bench.seat.orders.filter { $0 == "fly" }.count == 1)
        #expect(throws: GuardRefusal.notPending(try digest(hash), .finished)) { try bench.approve(hash) }
        let again = try bench.propose()
        #expect(again == hash)
        #expect(try bench.state(hash) == .finished)
    }

    private func digest(_ hash: String) throws -> Digest { try #require(Digest(text: hash)) }

    @Test("learners do not approve, operators do not propose, and anybody else does neither")
    func roles() throws {
        var bench = try DeskBench()
        try bench.grant()
        let hash = try bench.propose()
        let proposal = try PlanSamples.proposal(bench.facts) { $0.number = 1 }
        for role in [Role.learner, .anyone] {
            let caller = try PlanSamples.caller(role, 7)
            let refusal = GuardRefusal.notAllowed(needed: .operator, has: role, user: 7)
            #expect(throws: refusal) { try bench.desk.approve(hash, .once, by: caller, why: "", at: bench.now) }
            #expect(throws: refusal) { try bench.desk.deny(hash, by: caller, why: "no", at: bench.now) }
            #expect(throws: refusal) { try bench.desk.grant(.zero, by: caller, why: "x", at: bench.now) }
            #expect(throws: refusal) { try bench.desk.resume(by: caller, why: "", at: bench.now) }
            #expect(throws: refusal) { try bench.desk.clear(24, by: caller, why: "x", at: bench.now) }
            #expect(throws: refusal) { try bench.desk.adopt("r", file: "", by: caller, why: "x", at: bench.now) }
            #expect(throws: refusal) { try bench.desk.withdraw(1, by: caller, why: "x", at: bench.now) }
        }
        for role in [Role.operator, .anyone] {
            #expect(throws: GuardRefusal.notAllowed(needed: .learner, has: role, user: 7)) {
                try bench.desk.propose(
                    proposal.canonicalBytes, claiming: proposal.digest.text, by: PlanSamples.caller(role, 7),
                    at: bench.now)
            }
        }
        #expect(try bench.state(hash) == .proposed)
    }

    @Test("what was denied is denied for ever; what nobody decided about or flew in time may be proposed again")
    func ends() throws {
        var bench = try DeskBench()
        try bench.grant()
        let denied = try bench.propose()
        try bench.desk.deny(denied, by: PlanSamples.caller(.operator), why: "too fast", at: bench.now)
        _ = try bench.propose()
        #expect(try bench.state(denied) == .denied)
        let late = try bench.propose { $0.number = 1 }
        bench.pass(86_401)
        bench.turn()
        #expect(try bench.state(late) == .expired)
        _ = try bench.propose { $0.number = 1 }
        #expect(try bench.state(late) == .proposed)
        bench.seat.heat(to: Celsius(150))
        try bench.approve(late)
        bench.turn(3)
        #expect(try bench.desk.summary(late, at: bench.now.wall).waitsFor.contains("temperatures"))
        bench.pass(16 * 60)
        bench.turn()
        #expect(try bench.state(late) == .expired)
        #expect(!bench.seat.orders.contains("fly"))
        #expect(try bench.verified())
    }

    @Test("a robot that still moves is not flown; its plan says that it waits for rest")
    func restless() throws {
        var bench = try DeskBench()
        try bench.grant()
        bench.turn(4)
        let hash = try bench.propose()
        bench.seat.setAtRest(false)
        try bench.approve(hash)
        bench.turn(5)
        #expect(try bench.desk.summary(hash, at: bench.now.wall).waitsFor == ["rest"])
        #expect(!bench.seat.orders.contains("fly"))
        bench.seat.setAtRest(true)
        bench.turn()
        #expect(bench.seat.orders.contains("fly"))
    }

    @Test("a plan that costs more than is left waits for budget, and is not approved", arguments: 0..<4)
    func budget(currency: Int) throws {
        var bench = try DeskBench()
        try bench.grant(1)
        let taken = [
            Cost(time: Milliseconds(-1)), Cost(wear: Microlives(-1)), Cost(heat: Millijoules(-1)),
            Cost(attention: Milliseconds(-1)),
        ][currency]
        _ = try bench.desk.grant(taken, by: PlanSamples.caller(.operator), why: "taken back", at: bench.now)
        let hash = try bench.propose()
        #expect(try bench.desk.summary(hash, at: bench.now.wall).waitsFor == ["approval", "budget"])
        let left = try bench.desk.account().remaining
        #expect(throws: GuardRefusal.overBudget(price: PlanSamples.cost, remaining: left)) { try bench.approve(hash) }
        try bench.grant(1)
        try bench.approve(hash)
        let second = try bench.propose { $0.number = 1 }
        #expect(throws: GuardRefusal.self) { try bench.approve(second) }
    }

    @Test("one user has only so many plans waiting")
    func crowd() throws {
        var bench = try DeskBench()
        for number in 0..<16 { _ = try bench.propose { $0.number = UInt32(number) } }
        #expect(throws: GuardRefusal.tooManyPlans(waiting: 16, limit: 16)) {
            _ = try bench.propose { $0.number = 16 }
        }
    }

    @Test("a batch covers so many plans near the approved one, and none that is far")
    func batch() throws {
        var bench = try DeskBench()
        try bench.grant()
        bench.turn(4)
        let first = try bench.propose()
        #expect(throws: GuardRefusal.invalidParameter("why")) {
            try bench.approve(first, .batch(episodes: 3, nats: 0.5), why: "")
        }
        try bench.approve(first, .batch(episodes: 3, nats: 0.5), why: "a morning's work")
        let from = try PlanSamples.policy().digest
        let near = PolicyDistance(from: from, value: 0.01)
        let far = try bench.propose { ($0.number, $0.bias, $0.distance) = (1, 2, near) }
        #expect(try bench.state(far) == .proposed)
        let liar = try bench.propose { ($0.number, $0.bias, $0.distance) = (2, 0.1, nil) }
        #expect(try bench.state(liar) == .proposed)
        for number in UInt32(3)...4 {
            let plan = try bench.propose { ($0.number, $0.bias, $0.distance) = (number, 0.1, near) }
            #expect(try bench.state(plan) == .approved)
        }
        let last = try bench.propose { ($0.number, $0.bias, $0.distance) = (5, 0.1, near) }
        #expect(try bench.state(last) == .proposed)
        bench.turn(30)
        #expect(bench.seat.orders.filter { $0 == "fly" }.count == 3)
        #expect(try bench.verified())
    }

    @Test("at a restart a used permit is lost and paid, a waiting approval still waits, and its episode is flown once")
    func restart() throws {
        let folder: String
        var hashes: [String] = []
        do {
            var bench = try DeskBench()
            folder = bench.folder
            try bench.grant()
            bench.turn(4)
            for number in 0..<2 { hashes.append(try bench.propose { $0.number = UInt32(number) }) }
            for hash in hashes { try bench.approve(hash) }
            // The flight is ordered, and never ends: the guard is gone.
            bench.turn(1)
            #expect(try bench.state(hashes[0]) == .running)
        }
        var bench = try DeskBench(folder, at: 60)
        #expect(try bench.state(hashes[0]) == .lost)
        #expect(try bench.state(hashes[1]) == .approved)
        #expect(try bench.desk.account().spent == PlanSamples.cost)
        bench.turn(20)
        #expect(try bench.state(hashes[0]) == .lost)
        #expect(try bench.state(hashes[1]) == .finished)
        #expect(bench.seat.orders.filter { $0 == "fly" }.count == 1)
        #expect(try bench.verified())
    }
}
