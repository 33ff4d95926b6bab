import Hashing
import Learning
import Models
import Testing

/// What episodes of a weight on a line say about the model of it.
@Suite struct RefinementTests {
    /// Episodes of the weight of 0.5 kg, pushed at random, with a pull that the model knows nothing of.
    private func traces(_ stage: Stage, pull: Float = 0) -> [Trace] {
        var dice = Dice(6)
        return (0..<10).map { _ in
            var plant = ModelLanes(of: CompiledModel<Float>(stage.model), lanes: 1)
            (plant[0, lane: 0], plant[1, lane: 0]) = (Float(dice.normal()), Float(dice.normal()))
            var trace = Trace(measured: 2, joints: 1)
            for _ in 0..<40 {
                let push = Float(2 * dice.uniform() - 1)
                trace.append([plant[0, lane: 0], plant[1, lane: 0]], [push])
                let drag = pull * (plant[0, lane: 0] > 0 ? -1 : 1)
                var inputs = plant.mutableInputs
                inputs[0] = push + drag
                plant.step()
            }
            return trace
        }
    }

    private let key = NoiseKey(run: 1, iteration: 0, episode: 0)

    @Test("the mass is found and known well, a certain parameter stays, and a bad guess is left behind")
    func found() throws {
        let stage = try CourseTests.stage()
        let belief = Belief([.init(0.9, deviation: 0.3, in: 0.2...2), .init(0.3)])
        let result = Refinement().refine(belief, of: stage, by: traces(stage), key)
        #expect(abs(result.belief.parameters[0].value - 0.5) < 0.01, "\(result.belief.parameters[0])")
        #expect(result.belief.parameters[0].deviation < 0.05 && result.belief.parameters[1] == belief.parameters[1])
        #expect(result.isBetter && result.after < 0.2 * result.before)
        // Learnt again from the same episodes it is no more certain: they count once.
        let again = Refinement().refine(result.belief, from: belief, of: stage, by: traces(stage), key)
        #expect(again.belief.parameters[0].deviation >= 0.05 * 0.3 - 1e-12)
    }

    @Test("where no parameter makes the model follow, it is less certain than the data seem to say")
    func structure() throws {
        let stage = try CourseTests.stage()
        let belief = Belief([.init(0.6, deviation: 0.3, in: 0.2...2), .init(0.3, deviation: 0.1, in: 0...1)])
        let right = Refinement().refine(belief, of: stage, by: traces(stage), key)
        let wrong = Refinement().refine(belief, of: stage, by: traces(stage, pull: 0.6), key)
        #expect(wrong.after > 5 * right.after, "\(wrong.after), \(right.after)")
        let (narrow, wide) = (right.belief.parameters[0].deviation, wrong.belief.parameters[0].deviation)
        #expect(wide > 2 * narrow && wide <= 0.3 + 1e-9, "\(wide) against \(narrow)")
    }

    @Test("what does not predict better is not believed, and of one episode nothing is")
    func kept() throws {
        let stage = try CourseTests.stage()
        let exact = Belief([.init(0.5, deviation: 0.01, in: 0.2...2), .init(0.3)])
        let result = Refinement().refine(exact, of: stage, by: traces(stage), key)
        #expect(abs(result.belief.parameters[0].value - 0.5) < 1e-3 && result.after <= result.before)
        let none = Refinement().refine(exact, of: stage, by: Array(traces(stage).prefix(1)), key)
        #expect(none.belief == exact && none.before == 0)
    }
}
