import Foundation
import GuardSamples
import Quantities
import Robots
import Supervision
import Testing

@testable import Replay

@Suite("Flights judged once more") struct SafetyReplayTests {
    /// More of them in `make proof`.
    private static let count: UInt32 =
        unsafe getenv("UNDERSTUDY_CAMPAIGN").map { unsafe String(cString: $0) } == "proof" ? 1_000 : 2

    private func replay(_ bytes: [UInt8], _ robot: Robot) throws -> SafetyReplay {
        let episode = try flown(bytes)
        let envelope = robot.envelope.envelope
        return try SafetyReplay(
            episode, SafetyInputs(episode, robot.file, envelope), under: envelope)
    }

    private func difference(_ replay: SafetyReplay) -> String {
        guard let (place, what) = replay.firstDifference else { return "\(replay.verdicts.count)" }
        return "\(what) at \(place) of \(replay.inputs.ticks.count): \(replay.inputs.ticks[place].recorded), "
            + "now \(replay.verdicts[place]); told \(replay.told)"
    }

    @Test("under the rules of then every verdict is the same, bit by bit")
    func identical() throws {
        let flights = try RecordedFlights()
        for number in 1...Self.count {
            let replay = try replay(flights.fly(flights.swinging(number)), flights.robot)
            #expect(replay.isIdentical, "\(number): \(difference(replay))")
            #expect(replay.told.map(\.event) == [.finish])
        }
    }

    @Test("a stop from outside is found out, and everything else is the same")
    func stopped() throws {
        let flights = try RecordedFlights()
        let replay = try replay(flights.fly(flights.swinging(9, ticks: 2_000), stopping: true), flights.robot)
        #expect(replay.isIdentical, "\(difference(replay))")
        #expect(replay.told.map(\.event) == [.fault(.operatorStop)] && replay.told.allSatisfy(\.isInferred))
    }

    @Test("a narrower band stops the flight, and the replay stops it on the same tick for the same reason")
    func tube() throws {
        let flights = try RecordedFlights()
        let wide = try flights.swinging(3)
        let bytes = try flights.fly { change in
            wide(&change)
            change.band = (-0.02, 0.02)
        }
        let episode = try flown(bytes)
        #expect(episode.end?.fault == Fault.leftTube.rawValue)
        let replay = try replay(bytes, flights.robot)
        #expect(replay.isIdentical, "\(difference(replay))")
        #expect(replay.objections.contains { $0.kind == .stopped(fault: Fault.leftTube.rawValue) })
    }

    @Test("under other rules it says what would have been changed, when and by which rule")
    func otherRules() throws {
        let flights = try RecordedFlights()
        let replay = try replay(flights.fly(flights.swinging(4)), flights.robot)
        let text = String(decoding: try PlanSamples.bytes(of: "safety/envelopes/pendulum.json5"), as: UTF8.self)
        let strict = text.replacing("effort_limit_nm: 0.2", with: "effort_limit_nm: 0.02")
        #expect(strict != text)
        let envelope = try EnvelopeFile(parsing: Array(strict.utf8)).envelope
        let other = replay.repeated(under: envelope)
        let clamps = other.objections.filter { $0.kind == .clamped(joint: 0) && $0.rule == .effort }
        #expect(!clamps.isEmpty && other.firstDifference != nil)
        for clamp in clamps {
            let most = envelope.joints[.first].effort.value
            for place in clamp.first...clamp.last {
                #expect(abs(other.inputs.asked(at: place)[.first].value) > most)
            }
        }
    }
}
