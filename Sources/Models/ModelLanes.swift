public import Expressions

/// Lanes of one model on their way through time: what one thread needs to roll them forward.
///
/// All lanes of the first number stand behind one another, then all of the second. Lanes know nothing of each other, so
/// their bits do not depend on how many there are. Few lanes at a time stay near the processor: roll a few hundred to
/// their end before the next ones.
public struct ModelLanes<Element: Lane>: ~Copyable {
    public let compiled: CompiledModel<Element>
    public let lanes: Int
    private var stateStorage: [Element]
    private var nextStorage: [Element]
    private var inputStorage: [Element]
    /// Commands under way, one list for each period of delay; the one that arrives next is `arriving`.
    private var underWay: [[Element]]
    private var arriving = 0
    /// The commands that drove the last step.
    private var arrived: [Element]
    private var parameterStorage: [Element]
    private var measurementStorage: [Element]
    private var stepWorkspace: Workspace<Element>
    private var measurementWorkspace: Workspace<Element>

    /// Reserves all that steps need. States and inputs are 0 and the parameters what the model believes, until somebody
    /// says otherwise.
    public init(of compiled: CompiledModel<Element>, lanes: Int) {
        guard lanes > 0 else { preconditionFailure("\(lanes) lanes") }
        let model = compiled.model
        func numbers(_ count: Int) -> [Element] { [Element](repeating: 0, count: count * lanes) }
        self.compiled = compiled
        self.lanes = lanes
        stateStorage = numbers(model.count(of: .state))
        nextStorage = stateStorage
        inputStorage = numbers(model.count(of: .input))
        arrived = inputStorage
        underWay = (0..<model.delay).map { _ in numbers(model.count(of: .input)) }
        measurementStorage = numbers(model.measurements.results.count)
        stepWorkspace = Workspace(for: compiled.step)
        measurementWorkspace = Workspace(for: compiled.measurements)
        let parameters = model.parameters.map { Element($0) }
        parameterStorage = []
        if compiled.sharing == .shared {
            share(parameters: parameters.span)
        } else {
            parameterStorage = parameters.flatMap { [Element](repeating: $0, count: lanes) }
        }
    }

    public var states: Span<Element> {
        @_lifetime(borrow self) get { stateStorage.span }
    }

    /// For starts, and for whoever resets a lane.
    public var mutableStates: MutableSpan<Element> {
        @_lifetime(&self) mutating get { stateStorage.mutableSpan }
    }

    /// What drives the lanes until somebody changes it.
    public var mutableInputs: MutableSpan<Element> {
        @_lifetime(&self) mutating get { inputStorage.mutableSpan }
    }

    /// What the sensors would have said when `measure` was called, in the order of the model's measurements.
    public var measurements: Span<Element> {
        @_lifetime(borrow self) get { measurementStorage.span }
    }

    /// The parameters of each lane; only where each has its own.
    public var mutableParameters: MutableSpan<Element> {
        @_lifetime(&self) mutating get {
            guard compiled.sharing == .perLane else { preconditionFailure("these lanes share their parameters") }
            return parameterStorage.mutableSpan
        }
    }

    /// Replaces the parameters that all lanes have, in the order of the model.
    public mutating func share(parameters: Span<Element>) {
        stepWorkspace.share(parameters: parameters, of: compiled.step)
        measurementWorkspace.share(parameters: parameters, of: compiled.measurements)
    }

    public subscript(state: Int, lane lane: Int) -> Element {
        get { stateStorage[place(state, lane)] }
        set { stateStorage[place(state, lane)] = newValue }
    }

    /// One of the measurements, in the model's order, as it was when `measure` was called.
    public func measurement(_ place: Int, lane: Int) -> Element { measurementStorage[self.place(place, lane)] }

    private func place(_ number: Int, _ lane: Int) -> Int {
        guard lane >= 0, lane < lanes else { preconditionFailure("lane \(lane) of \(lanes)") }
        return number * lanes + lane
    }

    /// From now on the inputs have been what they are for as long as a command is under way.
    public mutating func holdInputs() {
        Self.copy(inputStorage, into: &arrived)
        for place in underWay.indices { Self.copy(inputStorage, into: &underWay[place]) }
    }

    /// One control period. Allocates nothing.
    public mutating func step() {
        takeInputs()
        for _ in 0..<compiled.model.substeps {
            Self.run(
                compiled.step, lanes, stateStorage, arrived, parameterStorage, into: &nextStorage, &stepWorkspace)
            swap(&stateStorage, &nextStorage)
        }
    }

    private mutating func takeInputs() {
        guard !underWay.isEmpty else { return Self.copy(inputStorage, into: &arrived) }
        Self.copy(underWay[arriving], into: &arrived)
        Self.copy(inputStorage, into: &underWay[arriving])
        arriving = (arriving + 1) % underWay.count
    }

    /// Reads the sensors of all lanes. Allocates nothing.
    public mutating func measure() {
        Self.run(
            compiled.measurements, lanes, stateStorage, arrived, parameterStorage, into: &measurementStorage,
            &measurementWorkspace)
    }

    private static func copy(_ source: [Element], into target: inout [Element]) {
        for place in source.indices { target[place] = source[place] }
    }

    /// Apart from `self`, of which only a part may be borrowed for writing while another is read.
    private static func run(
        _ tape: Tape<Element>, _ lanes: Int, _ states: [Element], _ inputs: [Element], _ parameters: [Element],
        into numbers: inout [Element], _ workspace: inout Workspace<Element>
    ) {
        var results = numbers.mutableSpan
        tape.run(
            lanes: lanes, spacing: lanes, states: states.span, inputs: inputs.span, parameters: parameters.span,
            results: &results, with: &workspace)
    }
}
