internal import Quantities
internal import Robots
internal import Supervision

/// How warm motors get in an episode, and what it wears.
struct HeatForecast {
    /// By joint: the hottest that its sensor is expected to read.
    private(set) var sensors: [Celsius]
    private(set) var joint = 0
    private(set) var peak: Celsius
    private(set) var timeLeft = Seconds(HeatForecast.longest)
    /// Of all windings together, the mean of the rollouts.
    private(set) var heat = Joules(0)
    /// Dossiers hold numbers only: so long is for ever.
    static let longest: Float = 86_400

    init(_ forecast: Forecast) {
        let envelope = forecast.pupil.robot.envelope.envelope
        sensors = (0..<forecast.joints).map { envelope.joints.elements[$0].motor.ambient }
        peak = sensors.max() ?? Celsius(0)
        for joint in 0..<forecast.joints { add(joint, forecast, envelope) }
    }

    private mutating func add(_ joint: Int, _ forecast: Forecast, _ envelope: Envelope) {
        let limits = envelope.joints.elements[joint]
        guard case .perAmpere(let torque) = forecast.pupil.robot.file.joints[joint].torque,
            forecast.paths.allSatisfy({ forecast.effort($0, 0, joint) != nil })
        else {
            // Nobody knows its current: what is said of it is the worst that the envelope lets happen.
            sensors[joint] = limits.hottest
            note(joint, limits.motor.windingLimit, .zero)
            return
        }
        for path in forecast.paths {
            var motor = MotorTemperature(resting: limits.motor.ambient)
            for tick in 0..<path.ticks {
                let effort = forecast.effort(path, tick, joint) ?? 0
                let current = Amperes((effort.isFinite ? effort : limits.effort.value) / torque.value)
                motor.follow(current, sensor: limits.motor.ambient, over: envelope.robot.period, of: limits.motor)
                note(joint, motor.winding, motor.timeLeft(at: current, of: limits.motor))
                let burnt = current.heat(in: limits.motor.resistance).value * envelope.robot.period.value
                heat = Joules(heat.value + burnt / Float(forecast.paths.count))
            }
            sensors[joint] = max(sensors[joint], motor.housing)
        }
    }

    private mutating func note(_ joint: Int, _ winding: Celsius, _ left: Seconds) {
        if winding > peak { (self.joint, peak) = (joint, winding) }
        timeLeft = min(timeLeft, left)
    }
}

extension Forecast {
    /// How far the joint that goes furthest goes, the mean of the rollouts.
    var travel: Radians {
        let all = (0..<joints).map { joint in
            paths.reduce(Float(0)) { sum, path in
                (1..<max(1, path.ticks)).reduce(sum) { sum, tick in
                    let step = abs(position(path, tick, joint) - position(path, tick - 1, joint))
                    return sum + (step.isFinite ? step : 0)
                }
            } / Float(max(1, paths.count))
        }
        return Radians(all.max() ?? 0)
    }
}
