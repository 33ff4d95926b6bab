public import Expressions

/// A task together with a reduced model: everything that an episode needs when there is no robot.
///
/// What a policy sees, what its outputs command and when an episode is over are the same as on the robot, tick by tick.
/// It does not change and may be shared between threads; each thread has a `Rehearsal` of its own.
public struct Stage: Sendable {
    /// What an output of −1 to 1 comes to, in the unit of the joint's drive.
    public enum Command: Equatable, Sendable {
        case direct(low: Float, high: Float)
        /// A step from the last command.
        case step(low: Float, high: Float)
        /// A spring towards a position, in an effort drive.
        case spring(low: Float, high: Float, stiffness: Float, damping: Float)
    }

    /// Where a number that the task reads comes from.
    public enum Source: Equatable, Sendable {
        /// The place among the measured numbers.
        case measured(Int)
        case action(Int)
        case lastAction(Int)
        case command(Int)
        case time
    }

    /// What the task is made of, as somebody who read a robot's file hands it over.
    public struct Piece: Sendable {
        /// Its results: the observations, the reward, then conditions.
        public let program: Program
        public let observations: Int
        public let states: [Source]
        public let inputs: [Source]
        /// How many numbers are measured: all positions, all speeds, all efforts, the sensors.
        public let measured: Int
        public let commands: [Command]
        public let conditions: [Condition]
        public let horizon: Int
        public let successTicks: Int
        public let failureReward: Float

        public init(
            program: Program, observations: Int, states: [Source], inputs: [Source], measured: Int, commands: [Command],
            conditions: [Condition], horizon: Int, successTicks: Int, failureReward: Float
        ) {
            guard observations > 0, program.results.count == observations + 1 + conditions.count, horizon > 0,
                !commands.isEmpty
            else { preconditionFailure("a task without observations, reward, commands or time") }
            self.program = program
            self.observations = observations
            self.states = states
            self.inputs = inputs
            self.measured = measured
            self.commands = commands
            self.conditions = conditions
            self.horizon = horizon
            self.successTicks = successTicks
            self.failureReward = failureReward
        }
    }

    public enum Condition: Equatable, Sendable { case failure, done, success }

    public let task: Piece
    public let model: ReducedModel
    let compiled: CompiledModel<Float>
    let observation: Tape<Float>
    let payment: Tape<Float>
    let start: Tape<Float>
    /// For each measured number the place among the model's measurements; nil for what the model does not say.
    let measurements: [Int?]
    /// What of the model's states has to be taken from the motion.
    public let unseen: UnseenRates

    /// - Parameters:
    ///   - start: computes the model's states from the measured numbers and the parameters.
    ///   - measurements: for each measured number of the task its place among the model's measurements.
    public init(_ task: Piece, in model: ReducedModel, start: Program, measurements: [Int?]) {
        guard measurements.count == task.measured, model.count(of: .input) == task.commands.count,
            start.results.count == model.count(of: .state)
        else { preconditionFailure("the model \(model.name) does not fit the task") }
        self.task = task
        self.model = model
        compiled = CompiledModel(model, parameters: .perLane)
        observation = Tape(task.program.only(0..<task.observations), parameters: .perLane)
        payment = Tape(task.program.only(task.observations..<task.program.results.count), parameters: .perLane)
        self.start = Tape(start, parameters: .perLane)
        unseen = UnseenRates(model, start: start)
        self.measurements = measurements
    }

    public var joints: Int { task.commands.count }

    /// Whether the model says what a measured number would be.
    public func says(_ number: Int) -> Bool { measurements[number] != nil }

    /// The model's own parameters, for lanes that have no others.
    var believed: [Float] { model.parameters.map { Float($0) } }
}

extension Stage.Command {
    /// - Parameters:
    ///   - action: an output between −1 and 1.
    ///   - last: the command before.
    @inline(__always)
    func value(_ action: Float, last: Float, position: Float, speed: Float) -> Float {
        // As the control loop computes it, operation by operation: the bits are to be the same.
        let share = (action + 1) / 2
        switch self {
        case .direct(let low, let high): return low + share * (high - low)
        case .step(let low, let high): return last + low + (high - low) * share
        case .spring(let low, let high, let stiffness, let damping):
            let wanted = low + (high - low) * share
            return stiffness * (wanted - position) - damping * speed
        }
    }
}
