internal import Expressions
public import Policies

/// What becomes of a tick of a real episode when its action had been a little larger or smaller: inside the model, from
/// what was measured, up to when the command has arrived.
///
/// For each tick and output two lanes, all of them together: an episode costs as much as a few model episodes.
public struct Aftermath: ~Copyable {
    private let stage: Stage
    /// How far latents are moved to either side, in standard deviations of the policy.
    private static let side: Float = 0.5

    public init(_ stage: Stage) { self.stage = stage }

    /// How many ticks later a command has been in force for one.
    public var lag: Int { stage.model.delay + 1 }

    /// What would be observed `lag` ticks after some ticks of a real episode.
    public struct Seen: Sendable {
        /// The ticks that were asked for and have so much future and past in the record.
        public let ticks: [Int]
        /// Column by column; tick by tick, first all larger actions of the first output, then all smaller ones, then
        /// those of the next output.
        public let observations: [Float]
        /// By how much larger and smaller action differ, in latents, output by output.
        public let distances: [Float]
    }

    /// The middle of both sides is the policy's mean, not what it drew: what is seen here knows nothing of the noise of its
    /// own tick.
    ///
    /// - Parameters:
    ///   - measurements: tick by tick, as many numbers as the task measures.
    ///   - commands: tick by tick, one for each joint: what was in force.
    public func seen(
        _ performance: Performance, _ policy: Policy, measurements: [Float], commands: [Float]
    ) -> Seen {
        let (joints, delay) = (stage.joints, stage.model.delay)
        let count = min(performance.ticks, commands.count / joints)
        let ticks = Array(delay..<max(delay, count - lag))
        let distances = (0..<joints).map { 2 * Self.side * policy.deviation(of: $0) }
        guard !ticks.isEmpty else { return Seen(ticks: [], observations: [], distances: distances) }
        let lanes = 2 * joints * ticks.count
        var task = TaskLanes(stage, lanes: lanes)
        task.begin([StagePart](repeating: performance.start, count: lanes))
        place(ticks, measurements, commands, performance.start.commands, in: &task)
        task.act(moved(ticks, performance, policy, distances))
        task.command()
        roll(&task, ticks, commands)
        // Only the place of each tick matters to what is observed, unless the task reads the clock.
        task.observe(tick: ticks[0] + lag, lanes: lanes)
        return Seen(ticks: ticks, observations: task.observations, distances: distances)
    }

    /// What was measured and in force at each tick, in all its lanes.
    private func place(
        _ ticks: [Int], _ measurements: [Float], _ commands: [Float], _ first: [Float], in task: inout TaskLanes
    ) {
        let (numbers, joints, lanes) = (stage.task.measured, stage.joints, 2 * stage.joints * ticks.count)
        for lane in 0..<lanes {
            let tick = ticks[lane % ticks.count]
            for number in 0..<numbers { task.measured[number * lanes + lane] = measurements[tick * numbers + number] }
            for joint in 0..<joints {
                task.commands[joint * lanes + lane] = tick > 0 ? commands[(tick - 1) * joints + joint] : first[joint]
            }
        }
    }

    private func moved(_ ticks: [Int], _ performance: Performance, _ policy: Policy, _ distances: [Float]) -> [Float] {
        let (joints, lanes) = (stage.joints, 2 * stage.joints * ticks.count)
        var batch = PolicyBatch<FloatLanes>(policy)
        var means = [Float](repeating: 0, count: joints * performance.ticks)
        var room = means.mutableSpan
        batch.means(
            lanes: performance.ticks, spacing: performance.ticks, states: performance.observations.span, into: &room)
        return (0..<joints * lanes).map { place in
            let (joint, lane) = (place / lanes, place % lanes)
            let (output, isLarger) = (lane / ticks.count / 2, lane / ticks.count % 2 == 0)
            var latent = means[joint * performance.ticks + ticks[lane % ticks.count]]
            if joint == output { latent += (isLarger ? 0.5 : -0.5) * distances[output] }
            return policy.shape.squashes ? FloatLanes(repeating: latent).hyperbolicTangent[0] : latent
        }
    }

    /// Leaves in `task` what the sensors would say when the commands that are in it have arrived.
    private func roll(_ task: inout TaskLanes, _ ticks: [Int], _ commands: [Float]) {
        let (delay, lanes) = (stage.model.delay, 2 * stage.joints * ticks.count)
        var rolling = ModelLanes(of: stage.compiled, lanes: lanes)
        var states = [Float](repeating: 0, count: stage.model.count(of: .state) * lanes)
        var workspace = Workspace(for: stage.start)
        let parameters = (0..<stage.believed.count * lanes).map { stage.believed[$0 / lanes] }
        run(
            stage.start, lanes: lanes, of: lanes, states: task.measured, inputs: [], parameters: parameters,
            into: &states, &workspace)
        var own = rolling.mutableParameters
        for place in parameters.indices { own[place] = parameters[place] }
        // What was under way is pushed first; where that leads is overwritten by what was measured.
        for offset in -delay..<0 {
            var inputs = rolling.mutableInputs
            for place in 0..<stage.joints * lanes {
                inputs[place] = commands[(ticks[place % lanes % ticks.count] + offset) * stage.joints + place / lanes]
            }
            rolling.step()
        }
        var target = rolling.mutableStates
        for place in states.indices { target[place] = states[place] }
        // What is commanded later arrives later than what is asked for here.
        var inputs = rolling.mutableInputs
        for place in 0..<stage.joints * lanes { inputs[place] = task.commands[place] }
        for _ in 0...delay { rolling.step() }
        rolling.measure()
        for (number, place) in stage.measurements.enumerated() {
            guard let place else { continue }
            for lane in 0..<lanes { task.measured[number * lanes + lane] = rolling.measurement(place, lane: lane) }
        }
    }
}
