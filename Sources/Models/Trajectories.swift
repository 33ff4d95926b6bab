public import Expressions

/// What becomes of many lanes under inputs that are known beforehand: their states after every control period.
public struct Trajectories<Element: Lane>: Sendable {
    public let lanes: Int
    public let ticks: Int
    private let states: Int
    /// Tick by tick, state by state, lane by lane.
    private var values: [Element]

    /// How many lanes go to their end before the next ones begin. Another number changes the speed and no bit.
    public static var tile: Int { 256 }

    /// Rolls every lane from its start, open loop.
    ///
    /// Starts hold all lanes of the first state, then all of the second; inputs likewise, one tick after the other.
    /// Without parameters the lanes have those that the model believes; otherwise all lanes of the first parameter come
    /// first, or one number for each parameter where the lanes share them.
    public init(
        of compiled: CompiledModel<Element>, from starts: Span<Element>, inputs: Span<Element>,
        parameters: Span<Element>? = nil, lanes: Int, ticks: Int, tile: Int = tile
    ) {
        let model = compiled.model
        self.lanes = lanes
        self.ticks = ticks
        states = model.count(of: .state)
        guard starts.count == states * lanes else {
            preconditionFailure("\(starts.count) numbers for \(states) states of \(lanes) lanes")
        }
        guard inputs.count == model.count(of: .input) * lanes * ticks else {
            preconditionFailure("\(inputs.count) numbers for \(ticks) ticks of \(lanes) lanes")
        }
        values = [Element](repeating: 0, count: states * lanes * ticks)
        for first in stride(from: 0, to: lanes, by: tile) {
            let count = min(tile, lanes - first)
            var rolling = ModelLanes(of: compiled, lanes: count)
            if let parameters { set(parameters, of: &rolling, from: first) }
            copy(starts, at: 0, from: first, of: lanes, into: rolling.mutableStates, count)
            roll(&rolling, from: first, inputs)
        }
    }

    /// A state, in the model's order, of a lane at the end of a tick; the first tick is 0.
    public subscript(tick: Int, state state: Int, lane lane: Int) -> Element {
        guard tick >= 0, tick < ticks, state >= 0, state < states, lane >= 0, lane < lanes else {
            preconditionFailure("tick \(tick), state \(state), lane \(lane) is outside")
        }
        return values[(tick * states + state) * lanes + lane]
    }

    private func set(_ parameters: Span<Element>, of rolling: inout ModelLanes<Element>, from first: Int) {
        guard rolling.compiled.sharing == .perLane else { return rolling.share(parameters: parameters) }
        let count = rolling.lanes
        copy(parameters, at: 0, from: first, of: lanes, into: rolling.mutableParameters, count)
    }

    private mutating func roll(_ rolling: inout ModelLanes<Element>, from first: Int, _ inputs: Span<Element>) {
        let count = rolling.lanes
        let inputsInTick = rolling.compiled.model.count(of: .input) * lanes
        for tick in 0..<ticks {
            copy(inputs, at: tick * inputsInTick, from: first, of: lanes, into: rolling.mutableInputs, count)
            rolling.step()
            let now = rolling.states
            for state in 0..<states {
                let row = (tick * states + state) * lanes + first
                for lane in 0..<count { values[row + lane] = now[state * count + lane] }
            }
        }
    }
}

/// Copies the lanes of one tile, `count` of `lanes`, number by number.
private func copy<Element: Lane>(
    _ source: Span<Element>, at start: Int, from first: Int, of lanes: Int, into target: consuming MutableSpan<Element>,
    _ count: Int
) {
    for number in 0..<target.count / count {
        for lane in 0..<count { target[number * count + lane] = source[start + number * lanes + first + lane] }
    }
}
