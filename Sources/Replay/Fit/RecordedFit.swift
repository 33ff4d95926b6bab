internal import Expressions
public import Models
internal import Quantities
public import Robots

/// The parameters of a robot's model, found from recordings of it.
public struct RecordedFit: Sendable {
    public struct Parameter: Equatable, Sendable {
        public let name: String
        public let unit: String
        public let before: Double
        public let estimate: Fit.Estimate
    }

    /// What predictions of a window's end were off by, in recordings that nothing was learnt from.
    public struct Prediction: Equatable, Sendable {
        public let name: String
        public let before: Double
        public let after: Double
        /// With what was found, where all stays as it was believed since that is no better.
        public let refused: Double?
    }

    public let model: String
    public let parameters: [Parameter]
    public let predictions: [Prediction]
    /// Parameters that the data cannot tell apart, by name, the largest part first, with the share that was learnt.
    public let weak: [(names: [String], learnt: Double)]
    /// All parameters of the model, for `RollingModel`.
    public let values: [Double]
    /// Seconds ahead of the predictions.
    public let ahead: Double
    public let windows: Int
    public let hasConverged: Bool
    /// Whether what was found predicts better than what was believed. If not, nothing changes.
    public let isBetter: Bool

    /// - Parameter ahead: how long the pieces of motion are whose ends are predicted, in seconds.
    public init(
        _ episodes: [FlownEpisode], _ robot: RobotFile, named wanted: String? = nil, ahead: Double = 0.5
    ) throws(RecordedFitProblem) {
        guard let described = robot.models.first(where: { wanted == nil || $0.name == wanted }) else {
            throw .model(.noModel(wanted))
        }
        let reduced: ReducedModel
        do throws(ModelError) { reduced = try described.reduced(period: robot.period) } catch {
            throw .model(.badModel)
        }
        let found = try Self.fit(episodes, robot, described, reduced, ahead)
        let names = described.parameters.map(\.name)
        model = described.name
        (self.ahead, windows, hasConverged) = (found.ahead, found.windows, found.fit.hasConverged)
        (values, isBetter) = (found.fit.parameters, found.fit.isBetter)
        parameters = found.fit.estimates.map { estimate in
            let parameter = described.parameters[estimate.place]
            return Parameter(
                name: parameter.name, unit: parameter.unit, before: parameter.value, estimate: estimate)
        }
        let outputs = reduced.measurements.results.map(\.name)
        predictions = outputs.indices.filter { !outputs[$0].hasPrefix("effort.") }.map { place in
            Prediction(
                name: outputs[place], before: found.fit.heldOutBefore[place], after: found.fit.heldOutAfter[place],
                refused: found.fit.refused?[place])
        }
        weak = found.fit.weakDirections.map { ($0.places.map { names[$0] }, $0.learnt) }
    }

    /// What predictions are off by, without learning anything.
    ///
    /// - Parameter parameters: instead of those in the robot's file.
    static func errors(
        _ episodes: [FlownEpisode], _ robot: RobotFile, named wanted: String?, parameters: [Double]? = nil,
        ahead: Double
    ) throws(RecordedFitProblem) -> [String: Double] {
        let model: RollingModel
        let growth: ErrorGrowth
        do throws(ModelProblem) {
            model = try RollingModel(robot, named: wanted, parameters: parameters)
            growth = try ErrorGrowth(episodes, model, period: robot.period, longest: ahead)
        } catch { throw .model(error) }
        var errors: [String: Double] = [:]
        for (place, joint) in robot.joints.enumerated() {
            errors["position.\(joint.name)"] = growth.positions[place].last
        }
        return errors
    }

    /// The parameters that have a range and a belief; the others stay as they are.
    static func unknowns(of described: RobotFile.Model) -> [FitProblem.Unknown] {
        described.parameters.enumerated().compactMap { place, parameter in
            parameter.prior.map {
                FitProblem.Unknown(
                    place: place, range: $0.range,
                    belief: min(max(parameter.value, $0.range.lowerBound), $0.range.upperBound),
                    deviation: $0.deviation)
            }
        }
    }

    private static func fit(
        _ episodes: [FlownEpisode], _ robot: RobotFile, _ described: RobotFile.Model, _ reduced: ReducedModel,
        _ ahead: Double
    ) throws(RecordedFitProblem) -> (fit: Fit, windows: Int, ahead: Double) {
        let pieces = episodes.count >= 5 ? 1 : 5
        let measured: MeasuredStretches
        do throws(ModelProblem) {
            measured = try MeasuredStretches(episodes, robot, described, reduced, pieces: pieces)
        } catch { throw .model(error) }
        let longest = measured.stretches.map(\.states.count).max() ?? 0
        let wanted = Int((ahead / Double(robot.period.value)).rounded())
        let ticks = max(1, min(wanted, (longest - reduced.delay) / 2))
        let windows = Windows(cutting: measured.stretches, ticks: ticks, delay: reduced.delay)
        do throws(FitError) {
            let problem = FitProblem(
                model: reduced, unknowns: unknowns(of: described), startDeviations: measured.stateNoise,
                outputDeviations: measured.outputNoise)
            return (try problem.fit(windows), windows.count, Double(ticks) * Double(robot.period.value))
        } catch { throw .fit(error) }
    }
}

/// Why recordings tell nothing about a model.
public enum RecordedFitProblem: Error, Equatable, Sendable {
    case model(ModelProblem)
    case fit(FitError)
}
