import BoardLink
import Quantities
import Supervision

// The envelope under which the board supervises itself: what the host configured, and where a configuration says
// nothing, what follows from it. No rule here is wider than the electronics; rules that need a plan (the tube), a
// learner (the rates of commands) or another drive (tracking) have nothing to do on a board.

extension Envelope {
    /// Nil when the bounds leave no room: a range narrower than its own softening, or a speed that is no motion.
    init?(_ configuration: Configure, identity: Digest) {
        guard let count = JointCount(configuration.joints.rawValue) else { return nil }
        var joints = PerJoint<JointEnvelope>(repeating: JointEnvelope(configuration[.first], configuration))
        var position: UInt8 = 0
        while let joint = configuration.joints.joint(at: position) {
            joints[joint.index] = JointEnvelope(configuration[joint], configuration)
            position += 1
        }
        self.init(identity: identity, robot: RobotEnvelope(configuration), count: count, joints: joints)
    }
}

extension BoardJoint {
    static var first: BoardJoint {
        guard let first = BoardJoint(0) else { preconditionFailure() }
        return first
    }

    /// Its place among the board's own joints, which is what the board's supervisor numbers.
    var index: JointIndex {
        guard let index = JointIndex(rawValue) else { preconditionFailure() }
        return index
    }
}

extension Configure {
    /// The slowest of the joints' bounds.
    fileprivate var slowest: RadiansPerSecond {
        var slowest = self[.first].speed
        var position: UInt8 = 1
        while let joint = joints.joint(at: position) {
            slowest = min(slowest, self[joint].speed)
            position += 1
        }
        return slowest
    }

    /// The power of all joints at the ends of what is no fault yet.
    fileprivate var power: Watts {
        var power = Watts.zero
        var position: UInt8 = 0
        while let joint = joints.joint(at: position) {
            power += self[joint].overEffort * self[joint].overspeed
            position += 1
        }
        return power
    }
}

extension JointBounds {
    /// Beyond its command's bound a measurement is a fault only by so much: a controller overshoots.
    fileprivate static var margin: Float { 1.2 }
    fileprivate static var reach: Radians { Radians(0.02) }

    fileprivate var overspeed: RadiansPerSecond { speed * Self.margin }
    fileprivate var overEffort: NewtonMetres { effort * Self.margin }

    fileprivate var measurable: Limit<Radians> {
        Limit(position.low - Self.reach, position.high + Self.reach) ?? position
    }
}

extension RobotEnvelope {
    fileprivate init(_ configuration: Configure) {
        let period = BoardSettings.tickPeriod
        let power = configuration.power
        // At most every joint's whole range on every tick: no rule about commands, which are the driver's own.
        let travel = 4 / period.value
        self.init(
            period: period, deadline: Seconds(0.002_5), lateTicksToHold: Ticks(3), lateTicksToStop: Ticks(10),
            reaction: Seconds(0.002), power: power,
            energy: Allowance(capacity: power.value, drain: PerSecond(power.value)), commandRate: 8,
            commandTravel: Allowance(capacity: travel, drain: PerSecond(travel)), parkSpeed: configuration.slowest,
            tube: TubeRules(hysteresis: Radians(0.01), patience: Ticks(1)), times: .ofBoard, horizon: Ticks(.max))
    }
}

extension LadderTimes {
    /// A board does not park by itself: it does not know what is in the way. After a slow stop its outputs go off.
    fileprivate static var ofBoard: LadderTimes {
        LadderTimes(
            hold: Ticks(1_000), slowStop: Ticks(1_000), park: Ticks(1), limp: Ticks(10_000), rest: Ticks(20),
            recovery: Ticks(20), permit: Ticks(1))
    }
}

extension JointEnvelope {
    fileprivate init(_ bounds: JointBounds, _ configuration: Configure) {
        let fresh = Seconds(0.002_5)
        self.init(
            drive: .effort(stiffness: JointDriver.stiffness, damping: JointDriver.damping),
            position: bounds.measurable, softening: JointBounds.reach, speed: bounds.speed,
            overspeed: bounds.overspeed, acceleration: bounds.braking,
            stoppingDeceleration: bounds.braking, effort: bounds.effort, overEffort: bounds.overEffort,
            effortSlew: NewtonMetresPerSecond(4_000 * bounds.effort.value), lead: Radians(1), tracking: Radians(2),
            jumpAllowance: Radians(0.1), rest: min(RadiansPerSecond(0.1), configuration.slowest * 0.5),
            park: bounds.position.low + bounds.position.span * 0.5, parkTolerance: Radians(0.1),
            hottest: bounds.temperature, voltage: configuration.supply, oldestMotion: fresh,
            oldestTemperature: fresh, oldestVoltage: fresh, motor: MotorHeat(bounds))
    }
}

extension MotorHeat {
    /// A small motor that bears its current bound for ever, and more only for moments.
    fileprivate init(_ bounds: JointBounds) {
        let windingToHousing = KelvinsPerWatt(5)
        let rise: Float = 60
        let bound = bounds.current.value
        self.init(
            resistance: Ohms(rise / (windingToHousing.value * bound * bound)), windingCapacity: JoulesPerKelvin(5),
            housingCapacity: JoulesPerKelvin(50), windingToHousing: windingToHousing,
            housingToAmbient: KelvinsPerWatt(0.5), ambient: Celsius(25),
            windingLimit: Celsius(bounds.temperature.value + rise + 20), leastTimeLeft: Seconds(0.1))
    }
}
