public import Episodes
internal import Hashing
public import Metrology
public import Models
public import Quantities
public import Robots
public import Supervision

/// One plan of a calibration.
public enum CalibrationStep: Hashable, Sendable {
    /// Small motions, to see that every joint turns the way that it should.
    case directions
    /// One joint slowly through its range and back, to the same place from both sides, and suddenly by a little; or a part
    /// of that.
    case joint(Int)
    /// All joints at once, by a motion that tells much about the model.
    case experiment
    /// A little of everything, to see whether a record still holds.
    case check
}

/// The motions that a robot is measured by, as plans that its guard takes.
///
/// The same robot in the same session gets the same plans, bit for bit: who is interrupted proposes them again, and those
/// that were flown are not flown again. Which ones they are is in the plans themselves, so no other state is kept.
public struct CalibrationPlans: Sendable {
    public let robot: Robot
    public let task: Digest
    /// Of the record in force; zero without one.
    public let calibration: Digest
    /// One more than the calibrations before it.
    public let session: UInt32
    /// How long the search for a motion that tells much may be.
    public var effort = (rounds: 5, candidates: 16)

    public init(_ robot: Robot, task: Digest, calibration: Digest?, session: UInt32) {
        self.robot = robot
        self.task = task
        self.calibration = calibration ?? .zero
        self.session = session
    }

    private var envelope: Envelope { robot.envelope.envelope }
    private var period: Seconds { envelope.robot.period }
    private func limits(of joint: Int) -> JointEnvelope { envelope.joints.elements[joint] }

    /// - Parameter attempt: counts what was stopped; the same motion once more is another plan.
    public func directions(from measured: [Radians], attempt: UInt32 = 0) throws(CalibrationPlanProblem) -> Proposal {
        let starts = measured.enumerated().map { joint, position in rounded(position, for: joint) }
        let distances = starts.enumerated().map { joint, start in nudge(of: joint, from: start) }
        let longest = distances.map(\.magnitude).max() ?? .zero
        // The course of least jerk is at its middle 15/8 as fast as on the average.
        let moving = max(0.6, longest.value * 1.875 / (0.9 * envelope.robot.parkSpeed.value))
        let script: MotionScript
        do throws(ScriptDefect) {
            script = try MotionScript.directions(
                from: starts, distances: distances, moving: ticks(moving), resting: ticks(0.4))
        } catch { throw .motions(error) }
        return try proposal(script, from: starts, number: attempt)
    }

    /// What a joint does in each of its plans: all of it in one where that fits into the time of a permit. One that stands on
    /// something is not sent through its range: what it would measure is how its foot sticks to the ground.
    public func parts(of joint: Int) -> [[CalibrationCourse.Part]] {
        guard !stands else { return [[.steps]] }
        let most = Int((robot.motionTime / period.value).rounded(.down))
        var plans: [[CalibrationCourse.Part]] = []
        for part in CalibrationCourse.Part.allCases {
            let together = (plans.last ?? []) + [part]
            let ticks = CalibrationCourse.ticks(of: together, for: courses[joint], period: period)
            if plans.isEmpty || ticks > most { plans.append([part]) } else { plans[plans.count - 1] = together }
        }
        return plans
    }

    /// - Parameter part: one of `parts(of:)`, by its place.
    public func joint(
        _ joint: Int, part: Int = 0, attempt: UInt32 = 0
    ) throws(CalibrationPlanProblem) -> Proposal {
        let most = CalibrationCourse.Part.allCases.count
        let number = UInt32((joint + 1) * most + part) * Self.mostAttempts + attempt
        return try fixed(number: number) { () throws(ScriptDefect) in
            try CalibrationCourse(
                courses, moving: [joint], parts(of: joint)[part], period: period, followsReset: true)
        }
    }

    /// A motion of all joints that tells much about the model.
    public struct Experiments: Sendable {
        let waves: [[Experiment.Wave]]
        let ticks: Int
    }

    /// Looks for such a motion, which takes a while. Nil where the robot has no model with free parameters, or no motion
    /// was found that keeps its limits.
    public func search() throws(CalibrationPlanProblem) -> Experiments? {
        // In the end the robot goes back to its start and rests.
        let time = min(8, Double(robot.motionTime) - 2.5)
        let length = Int((time / Double(period.value)).rounded())
        guard !stands else { return Experiments(waves: Self.swaying(robot.file.joints.count), ticks: length) }
        let found = try CalibrationExperiment(robot).best(
            ticks: length, rounds: effort.rounds, candidates: effort.candidates)
        return found.map { Experiments(waves: $0.waves, ticks: length) }
    }

    /// Small swings about the start, of every joint at rates of its own: what stands cannot be pushed as one likes.
    private static func swaying(_ joints: Int) -> [[Experiment.Wave]] {
        (0..<joints).map { joint in
            [2.1, 3.7, 6.1].enumerated().map { place, rate in
                Experiment.Wave(amplitude: 0.05, rate: rate * (1 + 0.17 * Double(joint)), phase: Double(place))
            }
        }
    }

    public func experiment(_ found: Experiments, attempt: UInt32 = 0) throws(CalibrationPlanProblem) -> Proposal {
        try fixed(number: 250 * Self.mostAttempts + attempt) { () throws(ScriptDefect) in
            try CalibrationCourse(
                courses, moving: [], period: period, followsReset: true, experiment: (found.waves, found.ticks))
        }
    }

