import Expressions
import Quantities
import Supervision

/// The task as it was read, with what the rest of the file needs of it.
struct ReadTask {
    let task: RobotFile.LearningTask
    let definitions: [FormulaLine]
    /// Every expression of the task, to see which measurements it uses.
    let texts: [String]
}

extension RobotReader {
    /// What a measurement of the robot consists of.
    static let measured = [("position", "rad"), ("speed", "rad/s"), ("effort", "N*m")]

    /// The measurements; in rewards, where unlike things are weighed against each other, nobody asks for units.
    func measurements(withUnits: Bool) -> [Declared] {
        let names = (joints ?? []).map(\.name)
        let ofJoints = RobotReader.measured.map { name, unit in
            Declared(declaration: .init(name, .state, over: names, unit: withUnits ? unit : nil))
        }
        return ofJoints + sensors.map { declared($0, withUnits: withUnits) }
    }

    private func declared(_ sensor: RobotFile.Sensor, withUnits: Bool) -> Declared {
        Declared(declaration: .init(sensor.name, .state, unit: withUnits ? sensor.unit : nil))
    }

    private func taskNames(_ draws: [RobotFile.LearningTask.Draw], _ section: Section, _ top: Section) -> [Declared] {
        let names = (joints ?? []).map(\.name)
        let inputs = ["action", "last_action", "command"].map {
            Declared(declaration: .init($0, .input, over: names))
        }
        let fixed = [
            Declared(declaration: .init("time", .input)),
            Declared(declaration: .init("period", .constant([Double(period.value)]))),
        ]
        let ofJoints = Array(measurements(withUnits: false).prefix(RobotReader.measured.count))
        let ofSensors = measurements(withUnits: true).dropFirst(ofJoints.count).map { declared in
            placed(.init(declared.declaration.name, .state), FolderKeys.sensors, top)
        }
        let drawn = draws.map { placed(.init($0.name, .parameter), TaskKeys.draws, section) }
        return ofJoints + inputs + fixed + ofSensors + drawn
    }

    /// A name that the file gives in an object of names.
    func placed(_ declaration: Vocabulary.Declaration, _ row: KeyRow, _ section: Section) -> Declared {
        let path = "\(section.label)\(row.name).\(declaration.name)"
        guard case .object(let members) = section.members[row.name]?.member.value.content else {
            return Declared(declaration: declaration)
        }
        let member = members.first { $0.key == declaration.name }
        var unit: TextPosition?
        if case .object(let keys) = member?.value.content { unit = keys.first { $0.key == "unit" }?.value.position }
        return Declared(
            declaration: declaration, position: member?.keyPosition ?? section.position, path: path, unit: unit)
    }

    mutating func task(_ top: Section) -> ReadTask? {
        guard let section = object(FolderKeys.task, top, .task) else { return nil }
        let numbers = numbers(section, .task)
        let commands = commands(section)
        let draws = draws(section)
        checkUnits(top, section)
        let texts = TaskTexts(section, &self)
        let failureReward = plain(TaskKeys.failureReward, section)
        guard joints != nil, let vocabulary = vocabulary(taskNames(draws, section, top)) else { return nil }
        let wanted = texts.wanted
        guard let program = program(vocabulary, texts.definitions, wanted), let failureReward,
            commands.count == joints?.count, !numbers.isFaulty(TaskKeys.horizon.row)
        else { return nil }
        let task = RobotFile.LearningTask(
            horizon: numbers[TaskKeys.horizon], commands: commands, draws: draws, vocabulary: vocabulary,
            definitions: texts.definitions.map { Definition($0.name, $0.formula.text) }, outputs: wanted.map(\.output),
            program: program, failureReward: failureReward, successTime: numbers[TaskKeys.successTime])
        return ReadTask(
            task: task, definitions: texts.definitions,
            texts: texts.definitions.map(\.formula.text) + wanted.map(\.formula.text))
    }

