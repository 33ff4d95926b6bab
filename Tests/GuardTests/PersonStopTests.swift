import Episodes
import Foundation
import Glibc
import Guard
import GuardSamples
import Ledger
import Quantities
import Supervision
import TestSupport
import Testing

@Suite("What a person's stop keeps down")
struct PersonStopTests {
    @Test("at rest too it keeps a plan down that was approved before, until an operator resumes")
    func atRest() throws {
        var bench = try DeskBench()
        let plan = try bench.approved()
        try bench.stop()
        bench.turn(10)
        #expect(bench.flights == 0)
        #expect(try bench.waits(plan) == ["resume"])
        let held = bench.desk.stopped
        let stop = try #require(held)
        #expect(stop.by == 5 && stop.why == "the cat" && stop.at == PlanSamples.instant(4))
        try bench.resume("nobody is near")
        #expect(bench.desk.stopped == nil)
        bench.turn(8)
        #expect(try bench.state(plan) == .finished)
        #expect(bench.flights == 1)
        #expect(try LedgerReader(at: bench.folder).history.openFaults().isEmpty)
        #expect(try bench.verified())
    }

    @Test("what is approved behind it flies; what that has overtaken expires, and may be proposed and approved again")
    func behind() throws {
        var bench = try DeskBench()
        let first = try bench.approved()
        try bench.stop()
        let stop = bench.desk.stopped
        let second = try bench.propose { $0.number = 1 }
        try bench.approve(second)
        bench.turn(8)
        #expect(try bench.state(second) == .finished)
        #expect(try bench.state(first) == .expired)
        #expect(bench.desk.stopped == stop, "whatever else was allowed before is still down")
        _ = try bench.propose()
        #expect(try bench.waits(first) == ["approval"])
        try bench.approve(first)
        bench.turn(8)
        #expect(try bench.state(first) == .finished)
        #expect(bench.flights == 2)
        #expect(try bench.verified())
    }

    @Test("plans fly in the order in which they were approved, whatever that was")
    func order() throws {
        var bench = try DeskBench()
        try bench.grant()
        bench.turn(4)
        let plans = try (0..<3).map { number in try bench.propose { $0.number = UInt32(number) } }
        for plan in plans.reversed() { try bench.approve(plan) }
        bench.turn(30)
        for plan in plans { #expect(try bench.state(plan) == .finished) }
    }

    @Test("resume waits until the robot has come to rest, and is for operators")
    func early() throws {
        var bench = try DeskBench()
        let first = try bench.approved()
        bench.turn(1)
        try bench.stop()
        let second = try bench.propose { $0.number = 1 }
        bench.desk.turn(bench.seat.sight, [], stops: bench.seat.stopCount, at: bench.now)
        #expect(bench.desk.state == .held)
        #expect(throws: GuardRefusal.wrongState(.held, needed: GuardState.verifiable)) { try bench.resume() }
        let bob = try PlanSamples.caller(.anyone, 5, "bob")
        #expect(throws: GuardRefusal.notAllowed(needed: .operator, has: .anyone, user: 5)) {
            _ = try bench.desk.resume(by: bob, why: "", at: bench.now)
        }
        #expect(bench.desk.stopped != nil)
        bench.turn(8)
        #expect(try bench.state(first) == .stopped)
        try bench.resume("nobody is near")
        try bench.approve(second)
        bench.turn(8)
        #expect(try bench.state(second) == .finished)
    }

