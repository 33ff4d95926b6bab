internal import Expressions

extension Stage {
    /// One episode as identification reads it: the states that the model makes of what was measured, and what the model
    /// is to predict.
    ///
    /// Efforts are left out: what a motor says about its torque is no more than what it was told, which the model knows.
    ///
    /// - Parameters:
    ///   - measurements: tick by tick, as many numbers as the task measures.
    ///   - commands: tick by tick, one for each joint.
    public func stretch(measurements: [Float], commands: [Float]) -> Windows.Stretch {
        let (numbers, ticks) = (task.measured, commands.count / joints)
        guard measurements.count == ticks * numbers else { preconditionFailure("a trace of another robot") }
        let states = states(of: measurements, ticks: ticks)
        let places = model.measurements.results.indices.map { place in
            self.measurements.indices.first { self.measurements[$0] == place && !isEffort($0) }
        }
        let outputs = (0..<max(0, ticks - 1)).map { tick in
            places.map { number in number.map { Double(measurements[(tick + 1) * numbers + $0]) } ?? .nan }
        }
        return Windows.Stretch(
            states: states,
            inputs: (0..<ticks).map { tick in (0..<joints).map { Double(commands[tick * joints + $0]) } },
            outputs: outputs)
    }

    func isEffort(_ number: Int) -> Bool { number >= 2 * joints && number < 3 * joints }

    /// The numbers that a model can be held against: what is measured, predicted, and no effort.
    public var predicted: [Int] { measurements.indices.filter { measurements[$0] != nil && !isEffort($0) } }

    private func states(of measurements: [Float], ticks: Int) -> [[Double]] {
        let (numbers, count) = (task.measured, model.count(of: .state))
        let columns = (0..<numbers * ticks).map { measurements[$0 % ticks * numbers + $0 / ticks] }
        let parameters = believed.flatMap { [Float](repeating: $0, count: ticks) }
        var found = [Float](repeating: 0, count: count * ticks)
        var workspace = Workspace(for: start)
        run(
            start, lanes: ticks, of: ticks, states: columns, inputs: [], parameters: parameters, into: &found,
            &workspace)
        var states = (0..<count).map { state in found[state * ticks..<(state + 1) * ticks].map { Double($0) } }
        unseen.fill(
            &states,
            from: (0..<numbers).map { number in columns[number * ticks..<(number + 1) * ticks].map { Double($0) } })
        return (0..<ticks).map { tick in states.map { $0[tick] } }
    }
}
