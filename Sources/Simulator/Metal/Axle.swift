internal import Quantities

/// Winding, rotor and gear of one servo, everything seen from the output. In doubles, because a small step added to many
/// turns must not get lost.
///
/// Friction sits on the rotor: the gear multiplies what is on that side. So a joint whose motor cannot overcome it
/// stands, and what hangs on it moves within backlash and compliance, and nowhere else.
struct Axle: Sendable {
    var condition: MetalCondition = [] {
        didSet { if oldValue.contains(.slipping) && !condition.contains(.slipping) { meshes = true } }
    }
    private(set) var angle: Double
    private(set) var speed = 0.0
    private(set) var current = 0.0
    private(set) var winding: Double
    private(set) var housing: Double
    /// What it takes from the supply, and how that changes with the voltage.
    private(set) var drawn = 0.0
    private(set) var drawnPerVolt = 0.0
    /// Radians that it has turned in its life; hot ones count more.
    private(set) var travel = 0.0
    /// What the output feels, as a mean over the last step.
    private(set) var effort = 0.0

    let constants: AxleConstants
    private var moment = AxleMoment()
    /// The teeth that slipped mesh again, wherever they are.
    private var meshes = false

    init(_ metal: ServoMetal, at angle: Double, ambient: Double) {
        constants = AxleConstants(metal)
        self.angle = angle
        winding = ambient
        housing = ambient
    }

    /// Half of the way that the output has with the rotor held.
    var halfGap: Double { 0.5 * (constants.backlash + constants.backlashWear * travel) }

    /// The resistance of the winding as warm as it is.
    var resistance: Double { constants.winding * (1 + constants.windingPerKelvin * (winding - 25)) }
    var torquePerAmpere: Double { constants.constant * (1 - constants.magnetPerKelvin * (housing - 25)) }

    /// In the spring of the gear.
    func elasticEnergy(output: Double) -> Double {
        let pressed = pressed(output)
        return 0.5 * constants.stiffness * pressed * pressed
    }

    var kineticEnergy: Double { 0.5 * constants.inertia * speed * speed }

    private func pressed(_ output: Double) -> Double {
        let twist = angle - output
        return twist > moment.halfGap ? twist - moment.halfGap : twist < -moment.halfGap ? twist + moment.halfGap : 0
    }

    /// How many parts a step must have for what swings in this gear, with a link that moves so easily.
    ///
    /// The leapfrog method is stable below 2 radians of a swing in a part and wrong by a twenty-fourth of their square.
    /// 0.3 radians are wrong by 0.4 % in frequency. A damper is taken explicitly, so it may take half a speed at most.
    func parts(of time: Double, mobility: Double) -> Double {
        let ease = 1 / constants.inertia + mobility
        let swing = (constants.stiffness * ease).squareRoot() * time / 0.3
        return max(swing, constants.damping * ease * time / 0.5, 1).rounded(.up)
    }
}

// One step, in the order of these functions.
extension Axle {
    /// What does not change within a step.
    mutating func begin(_ drive: MotorDrive, supply: Double, output: Double) {
        if meshes { angle = output }
        meshes = false
        let worn = 1 + constants.frictionWear * travel
        let fallen = speed == 0 ? 1 : exponential(-falling)
        moment.coulomb = worn * (constants.coulomb + constants.stribeck * fallen)
        moment.viscous = constants.viscous * max(0.2, 1 - constants.viscousPerKelvin * (housing - 25))
        moment.resistance = resistance
        moment.constant = torquePerAmpere
        moment.halfGap = halfGap
        moment.supply = supply
        moment.drive = drive
        moment.heat = 0
        moment.rubbed = 0
        moment.impulse = 0
    }

    /// How far friction is on its way down from that of rest.
    private var falling: Double {
        exponential(constants.stribeckExponent * logarithm(abs(speed) / constants.stribeckSpeed))
    }

    mutating func drift(over time: Double) { angle += time * speed }

    /// Motor, gear and friction change the rotor's speed. Returns what the output feels meanwhile.
    ///
    /// The motor's own voltage and viscous friction are taken at the end, so that no motor is too quick for the part.
    mutating func kick(over time: Double, output: Double, outputSpeed: Double) -> Double {
        let torque = condition.contains(.slipping) ? 0 : gearTorque(output, outputSpeed)
        let pull = moment.pull(at: speed)
        let pulls = pull.effort - pull.damping * speed
        let friction = moment.coulomb + constants.motorLoad * abs(pulls) + constants.outputLoad * abs(torque)
        let perEffort = time / constants.inertia
        let free = speed + perEffort * (pull.effort - torque)
        let brake = perEffort * friction
        let moving = free > brake ? free - brake : free < -brake ? free + brake : 0
        speed = moving / (1 + perEffort * (pull.damping + moment.viscous))
        current = (pull.effort - pull.damping * speed) / moment.constant
        moment.heat += current * current * moment.resistance * time
        moment.rubbed += (friction + moment.viscous * abs(speed)) * abs(speed) * time
        moment.impulse += torque * time
        return torque
    }

    /// The teeth only push.
    private func gearTorque(_ output: Double, _ outputSpeed: Double) -> Double {
        let pressed = pressed(output)
        guard pressed != 0 else { return 0 }
        let torque = constants.stiffness * pressed + constants.damping * (speed - outputSpeed)
        return pressed > 0 ? max(0, torque) : min(0, torque)
    }

    /// Heat flows, wear grows, the supply is told.
    mutating func finish(over time: Double, ambient: Double) {
        let through = (winding - housing) / constants.windingToHousing * time
        let away = (housing - ambient) / constants.housingToAmbient * time
        winding += (moment.heat - through) / constants.windingCapacity
        housing += (through + moment.rubbed - away) / constants.housingCapacity
        travel += abs(speed) * time * (1 + max(0, housing - 40) / constants.wearHeat)
        effort = moment.impulse / time
        let across = current * moment.resistance + moment.constant * speed
        let share = moment.supply > 0 ? across / moment.supply : 0
        drawn = share * current
        drawnPerVolt = moment.isDuty ? share * share / moment.resistance : 0
    }

    var isSound: Bool { abs(speed) < 1e5 && abs(angle) < 1e6 && abs(winding) < 1e4 && abs(housing) < 1e4 }
}

/// What holds for one step.
private struct AxleMoment: Sendable {
    var coulomb = 0.0
    var viscous = 0.0
    var resistance = 1.0
    var constant = 1.0
    var halfGap = 0.0
    var supply = 0.0
    var drive = MotorDrive.off
    var heat = 0.0
    var rubbed = 0.0
    var impulse = 0.0

    /// The effort at standstill, and how much of it each unit of speed takes away.
    func pull(at speed: Double) -> (effort: Double, damping: Double) {
        switch drive {
        case .off: return (0, 0)
        case .duty(let duty): return pull(duty: Double(duty.value))
        case .current(let asked):
            let asked = Double(asked.value)
            let own = constant * speed
            // As far as the supply can drive it against the motor's own voltage.
            if asked > (supply - own) / resistance { return pull(duty: 1) }
            if asked < (-supply - own) / resistance { return pull(duty: -1) }
            return (constant * asked, 0)
        }
    }

    private func pull(duty: Double) -> (effort: Double, damping: Double) {
        (constant * min(max(duty, -1), 1) * supply / resistance, constant * constant / resistance)
    }

    var isDuty: Bool { if case .duty = drive { true } else { false } }
}
