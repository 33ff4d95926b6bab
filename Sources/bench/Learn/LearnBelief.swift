import Learning
import Models
import Policies
import Robots

extension LearnGap {
    func belief(_ model: RobotFile.Model) -> Belief {
        Belief(model.parameters.enumerated().map { place, parameter in self.parameter(parameter, place) })
    }

    private func parameter(_ parameter: RobotFile.Model.Parameter, _ place: Int) -> Belief.Parameter {
        let deviation = parameter.prior?.deviation ?? 0
        switch self {
        case .small, .contrary:
            return Belief.Parameter(parameter.value, deviation: deviation, in: parameter.prior?.range)
        case .medium: return moved(parameter, by: place.isMultiple(of: 2) ? 1.5 : -1.5)
        case .large where parameter.isFriction && (parameter.prior?.range.contains(0) ?? false):
            return Belief.Parameter(0)
        case .large: return moved(parameter, by: place.isMultiple(of: 2) ? 3 : -3)
        case .harmful: return Belief.Parameter(parameter.isMotor ? -parameter.value : parameter.value)
        }
    }

    private func moved(_ parameter: RobotFile.Model.Parameter, by deviations: Double) -> Belief.Parameter {
        guard let prior = parameter.prior else { return Belief.Parameter(parameter.value) }
        return Belief.Parameter(
            parameter.value + deviations * prior.deviation, deviation: prior.deviation, in: prior.range)
    }
}

extension RobotFile.Model.Parameter {
    /// As the robots of this repository call what rubs.
    fileprivate var isFriction: Bool {
        ["b", "dry", "load"].contains(name) || name.hasSuffix("_load")
            || ["coulomb", "friction", "viscous"].contains { name.hasPrefix($0) }
    }

    /// And what a command becomes a torque by, or an acceleration; the ends of joints are springs as well, and no motors.
    fileprivate var isMotor: Bool {
        name == "kt" || name.hasSuffix("strength") || name.hasSuffix("_stiffness") && name != "end_stiffness"
    }
}

/// Plays as another troupe does, and calls good bad if it is told to.
struct LearnTroupe: Troupe {
    var soloist: Soloist
    let isContrary: Bool

    var stage: Stage { soloist.stage }

    mutating func play(_ policy: Policy, _ parts: [StagePart], isQuiet: Bool) -> [Performance] {
        let played = soloist.play(policy, parts, isQuiet: isQuiet)
        guard isContrary else { return played }
        return played.map { performance in
            Performance(
                start: performance.start, ticks: performance.ticks, observations: performance.observations,
                latents: performance.latents, rewards: performance.rewards.map { -$0 }, ending: performance.ending,
                isSuccess: performance.isSuccess)
        }
    }
}
