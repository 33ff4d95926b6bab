public import Models

extension Course {
    /// How a course is run; the same from its first episode to its last.
    public struct Settings: Equatable, Sendable {
        public enum Method: UInt8, CaseIterable, Sendable {
            /// Real episodes alone.
            case real
            /// Multi-fidelity policy gradient as it was released.
            case released
            /// Without bias, from the first policy on.
            case unbiased
            /// First inside the model, checked on the robot; then without bias.
            case rehearse
        }

        public let method: Method
        public let run: UInt64
        public let objective: Objective
        public let starts: StageStarts
        /// Real episodes of a look at the first policy, and of the check of each that was rehearsed.
        public var look = 6
        /// Real episodes of a step of the gradient.
        public var step = 8
        public var freePerReal = 10
        public var rehearsals = 60
        /// So many rehearsed policies in a row may disappoint before the model is dropped.
        public var patience = 2
        public var rate = 0.01
        /// Nats a tick that a step may change the policy by.
        public var longestStep = 0.02
        /// How often, at most, a check says better where there is no difference: half of it.
        public var checkError = 0.2
        public var episodes: Int

        public init(_ method: Method, run: UInt64, objective: Objective, starts: StageStarts, episodes: Int) {
            self.method = method
            self.run = run
            self.objective = objective
            self.starts = starts
            self.episodes = episodes
        }
    }

    public enum Phase: UInt8, Sendable {
        /// What the first policy does, for the model and for comparison.
        case look
        /// Whether what was rehearsed is as good on the robot.
        case check
        /// The gradient on the robot.
        case climb
        case finished
    }

    /// What happened at the end of a batch of real episodes, with its evidence.
    public struct Note: Equatable, Sendable {
        public enum Event: Equatable, Sendable {
            case looked
            /// The model's error on what was kept back, before and after.
            case refined(before: Double, after: Double)
            case rehearsed(modelWorthBefore: Double, after: Double)
            case accepted(evidence: Double)
            case rejected(evidence: Double)
            case undecided
            /// The model has no more to give, or never had.
            case handedOver(strikes: Int)
            case stepped(varianceRatio: Double, correlation: Interval?, coefficient: Double, factor: Double)
            case divergedStep
        }

        public let episodes: Int
        public let worth: Double
        public let event: Event
    }
}
