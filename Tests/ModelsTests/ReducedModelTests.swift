import Expressions
import Foundation
import Models
import Quantities
import Testing

@Suite struct ReducedModelTests {
    @Test(
        "what swings comes to where the closed form says, the closer the smaller the steps",
        arguments: [(Integrator.euler, 1), (.semiImplicitEuler, 1), (.rungeKutta, 4)])
    func order(integrator: Integrator, order: Int) throws {
        // Steps that are exact in binary, so that the errors are those of the method.
        let errors = try [2, 4].map { substeps in
            let model = try spring(integrator, period: 0.125, substeps: substeps, stiffness: 4)
            let end = rolled(model, Double.self, from: [1, 0], ticks: 8)
            return abs(end[0] - cos(2)) + abs(end[1] + 2 * sin(2))
        }
        let ratio = log2(errors[0] / errors[1])
        #expect(abs(ratio - Double(order)) < 0.2, "\(errors)")
    }

    @Test("the semi-implicit step keeps the energy of what swings, Euler's does not")
    func energy() throws {
        func energy(_ integrator: Integrator) throws -> Double {
            // A hundred seconds, sixteen swings.
            let end = rolled(try spring(integrator, period: 0.02), Double.self, from: [1, 0], ticks: 5_000)
            return end[0] * end[0] + end[1] * end[1]
        }
        #expect(abs(try energy(.semiImplicitEuler) - 1) < 0.02)
        #expect(try energy(.euler) > 5)
    }

    @Test("a constant input moves the rest to where the spring holds it")
    func input() throws {
        let model = try spring(.semiImplicitEuler, period: 0.01, stiffness: 10, damping: 5)
        let end = rolled(model, Float.self, from: [0, 0], input: [3], ticks: 1_000)
        #expect(abs(end[0] - 0.3) < 1e-5 && abs(end[1]) < 1e-4)
    }

    @Test("with enough substeps a contact gives back what its damping leaves")
    func contact() throws {
        // In the ground it swings with ω = √(k/m) = 200/s; with a damping ratio ζ the speed afterwards is exp(−ζ·π/√(1−ζ²))
        // of the speed before, apart from the weight and the ground's not pulling.
        let ratio = 0.1
        let model = try ball(substeps: 50, damping: 2 * ratio * 100, integrator: .rungeKutta)
        let end = rolled(model, Double.self, from: [0, -3], ticks: 6)
        let wanted = 3 * exp(-ratio * .pi / (1 - ratio * ratio).squareRoot())
        let airborne = 6 * Double(Float(0.005)) - .pi / 200
        #expect(abs(end[1] + 9.81 * airborne - wanted) < 0.03 * wanted, "\(end)")
    }

    @Test("too few substeps blow a stiff contact up, which is why there are substeps")
    func fewSubsteps() throws {
        func energy(substeps: Int) throws -> Double {
            let end = rolled(
                try ball(substeps: substeps, integrator: .euler), Double.self, from: [0.3, 0], ticks: 400)
            return end[1] * end[1] / 2 + 9.81 * max(end[0], 0)
        }
        let start = 9.81 * 0.3
        #expect(try abs(energy(substeps: 100) / start - 1) < 0.25)
        #expect(try energy(substeps: 1) > 2 * start)
    }

    @Test("the derivatives of a step are those of its matrix")
    func derivatives() throws {
        let model = try spring(.semiImplicitEuler, period: 0.25, stiffness: 4)
        let slopes = try model.step.derivatives(by: model.slots.filter { $0.role != .input })
        // By x, v, k and d: of the position, then of the speed.
        let position = [0.75, 0.25, -0.0625, -0.125]
        let speed = [-1, 1, -0.25, -0.5]
        #expect(slopes.values(states: [1, 2], inputs: [0], parameters: [4, 0]) == position + speed)
    }

    @Test("states may jump, and everything else sees them as they were before")
    func jumps() throws {
        let vocabulary = try Vocabulary([
            .init("x", .state), .init("before", .state), .init("u", .input), .init("p", .parameter),
        ])
        let equations = try Program(
            in: vocabulary, outputs: [Output("x'", "p * before"), Output("before+", "u"), Output("seen", "x + u")])
        let jumping: Set<Slot> = [vocabulary.slots[1]]
        for integrator in Integrator.allCases {
            let model = try ReducedModel(
                "m", equations: equations, jumps: jumping, integrator: integrator, period: Seconds(0.5), parameters: [2]
            )
            #expect(model.step.values(states: [1, 3], inputs: [7], parameters: [2]) == [4, 7])
            var lanes = ModelLanes(of: CompiledModel<Double>(model), lanes: 1)
            lanes[0, lane: 0] = 1
            var inputs = lanes.mutableInputs
            inputs[0] = 7
            lanes.step()
            lanes.measure()
            #expect(lanes[0, lane: 0] == 1 && lanes[1, lane: 0] == 7 && lanes.measurements[0] == 8)
        }
    }

