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
        /// Where half of what is rehearsed begins; nil where all of it begins as real episodes do.
        public var rehearsedStarts: StageStarts?
        /// Whether half of what is rehearsed begins as real episodes have begun: where sensors say at the start what no file
        /// knows.
        public var rehearsesAsBegun = false
        /// Real episodes of a look at the first policy, and of the check of each that was rehearsed.
        public var look = 6
        /// Real episodes of a step of the gradient.
        public var step = 8
        public var freePerReal = 10
        /// Whether what the model says of each tick's own noise corrects the gradient.
        public var isTickwise = false
        /// Whether the numbers of real and model episodes of a step follow the correlation that was measured: down to
        /// `leastStep` real ones, up to `mostFree` model episodes for each.
        public var allocates = true
        public var leastStep = 4
        public var mostFree = 40
        /// Rounds of a rehearsal at most.
        public var rehearsals = 400
        /// So many rehearsed policies in a row may disappoint before the model is dropped.
        public var patience = 2
        public var rate = 0.01
        public var stepRule = StepRule.adam
        /// The real episodes of so many earlier steps help the next one, each weighted by how likely its policy would have
        /// drawn the same. The policy follows from them, so what they add is not free of bias.
        public var reuse = 0
        /// So many models correct the gradient together: the one that is believed, and others that are believed possible.
        public var models = 1
        /// Nats a tick that a step may change the policy by.
        public var longestStep = 0.02
        /// How often, at most, a check says better where there is no difference: half of it.
        public var checkError = 0.2
        /// How often, at most, the gradient is said to have made what is held better or worse, where it has not; for each.
        public var climbError = 0.05
        /// The model is asked again while its gradients are so much like the robot's: then more than half of what these
        /// vary by is foretold.
        public var likeness = 0.7
        public var episodes: Int
        /// So many robots of a kind perform at the same time, the first of them the first episode of a batch, and so on. What
        /// is learnt is what is good for their mean.
        public var robots = 1
        /// When the unbiased gradient takes over from what is rehearsed.
        public var handOver = HandOver.automatic
        /// What a real episode and a model episode cost, in the currency of whoever pays.
        public var realPrice = 1.0
        public var modelPrice = 0.001
        /// What it is worth that a tick is worth one more from now on; nil when everything that is allowed is bought.
        public var worthPrice: Double?
        /// A tick need not be worth more than this; nil for as much as there is.
        public var goal: Double?
        /// How often, at most, the goal is said to be reached where no more than half of the episodes reach it.
        public var goalError = 0.05

        /// What a step of the gradient is measured by.
        public enum StepRule: String, CaseIterable, Sendable {
            /// Each parameter by what its own derivative has been.
            case adam
            /// The policy's change: always as far as `longestStep` allows.
            case natural
        }

        public enum HandOver: UInt8, CaseIterable, Sendable {
            /// When the model has no more to give, or never had.
            case automatic
            /// Whatever the checks say, the model stays.
            case never
            /// Nothing is rehearsed.
            case atOnce
        }

        public init(_ method: Method, run: UInt64, objective: Objective, starts: StageStarts, episodes: Int) {
            self.method = method
            self.run = run
            self.objective = objective
            self.starts = starts
            self.episodes = episodes
        }
    }

    public enum Phase: UInt8, CaseIterable, Sendable {
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
            /// So many independent real episodes would say as much; and what the step is expected to add to a tick.
            case estimated(effectiveEpisodes: Double, gain: Interval)
            case stepped(varianceRatio: Double, correlation: Interval?, coefficient: Double, factor: Double)
            case divergedStep
            /// What the gradient has made is better on the robot than what was held for the best, and is held from now on.
            case held(evidence: Double)
            /// What the gradient has made is worse on the robot than what is held: it begins there again, by smaller steps.
            case wentBack(evidence: Double)
            case stoppedBuying(Reason)

            public enum Reason: UInt8, CaseIterable, Sendable {
                /// More than half of the episodes are worth the goal, with the confidence that was asked for.
                case goalReached
                /// What the next ones may gain is less than what they cost.
                case notWorthIt
            }
        }

        public let episodes: Int
        public let worth: Double
        public let event: Event

        public init(episodes: Int, worth: Double, event: Event) {
            (self.episodes, self.worth, self.event) = (episodes, worth, event)
        }
    }
}
