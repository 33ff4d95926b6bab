internal import Expressions
internal import Policies
internal import Quantities

/// What a task computes for many lanes at once, with what the lanes remember from tick to tick. Fixed memory.
struct TaskLanes: ~Copyable {
    let stage: Stage
    let lanes: Int
    /// Number by number, lane by lane: what the sensors say now.
    var measured: [Float]
    var commands: [Float]
    var actions: [Float]
    private var lastActions: [Float]
    private var states: [Float]
    private var inputs: [Float]
    private var draws: [Float]
    private(set) var observations: [Float]
    /// The reward, then the conditions as 0 or 1.
    private(set) var payments: [Float]
    private var observationWorkspace: Workspace<Float>
    private var paymentWorkspace: Workspace<Float>

    init(_ stage: Stage, lanes: Int) {
        func numbers(_ count: Int) -> [Float] { [Float](repeating: 0, count: count * lanes) }
        self.stage = stage
        self.lanes = lanes
        measured = numbers(stage.task.measured)
        commands = numbers(stage.joints)
        actions = numbers(stage.joints)
        lastActions = numbers(stage.joints)
        states = numbers(stage.task.states.count)
        inputs = numbers(stage.task.inputs.count)
        draws = numbers(stage.observation.count(of: .parameter))
        observations = numbers(stage.task.observations)
        payments = numbers(1 + stage.task.conditions.count)
        observationWorkspace = Workspace(for: stage.observation)
        paymentWorkspace = Workspace(for: stage.payment)
    }

    mutating func begin(_ parts: [StagePart]) {
        for place in actions.indices { (actions[place], lastActions[place]) = (0, 0) }
        for (lane, part) in parts.enumerated() {
            guard part.measured.count == stage.task.measured, part.commands.count == stage.joints,
                part.draws.count * lanes == draws.count
            else { preconditionFailure("a part that does not fit the stage") }
            for (place, value) in part.measured.enumerated() { measured[place * lanes + lane] = value }
            for (place, value) in part.commands.enumerated() { commands[place * lanes + lane] = value }
            for (place, value) in part.draws.enumerated() { draws[place * lanes + lane] = value }
        }
    }

    mutating func observe(tick: Int, lanes count: Int) {
        gather(tick)
        run(
            stage.observation, lanes: count, of: lanes, states: states, inputs: inputs, parameters: draws,
            into: &observations, &observationWorkspace)
    }

    /// Takes the actions that were drawn; whatever is beyond −1 and 1 asks for no more than the ends.
    mutating func act(_ drawn: borrowing [Float]) {
        for place in actions.indices {
            lastActions[place] = actions[place]
            let output = drawn[place]
            actions[place] = output < -1 ? -1 : output > 1 ? 1 : output
        }
    }

    mutating func pay(tick: Int, lanes count: Int) {
        gather(tick)
        run(
            stage.payment, lanes: count, of: lanes, states: states, inputs: inputs, parameters: draws, into: &payments,
            &paymentWorkspace)
    }

    mutating func command() {
        let joints = stage.joints
        for joint in 0..<joints {
            let command = stage.task.commands[joint]
            for lane in 0..<lanes {
                let place = joint * lanes + lane
                commands[place] = command.value(
                    actions[place], last: commands[place], position: measured[place],
                    speed: measured[place + joints * lanes])
            }
        }
    }

    private mutating func gather(_ tick: Int) {
        let time = Float(tick) * stage.model.period.value
        for place in stage.task.states.indices {
            Self.fill(stage.task.states[place], lanes, time, measured, actions, lastActions, commands, place, &states)
        }
        for place in stage.task.inputs.indices {
            Self.fill(stage.task.inputs[place], lanes, time, measured, actions, lastActions, commands, place, &inputs)
        }
    }

    private static func fill(
        _ source: Stage.Source, _ lanes: Int, _ time: Float, _ measured: [Float], _ actions: [Float],
        _ lastActions: [Float], _ commands: [Float], _ place: Int, _ target: inout [Float]
    ) {
        switch source {
        case .measured(let number): copy(measured, number, lanes, place, &target)
        case .action(let joint): copy(actions, joint, lanes, place, &target)
        case .lastAction(let joint): copy(lastActions, joint, lanes, place, &target)
        case .command(let joint): copy(commands, joint, lanes, place, &target)
        case .time: for lane in 0..<lanes { target[place * lanes + lane] = time }
        }
    }

    private static func copy(_ from: [Float], _ number: Int, _ lanes: Int, _ place: Int, _ target: inout [Float]) {
        let (first, last) = (number * lanes, place * lanes)
        for lane in 0..<lanes { target[last + lane] = from[first + lane] }
    }
}

/// Apart from any value, of which only a part may be borrowed for writing while another is read.
func run(
    _ tape: borrowing Tape<Float>, lanes: Int, of spacing: Int, states: borrowing [Float], inputs: borrowing [Float],
    parameters: borrowing [Float], into numbers: inout [Float], _ workspace: inout Workspace<Float>
) {
    var results = numbers.mutableSpan
    tape.run(
        lanes: lanes, spacing: spacing, states: states.span, inputs: inputs.span, parameters: parameters.span,
        results: &results, with: &workspace)
}
