internal import Episodes
internal import Expressions
internal import Hashing
internal import Policies
internal import Quantities
internal import Recordings
internal import Robots

/// What the joints measure on one tick, and what they were told last.
public struct JointsSeen: Sendable {
    public var positions: [Float]
    public var speeds: [Float]
    public var efforts: [Float]
    public var sent: [Float]
    /// Beside the joints, by name.
    public var sensors: [String: Float] = [:]

    public init(
        positions: [Float], speeds: [Float], efforts: [Float], sent: [Float], sensors: [String: Float] = [:]
    ) {
        (self.positions, self.speeds, self.efforts, self.sent) = (positions, speeds, efforts, sent)
        self.sensors = sensors
    }
}

/// Something that stands for the robot: is put where the robot was measured, and says then tick by tick what comes of what
/// it is told.
public typealias StandIn = (_ start: JointsSeen) throws(ModelProblem) -> (_ told: [Float]) -> JointsSeen

/// A policy with the eyes of its task: what it sees, what it draws with the noise of its key, and what that is worth.
///
/// The same as what flies in the guard's loop, over recorded states or over those of a model.
struct PolicyPlayer: ~Copyable {
    private let runner: PolicyRunner
    private let noise: NoiseStream
    private let task: RobotFile.LearningTask
    private var eyes: TaskEyes
    private var judge: TaskEyes
    private var latest: [Float]
    private var before: [Float]
    private(set) var observed: [Float] = []
    private(set) var latent: [Float]
    private var tick = 0

    /// How an episode is over.
    enum End: Equatable { case failure, done }

    init(_ episode: FlownEpisode, _ robot: RobotFile) throws(ModelProblem) {
        guard let policy = episode.policy else { throw .noEpisode }
        let key = episode.plan.noise
        let task = robot.task
        let seen = task.observationCount
        guard policy.shape.inputs == seen, policy.shape.outputs == robot.joints.count else {
            throw .otherPolicy(inputs: policy.shape.inputs, outputs: policy.shape.outputs)
        }
        let draws = task.drawn(for: key)
        let (seeing, judging) = (task.program.only(0..<seen), task.program.only(seen..<task.program.results.count))
        let eyes = try TaskEyes(seeing, draws, robot.period, sensors: episode.log.sensors)
        let judge = try TaskEyes(judging, draws, robot.period, sensors: episode.log.sensors)
        self.task = task
        self.eyes = eyes
        self.judge = judge
        runner = PolicyRunner(policy)
        noise = NoiseStream(key, for: .action)
        latest = [Float](repeating: 0, count: policy.shape.outputs)
        before = latest
        latent = latest
    }

    /// What is asked of each joint on the next tick.
    mutating func act(on seen: JointsSeen) -> [Float] {
        observed = eyes.look(seen, tick: tick, action: latest, last: before)
        var drawn = latest
        var latent = latent
        var latents = latent.mutableSpan
        var outputs = drawn.mutableSpan
        runner.act(on: observed.span, noise: noise, tick: UInt32(tick), latent: &latents, action: &outputs)
        self.latent = latent
        before = latest
        latest = drawn.map { $0 < -1 ? -1 : $0 > 1 ? 1 : $0 }
        return latest.indices.map { command($0, seen) }
    }

    /// What the tick is worth on which the policy has acted last, and whether the episode is over with it.
    mutating func reward(_ seen: JointsSeen) -> (reward: Float, end: End?) {
        let judged = judge.look(seen, tick: tick, action: latest, last: before)
        tick += 1
        var end: End?
        for (place, name) in judge.names.enumerated() where place > 0 && judged[place] > 0.5 {
            if name.hasPrefix("failure.") { end = end ?? .failure }
            if name.hasPrefix("done.") { end = end ?? .done }
        }
        return (judged.first ?? 0, end)
    }

    private func command(_ joint: Int, _ seen: JointsSeen) -> Float {
        let share = (latest[joint] + 1) / 2
        switch task.commands[joint] {
        case .direct(let low, let high): return low + share * (high - low)
        case .step(let low, let high):
            let last = seen.sent[joint].isFinite ? seen.sent[joint] : seen.positions[joint]
            // In the order of the loop, so that the bits are its bits.
            return last + low.value + (high - low).value * share
        case .spring(let low, let high, let stiffness, let damping):
            let wanted = low + (high - low) * share
            let pull = stiffness * (wanted - Radians(seen.positions[joint]))
            return (pull - damping * RadiansPerSecond(seen.speeds[joint])).value
        }
    }
}

/// Some expressions of a task, computed for one tick after the other.
struct TaskEyes: ~Copyable {
    private enum Source {
        case position(Int), speed(Int), effort(Int), action(Int), last(Int), sent(Int), sensor(String), time
    }

    private let tape: Tape<Float>
    private let states: [Source]
    private let inputs: [Source]
    private let period: Seconds
    private var workspace: Workspace<Float>
    let names: [String]

    init(
        _ program: Program, _ draws: [Float], _ period: Seconds, sensors: [String]
    ) throws(ModelProblem) {
        tape = Tape(program, parameters: .shared)
        names = program.results.map(\.name)
        self.period = period
        var sources: (states: [Source], inputs: [Source]) = ([], [])
        for slot in program.slots {
            switch slot.role {
            case .state: sources.states.append(try Self.source(slot, sensors))
            case .input: sources.inputs.append(try Self.source(slot, sensors))
            case .parameter: continue
            }
        }
        (states, inputs) = sources
        workspace = Workspace(for: tape, tile: 1)
        workspace.share(parameters: draws.span, of: tape)
    }

    private static func source(_ slot: Slot, _ sensors: [String]) throws(ModelProblem) -> Source {
        let element = slot.element ?? 0
        switch slot.name {
        case "position": return .position(element)
        case "speed": return .speed(element)
        case "effort": return .effort(element)
        case "action": return .action(element)
        case "last_action": return .last(element)
        case "command": return .sent(element)
        case "time": return .time
        case let name where sensors.contains(name): return .sensor(name)
        default: throw .notRecorded(slot.name)
        }
    }

    mutating func look(_ seen: JointsSeen, tick: Int, action: [Float], last: [Float]) -> [Float] {
        let value = { [period] (source: Source) -> Float in
            switch source {
            case .position(let joint): seen.positions[joint]
            case .speed(let joint): seen.speeds[joint]
            case .effort(let joint): seen.efforts[joint]
            case .action(let place): action[place]
            case .last(let place): last[place]
            case .sent(let joint): seen.sent[joint]
            case .sensor(let name): seen.sensors[name] ?? .nan
            case .time: Float(tick) * period.value
            }
        }
        let (stateValues, inputValues) = (states.map(value), inputs.map(value))
        var results = [Float](repeating: 0, count: tape.results.count)
        let none: [Float] = []
        var span = results.mutableSpan
        tape.run(
            lanes: 1, spacing: 1, states: stateValues.span, inputs: inputValues.span, parameters: none.span,
            results: &span, with: &workspace)
        return results
    }
}

/// Why a recording cannot be played through a model.
public enum ModelProblem: Error, Equatable, Sendable {
    case noModel(String?)
    /// The task or the model reads something that recordings do not hold.
    case notRecorded(String)
    case otherPolicy(inputs: Int, outputs: Int)
    case otherJoints(robot: Int, recorded: Int)
    /// The model itself cannot be rolled forward.
    case badModel
    /// It does not predict what the joints measure.
    case notMeasured(String)
    /// There is no tick on which the policy was in command.
    case noEpisode
}
