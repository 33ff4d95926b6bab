public import Expressions
public import Quantities

/// A reduced-order model in words: what somebody who describes a robot writes down, before anybody checked it.
public struct ModelDescription: Sendable {
    /// One number that the model integrates, or one for each element, such as the joints.
    public struct State: Sendable {
        public let name: String
        /// Empty for a single number.
        public let elements: [String]
        public let unit: String?
        /// How much it changes in a second: an expression of as many numbers as the state has.
        public let rate: String

        public init(_ name: String, over elements: [String] = [], unit: String? = nil, rate: String) {
            self.name = name
            self.elements = elements
            self.unit = unit
            self.rate = rate
        }
    }

    /// What drives the model and stays the same for a whole control period.
    public struct Input: Sendable {
        public let name: String
        public let elements: [String]
        public let unit: String?

        public init(_ name: String, over elements: [String] = [], unit: String? = nil) {
            self.name = name
            self.elements = elements
            self.unit = unit
        }
    }

    /// What calibration finds, with what is believed until then.
    public struct Parameter: Sendable {
        public let name: String
        public let elements: [String]
        public let unit: String?
        public let values: [Double]

        public init(_ name: String, unit: String? = nil, _ value: Double) {
            self.init(name, over: [], unit: unit, [value])
        }

        public init(_ name: String, over elements: [String], unit: String? = nil, _ values: [Double]) {
            self.name = name
            self.elements = elements
            self.unit = unit
            self.values = values
        }
    }

    public let name: String
    public let states: [State]
    public let inputs: [Input]
    public let parameters: [Parameter]
    /// Numbers that nobody calibrates.
    public let constants: [Parameter]
    public let definitions: [Definition]
    public let integrator: Integrator
    /// From one command to the next.
    public let period: Seconds
    /// Into how many steps a period is divided: stiff contacts need many.
    public let substeps: Int
    /// So many periods later a command reaches the model.
    public let delay: Int

    public init(
        _ name: String, states: [State], inputs: [Input] = [], parameters: [Parameter] = [],
        constants: [Parameter] = [], definitions: [Definition] = [], integrator: Integrator = .semiImplicitEuler,
        period: Seconds, substeps: Int = 1, delay: Int = 0
    ) {
        self.name = name
        self.states = states
        self.inputs = inputs
        self.parameters = parameters
        self.constants = constants
        self.definitions = definitions
        self.integrator = integrator
        self.period = period
        self.substeps = substeps
        self.delay = delay
    }
}

/// Why a description is no model.
public enum ModelError: Error, Equatable, Sendable {
    case noState
    /// Not a positive, finite number of seconds.
    case badPeriod(Seconds)
    case badSubsteps(Int, allowed: ClosedRange<Int>)
    case badDelay(Int, allowed: ClosedRange<Int>)
    /// A parameter or constant without a finite value.
    case notFinite(String)
    /// Everything that is wrong with names, expressions and units.
    case expressions(ExpressionErrors)
}
