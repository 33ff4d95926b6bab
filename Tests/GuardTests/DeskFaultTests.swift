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

@Suite("The desk when something is wrong")
struct DeskFaultTests {
    @Test("a fault that latches needs a person, across a restart too, and then everything is verified anew")
    func latch() throws {
        let folder: String
        do {
            var bench = try DeskBench()
            folder = bench.folder
            bench.turn(4)
            bench.seat.fault(.encoderJump)
            bench.turn()
            #expect(bench.desk.state == .latched && bench.desk.latched?.fault == .encoderJump)
        }
        var bench = try DeskBench(folder, at: 60)
        try bench.grant()
        let hash = try bench.propose()
        try bench.approve(hash)
        bench.turn(10)
        #expect(bench.desk.state == .latched && bench.seat.orders.isEmpty)
        #expect(try bench.desk.summary(hash, at: bench.now.wall).waitsFor == ["fault 23"])
        let ada = try PlanSamples.caller(.operator)
        #expect(throws: GuardRefusal.notLatched(24, latched: .encoderJump)) {
            try bench.desk.clear(24, by: ada, why: "x", at: bench.now)
        }
        #expect(throws: GuardRefusal.invalidParameter("why")) {
            try bench.desk.clear(23, by: ada, why: "", at: bench.now)
        }
        #expect(throws: GuardRefusal.self) { try bench.desk.resume(by: ada, why: "", at: bench.now) }
        _ = try bench.desk.clear(23, by: ada, why: "the horn was loose", at: bench.now)
        bench.turn(10)
        #expect(bench.seat.orders == ["identify", "prepare", "observe", "fly"])
        #expect(try bench.state(hash) == .finished)
        #expect(try bench.verified())
    }

    @Test("a latch of the robot is cleared there too, and what stays latched is a fault again")
    func clearing() throws {
        var bench = try DeskBench()
        bench.turn(4)
        bench.seat.fault(.deviceLost)
        bench.turn(2)
        let ada = try PlanSamples.caller(.operator)
        #expect(try bench.desk.clear(28, by: ada, why: "plugged in", at: bench.now) != .done)
        bench.turn(6)
        #expect(bench.desk.state == .observing)
        #expect(bench.seat.orders == ["identify", "prepare", "observe", "clear", "identify", "prepare", "observe"])
    }

    @Test("a stop in an episode ends it as stopped by an operator, and says who and why in the ledger")
    func stop() throws {
        var bench = try DeskBench()
        try bench.grant()
        bench.turn(4)
        let hash = try bench.propose { $0.horizon = 1_000 }
        try bench.approve(hash)
        bench.turn(1)
        bench.seat.stop()
        bench.desk.note(stop: "the cat", by: try PlanSamples.caller(.anyone, 5, "bob"), at: bench.now)
        bench.turn(8)
        let summary = try bench.desk.summary(hash, at: bench.now.wall)
        #expect(summary.state == .stopped && summary.end == .operator)
        #expect(bench.desk.state == .observing)
        #expect(try bench.verified())
    }

    @Test("a robot that refuses the flight did not move: the plan has failed and costs nothing")
    func refused() throws {
        var bench = try DeskBench(latestSerial: 1_000)
        try bench.grant()
        bench.turn(4)
        let hash = try bench.propose()
        try bench.approve(hash)
        bench.turn(5)
        let summary = try bench.desk.summary(hash, at: bench.now.wall)
        #expect(summary.state == .failed && summary.end == .guard)
        let account = try bench.desk.account()
        #expect(account.spent == .zero && account.reserved == .zero)
        _ = try bench.propose()
        #expect(try bench.state(hash) == .proposed)
        #expect(try bench.verified())
    }

    @Test("a robot that was well and then had trouble is looked at again after the pause, and flies on")
    func warning() throws {
        var bench = try DeskBench()
        try bench.grant()
        bench.turn(4)
        bench.seat.warn("the recording ended early")
        bench.turn()
        let hash = try bench.propose()
        try bench.approve(hash)
        bench.turn(8)
        #expect(try bench.desk.summary(hash, at: bench.now.wall).waitsFor == ["identity"])
        bench.turn(10)
        #expect(try bench.state(hash) == .finished)
    }

    @Test("another device in the place of the calibrated one is seen before the next episode")
    func stranger() throws {
        var bench = try DeskBench()
        try bench.grant()
        bench.turn(4)
        bench.seat.exchange(SeatDevice(id: 1, model: "xl330-m288", firmware: "45", serial: nil))
        bench.pass(61)
        let hash = try bench.propose()
        try bench.approve(hash)
        bench.turn(10)
        #expect(!bench.seat.orders.contains("fly"))
        #expect(try bench.desk.summary(hash, at: bench.now.wall).waitsFor.contains("firmware"))
        bench.seat.exchange(SeatDevice(id: 1, model: "xl330-m288", firmware: "46", serial: nil))
        bench.turn(20)
        #expect(try bench.state(hash) == .finished)
    }

    @Test(
        "without a record of a calibration the robot is watched and not moved; 'none needed' counts on virtual lines only"
    )
    func calibration() throws {
        let virtual = """
            { "format": 1, "robot": "pendulum", "made": "2026-01-01T00:00:00Z", "valid_days": 1,
              "calibration": "none needed" }
            """
        for (facts, flies) in [
            (try PlanSamples.facts(nil), false), (try PlanSamples.facts(virtual), false),
            (try PlanSamples.facts(virtual, isVirtual: true), true),
        ] {
            var bench = try DeskBench(facts: facts)
            bench.turn(6)
            #expect(bench.desk.state == .observing)
            let check = try #require(bench.desk.checks(at: bench.now.wall).first { $0.name == .calibration })
            #expect(check.passed == flies && check.passed == check.remedy.isEmpty)
            try bench.grant()
            let hash = try bench.propose()
            if flies { try bench.approve(hash) } else { #expect(throws: GuardRefusal.self) { try bench.approve(hash) } }
            bench.turn(10)
            #expect(bench.seat.orders.contains("fly") == flies)
            #expect(try bench.state(hash) == (flies ? .finished : .proposed))
        }
    }

    @Test("refusals are in the ledger at once, and what repeats itself is counted")
    func refusals() throws {
        var bench = try DeskBench()
        let mallory = try PlanSamples.caller(.learner, 666, "mallory")
        let before = bench.desk.head.serial
        for _ in 0..<500 { bench.desk.note(refused: "Approve", of: mallory, why: "NotAllowed", at: bench.now) }
        #expect(bench.desk.head.serial == before + 1)
        bench.pass(11)
        bench.desk.turn(bench.seat.sight, [], stops: 0, at: bench.now)
        #expect(bench.desk.head.serial == before + 2)
        #expect(try bench.verified())
    }

    @Test("an order that the robot has no room for is not lost, and one that it takes is given once")
    func full() throws {
        var bench = try DeskBench()
        bench.seat.fill(true)
        let reports = bench.seat.reports()
        bench.desk.turn(bench.seat.sight, reports, stops: 0, at: bench.now)
        let orders = bench.desk.takeOrders()
        #expect(orders.count == 1 && !bench.seat.order(orders[0]))
        #expect(bench.desk.takeOrders().isEmpty)
        bench.seat.fill(false)
        #expect(bench.seat.order(orders[0]))
        bench.turn(4)
        #expect(bench.desk.state == .observing)
    }

    @Test("a plan that is approved flies when the ledger takes entries again, though nobody else writes any")
    func roomAgain() throws {
        guard getuid() == 0 else { return }
        let disk = try SmallDisk(megabytes: 1)
        var bench = try DeskBench(disk.folder)
        try bench.grant()
        bench.turn(4)
        let hash = try bench.propose()
        try bench.approve(hash)
        try disk.fill()
        bench.turn(3)
        #expect(bench.desk.ledgerTrouble == .diskFull && !bench.seat.orders.contains("fly"))
        try disk.empty()
        bench.turn(10)
        #expect(try bench.state(hash) == .finished)
        #expect(bench.desk.ledgerTrouble == nil)
    }

    @Test("while the ledger cannot grow nothing is allowed and nothing flies; what ended meanwhile is written later")
    func diskFull() throws {
        guard getuid() == 0 else { return }
        let mount = FileManager.default.temporaryDirectory.appending(path: "full-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: mount) }
        try #require(shell("mount -t tmpfs -o size=640k none \(mount)") == 0)
        defer { _ = shell("umount -l \(mount)") }
        var bench = try DeskBench(mount)
        try bench.grant()
        bench.turn(4)
        let hashes = try (0..<2).map { number in try bench.propose { $0.number = UInt32(number) } }
        for hash in hashes { try bench.approve(hash) }
        bench.turn(1)
        #expect(try bench.state(hashes[0]) == .running)
        _ = shell("head -c 10M /dev/zero > \(mount)/ballast 2> /dev/null")
        bench.turn(10)
        #expect(bench.desk.ledgerTrouble == .diskFull)
        #expect(try bench.state(hashes[0]) == .running)
        #expect(bench.seat.orders.filter { $0 == "fly" }.count == 1)
        #expect(throws: GuardRefusal.ledgerUnavailable(.diskFull)) { _ = try bench.propose { $0.number = 9 } }
        #expect(bench.desk.checks(at: bench.now.wall).failed.map(\.name) == [.ledger])
        _ = shell("rm \(mount)/ballast")
        bench.turn(20)
        #expect(bench.desk.ledgerTrouble == nil)
        for hash in hashes { #expect(try bench.state(hash) == .finished) }
        #expect(try bench.verified())
    }
}

private func shell(_ command: String) -> Int32 {
    // SAFETY: a constant text without anything from outside.
    unsafe system(command)
}
