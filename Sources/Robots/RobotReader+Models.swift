import Expressions
import Quantities
import Supervision

extension RobotReader {
    mutating func models(_ top: Section, _ task: ReadTask?) -> [RobotFile.Model] {
        named(FolderKeys.models, top, .model).compactMap { entry in
            if entry.name.uses(entry.name) == false {
                append(FileProblem(entry.position, "models.\(entry.name)", .robot(.badWord(entry.name))))
            }
            return model(entry.name, entry.section, task)
        }
    }

    private mutating func model(_ name: String, _ section: Section, _ task: ReadTask?) -> RobotFile.Model? {
        let numbers = numbers(section, .model)
        let integrator: IntegratorName? = choice(ModelKeys.integrator, section)
        let states = named(ModelKeys.states, section, .state)
        let parameters = parameters(section)
        var reading = ModelReading(states: states.map { state($0, &self) }, section)
        reading.equations = lines(ModelKeys.equations, section)
        let measured = lines(ModelKeys.measured, section)
        reading.measured = unmarked(measured)
        sort(&reading)
        guard joints != nil else { return nil }
        checkMeasured(reading, task)
        let start = start(reading, parameters, section)
        guard let vocabulary = vocabulary(modelNames(reading, parameters, section)),
            let program = program(vocabulary, reading.definitions, reading.wanted(joints ?? [], sensors)),
            let start, let integrator, !numbers.isFaulty(ModelKeys.substeps), !numbers.isFaulty(ModelKeys.delay)
        else { return nil }
        return RobotFile.Model(
            name: name, states: reading.finished, parameters: parameters, vocabulary: vocabulary,
            definitions: reading.definitions.map { Definition($0.name, $0.formula.text) },
            outputs: reading.wanted(joints ?? [], sensors).map(\.output), program: program, start: start,
            integrator: integrator, substeps: numbers.count(ModelKeys.substeps),
            delay: Ticks(Int32(numbers.count(ModelKeys.delay))))
    }

    private func state(_ entry: Named, _ reader: inout RobotReader) -> ModelReading.State {
        let unit = reader.unit(StateKeys.unit, entry.section)
        return ModelReading.State(
            name: entry.name, unit: unit, start: reader.formula(StateKeys.start, entry.section))
    }

    private mutating func parameters(_ section: Section) -> [RobotFile.Model.Parameter] {
        named(ModelKeys.parameters, section, .parameter).compactMap { entry in
            let own = entry.section
            let unit = unit(ParameterKeys.unit, own)
            let value = plain(ParameterKeys.value, own)
            let (low, high) = (plain(ParameterKeys.low, own), plain(ParameterKeys.high, own))
            let bounds = range(ParameterKeys.low, ParameterKeys.high, own, (low, high))
            let deviation = plain(ParameterKeys.deviation, own)
            let interval = range(
                ParameterKeys.intervalLow, ParameterKeys.intervalHigh, own,
                (plain(ParameterKeys.intervalLow, own), plain(ParameterKeys.intervalHigh, own)))
            check(own, value, bounds, deviation)
            guard let unit, let value else { return nil }
            let prior = bounds.map { bounds in
                RobotFile.Model.Prior(
                    range: bounds, deviation: deviation ?? (bounds.upperBound - bounds.lowerBound) / 4)
            }
            return RobotFile.Model.Parameter(
                name: entry.name, value: value, unit: unit, prior: prior, interval: interval)
        }
    }

    private mutating func check(
        _ section: Section, _ value: Double?, _ bounds: ClosedRange<Double>?, _ deviation: Double?
    ) {
        if let deviation, deviation <= 0 {
            append(section.problem(ParameterKeys.deviation, .robot(.notPositive(deviation))))
        }
        let bounded = [ParameterKeys.low, ParameterKeys.high].contains { section.members[$0.name] != nil }
        if deviation != nil, !bounded {
            append(section.problem(ParameterKeys.deviation, .robot(.alone(without: ParameterKeys.low.name))))
        }
        guard let value, let bounds, !bounds.contains(value) else { return }
        let complaint = FileComplaint.robot(.outsideOwn(value, low: bounds.lowerBound, high: bounds.upperBound))
        append(section.problem(ParameterKeys.value, complaint))
    }

    /// Which lines are equations of states, and which are names.
    private mutating func sort(_ reading: inout ModelReading) {
        var found: [String: FormulaLine] = [:]
        for line in reading.equations {
            guard line.mark != .none else {
                reading.definitions.append(line)
                continue
            }
            guard reading.states.contains(where: { $0.name == line.name }) else {
                let nearest = nearest(to: line.name, among: reading.states.map(\.name))
                let complaint = FileComplaint.robot(.equationOfNothing(line.name, nearest: nearest))
                append(FileProblem(line.namePosition, line.formula.path, complaint))
                continue
            }
            if let first = found[line.name] {
                let complaint = FileComplaint.robot(.sameName(line.label, first: first.namePosition))
                append(FileProblem(line.namePosition, line.formula.path, complaint))
            } else {
                found[line.name] = line
            }
        }
        reading.rates = found
        for state in reading.states where found[state.name] == nil {
            guard reading.section.members[ModelKeys.equations.name] != nil else { continue }
            append(reading.section.problem(ModelKeys.equations, .robot(.noEquation(state.name))))
        }
    }

