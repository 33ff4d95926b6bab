public import Episodes
public import Quantities
public import Robots
internal import Supervision

/// Motions that a plan carries in the place of a policy, for this robot.
public struct MotionProgram: Sendable {
    let script: MotionScript
    let band: ApprovedBand
    let limits: JointLimits

    public init(_ robot: Robot, _ script: MotionScript, band: ApprovedBand) throws(ProgramProblem) {
        let limits = JointLimits(robot.envelope.envelope)
        let count = Int(limits.count.rawValue)
        guard script.joints == count else { throw .actions(count, policy: script.joints) }
        guard Int(band.joints.rawValue) == count else { throw .bandJoints(Int(band.joints.rawValue), needed: count) }
        guard band.end >= script.ticks else { throw .bandTooShort(band.end, horizon: script.ticks) }
        for (place, step) in script.steps.enumerated() {
            for (number, motion) in step.motions.enumerated() {
                guard case .push = motion, let joint = limits.count.joint(at: UInt8(number)) else { continue }
                guard case .effort = limits.joints[joint].drive else { throw .pushes(step: place, joint) }
            }
        }
        self.script = script
        self.band = band
        self.limits = limits
    }
}

/// What a small motion of one joint came to.
///
/// An actuator that is mounted the other way round, motor and sensor alike, agrees with itself and cannot be told from
/// inside: whoever watches has to say whether the joint went the way that the robot's file calls positive.
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

/// How motions ended by themselves.
public enum MotionEnding: Equatable, Sendable {
    case done
    /// This joint did not stand where the band begins.
    case notAtStart(JointIndex)
    /// A joint did not move, moved the wrong way, or took another one along; what was to come after it was left out.
    case wrong(Nudged)
}

/// A script under way. Nothing is allocated after `init`.
struct MotionFlight: ~Copyable {
    private let program: MotionProgram
    private var place = 0
    private var tickInStep = Ticks.zero
    private var tick = Ticks.zero
    /// The tick that was decided last.
    private(set) var latest = Ticks.zero
    /// Where the motion before has ended.
    private var bases = PerJoint<Radians>(repeating: .zero)
    /// What each joint followed last, for the speed of what it follows.
    private var followed = PerJoint<Radians>(repeating: .zero)
    /// Where the joints were when the step began.
    private var began = PerJoint<Radians>(repeating: .zero)
    private(set) var ending: MotionEnding?

    init(_ program: MotionProgram) { self.program = program }

    var tube: Tube? { program.band.tube(at: latest) }

    mutating func act(_ moment: borrowing Moment, into commands: inout PerJoint<JointCommand>) -> Intent {
        if tick == .zero { begin(moment) }
        let isLost = tick == .zero && ending != nil
        if tickInStep == .zero { note(moment) }
        command(moment, into: &commands)
        if isLost { return .finish }
        latest = tick
        tick = tick.next
        tickInStep = tickInStep.next
        if tickInStep >= program.script.steps[place].ticks { endStep(moment) }
        return ending == nil ? .goOn : .finish
    }

    /// From where the joints have been told to be, or where they are.
    private mutating func begin(_ moment: borrowing Moment) {
        let first = program.band.tube(at: .zero)
        var position: UInt8 = 0
        while let joint = program.limits.count.joint(at: position) {
            let measured = moment.readings[joint].position
            bases[joint] = if case .position(let told) = moment.sent[joint] { told } else { measured }
            if first?[joint].contains(measured) != true { ending = ending ?? .notAtStart(joint) }
            position += 1
        }
        followed = bases
    }

    private mutating func note(_ moment: borrowing Moment) {
        var position: UInt8 = 0
        while let joint = program.limits.count.joint(at: position) {
            began[joint] = moment.readings[joint].position
            position += 1
        }
    }

    private mutating func command(_ moment: borrowing Moment, into commands: inout PerJoint<JointCommand>) {
        let limits = program.limits
        var position: UInt8 = 0
        while let joint = limits.count.joint(at: position) {
            let point = program.script.steps[place].point(
                of: Int(position), at: tickInStep, from: bases[joint], period: limits.period)
            switch point {
            case .position(let goal)?: commands[joint] = follow(joint, goal, moment.readings[joint])
            case .effort(let effort)?:
                commands[joint] = .effort(effort)
                followed[joint] = moment.readings[joint].position
            // A base is there always.
            case nil: break
            }
            position += 1
        }
    }

    private mutating func follow(_ joint: JointIndex, _ goal: Radians, _ reading: JointReading) -> JointCommand {
        let speed = (goal - followed[joint]) / program.limits.period
        followed[joint] = goal
        let distance = goal - reading.position
        switch program.limits.joints[joint].drive {
        case .position: return .position(goal)
        case .speed(let following): return .speed(speed + distance * following)
        case .effort(let stiffness, let damping):
            return .effort(stiffness * distance + damping * (speed - reading.speed))
        }
    }

    private mutating func endStep(_ moment: borrowing Moment) {
        if program.script.purpose == .direction { judge(moment.readings) }
        var position: UInt8 = 0
        while let joint = program.limits.count.joint(at: position) {
            if let end = program.script.steps[place].end(of: Int(position), from: bases[joint]) {
                bases[joint] = end
            } else {
                bases[joint] = moment.readings[joint].position
            }
            position += 1
        }
        place += 1
        tickInStep = .zero
        if ending == nil, place >= program.script.steps.count { ending = .done }
        // The last step stays the one that is computed, should anybody ask once more.
        place = min(place, program.script.steps.count - 1)
    }

    /// A step of a check of directions moves one joint.
    private mutating func judge(_ readings: borrowing PerJoint<JointReading>) {
        var position: UInt8 = 0
        while let joint = program.limits.count.joint(at: position) {
            position += 1
            guard case .move(let target) = program.script.steps[place].motions[Int(joint.rawValue)] else { continue }
            let asked = target - bases[joint]
            guard asked.magnitude > program.limits.joints[joint].jumpAllowance / 2 else { continue }
            let found = Nudged(
                joint: joint, asked: asked, moved: readings[joint].position - began[joint],
                stray: stray(beside: joint, asked, readings))
            if !found.isRight { ending = ending ?? .wrong(found) }
        }
    }

    private func stray(
        beside joint: JointIndex, _ asked: Radians, _ readings: borrowing PerJoint<JointReading>
    ) -> JointIndex? {
        var position: UInt8 = 0
        while let other = program.limits.count.joint(at: position) {
            let moved = (readings[other].position - began[other]).magnitude
            if other != joint, moved > asked.magnitude / 2 { return other }
            position += 1
        }
        return nil
    }
}
