public import Expressions
public import Quantities

/// A robot reduced to a few ordinary differential equations: honest, cheap, and wrong somewhere.
///
/// One that exists is whole: its names, units and expressions fit together. It does not change and may be shared
/// between threads.
public struct ReducedModel: Sendable {
    public static let allowedSubsteps = 1...1_000
    public static let allowedDelay = 0...1_000

    public let name: String
    /// What it reads: states, inputs and parameters, element by element.
    public let slots: [Slot]
    /// Computes every state one substep later. Its derivatives are what identification needs.
    public let step: Program
    /// Computes what the robot's sensors would say.
    public let measurements: Program
    public let period: Seconds
    public let substeps: Int
    /// So many periods later a command reaches the model.
    public let delay: Int
    /// For each state the place of the state that is its rate, where an equation says just that.
    let rateStates: [Int?]
    /// The places of the states that no sensor says as they are: what they are where a prediction begins is concluded from
    /// other numbers, and less certain.
    public let concluded: Set<Int>
    /// What the parameters are believed to be, element by element.
    public private(set) var parameters: [Double]

    /// A model of equations that somebody has understood already, such as the reader of a robot's file.
    ///
    /// The first results of `equations` belong to the states in the order of the slots: how much each changes in a
    /// second or, for states that jump, what it is a substep later. All further results are measurements.
    public init(
        _ name: String, equations: Program, jumps: Set<Slot> = [], integrator: Integrator, period: Seconds,
        substeps: Int = 1, delay: Int = 0, parameters: [Double]
    ) throws(ModelError) {
        let states = equations.slots.count { $0.role == .state }
        guard states > 0 else { throw .noState }
        guard period.isFinite, period > .zero else { throw .badPeriod(period) }
        guard Self.allowedSubsteps.contains(substeps) else {
            throw .badSubsteps(substeps, allowed: Self.allowedSubsteps)
        }
        guard Self.allowedDelay.contains(delay) else { throw .badDelay(delay, allowed: Self.allowedDelay) }
        let parameterSlots = equations.slots.filter { $0.role == .parameter }
        guard equations.results.count >= states, parameters.count == parameterSlots.count else {
            preconditionFailure("\(name): equations or parameters are missing")
        }
        if let bad = parameters.firstIndex(where: { !$0.isFinite }) { throw .notFinite(parameterSlots[bad].name) }
        self.name = name
        slots = equations.slots
        rateStates = Self.rateStates(equations, jumps)
        measurements = equations.only(states..<equations.results.count)
        concluded = Self.concluded(equations, measurements)
        (self.period, self.substeps, self.delay, self.parameters) = (period, substeps, delay, parameters)
        do throws(ExpressionErrors) {
            step = try equations.only(0..<states).step(
                by: integrator, over: Double(period.value) / Double(substeps), jumping: jumps)
        } catch {
            throw .expressions(error)
        }
    }

    private static func rateStates(_ equations: Program, _ jumps: Set<Slot>) -> [Int?] {
        let states = equations.slots.filter { $0.role == .state }
        return states.enumerated().map { place, state in
            jumps.contains(state) ? nil : equations.slot(place).flatMap { states.firstIndex(of: $0) }
        }
    }

    private static func concluded(_ equations: Program, _ measurements: Program) -> Set<Int> {
        let said = measurements.results.indices.compactMap { measurements.slot($0) }
        let states = equations.slots.filter { $0.role == .state }
        return Set(states.indices.filter { !said.contains(states[$0]) })
    }

    /// A model in words. Its states are measured as they are.
    public init(_ description: ModelDescription) throws(ModelError) {
        for number in description.parameters + description.constants where !number.values.allSatisfy(\.isFinite) {
            throw .notFinite(number.name)
        }
        let equations: Program
        do throws(ExpressionErrors) {
            equations = try Program(
                in: Vocabulary(description.declarations), definitions: description.definitions,
                outputs: description.states.map(\.output) + description.states.map { Output($0.name, $0.name) })
        } catch {
            throw .expressions(error)
        }
        try self.init(
            description.name, equations: equations, integrator: description.integrator, period: description.period,
            substeps: description.substeps, delay: description.delay,
            parameters: description.parameters.flatMap(\.values))
    }

    /// The same with other beliefs about its parameters; numbers that are none stay what they were.
    public func with(parameters values: [Double]) -> ReducedModel {
        guard values.count == parameters.count else { preconditionFailure("\(values.count) parameters of \(name)") }
        var other = self
        other.parameters = zip(values, parameters).map { $0.isFinite ? $0 : $1 }
        return other
    }

    /// How many numbers of a role there are.
    public func count(of role: Slot.Role) -> Int { slots.count { $0.role == role } }

    /// The place of a number among those of its role, as in `theta`, or in `q` with element 1; nil for no such number.
    public func place(of name: String, element: Int? = nil) -> Int? {
        guard let slot = slots.first(where: { $0.name == name && $0.element == element }) else { return nil }
        return slots.filter { $0.role == slot.role }.firstIndex(of: slot)
    }
}

extension ModelDescription {
    fileprivate var declarations: [Vocabulary.Declaration] {
        states.map { declaration($0.name, .state, $0.elements, $0.unit) }
            + inputs.map { declaration($0.name, .input, $0.elements, $0.unit) }
            + parameters.map { declaration($0.name, .parameter, $0.elements, $0.unit, $0.values.count) }
            + constants.map { declaration($0.name, .constant($0.values), $0.elements, $0.unit, $0.values.count) }
    }

    /// Parameters without named elements may still be vectors: they have as many elements as values.
    private func declaration(
        _ name: String, _ role: Vocabulary.Role, _ elements: [String], _ unit: String?, _ values: Int = 1
    ) -> Vocabulary.Declaration {
        let count = elements.isEmpty ? (values == 1 ? nil : values) : elements.count
        return Vocabulary.Declaration(name, role, count: count, elements: elements, unit: unit)
    }
}

extension ModelDescription.State {
    /// The expression of the rate, with the unit and the length that it has to have.
    fileprivate var output: Output {
        let unit = unit.map { "(\($0))/s" }
        return Output("\(name)'", rate, unit: unit, shape: elements.isEmpty ? .number : .vector(elements.count))
    }
}