    @Test("to let a held flight go on lifts a stop from before it, and none that has stopped this flight")
    func held() throws {
        for isBefore in [true, false] {
            var bench = try DeskBench()
            let first = try bench.approved()
            if isBefore {
                try bench.stop()
                try bench.approve(try bench.propose { $0.number = 1 })
            }
            bench.turn(1)
            bench.seat.fault(.deadManReleased)
            // The robot has not heard of this one yet.
            let bob = try PlanSamples.caller(.anyone, 5, "bob")
            if !isBefore { bench.desk.note(stop: "a hand", by: bob, at: bench.now) }
            bench.desk.turn(bench.seat.sight, [], stops: bench.seat.stopCount, at: bench.now)
            #expect(bench.flights == 1 && bench.desk.state == .held && bench.desk.stopped != nil)
            if isBefore {
                try bench.resume()
                #expect(bench.desk.stopped == nil)
            } else {
                let refusal = GuardRefusal.wrongState(.held, needed: GuardState.verifiable)
                #expect(throws: refusal) { try bench.resume() }
                #expect(bench.desk.stopped?.why == "a hand")
            }
            #expect(try bench.state(first) == (isBefore ? .expired : .running))
        }
    }

    @Test("a batch from before covers nothing more and keeps its episodes; one that is approved behind the stop does")
    func batch() throws {
        var bench = try DeskBench()
        _ = try bench.approved()
        let first = try bench.propose { $0.number = 1 }
        let near = PolicyDistance(from: try PlanSamples.policy().digest, value: 0.01)
        func next(_ bench: inout DeskBench, _ number: UInt32) throws -> String {
            try bench.propose { ($0.number, $0.bias, $0.distance) = (number, 0.1, near) }
        }
        try bench.approve(first, .batch(episodes: 9, nats: 0.5))
        let second = try next(&bench, 2)
        #expect(try bench.state(second) == .approved)
        try bench.stop()
        let third = try next(&bench, 3)
        bench.turn(20)
        #expect(bench.flights == 0)
        #expect(try bench.waits(second) == ["resume"])
        #expect(try bench.state(third) == .proposed)
        #expect(try bench.waits(third) == ["approval", "resume"])
        #expect(try bench.desk.openGrounds(at: bench.now.wall).map(\.episodesLeft) == [7])
        try bench.approve(third, .batch(episodes: 2, nats: 0.5))
        let same = PolicyDistance(from: try PlanSamples.policy(bias: 0.1).digest, value: 0)
        let fourth = try bench.propose { ($0.number, $0.bias, $0.distance) = (4, 0.1, same) }
        #expect(try bench.state(fourth) == .approved)
        bench.turn(20)
        #expect(bench.flights == 2)
        #expect(try bench.state(third) == .finished)
        #expect(try bench.state(fourth) == .finished)
        #expect(try bench.state(second) == .expired)
        let fifth = try next(&bench, 5)
        #expect(try bench.state(fifth) == .proposed)
        try bench.resume()
        #expect(try bench.state(fifth) == .approved)
        bench.turn(20)
        #expect(try bench.state(fifth) == .finished)
        #expect(try bench.verified())
    }

    @Test("it holds across a restart of the guard, and what has lifted it does so too")
    func restart() throws {
        let folder: String
        let plan: String
        do {
            var bench = try DeskBench()
            folder = bench.folder
            plan = try bench.approved()
            try bench.stop("a hand (3): in reach")
        }
        do {
            var bench = try DeskBench(folder, at: 60)
            bench.turn(10)
            #expect(bench.flights == 0)
            #expect(try bench.waits(plan) == ["resume"])
            let held = bench.desk.stopped
            let stop = try #require(held)
            #expect(stop.by == 5 && stop.why == "a hand (3): in reach" && stop.at == PlanSamples.instant(4))
            try bench.resume()
        }
        var bench = try DeskBench(folder, at: 120)
        #expect(bench.desk.stopped == nil)
        bench.turn(10)
        #expect(try bench.state(plan) == .finished)
    }

    @Test("one that says the same again is behind whatever was approved in between, for the next guard as well")
    func again() throws {
        let folder: String
        let plan: String
        do {
            var bench = try DeskBench()
            folder = bench.folder
            _ = try bench.approved()
            try bench.stop()
            plan = try bench.propose { $0.number = 1 }
            try bench.approve(plan)
            let before = bench.desk.head.serial
            for _ in 0..<100 { try bench.stop() }
            #expect(bench.desk.head.serial == before + 1, "and no more than that for so many")
            bench.turn(30)
            #expect(bench.flights == 0)
            #expect(try bench.waits(plan) == ["resume"])
            try bench.resume()
            bench.turn(1)
            try bench.stop()
        }
        var bench = try DeskBench(folder, at: 60)
        bench.turn(10)
        #expect(try bench.waits(plan) == ["resume"])
        try bench.resume()
        bench.turn(20)
        #expect(try bench.state(plan) == .finished)
        #expect(try bench.verified())
    }

