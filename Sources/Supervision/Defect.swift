import Quantities

/// One thing that is wrong with an envelope.
public struct Defect: Equatable, Sendable {
    public let key: EnvelopeKey
    public let complaint: Complaint
}

public enum Complaint: Equatable, Sendable {
    /// Not a number above zero.
    case notPositive
    case notFinite
    /// Must be below, or at most, another value of the envelope.
    case notBelow(EnvelopeKey)
    case above(EnvelopeKey)
    /// Must lie within the positions that may be commanded.
    case notReachable
    /// Twice this distance must fit between the position limits.
    case tooWide
    /// The motor's winding follows its load too quickly for this deadline.
    case tooQuickForDeadline
}

/// The values of an envelope, by the name that a file gives them.
public enum EnvelopeKey: UInt8, Equatable, Sendable {
    case period, deadline, lateTicksToHold, lateTicksToStop, reaction, power, energyCapacity, energyDrain
    case commandRate, commandTravelCapacity, commandTravelDrain, parkSpeed, tubeHysteresis, tubePatience
    case holdTime, slowStopTime, parkTime, limpTime, restTime, recoveryTime, permitTime, horizon
    case following, stiffness, damping, softening, speed, overspeed, acceleration, stoppingDeceleration
    case effort, overEffort, effortSlew, lead, tracking, jumpAllowance, rest, park, parkTolerance, hottest
    case oldestMotion, oldestTemperature, oldestVoltage
    case resistance, windingCapacity, housingCapacity, windingToHousing, housingToAmbient, ambient, windingLimit
    case leastTimeLeft
}

/// What is wrong with one part of an envelope, in the order of its keys.
public struct Defects: Sendable {
    public private(set) var count = 0
    /// More than an envelope can have wrong at once.
    private var found = InlineArray<48, Defect?>(repeating: nil)

    public var isEmpty: Bool { count == 0 }

    /// In the order of the keys; nil past the last one.
    public subscript(position: Int) -> Defect? { found[position] }

    private mutating func report(_ key: EnvelopeKey, _ complaint: Complaint) {
        found[count] = Defect(key: key, complaint: complaint)
        count += 1
    }
}

// The questions that are asked of an envelope, in the words of its keys. NaN answers every comparison with no, so each
// question is put so that "no" is the complaint.
extension Defects {
    private mutating func positive(_ value: Float, _ key: EnvelopeKey) {
        if !(value > 0 && value.isFinite) { report(key, .notPositive) }
    }

    private mutating func finite(_ value: Float, _ key: EnvelopeKey) {
        if !value.isFinite { report(key, .notFinite) }
    }

    private mutating func below(_ value: Float, _ key: EnvelopeKey, _ bound: Float, _ other: EnvelopeKey) {
        if !(value < bound) { report(key, .notBelow(other)) }
    }

    private mutating func atMost(_ value: Float, _ key: EnvelopeKey, _ bound: Float, _ other: EnvelopeKey) {
        if !(value <= bound) { report(key, .above(other)) }
    }

    private mutating func counts(_ ticks: Ticks, _ key: EnvelopeKey) {
        if ticks <= .zero { report(key, .notPositive) }
    }
}

extension Defects {
    /// The defects of the robot's own limits.
    public init(of robot: RobotEnvelope) {
        positive(robot.period.value, .period)
        below(robot.period.value, .period, robot.deadline.value, .deadline)
        finite(robot.deadline.value, .deadline)
        counts(robot.lateTicksToHold, .lateTicksToHold)
        if robot.lateTicksToHold >= robot.lateTicksToStop { report(.lateTicksToHold, .notBelow(.lateTicksToStop)) }
        positive(robot.reaction.value, .reaction)
        positive(robot.power.value, .power)
        positive(robot.energy.capacity, .energyCapacity)
        positive(robot.energy.drain.value, .energyDrain)
        positive(robot.commandRate, .commandRate)
        positive(robot.commandTravel.capacity, .commandTravelCapacity)
        positive(robot.commandTravel.drain.value, .commandTravelDrain)
        positive(robot.parkSpeed.value, .parkSpeed)
        positive(robot.tube.hysteresis.value, .tubeHysteresis)
        counts(robot.tube.patience, .tubePatience)
        counts(robot.horizon, .horizon)
        ladder(robot.times)
    }

