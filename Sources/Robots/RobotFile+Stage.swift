public import Hashing
public import Models
internal import Expressions
internal import Quantities
internal import Supervision

extension RobotFile {
    /// The task inside one of the robot's models: where policies rehearse.
    public func stage(in model: Model) throws(ModelError) -> Stage {
        let reduced = try model.reduced(period: period)
        let names = ["position", "speed", "effort"].flatMap { kind in joints.map { "\(kind).\($0.name)" } }
        let measurements = (names + sensors.map(\.name)).map { name in
            reduced.measurements.results.firstIndex { $0.name == name }
        }
        return Stage(stageTask, in: reduced, start: model.start, measurements: measurements)
    }

    /// What the task is, by the places of what it reads.
    private var stageTask: Stage.Piece {
        let (seen, slots) = (task.observationCount, task.program.slots)
        let successTicks = (Double(task.successTime.value) / Double(period.value)).rounded(.up)
        return Stage.Piece(
            program: task.program, observations: seen, states: slots.filter { $0.role == .state }.map(source),
            inputs: slots.filter { $0.role == .input }.map(source), measured: 3 * joints.count + sensors.count,
            commands: task.commands.map { Stage.Command($0) },
            conditions: task.program.results[(seen + 1)...].map { condition($0.name) },
            horizon: Int(horizon.rawValue), successTicks: max(1, Int(successTicks)),
            failureReward: Float(task.failureReward))
    }

    private func source(_ slot: Slot) -> Stage.Source {
        let element = slot.element ?? 0
        switch slot.name {
        case "position": return .measured(element)
        case "speed": return .measured(joints.count + element)
        case "effort": return .measured(2 * joints.count + element)
        case "action": return .action(element)
        case "last_action": return .lastAction(element)
        case "command": return .command(element)
        case "time": return .time
        default: return .measured(3 * joints.count + (sensors.firstIndex { $0.name == slot.name } ?? 0))
        }
    }

    private func condition(_ name: String) -> Stage.Condition {
        name.hasPrefix("failure.") ? .failure : name.hasPrefix("done.") ? .done : .success
    }
}

extension Stage.Command {
    init(_ command: RobotFile.LearningTask.Command) {
        switch command {
        case .direct(let low, let high): self = .direct(low: low, high: high)
        case .step(let low, let high): self = .step(low: low.value, high: high.value)
        case .spring(let low, let high, let stiffness, let damping):
            self = .spring(low: low.value, high: high.value, stiffness: stiffness.value, damping: damping.value)
        }
    }
}

extension RobotFile {
    /// Where episodes begin and what is drawn for them.
    public var stageStarts: StageStarts {
        let rest = [Float](repeating: 0, count: joints.count + sensors.count)
        let followers = sensors.enumerated().compactMap { place, sensor in
            sensor.start.map { StageStarts.Follower(place: 3 * joints.count + place, of: joints.count, by: $0) }
        }
        let commanded = task.commands.enumerated().map { place, command -> Int? in
            if case .step = command { return place }
            if case .direct = command, joints[place].drive == .position { return place }
            return nil
        }
        return StageStarts(
            middles: starts.map(\.position.value) + starts.map { _ in 0 } + rest,
            spreads: starts.map(\.spread.value) + starts.map(\.speedSpread.value) + rest, commanded: commanded,
            followers: followers, draws: task.stageDraws)
    }
}

extension Robot {
    /// Where half of the episodes begin that are only rehearsed: a joint that may turn all the way round begins anywhere
    /// around, at up to a turn a second. What is hard to reach is learnt from where it was reached; a real episode never
    /// begins there. Nil where no joint may.
    public var rehearsedStarts: StageStarts? {
        let turning = file.joints.indices.filter { place in
            let allowed = envelope.envelope.joints.elements[place].position
            return file.joints[place].drive == .effort && (allowed.high - allowed.low).value >= 2 * .pi
        }
        guard !turning.isEmpty else { return nil }
        let places = turning.map { ($0, Float.pi) } + turning.map { (file.joints.count + $0, 2 * Float.pi) }
        return file.stageStarts.spread(Dictionary(uniqueKeysWithValues: places))
    }
}

extension RobotFile.LearningTask {
    /// The numbers that the task draws for the episode of a key, whoever asks.
    public func drawn(for key: NoiseKey) -> [Float] { stageDraws.drawn(for: key) }

    fileprivate var stageDraws: [StageStarts.Draw] {
        draws.map { draw in
            switch draw.distribution {
            case .even(let range): .even(low: range.lowerBound, high: range.upperBound)
            case .normal(let mean, let deviation): .normal(mean: mean, deviation: deviation)
            }
        }
    }
}
