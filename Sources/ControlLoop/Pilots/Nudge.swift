public import Quantities
public import Robots
internal import Supervision

/// A small motion of one joint, to see that it turns the way it should and that no other joint does.
///
/// An actuator that is mounted the other way round, motor and sensor alike, agrees with itself and cannot be told from
/// inside: whoever watches the nudge has to say whether the joint went the way that the robot's file calls positive.
public struct NudgeProgram: Sendable {
    let joint: JointIndex
    let distance: Radians
    let limits: JointLimits

    /// - Parameter distance: signed; at most a tenth of the joint's range.
    public init(_ robot: Robot, _ joint: JointIndex, by distance: Radians) throws(ProgramProblem) {
        limits = JointLimits(robot.envelope.envelope)
        guard joint.rawValue < limits.count.rawValue else { throw .noSuchJoint(joint) }
        let most = limits.joints[joint].position.span / 10
        guard distance.magnitude > .zero, distance.magnitude <= most else { throw .nudge(distance) }
        self.joint = joint
        self.distance = distance
    }
}

/// What a nudge found.
public struct Nudged: Equatable, Sendable {
    public let joint: JointIndex
    public let asked: Radians
    /// How far the joint was from where it began when it had been given its time.
    public let moved: Radians
    /// Another joint that moved with it, or in its place.
    public let stray: JointIndex?

    /// The joint, and it alone, went a good part of the way in the right direction.
    public var isRight: Bool { stray == nil && moved / asked >= 0.3 }
}

/// A nudge under way: there, a moment of rest, and back.
struct NudgeFlight {
    private enum Part { case there, back }

    private let program: NudgeProgram
    private var motion: GoalMotion
    private var part = Part.there
    private var start = PerJoint<Radians>(repeating: .zero)
    private var ticks = Ticks.zero
    private(set) var found: Nudged?
    /// Slow enough that a joint which turns the wrong way has not gone far before the supervisor sees it.
    private let speed: RadiansPerSecond
    /// So long it takes a goal to get there, and a joint to follow.
    private let patience: Ticks

    init(_ program: NudgeProgram) {
        self.program = program
        motion = GoalMotion(program.limits)
        speed = program.limits.parkSpeed * 0.5
        patience = program.limits.ticks(in: Seconds(2 * program.distance.magnitude.value / speed.value + 0.5))
    }

    @_noAllocation @_noLocks
    mutating func act(_ moment: borrowing Moment, into commands: inout PerJoint<JointCommand>) -> Intent {
        if ticks == .zero, part == .there { begin(moment) }
        ticks = ticks.next
        motion.move(at: speed)
        motion.write(moment, into: &commands)
        guard ticks >= patience else { return .goOn }
        if part == .back { return .finish }
        found = judge(moment.readings)
        (part, ticks) = (.back, .zero)
        motion.aim(program.joint, at: start[program.joint])
        return .goOn
    }

    @_noAllocation @_noLocks
    private mutating func begin(_ moment: borrowing Moment) {
        motion.stay(moment)
        var position: UInt8 = 0
        while let joint = program.limits.count.joint(at: position) {
            start[joint] = moment.readings[joint].position
            position += 1
        }
        motion.aim(program.joint, at: start[program.joint] + program.distance)
    }

    @_noAllocation @_noLocks
    private func judge(_ readings: borrowing PerJoint<JointReading>) -> Nudged {
        var stray: JointIndex?
        var position: UInt8 = 0
        while let joint = program.limits.count.joint(at: position) {
            let moved = (readings[joint].position - start[joint]).magnitude
            if joint != program.joint, moved > program.distance.magnitude / 2 { stray = stray ?? joint }
            position += 1
        }
        let moved = readings[program.joint].position - start[program.joint]
        return Nudged(joint: program.joint, asked: program.distance, moved: moved, stray: stray)
    }

    /// Nobody has any business further away than this.
    var tube: Tube? {
        var tube = program.limits.everywhere
        var position: UInt8 = 0
        while let joint = program.limits.count.joint(at: position) {
            let reach = program.distance.magnitude * 2 + program.limits.joints[joint].parkTolerance
            tube[joint] = Limit(start[joint] - reach, start[joint] + reach) ?? tube[joint]
            position += 1
        }
        return tube
    }
}