    private mutating func ladder(_ times: LadderTimes) {
        counts(times.hold, .holdTime)
        counts(times.slowStop, .slowStopTime)
        counts(times.park, .parkTime)
        counts(times.limp, .limpTime)
        counts(times.rest, .restTime)
        if times.rest >= times.slowStop { report(.restTime, .notBelow(.slowStopTime)) }
        if times.rest >= times.limp { report(.restTime, .notBelow(.limpTime)) }
        counts(times.recovery, .recoveryTime)
        counts(times.permit, .permitTime)
    }
}

extension Defects {
    /// The defects of one joint's limits on this robot.
    public init(of joint: JointEnvelope, on robot: RobotEnvelope) {
        drive(joint.drive)
        positions(joint)
        motion(joint, parkSpeed: robot.parkSpeed)
        effort(joint)
        sensors(joint)
        motor(joint.motor, deadline: robot.deadline)
    }

    private mutating func drive(_ drive: Drive) {
        switch drive {
        case .position: break
        case .speed(let following): positive(following.value, .following)
        case .effort(let stiffness, let damping):
            positive(stiffness.value, .stiffness)
            positive(damping.value, .damping)
        }
    }

    private mutating func positions(_ joint: JointEnvelope) {
        positive(joint.softening.value, .softening)
        if !(joint.softening * 2 < joint.position.span) { report(.softening, .tooWide) }
        below(joint.lead.value, .lead, joint.tracking.value, .tracking)
        positive(joint.lead.value, .lead)
        finite(joint.tracking.value, .tracking)
        positive(joint.jumpAllowance.value, .jumpAllowance)
        positive(joint.parkTolerance.value, .parkTolerance)
        let commanded = joint.commanded
        if !(commanded.low <= joint.park && joint.park <= commanded.high) { report(.park, .notReachable) }
    }

    private mutating func motion(_ joint: JointEnvelope, parkSpeed: RadiansPerSecond) {
        positive(joint.rest.value, .rest)
        below(joint.rest.value, .rest, parkSpeed.value, .parkSpeed)
        below(joint.speed.value, .speed, joint.overspeed.value, .overspeed)
        atMost(parkSpeed.value, .parkSpeed, joint.speed.value, .speed)
        finite(joint.overspeed.value, .overspeed)
        positive(joint.stoppingDeceleration.value, .stoppingDeceleration)
        atMost(joint.stoppingDeceleration.value, .stoppingDeceleration, joint.acceleration.value, .acceleration)
        finite(joint.acceleration.value, .acceleration)
    }

    private mutating func effort(_ joint: JointEnvelope) {
        positive(joint.effort.value, .effort)
        below(joint.effort.value, .effort, joint.overEffort.value, .overEffort)
        finite(joint.overEffort.value, .overEffort)
        positive(joint.effortSlew.value, .effortSlew)
    }

    private mutating func sensors(_ joint: JointEnvelope) {
        finite(joint.hottest.value, .hottest)
        positive(joint.oldestMotion.value, .oldestMotion)
        positive(joint.oldestTemperature.value, .oldestTemperature)
        positive(joint.oldestVoltage.value, .oldestVoltage)
    }

    private mutating func motor(_ motor: MotorHeat, deadline: Seconds) {
        positive(motor.resistance.value, .resistance)
        positive(motor.windingCapacity.value, .windingCapacity)
        positive(motor.housingCapacity.value, .housingCapacity)
        positive(motor.windingToHousing.value, .windingToHousing)
        positive(motor.housingToAmbient.value, .housingToAmbient)
        below(motor.ambient.value, .ambient, motor.windingLimit.value, .windingLimit)
        finite(motor.ambient.value, .ambient)
        finite(motor.windingLimit.value, .windingLimit)
        positive(motor.leastTimeLeft.value, .leastTimeLeft)
        if !(deadline < motor.windingTime / 2) { report(.windingCapacity, .tooQuickForDeadline) }
    }
}
