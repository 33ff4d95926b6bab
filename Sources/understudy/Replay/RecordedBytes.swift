import Actuators
import Cockpit
import Episodes
import Recordings
import Replay
import Robots
import Supervision

/// The bytes of a recording that a guard has made, once more through the drivers, with what they read.
struct RecordedBytes {
    let path: String
    let run: LoadedRun
    let replay: BusReplay
    /// Whether the limits, which some devices are told, are those of then.
    let hasSameLimits: Bool
    /// Whether every state came out as it was recorded.
    var isSound: Bool { replay.isIdentical }

    /// Whether a file begins as recordings do.
    static func isRecording(_ path: String) throws(Outcome.Refusal) -> Bool {
        do throws(RecordingError) {
            return try FileSource(opening: path).beginsAsRecording()
        } catch {
            throw Outcome.Refusal(
                status: .invalidConfiguration, text: error.text(shown(path)), next: error.nextStep)
        }
    }

    init(_ path: String, _ options: ReplayOptions, in surroundings: Surroundings) throws(Outcome.Refusal) {
        let source = options.robot.map(options.source)
        let run = try LoadedRun(path, robot: source, robots: options.robots, in: surroundings)
        let folder = RobotSource.folder(options.envelopes, usual: DoctorOptions.usualEnvelopes, in: surroundings)
        let envelope = try ReplayReport.Safety.envelope(
            EnvelopeSource(name: run.robot.envelopeName, folder: folder), in: surroundings)
        let robot: Robot
        do throws(FileProblems) { robot = try Robot(run.robot, within: envelope) } catch {
            throw Outcome.Refusal(
                status: .invalidConfiguration, text: "the robot of '\(shown(path))' does not fit its envelope",
                next: "say with --envelopes where that of then is")
        }
        let bus = try BusLog(atPath: path)
        do throws(BusReplayProblem) {
            replay = try BusReplay(run.episode.log, bus, of: robot)
        } catch {
            throw Outcome.Refusal(
                status: .invalidConfiguration, text: "'\(shown(path))' \(error.text)", next: error.nextStep)
        }
        self.path = path
        self.run = run
        hasSameLimits = envelope.envelope.identity == run.episode.plan.envelope.digest
    }
}

extension BusLog {
    fileprivate init(atPath path: String) throws(Outcome.Refusal) {
        let found: Result<BusLog, EpisodeLogError>
        do throws(RecordingError) {
            let reader = try RecordingReader(FileSource(opening: path))
            do throws(EpisodeLogError) { found = .success(try BusLog(reader)) } catch { found = .failure(error) }
        } catch { found = .failure(.recording(error)) }
        switch found {
        case .success(let log): self = log
        case .failure(let error): throw Outcome.Refusal(path, error)
        }
    }
}

extension BusReplayProblem {
    fileprivate var text: String {
        switch self {
        case .noBytes: "keeps no bytes of its bus"
        case .noBeginning: "does not say what went over the bus when the motors were switched on"
        case .otherJoints: "is of a robot with other joints"
        case .noBus: "is of a robot whose file names no bus that can be made"
        }
    }

    fileprivate var nextStep: String {
        switch self {
        case .noBytes: "a guard keeps them unless it is told --without-bytes; play it without --bytes"
        case .noBeginning: "play it without --bytes"
        case .otherJoints, .noBus: "say with --as which robot it is"
        }
    }
}

extension RecordedBytes {
    func text(_ style: Style) -> String {
        let seconds = rounded(Float(replay.seconds))
        let lines = [
            style.bold("\(shown(path)): \(shown(run.robot.name)), \(seconds) s of \(run.robot.bus.driver)"),
            "  bus          \(replay.calls) calls, \(replay.bytesOut) bytes to the robot and \(replay.bytesIn) back",
            "  states       \(states)", "  wire         \(wire)",
        ]
        let ends = end.map { ["  ends         \($0)"] } ?? []
        return (lines + ends).map { "\($0)\n" }.joined()
    }

    private var states: String {
        let all = replay.equal + replay.differing + replay.untold
        let untold = replay.untold > 0 ? "; of \(replay.untold) the bytes do not tell" : ""
        guard let first = replay.first else {
            let how = replay.untold > 0 ? "\(replay.equal) of \(all)" : "all \(all)"
            return "\(how) as they were recorded, bit by bit\(untold)"
        }
        let whose = first.joint.isEmpty ? "" : "\(shown(first.joint)) "
        return
            "\(replay.differing) of \(all) DIFFER, the first at \(rounded(Float(first.seconds))) s, tick \(first.tick): "
            + "\(whose)\(shown(first.what)) was \(first.recorded) and is \(first.read)\(untold)"
    }

    private var wire: String {
        let counted = [
            (replay.counters.retries, "requests sent once more"), (replay.counters.timeOuts, "answers missing"),
            (replay.counters.damaged, "packets damaged"), (replay.counters.unexpected, "unexpected"),
            (replay.counters.implausible, "implausible"),
        ]
        let found = counted.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return found.isEmpty ? "nothing was damaged and nothing asked twice" : found.joined(separator: ", ")
    }

    /// Why and when the bytes end to be of use; nil where they last.
    private var end: String? {
        switch replay.broken {
        case nil: return nil
        case .otherRequests(let call, let verb, let seconds)?:
            let limits =
                hasSameLimits ? "" : ", and the limits are others than then: say with --envelopes where those are"
            return "after \(rounded(Float(seconds))) s: today's driver asks otherwise (call \(call), \(verb))\(limits)"
        case .lost(let pieces, let seconds)?:
            return "after \(rounded(Float(seconds))) s: \(pieces) pieces were not kept"
        case .unreadable(let call)?: return "at call \(call), which cannot be read"
        }
    }

    var json: JSONText {
        let number = { (count: UInt64) in JSONText.integer(Int(clamping: count)) }
        let first: JSONText =
            replay.first.map { first in
                .object([
                    ("tick", .integer(Int(first.tick))), ("seconds", .number(Float(first.seconds))),
                    ("joint", .text(first.joint)), ("what", .text(first.what)), ("recorded", .text(first.recorded)),
                    ("read", .text(first.read)),
                ])
            } ?? .null
        return .object([
            ("file", .text(path)), ("robot", .text(run.robot.name)), ("language", .text("\(run.robot.bus.driver)")),
            ("seconds", .number(Float(replay.seconds))), ("calls", .integer(replay.calls)),
            ("bytes_out", .integer(replay.bytesOut)), ("bytes_in", .integer(replay.bytesIn)),
            (
                "states",
                .object([
                    ("same", .integer(replay.equal)), ("different", .integer(replay.differing)),
                    ("untold", .integer(replay.untold)), ("first_different", first),
                ])
            ),
            (
                "wire",
                .object([
                    ("retries", number(replay.counters.retries)), ("missing", number(replay.counters.timeOuts)),
                    ("damaged", number(replay.counters.damaged)), ("unexpected", number(replay.counters.unexpected)),
                    ("implausible", number(replay.counters.implausible)),
                ])
            ),
            ("same", .boolean(replay.isIdentical)), ("ends_early", .optional(end)),
        ])
    }
}
