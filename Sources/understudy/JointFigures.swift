import Quantities
import Robots
import Supervision

/// What follows from a joint's limits.
struct JointFigures {
    /// From the speed limit to rest, the reaction included.
    let stoppingDistance: Radians
    let stoppingTime: Seconds
    /// From the far end of the range to the park position at park speed.
    let longestPark: Seconds
    /// The current at which the winding settles at its limit.
    let lastingCurrent: Amperes
    let housingTime: Seconds

    init(_ joint: JointEnvelope, on robot: RobotEnvelope) {
        let braking = Braking(deceleration: joint.stoppingDeceleration, reaction: robot.reaction)
        stoppingDistance = braking.distance(from: joint.speed)
        stoppingTime = robot.reaction + Seconds(joint.speed.value / joint.stoppingDeceleration.value)
        let (low, high) = (joint.park - joint.position.low, joint.position.high - joint.park)
        longestPark = Seconds(max(low, high).value / robot.parkSpeed.value)
        let motor = joint.motor
        let path = KelvinsPerWatt(motor.windingToHousing.value + motor.housingToAmbient.value)
        let power = (motor.windingLimit - motor.ambient) / path
        lastingCurrent = Amperes((power.value / motor.resistance.value).squareRoot())
        housingTime = motor.housingToAmbient * motor.housingCapacity
    }
}

/// What is allowed in an envelope and still deserves a second look.
struct EnvelopeDoubts {
    let robot: RobotEnvelope

    private func time(_ count: Ticks) -> Seconds { robot.period * Float(count.rawValue) }

    func doubts(_ joint: JointEnvelope) -> [String] {
        let figures = JointFigures(joint, on: robot)
        let rest = time(robot.times.rest)
        return [
            figures.stoppingDistance * 2 > joint.position.span
                ? "The joint cannot reach its speed limit: stopping from it takes more than half of the range." : nil,
            figures.stoppingTime + rest > time(robot.times.slowStop)
                ? "'slow_stop_time_s' is too short to stop from the speed limit and then be seen resting." : nil,
            figures.longestPark > time(robot.times.park)
                ? "'park_time_s' is too short for the longest way to the park position." : nil,
            joint.hottest > joint.motor.windingLimit
                ? "'temperature_limit_c' is above 'winding_limit_c': the winding would be too hot first." : nil,
            joint.oldestMotion < robot.deadline
                ? "'motion_age_s' is below 'deadline_s': one late tick already makes the sensor stale." : nil,
        ].compactMap { $0 }
    }
}
