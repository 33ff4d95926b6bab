import Expressions
import Foundation
import GuardSamples
import Hashing
import Models
import Policies
import Quantities
import Recordings
import Robots
import Supervision
import Testing

@testable import Replay

/// Recordings that were made once, by the program of that day, beside the robot and the envelope of that day, which may
/// have changed since.
enum GoldenFlights {
    private static let folder = "Tests/ReplayTests/Golden"
    static let names = (1...5).map { "Golden/flight-\($0).mcap" }

    static func bytes() throws -> [[UInt8]] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        return try names.map { Array(try Data(contentsOf: folder.appending(path: $0))) }
    }

    static func episodes() throws -> [FlownEpisode] { try bytes().map { try flown($0) } }

    static func envelope() throws -> Envelope {
        let bytes = try PlanSamples.bytes(of: "\(folder)/envelopes/" + "pendulum.json5")
        return try EnvelopeFile(parsing: bytes).envelope
    }

    static func robot(_ change: (String) -> String = { $0 }) throws -> RobotFile {
        let bytes = try PlanSamples.bytes(of: "\(folder)/robots/pendulum/" + "robot.json5")
        let text = String(decoding: bytes, as: UTF8.self)
        return try RobotFile(parsing: Array(change(text).utf8))
    }
}

@Suite("Recordings beside a model") struct ModelReplayTests {
    @Test("recordings of an earlier program are still judged the same, bit by bit")
    func golden() throws {
        let envelope = try GoldenFlights.envelope()
        for episode in try GoldenFlights.episodes() {
            let replay = try SafetyReplay(
                episode, SafetyInputs(episode, GoldenFlights.robot(), envelope), under: envelope)
            #expect(replay.isIdentical, "\(String(describing: replay.firstDifference))")
        }
    }

    @Test("the policy asks once more for the very bits that were recorded, on every tick")
    func requests() throws {
        let robot = try GoldenFlights.robot()
        let fidelity = try Fidelity(GoldenFlights.episodes(), robot, RollingModel(robot))
        #expect(fidelity.used == 5 && fidelity.stopped == 0)
        for pair in fidelity.pairs { #expect(pair.repeatedRequests == pair.ticks && pair.ticks > 105, "\(pair)") }
    }

    /// Of so few and short episodes a model cannot be told from a better one; it must say so.
    @Test("a model of the robot knows most of what it gets, and how sure that is after five episodes")
    func fidelity() throws {
        let robot = try GoldenFlights.robot()
        let fidelity = try Fidelity(GoldenFlights.episodes(), robot, RollingModel(robot))
        let rewards = try #require(fidelity.rewardsToGo)
        let interval = try #require(rewards.interval)
        #expect(rewards.value > 0.8 && interval.contains(rewards.value), "\(rewards)")
        #expect(interval.upperBound - interval.lowerBound > 0.2)
        let gradients = try #require(fidelity.gradients)
        #expect(gradients.value > 0.3 && fidelity.returns?.count == 5)
    }

    @Test("errors grow with the horizon, from nearly nothing, and stay below those of one who predicts no motion")
    func growth() throws {
        let robot = try GoldenFlights.robot()
        let episodes = try Array(GoldenFlights.episodes().prefix(2))
        let growth = try ErrorGrowth(episodes, RollingModel(robot), period: robot.period, longest: 0.4)
        let errors = growth.positions[0]
        #expect(growth.horizons.first == Double(robot.period.value) && abs((growth.horizons.last ?? 0) - 0.4) < 0.01)
        #expect(errors[0] < 0.01 && errors[0] < errors[errors.count / 2])
        #expect((errors.last ?? 9) < (growth.still[0].last ?? 0) / 2, "\(errors), \(growth.still[0])")
        let wrong = try GoldenFlights.robot { $0.replacing("mgl: { value: 0.108", with: "mgl: { value: 0.05") }
        let worse = try ErrorGrowth(episodes, RollingModel(wrong), period: robot.period, longest: 0.4)
        #expect((worse.positions[0].last ?? 0) > (errors.last ?? 9))
    }

    @Test("the numbers that a task draws follow from the key, for the guard, replay and models alike")
    func draws() throws {
        let robot = try RobotFile(parsing: PlanSamples.bytes(of: "Calibration/reacher/robot.json5"))
        let task = robot.task
        #expect(!task.draws.isEmpty)
        for number in UInt32(0)..<8 {
            let key = NoiseKey(run: 3, iteration: 1, episode: number)
            let stream = NoiseStream(key, for: .start)
            let expected = task.draws.enumerated().map { place, draw in
                switch draw.distribution {
                case .even(let range):
                    let share = Double(stream.bits(tick: 0, block: UInt32(place)).0) / Double(UInt32.max)
                    return Float(range.lowerBound + share * (range.upperBound - range.lowerBound))
                case .normal(let mean, let deviation):
                    return Float(mean + deviation * Double(stream.normals(tick: 0, block: UInt32(place))[0]))
                }
            }
            #expect(task.drawn(for: key) == expected && robot.stageStarts.drawn(key) == expected)
        }
    }

    @Test("what recordings do not hold, and what is no recording of an episode, is refused by name")
    func refused() throws {
        let leg = try RobotFile(parsing: PlanSamples.bytes(of: "Calibration/leg/robot.json5"))
        let episode = try #require(try GoldenFlights.episodes().first)
        #expect(throws: ModelProblem.noModel("no")) { try RollingModel(GoldenFlights.robot(), named: "no") }
        let envelope = try EnvelopeFile(parsing: PlanSamples.bytes(of: "safety/envelopes/leg.json5")).envelope
        #expect(throws: SafetyProblem.otherJoints(envelope: 2, recorded: 1)) {
            try SafetyInputs(episode, leg, envelope)
        }
        let bytes = try GoldenFlights.bytes()[0]
        #expect(throws: RecordingError.unfinished(size: 3_000)) { try flown(Array(bytes.prefix(3_000))) }
        var writer = try RecordingWriter(MemorySink(), settings: WriterSettings())
        try writer.add(Schema(id: 1, name: "S", encoding: "jsonschema", data: Array("{}".utf8)))
        try writer.add(Channel(id: 1, schema: 1, topic: "/state", encoding: "json"))
        let foreign = try writer.finish().bytes
        #expect(throws: EpisodeLogError.missingChannels(["/action", "/verdict", "/timing"])) { try flown(foreign) }
    }
}