    /// Every joint a little, in a few seconds: whether what was measured still holds.
    public func check(attempt: UInt32) throws(CalibrationPlanProblem) -> Proposal {
        try fixed(number: 1 << 20 + attempt) { () throws(ScriptDefect) in
            guard !stands else { return try CalibrationCourse(courses, [.steps], period: period, followsReset: true) }
            return try CalibrationCourse(
                quickly: courses, within: Seconds(min(12, robot.motionTime)), period: period,
                followsReset: true)
        }
    }

    private func fixed(
        number: UInt32, _ course: () throws(ScriptDefect) -> CalibrationCourse
    ) throws(CalibrationPlanProblem) -> Proposal {
        let script: MotionScript
        do throws(ScriptDefect) { script = try course().script } catch { throw .motions(error) }
        return try proposal(script, from: robot.file.starts.map(\.position), number: number)
    }

    public static let mostAttempts: UInt32 = 64

    private func ticks(_ seconds: Float) -> Ticks { Ticks(Int32(max(1, (seconds / period.value).rounded(.up)))) }

    /// Whether a part of the body is moved by no joint, as the boom of a leg: it stands on the ground, and falls when it lets
    /// go.
    private var stands: Bool { !robot.file.sensors.isEmpty }

    // MARK: Where joints go

    /// A resting joint is measured a little differently every time, and its plan has to be the same. Not far from where it
    /// rests, or a joint that has to lift something would be told to go hardly anywhere.
    private func rounded(_ position: Radians, for joint: Int) -> Radians {
        let (low, high) = limits(of: joint).commanded
        let start = robot.file.starts[joint].position
        if (position - start).magnitude < Radians(0.15) { return start }
        return min(max(Radians((position.value * 20).rounded() / 20), low), high)
    }

    /// Away from the limit that is nearer, as far as such a check may go.
    private func nudge(of joint: Int, from start: Radians) -> Radians {
        let (low, high) = limits(of: joint).commanded
        let most = min(limits(of: joint).position.span * 0.09, Radians(0.3))
        let isNearHigh = high - start < start - low
        return isNearHigh ? .zero - min(most, start - low) : min(most, high - start)
    }

    /// What each joint does when it is its turn: nearly all of its range where that is small, and slowly.
    private var courses: [CalibrationCourse.Joint] {
        robot.file.starts.enumerated().map { joint, start in
            let limits = limits(of: joint)
            let margin = limits.softening + Radians(0.05)
            let (first, last) = (limits.position.low + margin, limits.position.high - margin)
            let room = min(start.position - first, last - start.position)
            let slow = min(0.8, envelope.robot.parkSpeed.value, limits.speed.value / 1.875 * 0.8)
            // Six times the reach is the whole way of a sweep, and its rests take about two seconds. Where all that a joint
            // does would not fit into the time of a permit even then, it does it in several plans.
            let left = max(robot.motionTime - 17.5, min(robot.motionTime, 8) - 2.5)
            let reach = Radians(min(0.9, max(left * slow / 6, 0.2)))
            let quick = min(limits.speed.value * period.value, limits.position.span.value * envelope.robot.commandRate)
            let step = min(0.2, max(room.value, 0.02))
            let isPushed = if case .effort = limits.drive { !stands } else { false }
            let push: NewtonMetres? = isPushed ? limits.effort * 0.3 : nil
            return CalibrationCourse.Joint(
                start: start.position, low: max(start.position - reach, first), high: min(start.position + reach, last),
                slow: RadiansPerSecond(slow), step: Radians(step), jump: Radians(min(step, 0.9 * quick)), push: push)
        }
    }

    // MARK: Plans

    func proposal(
        _ script: MotionScript, from starts: [Radians], number: UInt32
    ) throws(CalibrationPlanProblem) -> Proposal {
        guard script.ticks <= envelope.robot.horizon else {
            throw .tooLong(script.ticks, horizon: envelope.robot.horizon)
        }
        do throws(PlanDefect) {
            let plan = try EpisodePlan(
                robot: name(robot.file.name), task: Reference(name: name(robot.file.name), digest: task),
                envelope: Reference(name: name(robot.file.envelopeName), digest: envelope.identity),
                calibration: Reference(name: name("calibration"), digest: calibration), policy: script.payload,
                noise: NoiseKey(run: 0, iteration: session, episode: number),
                start: starts.map { JointStart(position: $0, speed: .zero) }, horizon: script.ticks,
                cost: cost(of: script))
            return try Proposal(plan: plan, dossier: CalibrationDossier(robot).dossier(of: script, from: starts))
        } catch { throw .plan(error) }
    }

    private func name(_ text: String) -> Name {
        guard let name = Name(text) ?? Name("robot") else { preconditionFailure("a name of letters") }
        return name
    }

    /// Time as it will be, heat as much as the envelope lets through, wear by the way at half a radian a second: a
    /// millionth of a life each turn.
    private func cost(of script: MotionScript) -> Cost {
        let seconds = Double(script.ticks.rawValue) * Double(period.value)
        let turns = seconds * 0.5 / (2 * .pi)
        return Cost(
            time: Milliseconds(Int64((seconds * 1_000).rounded(.up))), wear: Microlives(Int64(turns.rounded(.up))),
            heat: Millijoules(Int64((seconds * Double(envelope.robot.power.value) * 1_000).rounded(.up))),
            attention: Milliseconds(Int64((Double(robot.file.budget.operatorMinutes) * 60_000).rounded())))
    }
}

/// Why a robot cannot be calibrated by motions.
public enum CalibrationPlanProblem: Error, Equatable, Sendable {
    case motions(ScriptDefect)
    case plan(PlanDefect)
    /// One joint's motions take longer than a permit may last.
    case tooLong(Ticks, horizon: Ticks)
    case model(ModelProblem)
    case design(FitError)
}
