/// Recorded motion, cut into windows whose ends a model is asked to predict from their beginnings.
///
/// Windows are the lanes of the model: all windows of the first number stand behind one another, then all of the second.
public struct Windows: Sendable {
    public let count: Int
    /// How many control periods are predicted.
    public let ticks: Int
    /// The states in which they begin, as they were measured.
    let starts: [Double]
    /// Command by command: those that were under way when the window began, then one for each tick.
    let inputs: [Double]
    /// What the sensors said at the end of each tick; NaN where they said nothing.
    let outputs: [Double]
    /// Windows with the same number share what nobody modelled, as those of one recording do.
    let groups: [Int]

    /// One piece of motion, tick by tick.
    public struct Stretch: Sendable {
        /// The states at the beginning of each tick.
        public let states: [[Double]]
        /// The commands that were given at the beginning of each tick.
        public let inputs: [[Double]]
        /// What the sensors said at the end of each tick; NaN for what is missing.
        public let outputs: [[Double]]

        public init(states: [[Double]], inputs: [[Double]], outputs: [[Double]]) {
            self.states = states
            self.inputs = inputs
            self.outputs = outputs
        }
    }

    /// Cuts windows one behind the other from every stretch; what is too short for one more is left out, and so is a
    /// window that does not begin in a known state.
    ///
    /// `delay` is how many commands are under way in the model when a window begins.
    public init(cutting stretches: [Stretch], ticks: Int, delay: Int = 0) {
        guard ticks > 0, delay >= 0 else { preconditionFailure("windows of \(ticks) ticks after \(delay)") }
        var pieces: [(stretch: Int, first: Int)] = []
        for (number, stretch) in stretches.enumerated() {
            let end = min(stretch.states.count, stretch.inputs.count, stretch.outputs.count)
            for first in stride(from: delay, through: end - ticks, by: ticks)
            where stretch.states[first].allSatisfy(\.isFinite) { pieces.append((number, first)) }
        }
        self.init(
            starts: pieces.map { stretches[$0.stretch].states[$0.first] },
            inputs: pieces.map { Array(stretches[$0.stretch].inputs[$0.first - delay..<$0.first + ticks]) },
            outputs: pieces.map { Array(stretches[$0.stretch].outputs[$0.first..<$0.first + ticks]) },
            groups: pieces.map(\.stretch), ticks: ticks)
    }

    private init(starts: [[Double]], inputs: [[[Double]]], outputs: [[[Double]]], groups: [Int], ticks: Int) {
        count = starts.count
        self.ticks = ticks
        self.groups = groups
        self.starts = Self.lanes(starts)
        self.inputs = Self.lanes(inputs.map { $0.flatMap(\.self) })
        self.outputs = Self.lanes(outputs.map { $0.flatMap(\.self) })
    }

    /// Number by number instead of window by window.
    private static func lanes(_ windows: [[Double]]) -> [Double] {
        guard let width = windows.first?.count else { return [] }
        guard windows.allSatisfy({ $0.count == width }) else { preconditionFailure("windows of different width") }
        return (0..<width).flatMap { place in windows.map { $0[place] } }
    }

    /// The numbers of this window in a list of lanes.
    private func column(_ window: Int, _ lanes: [Double]) -> [Double] {
        stride(from: window, to: lanes.count, by: max(count, 1)).map { lanes[$0] }
    }

    /// Only some of them, in their order.
    func only(_ chosen: [Int]) -> Windows {
        Windows(
            starts: chosen.map { column($0, starts) }, inputs: chosen.map { [column($0, inputs)] },
            outputs: chosen.map { [column($0, outputs)] }, groups: chosen.map { groups[$0] }, ticks: ticks)
    }

    /// Every so-many-th group is held out, so that nothing of a recording that judges has been learnt from.
    func divided(holdingOutEvery period: Int) -> (learnt: Windows, heldOut: Windows) {
        let numbers = Array(Set(groups)).sorted()
        let judges = Set(numbers.enumerated().filter { $0.offset % period == period - 1 }.map(\.element))
        let places = Array(0..<count)
        return (
            only(places.filter { !judges.contains(groups[$0]) }), only(places.filter { judges.contains(groups[$0]) })
        )
    }
}
