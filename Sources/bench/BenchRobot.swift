import Quantities
import Supervision

/// A robot of six joints with wide limits: nothing stops it, and every command is clamped.
enum BenchRobot {
    static let identity = Digest(1, 2, 3, 4)

    static func joint(_ position: Int) -> JointIndex {
        guard let joint = JointIndex(UInt8(position)) else { preconditionFailure("no joint \(position)") }
        return joint
    }

    static func limit<Unit: Quantity>(_ low: Float, _ high: Float) -> Limit<Unit> {
        guard let limit = Limit(Unit(low), Unit(high)) else { preconditionFailure("\(low) is not below \(high)") }
        return limit
    }

    static let robot = RobotEnvelope(
        period: Seconds(0.002), deadline: Seconds(0.004), lateTicksToHold: Ticks(2), lateTicksToStop: Ticks(10),
        reaction: Seconds(0.004), power: Watts(1_000), energy: Allowance(capacity: 1e6, drain: PerSecond(1e6)),
        commandRate: 1e6, commandTravel: Allowance(capacity: 1e6, drain: PerSecond(1e6)),
        parkSpeed: RadiansPerSecond(0.5), tube: TubeRules(hysteresis: Radians(0.1), patience: Ticks(5)),
        times: LadderTimes(
            hold: Ticks(1 << 20), slowStop: Ticks(1_000), park: Ticks(5_000), limp: Ticks(500), rest: Ticks(20),
            recovery: Ticks(20), permit: Ticks(15_000)), horizon: Ticks(1 << 20))

    static let motor = MotorHeat(
        resistance: Ohms(2), windingCapacity: JoulesPerKelvin(8), housingCapacity: JoulesPerKelvin(64),
        windingToHousing: KelvinsPerWatt(1), housingToAmbient: KelvinsPerWatt(4), ambient: Celsius(20),
        windingLimit: Celsius(100), leastTimeLeft: Seconds(5))

    static func limits(_ drive: Drive) -> JointEnvelope {
        JointEnvelope(
            drive: drive, position: limit(-3, 3), softening: Radians(0.1), speed: RadiansPerSecond(6),
            overspeed: RadiansPerSecond(9), acceleration: RadiansPerSecondSquared(60),
            stoppingDeceleration: RadiansPerSecondSquared(30), effort: NewtonMetres(2), overEffort: NewtonMetres(4),
            effortSlew: NewtonMetresPerSecond(1), lead: Radians(0.3), tracking: Radians(8),
            jumpAllowance: Radians(0.1), rest: RadiansPerSecond(0.05), park: .zero, parkTolerance: Radians(0.05),
            hottest: Celsius(70), voltage: limit(6, 15), oldestMotion: Seconds(0.01), oldestTemperature: Seconds(2),
            oldestVoltage: Seconds(1), motor: motor)
    }

    static let drives: [Drive] = [
        .position, .speed(following: PerSecond(4)),
        .effort(stiffness: NewtonMetresPerRadian(8), damping: NewtonMetreSecondsPerRadian(0.5)),
    ]

    static var envelope: Envelope {
        var joints = PerJoint(repeating: limits(.position))
        for position in 0..<6 { joints[joint(position)] = limits(drives[position % 3]) }
        guard let count = JointCount(6),
            let envelope = Envelope(identity: identity, robot: robot, count: count, joints: joints)
        else { preconditionFailure("the bench robot's envelope contradicts itself") }
        return envelope
    }

    static let reading = JointReading(
        position: .zero, speed: RadiansPerSecond(0.5), effort: NewtonMetres(0.5), current: Amperes(0.5),
        temperature: Celsius(30), voltage: Volts(12), motionAge: .zero, temperatureAge: .zero, voltageAge: .zero)

    /// Asks for the far end of everything.
    static var asked: PerJoint<JointCommand> {
        var asked = PerJoint(repeating: JointCommand.off)
        for position in 0..<6 {
            asked[joint(position)] =
                [.position(Radians(9)), .speed(RadiansPerSecond(-90)), .effort(NewtonMetres(90))][position % 3]
        }
        return asked
    }
}
