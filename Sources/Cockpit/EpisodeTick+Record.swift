import Actuators
import ControlLoop
import Episodes
import Guard
import Hashing
import Ledger
import Ports
import Quantities
import Recordings
import Supervision

// A tick of the loop as recordings keep it: the three truths about each joint, and what the supervisor made of it.
extension EpisodeTick {
    init(_ record: borrowing TickRecord) {
        var joints = PerJoint(repeating: JointTick())
        var position: UInt8 = 0
        while let joint = JointIndex(position) {
            joints[joint] = JointTick(record, joint)
            position += 1
        }
        var timing = TimingTick()
        timing.lateness = Seconds(record.moments.began - record.moments.due)
        timing.work = Seconds(record.moments.sent - record.moments.began)
        timing.reading = Seconds(record.moments.read - record.moments.began)
        timing.writing = Seconds(record.moments.sent - record.moments.judged)
        self.init(
            tick: Tick(UInt32(truncatingIfNeeded: record.number)), hostTime: Timestamp(record.moments.began),
            deviceTime: Timestamp(record.samples[.first].instant), joints: joints, sensors: record.sensors,
            verdict: VerdictTick(record.verdict, record.mode), timing: timing)
    }
}

extension JointTick {
    fileprivate init(_ record: borrowing TickRecord, _ joint: JointIndex) {
        self.init(record.samples[joint], at: record.moments.began)
        requested = RecordedCommand(record.asked[joint])
        supervised = RecordedCommand(record.verdict.commands[joint])
        objection = record.verdict.objections[joint].rawValue
    }

    /// What an actuator said, on a tick that began then.
    init(_ sample: JointSample, at began: MonotonicInstant) {
        self.init()
        position = sample.position
        speed = sample.speed
        effort = sample.effort
        temperature = sample.temperature
        voltage = sample.voltage
        alarm = sample.alarm
        age = Seconds(began - sample.instant)
        acknowledged = sample.acknowledged.map { RecordedCommand($0) } ?? .off
    }
}

extension VerdictTick {
    fileprivate init(_ verdict: borrowing Verdict, _ mode: Mode) {
        self.init()
        self.mode = mode.number
        rule = verdict.rule.rawValue
        rung = mode.rung?.rawValue ?? 0
        switch verdict.ruling {
        case .idle(let finding):
            ruling = 0
            fault = finding?.fault.rawValue ?? 0
        case .pass: ruling = 1
        case .clamp: ruling = 2
        case .stop(_, let finding):
            ruling = 3
            fault = finding?.fault.rawValue ?? 0
        }
    }
}

extension RecordedCommand {
    fileprivate init(_ command: JointCommand) {
        switch command {
        case .off: self = .off
        case .position(let goal): self = .position(goal)
        case .speed(let goal): self = .speed(goal)
        case .effort(let goal): self = .effort(goal)
        }
    }

    fileprivate init(_ goal: JointGoal) {
        switch goal {
        case .position(let goal): self = .position(goal)
        case .speed(let goal): self = .speed(goal)
        case .effort(let goal): self = .effort(goal)
        }
    }
}

extension Timestamp {
    fileprivate init(_ instant: MonotonicInstant) { self.init(nanoseconds: UInt64(max(0, instant.nanoseconds))) }
}

extension Seconds {
    fileprivate init(_ span: Duration) { self.init(Float(span / .seconds(1))) }
}

extension EpisodeWords {
    /// The words of this house, by their numbers.
    static var house: EpisodeWords {
        var words = EpisodeWords()
        words.modes = GuardState.allCases.map(\.rawValue)
        words.rulings = ["idle", "pass", "clamp", "stop"]
        words.rules = (0..<32).map { Rule(rawValue: $0).map { "\($0)" } ?? "" }
        words.rungs = ["", "hold", "slow_stop", "park", "limp"]
        return words
    }
}

// What a recording says of itself beside its ticks.
extension RecordingExtras {
    /// At the start: what is flown, and everything that it was made of.
    init(_ flight: Flight, _ settings: SeatSettings) {
        let (plan, dossier) = (flight.proposal.plan, flight.proposal.dossier)
        let texts = [
            "plan_sha256": flight.proposal.digest.text, "permit": "\(flight.approval.serial)",
            "robot": plan.robot.text, "task_sha256": plan.task.digest.text,
            "envelope_sha256": plan.envelope.digest.text, "calibration_sha256": plan.calibration.digest.text,
            "policy_sha256": plan.policy.digest.text, "noise_run": String(plan.noise.run, radix: 16),
            "noise_iteration": "\(plan.noise.iteration)", "noise_episode": "\(plan.noise.episode)",
        ]
        let parts = [
            ("plan", plan.canonicalBytes), ("dossier", dossier.canonicalBytes), ("policy", plan.policy.bytes),
        ]
        let files = settings.files.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        self.init(
            metadata: [Metadata(name: "understudy.episode", texts: texts)],
            attachments: (parts + files).map {
                Attachment(
                    name: $0.0, mediaType: "application/octet-stream", logTime: .zero, createTime: .zero, data: $0.1)
            })
    }

    /// At the end: how it ended. A stopped episode is marked, and is never used as if it had ended by itself.
    init(_ end: FlightEnd, _ sum: FlightSum) {
        let texts = [
            "cause": end.cause.map { "\($0)" } ?? "", "fault": end.cause.map { "\($0.rawValue)" } ?? "0",
            "result": "\(end.result)", "episode_ticks": "\(sum.episodeTicks.rawValue)",
            "latched": "\(end.isLatched)", "read_back": "\(end.isReadBack)",
        ]
        self.init(metadata: [Metadata(name: "understudy.end", texts: texts)])
    }
}
