internal import Expressions
public import Policies

/// Makes a performance of what was measured on the robot: sees what its policy saw, draws again what it drew, and pays
/// what its ticks were worth.
///
/// A tick is handed over as it was measured. What the policy asked for is computed anew from its noise key and is what
/// scores are formed of; what the supervisor let through is in `commands` and belongs to the plant.
public struct Retrace: ~Copyable {
    private let stage: Stage
    private let runner: PolicyRunner
    private let noise: NoiseStream
    private let part: StagePart
    private var lanes: TaskLanes
    private var judge: StageJudge
    private var observations: [[Float]]
    private var latents: [[Float]]
    private var drawn: [Float]
    private var latent: [Float]
    private var tick = 0

    /// - Parameter part: where it began; its noise is that of the episode.
    public init(_ stage: Stage, _ policy: Policy, _ part: StagePart) {
        self.stage = stage
        self.part = part
        runner = PolicyRunner(policy)
        noise = NoiseStream(part.noise, for: .action)
        lanes = TaskLanes(stage, lanes: 1)
        judge = StageJudge(stage.task, lanes: 1)
        observations = [[Float]](repeating: [], count: stage.task.observations)
        latents = [[Float]](repeating: [], count: stage.joints)
        drawn = [Float](repeating: 0, count: stage.joints)
        latent = drawn
        lanes.begin([part])
        judge.begin(lanes: 1)
    }

    public var isPlaying: Bool { judge.isPlaying(0) }

    /// What the policy asks for in this tick, by joint, between −1 and 1.
    ///
    /// - Parameters:
    ///   - measured: what the sensors said at this tick.
    ///   - commands: what was in force when the tick began.
    @discardableResult
    public mutating func see(_ measured: [Float], commands: [Float]) -> [Float] {
        guard isPlaying, measured.count == stage.task.measured else {
            preconditionFailure("tick \(tick) of a performance that is over, or of another robot")
        }
        lanes.measured = measured
        lanes.commands = commands
        lanes.observe(tick: tick, lanes: 1)
        Self.draw(runner, lanes.observations, noise, tick, &latent, &drawn)
        lanes.act(drawn)
        lanes.pay(tick: tick, lanes: 1)
        for place in observations.indices { observations[place].append(lanes.observations[place]) }
        for place in latents.indices { latents[place].append(latent[place]) }
        let isFinite = lanes.observations.allSatisfy(\.isFinite)
        judge.judge(0, tick: tick, payments: lanes.payments, isFinite: isFinite)
        tick += 1
        return lanes.actions
    }

    private static func draw(
        _ runner: borrowing PolicyRunner, _ seen: borrowing [Float], _ noise: NoiseStream, _ tick: Int,
        _ latent: inout [Float], _ drawn: inout [Float]
    ) {
        var latents = latent.mutableSpan
        var outputs = drawn.mutableSpan
        runner.act(on: seen.span, noise: noise, tick: UInt32(tick), latent: &latents, action: &outputs)
    }

    /// The commands that the actions of the last tick ask for, before any supervisor.
    public mutating func commands() -> [Float] {
        lanes.command()
        return lanes.commands
    }

    /// Whether the performance goes on being one although nobody says that it ended; a stopped one ends with the tick
    /// that was seen last.
    public mutating func stop() { judge.stop(0) }

    /// Nil as long as it is not over.
    public func performance() -> Performance? {
        guard let ending = judge.endings[0] else { return nil }
        return Performance(
            start: part, ticks: tick, observations: observations.flatMap { $0 }, latents: latents.flatMap { $0 },
            rewards: (0..<tick).map { judge.rewards[$0] }, ending: ending, isSuccess: judge.isSuccess(0))
    }
}