    /// What the task asks for has to come from the model too, or nothing can be rehearsed.
    private mutating func checkMeasured(_ reading: ModelReading, _ task: ReadTask?) {
        let known = reading.targets(joints ?? [], sensors)
        refuseTwins(reading.measured)
        for line in reading.measured where !known.contains(where: { $0.name == line.name }) {
            let nearest = nearest(to: line.name, among: known.map(\.name))
            append(FileProblem(line.namePosition, line.formula.path, .robot(.notMeasured(line.name, nearest: nearest))))
        }
        guard let task else { return }
        let given = reading.wanted(joints ?? [], sensors).map(\.output.name)
        for target in known where !given.contains(target.name) {
            guard target.isAlwaysNeeded || task.texts.contains(where: { $0.uses(target.word) }) else { continue }
            append(reading.section.problem(ModelKeys.measured, .robot(.unmeasured(target.name))))
        }
    }

    private func modelNames(
        _ reading: ModelReading, _ parameters: [RobotFile.Model.Parameter], _ section: Section
    ) -> [Declared] {
        let names = (joints ?? []).map(\.name)
        let command = Declared(declaration: .init("command", .input, over: names, unit: commandUnit))
        let states = reading.states.map { placed(.init($0.name, .state, unit: $0.unit), ModelKeys.states, section) }
        return [command, periodName] + states + placed(parameters, section)
    }

    private var periodName: Declared {
        Declared(declaration: .init("period", .constant([Double(period.value)]), unit: "s"))
    }

    private func placed(_ parameters: [RobotFile.Model.Parameter], _ section: Section) -> [Declared] {
        parameters.map { placed(.init($0.name, .parameter, unit: $0.unit), ModelKeys.parameters, section) }
    }

    /// The unit that all commands have in common.
    private var commandUnit: String? {
        let drives = Set((joints ?? []).map(\.drive))
        guard drives.count == 1, undriven.isEmpty, let drive = drives.first else { return nil }
        switch drive {
        case .position: return "rad"
        case .speed: return "rad/s"
        case .effort: return "N*m"
        }
    }

    private mutating func start(
        _ reading: ModelReading, _ parameters: [RobotFile.Model.Parameter], _ section: Section
    ) -> Program? {
        let wanted = reading.states.compactMap { state in
            state.start.map { Wanted("start \(state.name)", $0, unit: state.unit, .number) }
        }
        // Parameters with a fault are complained about where the equations are read.
        let names = measurements(withUnits: true) + [periodName] + placed(parameters, section)
        guard let vocabulary = try? Vocabulary(names.map(\.declaration)), wanted.count == reading.states.count else {
            return nil
        }
        return program(vocabulary, [], wanted)
    }
}

/// A model on its way.
private struct ModelReading {
    struct State {
        let name: String
        let unit: String?
        let start: Formula?
    }

    /// Something that the robot measures.
    struct Target {
        /// As in `position.elbow`.
        let name: String
        /// As a task's texts call it.
        let word: String
        let unit: String
        let isAlwaysNeeded: Bool
    }

    let states: [State]
    let section: Section
    var equations: [FormulaLine] = []
    var measured: [FormulaLine] = []
    var definitions: [FormulaLine] = []
    var rates: [String: FormulaLine] = [:]

    init(states: [State], _ section: Section) {
        self.states = states
        self.section = section
    }

    func targets(_ joints: [RobotFile.Joint], _ sensors: [RobotFile.Sensor]) -> [Target] {
        let ofJoints = RobotReader.measured.flatMap { name, unit in
            joints.map { Target(name: "\(name).\($0.name)", word: name, unit: unit, isAlwaysNeeded: name != "effort") }
        }
        return ofJoints + sensors.map { Target(name: $0.name, word: $0.name, unit: $0.unit, isAlwaysNeeded: false) }
    }

    /// Equations first, then what the sensors would say.
    func wanted(_ joints: [RobotFile.Joint], _ sensors: [RobotFile.Sensor]) -> [Wanted] {
        let equations = states.compactMap { state in
            rates[state.name].map { line in
                let unit = state.unit.map { line.mark == .rate ? "(\($0))/s" : $0 }
                return Wanted(line.label, line.formula, unit: unit, .number)
            }
        }
        return equations
            + targets(joints, sensors).compactMap { target in
                if let line = measured.first(where: { $0.name == target.name }) {
                    return Wanted(target.name, line.formula, unit: target.unit, .number)
                }
                let state = states.first { $0.start.map { plainName($0.text) } == target.name }
                return state.flatMap { state in
                    state.start.map { Wanted(target.name, Formula(state.name, of: $0), unit: target.unit, .number) }
                }
            }
    }

    private func plainName(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { !$0.properties.isWhitespace }))
    }

    var finished: [RobotFile.Model.State] {
        states.map { state in
            RobotFile.Model.State(
                name: state.name, unit: state.unit ?? "1", isRate: rates[state.name]?.mark != .next)
        }
    }
}
