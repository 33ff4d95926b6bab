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
        let isFriction = ["b", "coulomb", "friction", "viscous"].contains { parameter.name.hasPrefix($0) }
        switch self {
        case .small, .contrary:
            return Belief.Parameter(parameter.value, deviation: deviation, in: parameter.prior?.range)
        case .medium: return moved(parameter, by: place.isMultiple(of: 2) ? 1.5 : -1.5)
        case .large where isFriction && (parameter.prior?.range.contains(0) ?? false): return Belief.Parameter(0)
        case .large: return moved(parameter, by: place.isMultiple(of: 2) ? 3 : -3)
        case .harmful:
            let isMotor = ["kt", "strength", "stiffness"].contains(parameter.name)
            return Belief.Parameter(isMotor ? -parameter.value : parameter.value)
        }
    }

    private func moved(_ parameter: RobotFile.Model.Parameter, by deviations: Double) -> Belief.Parameter {
        guard let prior = parameter.prior else { return Belief.Parameter(parameter.value) }
        return Belief.Parameter(
            parameter.value + deviations * prior.deviation, deviation: prior.deviation, in: prior.range)
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
