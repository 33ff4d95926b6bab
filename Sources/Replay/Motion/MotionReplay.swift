public import Episodes
public import Quantities
public import Robots
internal import Recordings
internal import Supervision

/// The motion of a recording as a plan of its own, which is approved and flown like an episode: from the start of the task
/// slowly to where the recording begins, and then by the places that the joints went by.
public struct MotionReplay: Sendable {
    public let script: MotionScript
    /// Ticks before the recorded motion begins.
    public let lead: Ticks
    /// Ticks of the recording, each as long as so many now.
    public let stretch: Int
    /// By tick of the recording, then by joint.
    public let places: [[Radians]]

    /// - Parameter stretch: how many times as long it takes as it took.
    public init(_ episode: FlownEpisode, on robot: Robot, stretch: Int = 1) throws(MotionReplayProblem) {
        let (limits, file) = (robot.envelope.envelope, robot.file)
        guard file.joints.map(\.name) == episode.log.joints else { throw .otherJoints }
        guard episode.acts.count > 10 else { throw .tooShort(episode.acts.count) }
        let joints = file.joints.indices.compactMap { JointIndex(UInt8(clamping: $0)) }
        let places = episode.acts.map { act in joints.map { episode.log.ticks[act].joints[$0].position } }
        // What an encoder says jumps by its steps; a mean over a fiftieth of a second does not.
        let every = max(1, Int((0.02 / file.period.value).rounded()))
        let knots = Self.knots(places, every: every)
        for joint in joints.indices {
            let (low, high) = limits.joints.elements[joint].commanded
            if let far = knots.first(where: { $0[joint] < low || $0[joint] > high }) {
                throw .outside(joint: joint, far[joint], low: low, high: high)
            }
        }
        self.places = places
        self.stretch = stretch
        var steps = Self.approach(from: file.starts.map(\.position), to: knots[0], limits)
        lead = Ticks(steps.reduce(0) { $0 + $1.ticks.rawValue })
        steps.append(
            MotionScript.Step(
                ticks: Ticks(Int32((knots.count - 1) * every * stretch)),
                motions: joints.indices.map { joint in .follow(knots.map { $0[joint] }) }))
        steps.append(Self.rest(limits, of: joints.count))
        do throws(ScriptDefect) {
            script = try MotionScript(.replay, followsReset: true, steps: steps)
        } catch { throw .motions(error) }
        try check(limits, file)
        let available = Ticks(Int32(robot.motionTime / file.period.value))
        guard script.ticks <= available else { throw .tooLong(script.ticks, most: available) }
    }

    private static func knots(_ places: [[Radians]], every: Int) -> [[Radians]] {
        stride(from: 0, to: places.count, by: every).map { middle in
            let around = places[max(0, middle - every / 2)...min(places.count - 1, middle + every / 2)]
            return places[0].indices.map { joint in
                around.reduce(Radians.zero) { $0 + $1[joint] } / Float(around.count)
            }
        }
    }

    private static func approach(
        from starts: [Radians], to first: [Radians], _ limits: Envelope
    ) -> [MotionScript.Step] {
        let longest = zip(starts, first).map { ($0 - $1).magnitude.value }.max() ?? 0
        // The course of least jerk is at its middle 15/8 as fast as on the average.
        let time = max(0.6, longest * 1.875 / (0.5 * limits.robot.parkSpeed.value))
        let ticks = Ticks(Int32((time / limits.robot.period.value).rounded(.up)))
        return [
            MotionScript.Step(ticks: ticks, motions: first.map { .move(to: $0) }), rest(limits, of: first.count),
        ]
    }

    private static func rest(_ limits: Envelope, of joints: Int) -> MotionScript.Step {
        MotionScript.Step(
            ticks: Ticks(Int32((0.5 / limits.robot.period.value).rounded(.up))),
            motions: [MotionScript.Motion](repeating: .hold, count: joints))
    }

    /// Whether it keeps the speeds of the envelope, so that whoever asks hears of it before a guard does.
    private func check(_ limits: Envelope, _ file: RobotFile) throws(MotionReplayProblem) {
        var last = file.starts.map(\.position)
        var fastest = last.map { _ in RadiansPerSecond.zero }
        do throws(PlanDefect) {
            try script.forEachPoint(from: last, period: file.period) { _, _, joint, point throws(PlanDefect) in
                guard case .position(let position)? = point else { return }
                fastest[joint] = max(fastest[joint], (position - last[joint]).magnitude / file.period)
                last[joint] = position
            }
        } catch { preconditionFailure("nothing is thrown above") }
        for (joint, speed) in fastest.enumerated() where speed > limits.joints.elements[joint].speed {
            throw .tooFast(joint: joint, speed, most: limits.joints.elements[joint].speed)
        }
    }

    /// How far a pose is from the recorded course, wherever on it: of its joints the one that is farthest.
    public func distance(of pose: [Radians]) -> Radians {
        places.map { place in zip(place, pose).map { ($0 - $1).magnitude }.max() ?? .zero }.min() ?? .zero
    }
}

/// Why a recording's motion cannot be played on a robot.
public enum MotionReplayProblem: Error, Equatable, Sendable {
    case otherJoints
    /// It holds so few ticks under command.
    case tooShort(Int)
    case outside(joint: Int, Radians, low: Radians, high: Radians)
    case tooFast(joint: Int, RadiansPerSecond, most: RadiansPerSecond)
    case tooLong(Ticks, most: Ticks)
    case motions(ScriptDefect)
}

extension CalibrationPlans {
    /// - Parameter attempt: counts what was stopped; the same motion once more is another plan.
    public func replay(_ motion: MotionReplay, attempt: UInt32) throws(CalibrationPlanProblem) -> Proposal {
        try proposal(motion.script, from: robot.file.starts.map(\.position), number: 1 << 21 + attempt)
    }
}

/// How near a motion came to the recording that it was to repeat.
public struct MotionComparison: Equatable, Sendable {
    public struct Joint: Equatable, Sendable {
        public let name: String
        /// The root of the mean square.
        public let usual: Radians
        public let largest: Radians
        /// When that was, in seconds of the recorded motion.
        public let at: Seconds
    }

    public let joints: [Joint]
    /// Of the ticks that were recorded then, how many were flown once more.
    public let ticks: Int
    public let of: Int

    public init(_ motion: MotionReplay, flown: FlownEpisode, period: Seconds) {
        let (lead, stretch) = (Int(motion.lead.rawValue), motion.stretch)
        let pairs = motion.places.indices.compactMap { tick -> (tick: Int, act: Int)? in
            let act = lead + tick * stretch
            return act < flown.acts.count ? (tick, flown.acts[act]) : nil
        }
        ticks = pairs.count
        of = motion.places.count
        joints = flown.log.joints.enumerated().compactMap { place, name in
            guard let joint = JointIndex(UInt8(clamping: place)) else { return nil }
            let errors = pairs.map { pair in
                (pair.tick, flown.log.ticks[pair.act].joints[joint].position - motion.places[pair.tick][place])
            }
            let squares = errors.reduce(Float(0)) { $0 + $1.1.value * $1.1.value }
            let worst = errors.max { $0.1.magnitude < $1.1.magnitude }
            return Joint(
                name: name, usual: Radians((squares / Float(max(errors.count, 1))).squareRoot()),
                largest: worst?.1.magnitude ?? .zero, at: Seconds(Float(worst?.0 ?? 0) * period.value))
        }
    }
}
