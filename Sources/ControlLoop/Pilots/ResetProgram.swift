public import Quantities
public import Robots
internal import Supervision

/// The way back to the start, as the robot's folder describes it.
public struct ResetProgram: Sendable {
    let steps: [RobotFile.Reset.Step]
    let starts: [RobotFile.Start]
    /// Nil when the spread of the start decides.
    let accept: TaskSight?
    let attempts: Int
    let allowance: Ticks
    let limits: JointLimits

    /// - Parameters:
    ///   - draws: as for the episode that follows; what is accepted as a start may depend on them.
    ///   - allowance: how long it may take, all attempts together.
    public init(_ robot: Robot, draws: [Float] = [], within allowance: Ticks) throws(ProgramProblem) {
        let (reset, task) = (robot.file.reset, robot.file.task)
        limits = JointLimits(robot.envelope.envelope)
        for (place, step) in reset.steps.enumerated() where step == .relax {
            // A servo that follows positions lets go only by being switched off, and then its arm falls.
            if let joint = limits.firstWithoutEffort { throw .relaxes(step: place, joint) }
        }
        steps = reset.steps
        starts = robot.file.starts
        if let program = reset.accept { accept = try TaskSight(program, task, draws: draws) } else { accept = nil }
        attempts = reset.attempts
        self.allowance = allowance
    }
}

/// What a pilot has to know of its joints.
struct JointLimits: Sendable {
    let count: JointCount
    let period: Seconds
    let parkSpeed: RadiansPerSecond
    let restTicks: Ticks
    let joints: PerJoint<JointEnvelope>

    init(_ envelope: Envelope) {
        count = envelope.count
        period = envelope.robot.period
        parkSpeed = envelope.robot.parkSpeed
        restTicks = envelope.robot.times.rest
        joints = envelope.joints
    }

    var firstWithoutEffort: JointIndex? {
        var position: UInt8 = 0
        while let joint = count.joint(at: position) {
            guard case .effort = joints[joint].drive else { return joint }
            position += 1
        }
        return nil
    }

    /// Everywhere that the envelope allows: what a flight is held to where nobody approved anything narrower.
    var everywhere: Tube {
        var tube = Tube(repeating: joints[.first].position)
        var position: UInt8 = 0
        while let joint = count.joint(at: position) {
            tube[joint] = joints[joint].position
            position += 1
        }
        return tube
    }

    func ticks(in time: Seconds) -> Ticks {
        Ticks(Int32(clamping: Int64((Double(time.value) / Double(period.value)).rounded(.up))))
    }

    /// Whether every joint is slow enough to count as resting.
    @_noAllocation @_noLocks
    func isResting(_ readings: borrowing PerJoint<JointReading>) -> Bool {
        var position: UInt8 = 0
        while let joint = count.joint(at: position) {
            guard readings[joint].speed.magnitude < joints[joint].rest else { return false }
            position += 1
        }
        return true
    }
}

/// Why a robot did not get to its start.
public enum ResetTrouble: Equatable, Sendable {
    /// A step took longer than it may, in the last attempt.
    case step(Int)
    /// At the end of every attempt the robot did not stand where it should.
    case notAccepted
    /// All the time that there was is over.
    case time
}