    @Test("a ledger that takes no entries changes nothing about it, and neither does the room that comes back")
    func fullLedger() throws {
        guard getuid() == 0 else { return }
        let disk = try SmallDisk(megabytes: 1)
        let plan: String
        do {
            var bench = try DeskBench(disk.folder)
            plan = try bench.approved()
            try disk.fill()
            try bench.stop()
            #expect(bench.desk.ledgerTrouble == .diskFull)
            bench.turn(3)
            #expect(bench.flights == 0)
            #expect(throws: GuardRefusal.ledgerUnavailable(.diskFull)) { try bench.resume() }
            #expect(bench.desk.stopped?.why == "the cat")
            try disk.empty()
            bench.turn(10)
            #expect(bench.desk.ledgerTrouble == nil && bench.flights == 0)
            #expect(try bench.waits(plan) == ["resume"])
        }
        var bench = try DeskBench(disk.folder, at: 60)
        bench.turn(10)
        #expect(bench.flights == 0 && bench.desk.stopped?.why == "the cat")
        try bench.resume()
        bench.turn(10)
        #expect(try bench.state(plan) == .finished)
    }

    @Test("a flight that was ordered just before it does not begin, and the same plan may be approved anew")
    func race() throws {
        var bench = try DeskBench()
        let plan = try bench.approved()
        // The desk has taken its notes, and the robot hears of the stop before it hears of the flight.
        bench.desk.turn(bench.seat.sight, bench.seat.reports(), stops: bench.seat.stopCount, at: bench.now)
        let orders = bench.desk.takeOrders()
        try bench.stop()
        for order in orders { #expect(bench.seat.order(order)) }
        bench.turn(4)
        #expect(bench.flights == 1 && bench.desk.state == .observing)
        let summary = try bench.desk.summary(plan, at: bench.now.wall)
        #expect(summary.state == .failed && summary.story.episode?.fault == .operatorStop)
        #expect(try bench.desk.account().spent == .zero)
        _ = try bench.propose()
        try bench.approve(plan)
        bench.turn(8)
        #expect(try bench.state(plan) == .finished)
    }

    @Test("a stop that no person has ordered keeps nothing down, now and after a restart")
    func ownStop() throws {
        let folder: String
        let plan: String
        do {
            var bench = try DeskBench()
            folder = bench.folder
            plan = try bench.approved()
            bench.desk.turn(
                bench.seat.sight, [.stopped("no room")], stops: bench.seat.stopCount + 1, at: bench.now)
            #expect(bench.desk.stopped == nil)
            #expect(try LedgerReader(at: folder).history.openFaults().map(\.detail) == ["by itself: no room"])
        }
        var bench = try DeskBench(folder, at: 60)
        #expect(bench.desk.stopped == nil)
        let second = try bench.propose { $0.number = 1 }
        try bench.approve(second)
        bench.turn(10)
        #expect(try bench.state(second) == .finished)
        #expect(try bench.state(plan) == .lost, "its flight was ordered, and its guard gone")
    }

    @Test("a stop in the ledger that nobody can read is a person's")
    func unreadable() throws {
        let folder = try DeskBench().folder
        do {
            var ledger = try Ledger.open(at: "\(folder)/ledger.sqlite", program: "test", now: PlanSamples.instant(1))
            _ = try ledger.report(.operatorStop, detail: "?", at: PlanSamples.instant(1))
        }
        let bench = try DeskBench(folder, at: 2)
        let held = bench.desk.stopped
        let stop = try #require(held)
        #expect(stop.by == 65_534 && stop.why == "?")
    }
}
