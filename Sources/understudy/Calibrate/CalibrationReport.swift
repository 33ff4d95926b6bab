import Models
import Replay
import Robots

/// What recordings tell about a robot's model.
struct CalibrationReport {
    let fit: RecordedFit
    let runs: Int

    init(_ runs: [LoadedRun], _ model: String?) throws(Outcome.Refusal) {
        guard let robot = runs.first?.robot else { preconditionFailure("a calibration has recordings") }
        do throws(RecordedFitProblem) {
            fit = try RecordedFit(runs.map(\.episode), robot, named: model)
        } catch { throw Outcome.Refusal(error) }
        self.runs = runs.count
    }

    init(fit: RecordedFit, runs: Int) {
        self.fit = fit
        self.runs = runs
    }

    /// - Parameter asked: whether somebody wants to write the numbers into the robot's file.
    func text(_ style: Style, asked: Bool = true) -> String {
        let head = style.bold("model \(shown(fit.model)), from \(fit.windows) pieces of motion in \(runs) recordings")
        let lines = parameterLines + predictionLines + verdict + weakLines + doubts + (asked ? fileLines : [])
        return ([head] + lines).map { "\($0)\n" }.joined()
    }

    private func number(_ value: Double) -> String { rounded(Float(value)) }

    private var parameterLines: [String] {
        let width = (fit.parameters.map { shown($0.name).count }.max() ?? 0) + 2
        guard fit.isBetter else {
            return fit.parameters.map {
                "  parameter    \(padded(shown($0.name), width))stays \(number($0.before)) \(shown($0.unit))"
            }
        }
        return fit.parameters.map { parameter in
            let (low, high) = (parameter.estimate.interval.lowerBound, parameter.estimate.interval.upperBound)
            let share = number((parameter.estimate.learnt * 100).rounded())
            return "  parameter    \(padded(shown(parameter.name), width))\(number(parameter.before)) becomes "
                + "\(number(parameter.estimate.value)) \(shown(parameter.unit)), with 95 % confidence "
                + "\(number(low)) to \(number(high)); \(share) % of the doubt is gone"
        }
    }

    private var predictionLines: [String] {
        fit.predictions.map { prediction in
            let times = prediction.after > 0 ? number(prediction.before / prediction.after) : "endlessly"
            let now = "now \(number(prediction.after)): \(times) times better"
            return
                "  prediction   \(shown(prediction.name)), \(number(fit.ahead)) s ahead, in recordings that were held "
                + "out: off by \(number(prediction.before)), "
                + (prediction.refused.map { "\(number($0)) with what was found" } ?? now)
        }
    }

    /// What harms does not get in.
    private var verdict: [String] {
        fit.isBetter
            ? []
            : ["  no better    all parameters stay as they were believed: what was found predicts all in all no better"]
    }

    private var weakLines: [String] {
        fit.weak.map { weak in
            "  not told     \(weak.names.map { shown($0) }.joined(separator: ", ")): these recordings hardly tell them "
                + "apart; what is believed of them decides"
        }
    }

    private var doubts: [String] {
        let stuck = fit.parameters.filter(\.estimate.isAtBound).map {
            "  doubtful     \(shown($0.name)) stopped at the end of its range: widen low and high, or mend the model"
        }
        return stuck + (fit.hasConverged ? [] : ["  doubtful     the search ended before it had settled"])
    }

    private var fileLines: [String] {
        guard fit.isBetter else { return [] }
        return ["  for the file"]
            + fit.parameters.map { parameter in
                let (low, high) = (parameter.estimate.interval.lowerBound, parameter.estimate.interval.upperBound)
                return
                    "    \(shown(parameter.name)): value \(number(parameter.estimate.value)), interval_low \(number(low)), "
                    + "interval_high \(number(high))"
            }
    }

    var json: JSONText {
        .object([
            ("model", .text(fit.model)), ("recordings", .integer(runs)), ("windows", .integer(fit.windows)),
            ("ahead_s", .number(Float(fit.ahead))), ("converged", .boolean(fit.hasConverged)),
            ("better", .boolean(fit.isBetter)),
            ("parameters", .list(fit.parameters.map(\.json))),
            (
                "predictions",
                .list(
                    fit.predictions.map {
                        .object([
                            ("name", .text($0.name)), ("before", .number(Float($0.before))),
                            ("after", .number(Float($0.after))),
                            ("refused", $0.refused.map { .number(Float($0)) } ?? .null),
                        ])
                    })
            ),
            (
                "not_told_apart",
                .list(
                    fit.weak.map {
                        .object([("parameters", .texts($0.names)), ("learnt", .number(Float($0.learnt)))])
                    })
            ),
        ])
    }
}

extension RecordedFit.Parameter {
    fileprivate var json: JSONText {
        .object([
            ("name", .text(name)), ("unit", .text(unit)), ("before", .number(Float(before))),
            ("value", .number(Float(estimate.value))),
            ("interval_low", .number(Float(estimate.interval.lowerBound))),
            ("interval_high", .number(Float(estimate.interval.upperBound))),
            ("learnt", .number(Float(estimate.learnt))), ("at_end_of_range", .boolean(estimate.isAtBound)),
        ])
    }
}
