internal import Episodes
internal import Expressions
internal import Policies
internal import Quantities
internal import Robots
internal import Supervision

/// A policy in command: observes, draws an action with the noise of its key, and says when the episode is over.
struct EpisodeFlight: ~Copyable {
    private let program: EpisodeProgram
    private let runner: PolicyRunner
    private var sight: TaskSense
    private var conditions: TaskSense
    private var actions: SightActions
    private var drawn: [Float]
    private var latent: [Float]
    private var tick = Ticks.zero
    /// The tick that was decided last.
    private(set) var latest = Ticks.zero
    private var successes = Ticks.zero
    private(set) var ending: EpisodeEnding?

    init(_ program: EpisodeProgram) {
        self.program = program
        runner = PolicyRunner(program.policy)
        sight = TaskSense(program.observation, period: program.period)
        conditions = TaskSense(program.conditions, period: program.period)
        let count = program.policy.shape.outputs
        actions = SightActions(count: count)
        drawn = [Float](repeating: 0, count: count)
        latent = [Float](repeating: 0, count: count)
        // Once in vain, as the senses do.
        Self.draw(runner, sight.results, program.noise, .zero, &latent, &drawn)
    }

    /// Whether what counts as a success has held up to now for as long as it must.
    var isSuccess: Bool { successes >= program.successTicks }

    var tube: Tube? { program.band.tube(at: latest) }

    mutating func act(_ moment: borrowing Moment, into commands: inout PerJoint<JointCommand>) -> Intent {
        sight.look(moment, tick: tick, actions)
        draw()
        conditions.look(moment, tick: tick, actions)
        command(moment, into: &commands)
        judge()
        latest = tick
        tick = tick.next
        if ending == nil, tick >= program.horizon { ending = .horizon }
        return ending == nil ? .goOn : .finish
    }

    private mutating func draw() {
        Self.draw(runner, sight.results, program.noise, tick, &latent, &drawn)
        for place in drawn.indices {
            actions.last[place] = actions.latest[place]
            actions.latest[place] = Self.clipped(drawn[place])
        }
    }

    private static func draw(
        _ runner: borrowing PolicyRunner, _ seen: borrowing [Float], _ noise: NoiseStream, _ tick: Ticks,
        _ latent: inout [Float], _ drawn: inout [Float]
    ) {
        var latents = latent.mutableSpan
        var outputs = drawn.mutableSpan
        runner.act(
            on: seen.span, noise: noise, tick: UInt32(tick.rawValue), latent: &latents, action: &outputs)
    }

    /// What is no number stays none, so that the supervisor sees it.
    @_noAllocation @_noLocks
    private static func clipped(_ output: Float) -> Float { output < -1 ? -1 : output > 1 ? 1 : output }

    private mutating func judge() {
        var isSuccess = false
        for place in program.kinds.indices where conditions.holds(place) {
            switch program.kinds[place] {
            case .failure(let number): ending = ending ?? .failure(number)
            case .done(let number): ending = ending ?? .done(number)
            case .success: isSuccess = true
            }
        }
        successes = isSuccess ? successes.next : .zero
    }

    private func command(_ moment: borrowing Moment, into commands: inout PerJoint<JointCommand>) {
        for place in program.commands.indices {
            guard let joint = JointIndex(UInt8(clamping: place)) else { continue }
            let share = (actions.latest[place] + 1) / 2
            commands[joint] = Self.command(
                program.commands[place], share, program.drives[joint], moment.readings[joint], moment.sent[joint])
        }
    }

    /// - Parameter share: 0 for an output of -1, 1 for one of 1.
    @_noAllocation @_noLocks
    private static func command(
        _ command: RobotFile.LearningTask.Command, _ share: Float, _ drive: Drive, _ reading: JointReading,
        _ sent: JointCommand
    ) -> JointCommand {
        switch command {
        case .direct(let low, let high):
            let value = low + share * (high - low)
            switch drive {
            case .position: return .position(Radians(value))
            case .speed: return .speed(RadiansPerSecond(value))
            case .effort: return .effort(NewtonMetres(value))
            }
        case .step(let low, let high):
            // From what the supervisor let through, so that a goal never runs away from its joint.
            let last = if case .position(let last) = sent { last } else { reading.position }
            return .position(last + low + (high - low) * share)
        case .spring(let low, let high, let stiffness, let damping):
            let wanted = low + (high - low) * share
            return .effort(stiffness * (wanted - reading.position) - damping * reading.speed)
        }
    }
}
