import Actuators
import CAllocationCounter
import Episodes
import Foundation
import Guard
import GuardSamples
import Ledger
import Ports
import Quantities
import Recordings
import Robots
import Supervision
import Testing

@testable import Cockpit

@Suite("The bytes of a recording through the drivers")
struct BusReplayTests {
    /// A recording with what belongs to it.
    private struct Flown {
        let log: EpisodeLog
        let bus: BusLog
        let robot: Robot
    }

    /// Nil for a flight that never began.
    private func fly(
        _ name: String, faults: String = "", ticks: Int32 = 200, settings: (inout SeatSettings) -> Void = { _ in },
        changing text: (String) -> String = { $0 }
    ) throws -> Flown? {
        let rig = try RobotRig(name, faults: faults, settings: settings, changing: text)
        let isWatched = rig.turn { $0.desk.state == .observing && $0.failedChecks.isEmpty }
        try #require(isWatched, "\(rig.desk.state) \(rig.failedChecks)")
        try rig.grant()
        let hash = try rig.approved(rig.proposal(rig.policy(), ticks))
        let isOver = try rig.turn { try $0.state(hash).isFinal }
        try #require(isOver)
        let episode = try #require(try rig.desk.summary(hash, at: rig.time.wall).story.episode)
        guard let file = episode.recording?.path else { return nil }
        let path = "\(rig.folder)/\(file)"
        let reader = try RecordingReader(FileSource(opening: path))
        let flown = Flown(
            log: try EpisodeLog(reader, words: .house), bus: try BusLog(reader), robot: rig.robot)
        rig.close()
        return flown
    }

    private static func moteus(_ text: String) -> String {
        text.replacing("driver: \"dynamixel\"", with: "driver: \"moteus\"").replacing("baud: 1000000,", with: "")
            .replacing("model: \"xl330-m288\"", with: "model: \"moteus\"")
            .replacing("torque_per_ampere_nm_a: 0.366,", with: "")
    }

    @Test(
        "every state comes out as it was recorded, bit by bit, of every bus",
        arguments: [("pendulum", "dynamixel"), ("reacher", "feetech"), ("leg", "board"), ("pendulum", "moteus")])
    func same(name: String, driver: String) throws {
        let flown = try #require(try fly(name, changing: driver == "moteus" ? Self.moteus : { $0 }))
        #expect("\(flown.robot.file.bus.driver)" == driver)
        let replay = try BusReplay(flown.log, flown.bus, of: flown.robot)
        #expect(replay.isIdentical, "\(String(describing: replay.first)) \(String(describing: replay.broken))")
        #expect(replay.equal == flown.log.ticks.count && replay.equal > 20)
        #expect(replay.bytesIn > 1_000 && replay.bytesOut > 1_000 && replay.calls > replay.equal)
        #expect(replay.counters.retries == 0 && replay.counters.damaged == 0)
    }

    @Test(
        "a wire that loses and damages is repaired again as it was, and what was repaired is counted",
        arguments: ["pendulum", "reacher"])
    func damaged(name: String) throws {
        var repaired: UInt64 = 0
        // Where the wire is worse more is repaired, and sooner or later the flight does not even begin: then once more.
        for share in [0.002, 0.004, 0.006, 0.008, 0.01, 0.004, 0.006, 0.008] where repaired == 0 {
            let faults = "packet-loss@0s:\(share),bit-flips@0s:\(share)"
            guard let flown = try fly(name, faults: faults, ticks: name == "reacher" ? 200 : 300) else { continue }
            let replay = try BusReplay(flown.log, flown.bus, of: flown.robot)
            #expect(replay.isIdentical, "\(String(describing: replay.first)) \(String(describing: replay.broken))")
            repaired = min(replay.counters.retries, replay.counters.timeOuts + replay.counters.damaged)
        }
        #expect(repaired > 0)
    }

