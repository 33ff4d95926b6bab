internal import Expressions
internal import Models
internal import Quantities
internal import Robots
internal import Supervision

/// The motion of all joints that tells most about a robot's first model and keeps the limits of its envelope.
struct CalibrationExperiment {
    private let robot: Robot

    init(_ robot: Robot) { self.robot = robot }

    private var file: RobotFile { robot.file }
    private var limits: [JointEnvelope] { file.joints.indices.map { robot.envelope.envelope.joints.elements[$0] } }

    /// Nil where nothing is to be found out, or no motion keeps the limits.
    func best(ticks: Int, rounds: Int, candidates: Int) throws(CalibrationPlanProblem) -> Experiment? {
        guard let described = file.models.first, described.parameters.contains(where: { $0.prior != nil }) else {
            return nil
        }
        let model: ReducedModel
        do throws(ModelError) { model = try described.reduced(period: file.period) } catch { throw .model(.badModel) }
        let names = model.measurements.results.map(\.name)
        let problem = FitProblem(
            model: model, unknowns: RecordedFit.unknowns(of: described),
            startDeviations: [Double](repeating: 0.01, count: model.count(of: .state)),
            outputDeviations: names.map(deviation))
        var design = ExperimentDesign(
            problem, start: try start(), ticks: ticks, inputs: inputs, limits: bounds(names), rates: 1...quickest)
        design.waves = 3
        do throws(FitError) {
            return try design.best(rounds: rounds, candidates: candidates, seed: 1)
        } catch { throw .design(error) }
    }

    private let quickest = 8.0

    /// About what encoders say wrong.
    private func deviation(_ name: String) -> Double {
        name.hasPrefix("position.") ? 0.005 : name.hasPrefix("speed.") ? 0.1 : 1
    }

    private func start() throws(CalibrationPlanProblem) -> [Double] {
        let zeros = [Float](repeating: 0, count: file.joints.count)
        var seen = JointsSeen(
            positions: file.starts.map(\.position.value), speeds: zeros, efforts: zeros, sent: zeros)
        for sensor in file.sensors { seen.sensors[sensor.name] = 0 }
        do throws(ModelProblem) {
            let rolling = try RollingModel(file)
            var lanes = rolling.lanes(1)
            try rolling.start(&lanes, lane: 0, from: seen)
            return (0..<rolling.compiled.model.count(of: .state)).map { lanes[$0, lane: 0] }
        } catch { throw .model(error) }
    }

    /// What every joint is told: torques about none, or places about its start that it can follow.
    private var inputs: [(middle: Double, reach: Double)] {
        zip(limits, file.starts).map { limits, start in
            switch limits.drive {
            case .effort: return (0, 0.5 * Double(limits.effort.value))
            case .position, .speed:
                let (low, high) = limits.commanded
                let room = min(start.position - low, high - start.position).value
                let reach = min(0.3, 0.8 * Double(room), 0.8 * Double(limits.speed.value) / quickest)
                return (Double(start.position.value), max(reach, 0.001))
            }
        }
    }

    /// Well inside the envelope, and not so far that a rod goes over its top.
    private func bounds(_ names: [String]) -> [ExperimentDesign.Limit] {
        file.joints.indices.flatMap { joint -> [ExperimentDesign.Limit] in
            let (limits, start) = (limits[joint], Double(file.starts[joint].position.value))
            let (low, high) = limits.commanded
            let speed = 0.7 * Double(limits.speed.value)
            let position = names.firstIndex(of: "position.\(file.joints[joint].name)").map {
                ExperimentDesign.Limit(
                    output: $0, max(Double(low.value), start - 2) + 0.05...min(Double(high.value), start + 2) - 0.05)
            }
            let rate = names.firstIndex(of: "speed.\(file.joints[joint].name)").map {
                ExperimentDesign.Limit(output: $0, -speed...speed)
            }
            return [position, rate].compactMap { $0 }
        }
    }
}
