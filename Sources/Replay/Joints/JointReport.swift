internal import Episodes
public import Metrology
internal import Quantities
internal import Recordings
public import Robots
internal import Supervision

/// What a recording of motions says of every joint of a robot.
public struct JointReport: Sendable {
    public struct Joint: Sendable {
        public let name: String
        public let friction: FrictionSweep?
        public let backlash: Backlash?
        public let delay: CommandDelay?
        public let repeatability: Repeatability?
        /// How it rings after sudden commands; nil where it does not.
        public let resonance: Resonance?
        /// Where its encoder begins anew inside of what it went through.
        public let wrap: JointFinding?

        public var findings: [JointFinding] {
            [wrap].compactMap(\.self) + (friction?.findings ?? []) + (delay?.findings ?? [])
                + (repeatability?.findings ?? [])
        }

        /// With what another recording of the same joint says, where this one says nothing.
        func completed(by other: Joint) -> Joint {
            Joint(
                name: name, friction: friction ?? other.friction, backlash: backlash ?? other.backlash,
                delay: delay ?? other.delay, repeatability: repeatability ?? other.repeatability,
                resonance: resonance ?? other.resonance, wrap: wrap ?? other.wrap)
        }
    }

    public let joints: [Joint]
    /// How far each joint that was moved went for a radian that it was told, and which one went instead.
    public let directions: DirectionCheck
    /// Of the board's clock beside the host's; nil where the devices have none.
    public let skew: ClockSkew?
    /// All that is wrong, joint by joint.
    public var findings: [JointFinding] {
        directions.findings + joints.flatMap(\.findings)
    }

    public init(
        _ episode: FlownEpisode, _ robot: RobotFile, _ tolerances: Tolerances = Tolerances()
    ) throws(JointReportProblem) {
        guard let script = MotionScript(ofPlan: episode.plan) else { throw .noMotions }
        guard !episode.acts.isEmpty else { throw .neverMoved }
        let reading = ScriptReading(episode, script, robot)
        joints = robot.joints.enumerated().map { place, joint in
            let sweeps = reading.track(of: place, .sweep)
            return Joint(
                name: joint.name, friction: FrictionSweep(joint: place, sweeps, slowest: tolerances.slowest),
                backlash: Backlash(sweeps), delay: reading.delay(of: place, tolerances),
                repeatability: Repeatability(joint: place, reading.returns(of: place), tolerance: tolerances.returns),
                resonance: Resonance(reading.rests(of: place), floor: tolerances.floor),
                wrap: RangeSweep.wrap(joint: place, in: sweeps.positions))
        }
        // A robot that obeys so late that it had to be stopped did not go where it was told, whichever way that is.
        let wasLost = episode.end?.fault != 0 && joints.contains { $0.delay?.findings.isEmpty == false }
        let soft = robot.joints.indices.filter { robot.joints[$0].drive == .effort }
        directions = DirectionCheck(wasLost ? [] : reading.nudges, soft: Set(soft))
        // Servos say no time: what stands beside their readings is the host's own, which is not compared with itself.
        guard robot.bus.driver == .board else {
            skew = nil
            return
        }
        let stamps = episode.log.ticks.map { ($0.hostTime.nanoseconds, $0.deviceTime.nanoseconds) }
        let first = stamps.first ?? (0, 0)
        skew = ClockSkew(
            host: stamps.map { Double($0.0 &- first.0) * 1e-9 },
            device: stamps.map { Double(Int64(bitPattern: $0.1 &- first.1)) * 1e-9 })
    }
}

/// Why a recording says nothing about joints.
public enum JointReportProblem: Error, Equatable, Sendable {
    /// It is of a policy.
    case noMotions
    case neverMoved
}
