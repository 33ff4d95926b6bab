import Expressions
import Quantities
import Robots

extension RobotFileWords {
    func modelLines(_ model: RobotFile.Model) -> [EnvelopeLine] {
        let states = model.states.map { "\($0.name) in \($0.unit)" }.joined(separator: ", ")
        let steps = model.substeps == 1 ? "one step" : "\(model.substeps) steps"
        let late = model.delay.rawValue == 0 ? "" : ", commands \(model.delay.rawValue) ticks late"
        let equations =
            model.definitions.map { "\($0.name) = \($0.text)" }
            + model.outputs.prefix(model.states.count).map { "\($0.name) = \($0.text)" }
        return [
            EnvelopeLine("states", states),
            EnvelopeLine("integrated", "by \(model.integrator.rawValue), \(steps) in a tick\(late)"),
        ] + equations.map { EnvelopeLine("", shown($0).split(separator: " ").joined(separator: " ")) }
            + model.parameters.map { EnvelopeLine($0.name, words($0)) }
    }

    private func words(_ parameter: RobotFile.Model.Parameter) -> String {
        var words = plain(parameter.value) + (parameter.unit == "1" ? "" : " \(parameter.unit)")
        if let prior = parameter.prior {
            words += ", give or take \(plain(Float(prior.deviation))), "
            words += "from \(plain(prior.range.lowerBound)) to \(plain(prior.range.upperBound))"
        } else {
            words += ", as it is"
        }
        guard let interval = parameter.interval else { return words }
        return words + "; calibrated: \(plain(interval.lowerBound)) to \(plain(interval.upperBound))"
    }

    var learningLines: [EnvelopeLine] {
        let (policy, learning) = (robot.file.policy, robot.file.learning)
        let layers = policy.hidden.map(String.init).joined(separator: ", ")
        let shape = policy.hidden.isEmpty ? "linear" : "hidden layers of \(layers)"
        let real = learning.realEpisodes
        let model = learning.modelEpisodes
        return [
            EnvelopeLine(
                "policy", "\(shape); noise from \(plain(policy.deviation)) down to \(plain(policy.deviationFloor))"),
            EnvelopeLine(
                "a step",
                "by \(learning.estimator.rawValue), from \(real.lowerBound) to \(real.upperBound) real episodes with "
                    + "\(model.lowerBound) to \(model.upperBound) model episodes each"),
            EnvelopeLine("later ticks", "count \(plain(learning.discount)) for each tick that they are later"),
        ]
    }

    var bodyLines: [EnvelopeLine] {
        let body = robot.file.body
        let supply = body.supply.map { spelled($0) } ?? "what its servos' makers feed them with"
        let changed = body.metal.reduce(0) { $0 + $1.numbers.count }
        let products = Set(body.metal.map(\.product)).sorted().joined(separator: ", ")
        let metal = changed == 0 ? products : "\(products), with \(changed) numbers of its own"
        return [
            EnvelopeLine("body", body.file), EnvelopeLine("servos", metal),
            EnvelopeLine("supply", "\(supply), \(spelled(body.supplyResistance))"),
            EnvelopeLine("air", spelled(body.ambient)),
        ]
    }

    /// What an episode of full length costs that moves nothing, and what moving adds.
    var budgetLines: [EnvelopeLine] {
        let budget = robot.file.budget
        let time = budget.perSecond * robot.file.task.horizon.value
        let person = budget.perOperatorMinute * budget.operatorMinutes
        let sum = budget.perEpisode + time + person
        let moving = [
            (budget.perRadian, "radian of travel"), (budget.perNewtonMetreSecond, "N·m for a second"),
            (budget.perKelvin, "kelvin of the warmest motor"),
        ].filter { $0.0 > 0 }.map { "\(plain($0.0)) for each \($0.1)" }
        let beside = moving.isEmpty ? "" : ", and \(moving.joined(separator: ", "))"
        let limits = [
            budget.limit.map { "\(plain($0)) credits" }, budget.limitEpisodes.map { "\($0) episodes" },
            budget.limitTime.map { "\(spelled($0)) of episodes" },
            budget.limitTravel.map { "\(spelled($0)) of travel" },
        ].compactMap { $0 }
        return [
            EnvelopeLine(
                "an episode",
                "\(rounded(sum)) credits: \(rounded(budget.perEpisode)) at once, \(rounded(time)) for its time, "
                    + "\(rounded(person)) for the operator\(beside)"),
            EnvelopeLine("at most", limits.isEmpty ? "no limit" : limits.joined(separator: ", ")),
        ]
    }
}
