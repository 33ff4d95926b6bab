internal import Expressions
internal import Models
internal import Quantities
internal import Recordings
internal import Robots

/// Recorded motion as a model sees it: the states that follow from what was measured, the commands that were sent, and
/// what the sensors said a tick later.
struct MeasuredStretches {
    private(set) var stretches: [Windows.Stretch] = []
    /// How wrong states and outputs are measured, by how much they jump from tick to tick beyond a straight line.
    let stateNoise: [Double]
    let outputNoise: [Double]

    init(
        _ episodes: [FlownEpisode], _ robot: RobotFile, _ described: RobotFile.Model, _ model: ReducedModel,
        pieces: Int
    ) throws(ModelProblem) {
        var made: [Windows.Stretch] = []
        for episode in episodes {
            for range in ErrorGrowth.stretches(of: episode.log) where range.count > pieces * 2 {
                // A long recording becomes several, so that some of it can judge what was learnt from the rest.
                let size = range.count / pieces
                for piece in 0..<pieces {
                    let start = range.lowerBound + piece * size
                    let columns = Columns(episode.log, robot, start..<min(start + size + 1, range.upperBound))
                    made.append(try columns.stretch(described, model))
                }
            }
        }
        stretches = made
        stateNoise = Self.noise(made.map(\.states), model.count(of: .state))
        outputNoise = Self.noise(made.map(\.outputs), model.measurements.results.count)
    }

    /// The middle of all second differences, which a smooth motion hardly has and independent errors have much of.
    private static func noise(_ series: [[[Double]]], _ width: Int) -> [Double] {
        (0..<width).map { column in
            let bends = series.flatMap { rows in
                rows.indices.dropFirst().dropLast().map { place in
                    abs(rows[place - 1][column] - 2 * rows[place][column] + rows[place + 1][column])
                }
            }
            let sorted = bends.filter(\.isFinite).sorted()
            guard !sorted.isEmpty else { return 1 }
            // Of normal errors the middle of the sizes is 0.67 deviations; the difference holds six variances.
            let middle = sorted[sorted.count / 2] / (0.6745 * 6.0.squareRoot())
            let range = series.flatMap { $0.map { $0[column] } }.filter(\.isFinite)
            let span = (range.max() ?? 1) - (range.min() ?? 0)
            return max(middle, span * 1e-4, 1e-9)
        }
    }
}

/// What was measured on some ticks in a row, column by column.
private struct Columns {
    private let ticks: Int
    /// Number by number, each for all ticks: positions, speeds, efforts, sensors.
    private let measured: [[Double]]
    private let commands: [[Double]]
    private let names: [String]

    init(_ log: EpisodeLog, _ robot: RobotFile, _ range: Range<Int>) {
        let joints = log.joints.indices.compactMap { JointIndex(UInt8($0)) }
        let rows = log.ticks[range]
        ticks = rows.count
        let sensors = robot.sensors.map { sensor -> [Double] in
            guard let place = log.sensors.firstIndex(of: sensor.name) else { return rows.map { _ in .nan } }
            return rows.map { Double($0.sensors[place]) }
        }
        measured =
            joints.map { joint in rows.map { Double($0.joints[joint].position.value) } }
            + joints.map { joint in rows.map { Double($0.joints[joint].speed.value) } }
            + joints.map { joint in rows.map { Double($0.joints[joint].effort.value) } } + sensors
        commands = joints.map { joint in
            rows.map { row in
                let value = row.joints[joint].supervised.value
                return value.isFinite ? Double(value) : 0
            }
        }
        names =
            log.joints.map { "position.\($0)" } + log.joints.map { "speed.\($0)" } + log.joints.map { "effort.\($0)" }
            + robot.sensors.map(\.name)
    }

    /// The last tick only says what became of the one before.
    func stretch(_ described: RobotFile.Model, _ model: ReducedModel) throws(ModelProblem) -> Windows.Stretch {
        let states = self.states(described.start, model)
        // What an actuator believes to push with is computed from its command, and says nothing about the robot.
        let places = model.measurements.results.map { result in
            result.name.hasPrefix("effort.") ? nil : names.firstIndex(of: result.name)
        }
        let last = max(ticks - 1, 0)
        return Windows.Stretch(
            states: (0..<last).map { tick in states.map { $0[tick] } },
            inputs: (0..<last).map { tick in commands.map { $0[tick] } },
            outputs: (0..<last).map { tick in places.map { $0.map { measured[$0][tick + 1] } ?? .nan } })
    }

    /// State by state, each for all ticks.
    private func states(_ start: Program, _ model: ReducedModel) -> [[Double]] {
        let tape = Tape<Double>(start, parameters: .shared)
        var workspace = Workspace(for: tape)
        workspace.share(parameters: model.parameters.span, of: tape)
        let flat = measured.flatMap(\.self)
        var results = [Double](repeating: 0, count: tape.results.count * ticks)
        let none: [Double] = []
        var span = results.mutableSpan
        tape.run(
            lanes: ticks, spacing: ticks, states: flat.span, inputs: none.span, parameters: none.span, results: &span,
            with: &workspace)
        var states = (0..<tape.results.count).map { Array(results[$0 * ticks..<($0 + 1) * ticks]) }
        UnseenRates(model, start: start).fill(&states, from: measured)
        return states
    }
}