    /// Units of sensors and draws, which no expression of the task would complain about.
    private mutating func checkUnits(_ top: Section, _ task: Section) {
        for (row, section) in [(FolderKeys.sensors, top), (TaskKeys.draws, task)] {
            guard case .object(let members) = section.members[row.name]?.member.value.content else { continue }
            for member in members {
                guard case .object(let keys) = member.value.content else { continue }
                guard let key = keys.first(where: { $0.key == "unit" }), case .text(let text) = key.value.content else {
                    continue
                }
                checkUnit(text, key.value, "\(section.label)\(row.name).\(member.key).unit")
            }
        }
    }

    mutating func checkUnit(_ text: String, _ value: JSON5Value, _ path: String) {
        do throws(UnitError) {
            _ = try Dimension(parsing: text)
        } catch {
            append(FileProblem(value.position, path, .robot(.expression(.badUnit(text, error)))))
        }
    }

    private mutating func draws(_ section: Section) -> [RobotFile.LearningTask.Draw] {
        named(TaskKeys.draws, section, .draw).compactMap { entry in
            let own = entry.section
            let unit = unit(DrawKeys.unit, own)
            let even = range(
                DrawKeys.low, DrawKeys.high, own, (plain(DrawKeys.low, own), plain(DrawKeys.high, own)))
            let (mean, deviation) = (plain(DrawKeys.mean, own), plain(DrawKeys.deviation, own))
            guard let distribution = distribution(own, even, mean, deviation), let unit else { return nil }
            return RobotFile.LearningTask.Draw(name: entry.name, unit: unit, distribution: distribution)
        }
    }

    private mutating func distribution(
        _ section: Section, _ even: ClosedRange<Double>?, _ mean: Double?, _ deviation: Double?
    ) -> RobotFile.LearningTask.Draw.Distribution? {
        let has = { (row: KeyRow) in section.members[row.name] != nil }
        let isEven = has(DrawKeys.low) || has(DrawKeys.high)
        let isNormal = has(DrawKeys.mean) || has(DrawKeys.deviation)
        if isEven, isNormal {
            append(
                section.problem(
                    has(DrawKeys.mean) ? DrawKeys.mean : DrawKeys.deviation, .robot(.oneOf(DrawKeys.low.name))))
            return nil
        }
        if let even { return .even(even) }
        guard isNormal else {
            if !isEven { append(section.problem(DrawKeys.low, .missing(DrawKeys.low))) }
            return nil
        }
        guard let mean else {
            append(section.problem(DrawKeys.deviation, .robot(.alone(without: DrawKeys.mean.name))))
            return nil
        }
        guard let deviation else {
            append(section.problem(DrawKeys.mean, .robot(.alone(without: DrawKeys.deviation.name))))
            return nil
        }
        guard deviation > 0 else {
            append(section.problem(DrawKeys.deviation, .robot(.notPositive(deviation))))
            return nil
        }
        return .normal(mean: mean, deviation: deviation)
    }
}

/// The expressions of a task.
private struct TaskTexts {
    let definitions: [FormulaLine]
    let wanted: [Wanted]

    init(_ section: Section, _ reader: inout RobotReader) {
        var definitions = reader.lines(TaskKeys.definitions, section)
        definitions = reader.unmarked(definitions)
        self.definitions = definitions
        var wanted = TaskTexts.named("observation", TaskKeys.observation, section, .any, &reader)
        if let reward = reader.formula(TaskKeys.reward, section) { wanted.append(Wanted("reward", reward, .number)) }
        wanted += TaskTexts.named("failure", TaskKeys.failure, section, .truth, &reader)
        wanted += TaskTexts.named("done", TaskKeys.done, section, .truth, &reader)
        if let success = reader.formula(TaskKeys.success, section) { wanted.append(Wanted("success", success, .truth)) }
        self.wanted = wanted
    }

    private static func named(
        _ kind: String, _ row: KeyRow, _ section: Section, _ shape: Output.Shape, _ reader: inout RobotReader
    ) -> [Wanted] {
        var lines = reader.lines(row, section)
        lines = reader.unmarked(lines)
        reader.refuseTwins(lines)
        return lines.map { Wanted("\(kind).\($0.name)", $0.formula, shape) }
    }
}