    @Test("what is read otherwise is named: when, which joint, both values")
    func different() throws {
        let flown = try #require(try fly("pendulum"))
        let other = try RobotSample(
            "pendulum", changing: { $0.replacing("zero_rad: 3.1416", with: "zero_rad: 3.0416") })
        let replay = try BusReplay(flown.log, flown.bus, of: other.robot)
        let first = try #require(replay.first)
        #expect(replay.equal == 0 && replay.differing == flown.log.ticks.count && replay.broken == nil)
        #expect(first.joint == "swing" && first.what == "position_rad" && first.seconds == 0)
        let change = try #require(Float(first.read)) - (try #require(Float(first.recorded)))
        #expect(abs(change - 0.1) < 1e-4)
    }

    @Test("one turned bit of an answer shows in the states or in what is asked then; so does another request")
    func tampered() throws {
        let flown = try #require(try fly("pendulum", ticks: 100))
        let reads = flown.bus.calls.indices.filter { flown.bus.calls[$0].verb == "read" }
        let place = reads[reads.count / 2]
        let steps = flown.bus.calls[place].steps
        let answer = try #require(steps.range(of: "<"))
        var digits = Array(steps)
        let digit = steps.distance(from: steps.startIndex, to: answer.upperBound) + 24
        digits[digit] = digits[digit] == "0" ? "1" : "0"
        let damaged = try BusReplay(flown.log, flown.bus.changing(place) { $0.steps = String(digits) }, of: flown.robot)
        guard case .otherRequests(_, verb: "read", _) = damaged.broken else {
            Issue.record("\(damaged)")
            return
        }
        #expect(!damaged.isIdentical && damaged.differing == 0 && damaged.untold >= 1)
        let write = try #require(flown.bus.calls.firstIndex { $0.verb == "write" })
        let told = try BusReplay(flown.log, flown.bus.changing(write) { $0.goals = "e0.01" }, of: flown.robot)
        guard case .otherRequests(_, verb: "write", _) = told.broken else {
            Issue.record("\(told)")
            return
        }
    }

    @Test("a recording without bytes says so; one whose bytes were lost ends there")
    func absent() throws {
        let silent = try #require(try fly("pendulum", ticks: 50, settings: { $0.keepsBytes = false }))
        #expect(silent.bus.calls.isEmpty)
        #expect(throws: BusReplayProblem.noBytes) { try BusReplay(silent.log, silent.bus, of: silent.robot) }
        let flown = try #require(try fly("pendulum", ticks: 50))
        let place = try #require(flown.bus.calls.firstIndex { $0.verb == "write" }) + 8
        let cut = try BusReplay(flown.log, flown.bus.changing(place) { $0.lost = 7 }, of: flown.robot)
        guard case .lost(7, _) = cut.broken else {
            Issue.record("\(cut)")
            return
        }
        #expect(cut.equal > 0 && cut.untold > 0 && cut.differing == 0 && !cut.isIdentical)
    }
}

extension BusLog {
    /// The same with something else in one call.
    fileprivate func changing(_ place: Int, _ change: (inout BusRecord) -> Void) -> BusLog {
        var calls = calls
        change(&calls[place])
        return BusLog(calls: calls)
    }
}

/// A port that answers with one byte more each time, on a clock that goes on by a microsecond.
private struct CountingPort: BytePort, ~Copyable {
    var counters = PortCounters()
    var isPatient = false
    var reads = 0
    var time: Int64 = 1_000
    var now: MonotonicInstant { MonotonicInstant(nanoseconds: time) }

    mutating func write(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) throws(PortError) { time += 1_000 }

    mutating func read(
        into buffer: inout MutableSpan<UInt8>, from start: Int, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        reads += 1
        time += 1_000
        guard reads % 3 != 0 || isPatient else { throw .timedOut(transferred: 0) }
        for place in 0..<reads { buffer[start + place] = UInt8(place) }
        return reads
    }

    mutating func discardInput() throws(PortError) -> Int { 2 }
    mutating func setLastWords(_ words: LastWords) {}
}

@Suite("What a line's tape keeps")
struct LineTapeTests {
    private let goals = PerJoint<JointGoal>(repeating: .speed(RadiansPerSecond(-0.25)))

    private struct NoTape: Error {}

