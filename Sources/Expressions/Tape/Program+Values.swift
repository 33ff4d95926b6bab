extension Program {
    /// All results for one set of numbers, each list in the order of the slots with that role.
    ///
    /// For single questions, such as where an episode begins: everything that a run needs is made and thrown away.
    public func values(states: [Double] = [], inputs: [Double] = [], parameters: [Double] = []) -> [Double] {
        let tape = Tape<Double>(self)
        var workspace = Workspace(for: tape, tile: 1)
        var values = [Double](repeating: 0, count: results.count)
        var results = values.mutableSpan
        tape.run(
            lanes: 1, spacing: 1, states: states.span, inputs: inputs.span, parameters: parameters.span,
            results: &results, with: &workspace)
        return values
    }
}
