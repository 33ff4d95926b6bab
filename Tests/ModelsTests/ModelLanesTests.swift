import CAllocationCounter
import Expressions
import Models
import Testing

@Suite struct ModelLanesTests {
    @Test("a lane among many is the lane alone, bit for bit", arguments: [1, 7, 64, 301])
    func batch(lanes: Int) throws {
        try compare(Float.self, lanes)
        try compare(Double.self, lanes)
    }

    private func compare<Element: Lane>(_: Element.Type, _ lanes: Int) throws {
        let compiled = CompiledModel<Element>(try arm())
        let ticks = 9
        let starts: [Element] = numbers(4 * lanes, seed: 1)
        let inputs: [Element] = numbers(2 * lanes * ticks, seed: 2)
        let all = Trajectories(
            of: compiled, from: starts.span, inputs: inputs.span, lanes: lanes, ticks: ticks, tile: 64)
        for lane in stride(from: 0, to: lanes, by: max(1, lanes / 11)) {
            let start = (0..<4).map { starts[$0 * lanes + lane] }
            let input = (0..<2 * ticks).map { inputs[$0 * lanes + lane] }
            let one = Trajectories(of: compiled, from: start.span, inputs: input.span, lanes: 1, ticks: ticks)
            for tick in 0..<ticks {
                for state in 0..<4 {
                    #expect(all[tick, state: state, lane: lane] == one[tick, state: state, lane: 0])
                }
            }
        }
    }

    @Test("a trajectory is what steps make, one after the other")
    func steps() throws {
        let compiled = CompiledModel<Float>(try arm())
        let inputs: [Float] = numbers(2 * 3 * 5, seed: 4)
        let starts: [Float] = numbers(4 * 3, seed: 5)
        let path = Trajectories(of: compiled, from: starts.span, inputs: inputs.span, lanes: 3, ticks: 5)
        var lanes = ModelLanes(of: compiled, lanes: 3)
        for state in 0..<4 { for lane in 0..<3 { lanes[state, lane: lane] = starts[state * 3 + lane] } }
        for tick in 0..<5 {
            var commands = lanes.mutableInputs
            for place in 0..<6 { commands[place] = inputs[tick * 6 + place] }
            lanes.step()
            for state in 0..<4 {
                for lane in 0..<3 { #expect(path[tick, state: state, lane: lane] == lanes.states[state * 3 + lane]) }
            }
        }
        #expect(path.lanes == 3 && path.ticks == 5)
    }

    @Test("lanes may have parameters of their own, and the same ones give the same bits as shared ones")
    func parameters() throws {
        let model = try arm()
        let starts: [Double] = numbers(4 * 10, seed: 3)
        let inputs: [Double] = numbers(2 * 10 * 20, seed: 4)
        func path(_ sharing: Program.Parameters, _ parameters: [Double]?) -> Trajectories<Double> {
            let compiled = CompiledModel<Double>(model, parameters: sharing)
            guard let parameters else {
                return Trajectories(of: compiled, from: starts.span, inputs: inputs.span, lanes: 10, ticks: 20)
            }
            return Trajectories(
                of: compiled, from: starts.span, inputs: inputs.span, parameters: parameters.span, lanes: 10, ticks: 20,
                tile: 4)
        }
        func end(_ path: Trajectories<Double>, _ lane: Int) -> [Double] {
            (0..<4).map { path[19, state: $0, lane: lane] }
        }
        let believed = path(.shared, nil)
        let own = path(.perLane, nil)
        for lane in 0..<10 { #expect(end(believed, lane) == end(own, lane)) }
        // Lane 7 gets a stronger shoulder, then everybody.
        var values = model.parameters.flatMap { [Double](repeating: $0, count: 10) }
        values[7] = 140
        let mixed = path(.perLane, values)
        let strong = path(.shared, [140] + model.parameters.dropFirst())
        for lane in 0..<10 { #expect(end(mixed, lane) == end(lane == 7 ? strong : believed, lane)) }
        #expect(end(strong, 7) != end(believed, 7))
    }

    @Test("a model without inputs and parameters rolls as well")
    func bare() throws {
        let model = try ball(substeps: 4)
        let starts: [Float] = [1, 2, 3, 0, 0, 0]
        let path = Trajectories(
            of: CompiledModel<Float>(model), from: starts.span, inputs: [Float]().span, lanes: 3, ticks: 2)
        // Still falling.
        #expect(abs(path[1, state: 0, lane: 2] - path[1, state: 0, lane: 1] - 1) < 1e-6)
        #expect(abs(path[1, state: 1, lane: 0] + 0.0981) < 1e-6)
    }

    @Test("a step allocates nothing", .enabled(if: callocationcounter_counts()))
    func allocations() throws {
        var lanes = ModelLanes(of: CompiledModel<Float>(try arm()), lanes: 77)
        for lane in 0..<77 { lanes[0, lane: lane] = Float(lane) / 50 }
        // The first steps make what Swift knows about types; that is kept for ever.
        for _ in 0..<2 { lanes.step() }
        let before = callocationcounter_of_this_thread()
        for _ in 0..<20 {
            var inputs = lanes.mutableInputs
            for lane in 0..<77 { inputs[lane] = 0.5 }
            lanes.step()
        }
        #expect(callocationcounter_of_this_thread() - before == 0)
        #expect(lanes[0, lane: 76].isFinite)
    }
}