    @Test("a command reaches the model so many periods later, and what was held before is under way until then")
    func delay() throws {
        let model = try ReducedModel(
            ModelDescription(
                "late", states: [.init("x", rate: "u")], inputs: [.init("u")], integrator: .euler, period: Seconds(0.5),
                delay: 2))
        var lanes = ModelLanes(of: CompiledModel<Double>(model), lanes: 1)
        var seen: [Double] = []
        for (tick, command) in [6.0, 2, 4, 8, 10].enumerated() {
            var inputs = lanes.mutableInputs
            inputs[0] = command
            if tick == 0 { lanes.holdInputs() }
            let before = lanes[0, lane: 0]
            lanes.step()
            seen.append((lanes[0, lane: 0] - before) * 2)
        }
        #expect(seen == [6, 6, 6, 2, 4])
    }

    @Test("numbers are found by their names")
    func places() throws {
        let model = try arm()
        #expect(model.place(of: "q", element: 1) == 1 && model.place(of: "w", element: 0) == 2)
        #expect(model.place(of: "goal", element: 1) == 1 && model.place(of: "c") == 4)
        #expect(model.place(of: "q") == nil && model.place(of: "x") == nil)
        #expect(model.count(of: .state) == 4 && model.count(of: .input) == 2 && model.count(of: .parameter) == 5)
        #expect(model.parameters == [90, 60, 9, 7, 0.5])
    }

    @Test("a description that is no model says why")
    func refused() throws {
        let right = ModelDescription.State("x", unit: "m", rate: "p")
        func problem(
            _ states: [ModelDescription.State], period: Float = 0.01, substeps: Int = 1, parameter: Double = 1
        ) -> ModelError? {
            let description = ModelDescription(
                "m", states: states, parameters: [.init("p", unit: "m/s", parameter)], period: Seconds(period),
                substeps: substeps)
            do throws(ModelError) {
                _ = try ReducedModel(description)
                return nil
            } catch {
                return error
            }
        }
        #expect(problem([right]) == nil)
        #expect(problem([]) == .noState)
        for period in [0, -1, Float.infinity] {
            #expect(problem([right], period: period) == .badPeriod(Seconds(period)))
        }
        if case .badPeriod = problem([right], period: .nan) {} else { Issue.record("NaN seconds") }
        for substeps in [0, 1_001] {
            #expect(problem([right], substeps: substeps) == .badSubsteps(substeps, allowed: 1...1_000))
        }
        let late = ModelDescription("m", states: [.init("x", rate: "1")], period: Seconds(0.01), delay: -1)
        #expect(throws: ModelError.badDelay(-1, allowed: 0...1_000)) { try ReducedModel(late) }
        #expect(problem([right], parameter: .nan) == .notFinite("p"))
        #expect(problem([right], parameter: .infinity) == .notFinite("p"))
    }

    @Test(
        "rates have to have the state's unit in a second, and its length",
        arguments: [
            (ModelDescription.State("x", unit: "kg", rate: "p"), "wrongUnit"),
            (ModelDescription.State("x", over: ["a", "b"], unit: "m", rate: "p"), "wantedVector"),
            (ModelDescription.State("x", unit: "m", rate: "p > 1"), "wantedNumber"),
            (ModelDescription.State("x", unit: "m", rate: "pp"), "unknownName"),
            (ModelDescription.State("p", unit: "m", rate: "1"), "duplicate"),
        ])
    func expressions(state: ModelDescription.State, problem: String) throws {
        let description = ModelDescription(
            "m", states: [state], parameters: [.init("p", unit: "m/s", 1)], period: Seconds(0.01))
        do throws(ModelError) {
            _ = try ReducedModel(description)
            Issue.record("it was taken for a model")
        } catch {
            guard case .expressions(let errors) = error else {
                Issue.record("\(error)")
                return
            }
            #expect("\(errors.all[0].problem)".hasPrefix(problem))
        }
    }
}