    private func reader(of tape: LineTape) throws -> TapeReader {
        guard let pieces = tape.takePieces() else { throw NoTape() }
        return TapeReader(pieces)
    }

    /// One call, as a bus makes it.
    private func talk(_ port: inout WitnessedPort<CountingPort, LineTape>, _ tape: LineTape, bytes: Int) {
        tape.begins(.write, by: MonotonicInstant(nanoseconds: 9_000), at: port.now, rotation: 5)
        if let joints = JointCount(2) { tape.heard(goals, of: joints) }
        var room = InlineArray<128, UInt8>(repeating: 7)
        do throws(PortError) {
            _ = try port.discardInput()
            _ = port.now
            try port.write(room.span.extracting(0..<bytes), by: .never)
            var span = room.mutableSpan
            _ = try port.read(into: &span, by: .never)
        } catch {}
        _ = port.now
        tape.ends()
    }

    @Test("steps, times and goals come back as they were, whatever their length; between calls nothing is kept")
    func kept() throws {
        let tape = LineTape(capacity: 64)
        var reader = try self.reader(of: tape)
        var port = WitnessedPort(CountingPort(), tape)
        _ = port.now
        talk(&port, tape, bytes: 100)
        _ = port.now
        let next1 = reader.next()
        let first = try #require(next1)
        let sevens = String(repeating: "07", count: 100)
        #expect(first.verb == "write" && first.deadline == 9_000 && first.rotation == 5 && first.lost == 0)
        #expect(first.goals == "s-0.25 s-0.25" && first.steps == "?2 @1000 >\(sevens) <00 +2000")
        let steps = try #require(CapturedSteps(first.steps)?.steps)
        let wrote = CapturedStep.wrote([UInt8](repeating: 7, count: 100), nil)
        #expect(
            steps == [
                .discarded(2, nil), .clock(MonotonicInstant(nanoseconds: 1_000)), wrote, .read([0], nil),
                .clock(MonotonicInstant(nanoseconds: 3_000)),
            ])
        for _ in 0..<2 { talk(&port, tape, bytes: 0) }
        let next2 = reader.next()
        #expect(next2?.steps.hasSuffix("<0001 +2000") == true)
        let next3 = reader.next()
        #expect(next3?.steps.hasSuffix("<!t0 +2000") == true)
        #expect(CapturedSteps("<!t0")?.steps == [.read([], .timedOut(transferred: 0))])
        #expect(CapturedSteps("<0") == nil && CapturedSteps("@") == nil && CapturedSteps("x1") == nil)
        let next4 = reader.next()
        #expect(next4 == nil)
    }

    @Test("what finds no room is counted, and the next call that is kept says how much")
    func lost() throws {
        let tape = LineTape(capacity: 16)
        var reader = try self.reader(of: tape)
        var port = WitnessedPort(CountingPort(), tape)
        // Twelve pieces each: begin, goals, thrown away, clock, three of bytes, written, bytes, read, clock, end.
        for _ in 0..<3 { talk(&port, tape, bytes: 100) }
        let next5 = reader.next()
        let first = try #require(next5)
        #expect(first.lost == 0)
        let next6 = reader.next()
        #expect(next6 == nil)
        talk(&port, tape, bytes: 0)
        let next7 = reader.next()
        let second = try #require(next7)
        // The second call lost eight of its twelve, and the third, whose read timed out, eleven of eleven.
        #expect(second.lost == 8 + 11 && second.number == first.number + 2, "\(second)")
        #expect(reader.lost == second.lost)
    }

    @Test("it takes no memory", .enabled(if: callocationcounter_counts()))
    func memory() throws {
        let tape = LineTape(capacity: 4_096)
        // Whoever runs these tests looks at what is thrown, and takes memory for that.
        var port = WitnessedPort(CountingPort(isPatient: true), tape)
        talk(&port, tape, bytes: 100)
        let before = callocationcounter_of_this_thread()
        var round = 0
        while round < 50 {
            talk(&port, tape, bytes: 100)
            round += 1
        }
        #expect(callocationcounter_of_this_thread() == before)
    }
}
