public import Expressions
public import Quantities

extension RobotFile {
    /// What the robot is to learn. Every text is understood already; `program` computes all of it together.
    public struct LearningTask: Sendable {
        public enum Command: Equatable, Sendable {
            /// A number in the unit of the joint's drive, from an output of -1 to an output of 1.
            case direct(low: Float, high: Float)
            /// A step from the last position command.
            case step(low: Radians, high: Radians)
            /// A spring towards a position, in an effort drive.
            case spring(low: Radians, high: Radians, NewtonMetresPerRadian, NewtonMetreSecondsPerRadian)
        }

        /// A number that is drawn for each episode.
        public struct Draw: Equatable, Sendable {
            public enum Distribution: Equatable, Sendable {
                case even(ClosedRange<Double>)
                case normal(mean: Double, deviation: Double)
            }

            public let name: String
            public let unit: String
            public let distribution: Distribution
        }

        public let horizon: Seconds
        /// One for each joint, in their order.
        public let commands: [Command]
        public let draws: [Draw]
        /// Names: `position speed effort` by joint and the sensors as states; `action last_action command` by joint and
        /// `time` as inputs; the draws as parameters; `period` as a constant.
        public let vocabulary: Vocabulary
        public let definitions: [Definition]
        /// In the order of the program's results: `observation.NAME`, `reward`, `failure.NAME`, `done.NAME`, `success`.
        public let outputs: [Output]
        public let program: Program
        public let failureReward: Double
        public let successTime: Seconds

        /// How many numbers the policy sees.
        public var observationCount: Int { program.results.count { $0.name.hasPrefix("observation.") } }
    }

    /// A reduced model: poorer than the robot, and quick.
    public struct Model: Sendable {
        public struct State: Equatable, Sendable {
            public let name: String
            public let unit: String
            public let isRate: Bool
        }

        public struct Parameter: Equatable, Sendable {
            public let name: String
            public let value: Double
            public let unit: String
            /// Nil when it stays as it is.
            public let prior: Prior?
            /// What calibration found, with 95 % confidence.
            public let interval: ClosedRange<Double>?
        }

        public struct Prior: Equatable, Sendable {
            public let range: ClosedRange<Double>
            public let deviation: Double
        }

        public let name: String
        public let states: [State]
        public private(set) var parameters: [Parameter]
        /// Names: the states; `command` by joint as input; the parameters; `period` as a constant.
        public let vocabulary: Vocabulary
        public let definitions: [Definition]
        /// `STATE'` or `STATE+` for each state, then what the sensors would say: `position.JOINT` and so on.
        public let outputs: [Output]
        public let program: Program
        /// The states at the start, from the measured `position speed effort` by joint, the sensors and the parameters.
        public let start: Program
        public let integrator: IntegratorName
        public let substeps: Int
        public let delay: Ticks

        /// What was found lies inside of what the file says can be; one that may not change is left as it is.
        mutating func take(_ found: CalibrationFile.Parameter) {
            guard let place = parameters.firstIndex(where: { $0.name == found.name }),
                let prior = parameters[place].prior, prior.range.contains(found.value)
            else { return }
            parameters[place] = Parameter(
                name: found.name, value: found.value, unit: parameters[place].unit, prior: prior,
                interval: found.interval)
        }
    }
}
