internal import Expressions
internal import Quantities
internal import Robots
internal import Supervision

/// Where a number comes from that the expressions of a task read.
enum SightSource: Sendable {
    case position(JointIndex)
    case speed(JointIndex)
    case effort(JointIndex)
    case sensor(Int)
    case action(Int)
    case lastAction(Int)
    case command(JointIndex)
    case time

    /// Nil for a name that is no joint's: a sensor, which the caller numbers.
    init?(_ slot: Slot) {
        let element = slot.element ?? 0
        guard let joint = JointIndex(UInt8(clamping: element)) else { return nil }
        switch slot.name {
        case "position": self = .position(joint)
        case "speed": self = .speed(joint)
        case "effort": self = .effort(joint)
        case "action": self = .action(element)
        case "last_action": self = .lastAction(element)
        case "command": self = .command(joint)
        case "time": self = .time
        default: return nil
        }
    }
}

/// Some expressions of a task, ready to be computed from what the loop knows.
struct TaskSight: Sendable {
    let tape: Tape<Float>
    let states: [SightSource]
    let inputs: [SightSource]
    let draws: [Float]

    init(_ program: Program, _ task: RobotFile.LearningTask, draws: [Float]) throws(ProgramProblem) {
        tape = Tape(program, parameters: .shared)
        let needed = tape.count(of: .parameter)
        guard draws.count == needed else { throw .draws(draws.count, needed: needed) }
        var (states, inputs, sensors): ([SightSource], [SightSource], Int) = ([], [], 0)
        for slot in tape.slots {
            switch slot.role {
            case .state:
                states.append(SightSource(slot) ?? .sensor(sensors))
                if SightSource(slot) == nil { sensors += 1 }
            case .input: inputs.append(SightSource(slot) ?? .time)
            case .parameter: continue
            }
        }
        guard sensors <= SensorReadings.count else { throw .sensors(sensors) }
        self.states = states
        self.inputs = inputs
        self.draws = draws
    }
}

/// What the expressions read beside the moment: the outputs of a policy.
struct SightActions {
    var latest: [Float]
    var last: [Float]

    init(count: Int) {
        // Two of them: to share memory now would be to ask for some on the first tick.
        latest = [Float](repeating: 0, count: count)
        last = [Float](repeating: 0, count: count)
    }
}

/// The same with memory of its own, on the loop's thread. Nothing is allocated after `init`.
struct TaskSense: ~Copyable {
    private let sight: TaskSight
    private let period: Seconds
    private var workspace: Workspace<Float>
    private var states: [Float]
    private var inputs: [Float]
    private(set) var results: [Float]

    init(_ sight: TaskSight, period: Seconds) {
        self.sight = sight
        self.period = period
        workspace = Workspace(for: sight.tape, tile: 1)
        workspace.share(parameters: sight.draws.span, of: sight.tape)
        states = [Float](repeating: 0, count: sight.states.count)
        inputs = [Float](repeating: 0, count: sight.inputs.count)
        results = [Float](repeating: 0, count: sight.tape.results.count)
        // Once in vain, so that what the language's runtime makes at the first call is there before a tick needs it.
        if !results.isEmpty { Self.run(sight.tape, states, inputs, &results, &workspace) }
    }

    /// Computes all results anew.
    mutating func look(_ moment: borrowing Moment, tick: Ticks, _ actions: borrowing SightActions) {
        guard !results.isEmpty else { return }
        for place in states.indices { states[place] = value(sight.states[place], moment, tick, actions) }
        for place in inputs.indices { inputs[place] = value(sight.inputs[place], moment, tick, actions) }
        Self.run(sight.tape, states, inputs, &results, &workspace)
    }

    private static func run(
        _ tape: borrowing Tape<Float>, _ states: borrowing [Float], _ inputs: borrowing [Float],
        _ results: inout [Float], _ workspace: inout Workspace<Float>
    ) {
        let none = InlineArray<0, Float>(repeating: 0)
        var span = results.mutableSpan
        tape.run(
            lanes: 1, spacing: 1, states: states.span, inputs: inputs.span, parameters: none.span, results: &span,
            with: &workspace)
    }

    private func value(
        _ source: SightSource, _ moment: borrowing Moment, _ tick: Ticks, _ actions: borrowing SightActions
    ) -> Float {
        switch source {
        case .position(let joint): moment.readings[joint].position.value
        case .speed(let joint): moment.readings[joint].speed.value
        case .effort(let joint): moment.readings[joint].effort.value
        case .sensor(let place): moment.sensors[place]
        case .action(let place): actions.latest[place]
        case .lastAction(let place): actions.last[place]
        case .command(let joint): moment.sent[joint].value
        case .time: Float(tick.rawValue) * period.value
        }
    }

    /// Whether a condition holds.
    func holds(_ place: Int) -> Bool { results[place] > 0.5 }
}
