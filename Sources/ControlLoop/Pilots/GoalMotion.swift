internal import Quantities
internal import Supervision

/// Goals that move at a chosen speed, and what to ask of each drive so that its joint follows.
struct GoalMotion {
    private let limits: JointLimits
    private var goals = PerJoint<Radians>(repeating: .zero)
    private var goalSpeeds = PerJoint<RadiansPerSecond>(repeating: .zero)
    private var targets = PerJoint<Radians>(repeating: .zero)
    private(set) var isRelaxed = false

    init(_ limits: JointLimits) { self.limits = limits }

    /// Stays where the joints have been told to be, or where they are.
    @_noAllocation @_noLocks
    mutating func stay(_ moment: borrowing Moment) {
        var position: UInt8 = 0
        while let joint = limits.count.joint(at: position) {
            stay(joint, moment)
            position += 1
        }
        isRelaxed = false
    }

    @_noAllocation @_noLocks
    private mutating func stay(_ joint: JointIndex, _ moment: borrowing Moment) {
        if case .position(let told) = moment.sent[joint] {
            goals[joint] = told
        } else {
            goals[joint] = moment.readings[joint].position
        }
        targets[joint] = goals[joint]
        goalSpeeds[joint] = .zero
    }

    /// Lets go of everything; only for drives that follow efforts.
    @_noAllocation @_noLocks
    mutating func relax() { isRelaxed = true }

    @_noAllocation @_noLocks
    mutating func aim(_ joint: JointIndex, at target: Radians) { targets[joint] = target }

    /// Moves the goals one tick on, braking before their targets.
    @_noAllocation @_noLocks
    mutating func move(at speed: RadiansPerSecond) {
        var position: UInt8 = 0
        while let joint = limits.count.joint(at: position) {
            let distance = targets[joint] - goals[joint]
            let braking = Braking(
                deceleration: limits.joints[joint].stoppingDeceleration, reaction: limits.period)
            let most = min(speed, braking.speed(within: distance.magnitude))
            let step = min(most * limits.period, distance.magnitude)
            let signed = distance.value < 0 ? -step : step
            goals[joint] += signed
            goalSpeeds[joint] = signed / limits.period
            position += 1
        }
    }

    /// Whether every goal has arrived.
    var hasArrived: Bool {
        var position: UInt8 = 0
        while let joint = limits.count.joint(at: position) {
            guard (targets[joint] - goals[joint]).magnitude < Radians(1e-4) else { return false }
            position += 1
        }
        return true
    }

    /// Whether every joint is where its goal ends.
    @_noAllocation @_noLocks
    func isReached(_ readings: borrowing PerJoint<JointReading>) -> Bool {
        var position: UInt8 = 0
        while let joint = limits.count.joint(at: position) {
            let distance = (targets[joint] - readings[joint].position).magnitude
            guard distance <= limits.joints[joint].parkTolerance else { return false }
            position += 1
        }
        return true
    }

    @_noAllocation @_noLocks
    func write(_ moment: borrowing Moment, into commands: inout PerJoint<JointCommand>) {
        var position: UInt8 = 0
        while let joint = limits.count.joint(at: position) {
            commands[joint] = command(joint, moment.readings[joint])
            position += 1
        }
    }

    @_noAllocation @_noLocks
    private func command(_ joint: JointIndex, _ reading: JointReading) -> JointCommand {
        let distance = goals[joint] - reading.position
        switch limits.joints[joint].drive {
        case .position: return .position(goals[joint])
        case .speed(let following): return .speed(goalSpeeds[joint] + distance * following)
        case .effort(let stiffness, let damping):
            if isRelaxed { return .effort(.zero) }
            return .effort(stiffness * distance + damping * (goalSpeeds[joint] - reading.speed))
        }
    }
}
