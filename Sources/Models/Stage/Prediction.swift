internal import Expressions
internal import Policies

/// Many models under the commands that a real robot got: what each would have measured.
public struct Prediction: ~Copyable {
    private let stage: Stage
    private let lanes: Int
    private var rolling: ModelLanes<Float>
    private var states: [Float]
    private var parameters: [Float]
    private var measured: [Float]
    private var workspace: Workspace<Float>

    public init(_ stage: Stage, lanes: Int) {
        self.stage = stage
        self.lanes = lanes
        rolling = ModelLanes(of: stage.compiled, lanes: lanes)
        states = [Float](repeating: 0, count: stage.model.count(of: .state) * lanes)
        parameters = [Float](repeating: 0, count: stage.model.count(of: .parameter) * lanes)
        measured = [Float](repeating: 0, count: stage.task.measured * lanes)
        workspace = Workspace(for: stage.start)
    }

    /// Starts every lane from the tick `first` of what was measured and commanded, and goes so many ticks on.
    ///
    /// - Parameters:
    ///   - measurements: tick by tick, as many numbers as the task measures.
    ///   - commands: tick by tick, one for each joint. Those of the ticks before are still under way.
    public mutating func roll(
        measurements: [Float], commands: [Float], from first: Int, ticks: Int, parameters own: [[Float]]
    ) {
        guard own.count == lanes else { preconditionFailure("\(own.count) models for \(lanes) lanes") }
        let (numbers, joints, delay) = (stage.task.measured, stage.joints, stage.model.delay)
        guard first >= delay, (first + ticks) * joints <= commands.count else {
            preconditionFailure("ticks before the first or behind the last")
        }
        for (lane, values) in own.enumerated() {
            for (place, value) in values.enumerated() { parameters[place * lanes + lane] = value }
        }
        for place in measured.indices { measured[place] = measurements[first * numbers + place / lanes] }
        run(
            stage.start, lanes: lanes, of: lanes, states: measured, inputs: [], parameters: parameters, into: &states,
            &workspace)
        for rate in stage.unseen.rates {
            let found = stage.unseen.rate(at: first, of: commands.count / joints) { tick in
                Double(measurements[tick * numbers + rate.measured])
            }
            guard let found else { continue }
            for lane in 0..<lanes { states[rate.state * lanes + lane] = Float(found) }
        }
        var lanesParameters = rolling.mutableParameters
        for place in parameters.indices { lanesParameters[place] = parameters[place] }
        // What is under way at the start was commanded in the ticks before.
        for tick in (first - delay)..<first { push(commands, tick) }
        var lanesStates = rolling.mutableStates
        for place in states.indices { lanesStates[place] = states[place] }
        for tick in first..<(first + ticks) { push(commands, tick) }
        rolling.measure()
    }

    private mutating func push(_ commands: [Float], _ tick: Int) {
        var inputs = rolling.mutableInputs
        for place in 0..<stage.joints * lanes { inputs[place] = commands[tick * stage.joints + place / lanes] }
        rolling.step()
    }

    /// What a lane's sensor would say now; nil for what the model does not say.
    public func measured(_ number: Int, lane: Int) -> Float? {
        stage.measurements[number].map { rolling.measurement($0, lane: lane) }
    }
}
