import Testing

@testable import Expressions

@Suite struct IntegratorTests {
    /// What swings with one radian a second, pushed by `u`.
    private func swing() throws -> Program {
        try Program(
            in: Vocabulary([
                .init("x", .state, unit: "m"), .init("v", .state, unit: "m/s"), .init("u", .input, unit: "m/s^2"),
                .init("k", .parameter, unit: "1/s^2"),
            ]),
            outputs: [Output("x'", "v", unit: "m/s"), Output("v'", "u - k * x", unit: "m/s^2")])
    }

    @Test("Euler's step takes all rates at its start")
    func euler() throws {
        let step = try swing().step(by: .euler, over: 0.25)
        #expect(step.values(states: [1, 2], inputs: [3], parameters: [4]) == [1.5, 1.75])
        #expect(step.results.map(\.name) == ["x", "v"])
    }

    @Test("the semi-implicit step moves positions by their new speeds, in whichever order they are declared")
    func semiImplicit() throws {
        let step = try swing().step(by: .semiImplicitEuler, over: 0.25)
        #expect(step.values(states: [1, 2], inputs: [3], parameters: [4]) == [1.4375, 1.75])
        let vocabulary = try Vocabulary([.init("v", .state, count: 2), .init("x", .state, count: 2)])
        let rates = try Program(in: vocabulary, outputs: [Output("v'", "-x"), Output("x'", "v")])
        let other = try rates.step(by: .semiImplicitEuler, over: 0.5)
        #expect(other.values(states: [3, 4, 1, 2]) == [2.5, 3, 2.25, 3.5])
        #expect(other.results.map(\.element) == [0, 1, 0, 1])
    }

    @Test("one step of Runge and Kutta is the series of the exact solution up to the fourth power")
    func rungeKutta() throws {
        let vocabulary = try Vocabulary([.init("x", .state), .init("a", .parameter)])
        let rates = try Program(in: vocabulary, outputs: [Output("x'", "a * x")])
        let step = try rates.step(by: .rungeKutta, over: 0.5)
        let z = 0.5 * 0.75
        let series = 1 + z + z * z / 2 + z * z * z / 6 + z * z * z * z / 24
        #expect(abs(step.values(states: [2], parameters: [0.75])[0] - 2 * series) < 1e-15)
    }

    @Test("errors shrink with the order of the method", arguments: Integrator.allCases)
    func order(integrator: Integrator) throws {
        let errors = try [20, 40].map { steps in
            let step = try swing().step(by: integrator, over: 1 / Double(steps))
            var state = [1.0, 0]
            for _ in 0..<steps { state = step.values(states: state, inputs: [0], parameters: [1]) }
            return try abs(state[0] - value("cos(1)")) + abs(state[1] + value("sin(1)"))
        }
        let ratio = errors[0] / errors[1]
        let wanted = integrator == .rungeKutta ? 16.0 : 2
        #expect(abs(ratio / wanted - 1) < 0.1, "\(errors)")
    }

    @Test("the derivative of a linear step is its matrix")
    func derivative() throws {
        let step = try swing().step(by: .semiImplicitEuler, over: 0.25).derivatives(
            by: swing().slots, withValues: false)
        // By x, v, u and k: of the position, then of the speed.
        let position = [0.75, 0.25, 0.0625, -0.0625]
        let speed = [-1, 1, 0.25, -0.25]
        #expect(step.values(states: [1, 2], inputs: [3], parameters: [4]) == position + speed)
    }

    @Test("a step whose derivatives grow without end is refused, not wrong")
    func tooLarge() throws {
        let wide = try Vocabulary([.init("v", .state, count: 64)])
        let text = (0..<40).map { "sin(v * sum(v) + \($0))" }.joined(separator: "+")
        let rates = try Program(in: wide, outputs: [Output("v'", text)])
        #expect(throws: ExpressionErrors.self) { try rates.step(by: .rungeKutta, over: 1).derivatives(by: rates.slots) }
    }

    @Test("joined programs compute what they have in common once")
    func joined() throws {
        let vocabulary = try plainVocabulary()
        let left = try Program(in: vocabulary, outputs: [Output("a", "sin(x * y)"), Output("b", "[x, y]")])
        let right = try Program(
            in: vocabulary, outputs: [Output("c", "sin(y * x) + z"), Output("end", "x > 1", shape: .truth)])
        let both = try left.joined(with: right)
        #expect(both.results == left.results + right.results)
        let values = both.values(states: [1.5, 2, 3])
        #expect(values == left.values(states: [1.5, 2, 3]) + right.values(states: [1.5, 2, 3]))
        #expect(values[4] == 1)
        #expect(Tape<Double>(both).instructionCount < 9)
        #expect(both.places(of: "b") == 1..<3 && both.places(of: "c") == 3..<4 && both.places(of: "d").isEmpty)
    }

    @Test("a definition may say its unit, which is checked and known from there on")
    func definitionUnits() throws {
        func problems(_ text: String, _ unit: String, output: String) throws -> [ExpressionError] {
            do throws(ExpressionErrors) {
                let vocabulary = try Vocabulary([.init("m", .state, unit: "kg"), .init("k", .state)])
                _ = try Program(
                    in: vocabulary, definitions: [Definition("d", text, unit: unit)], outputs: [Output("o", output)])
                return []
            } catch {
                return error.all
            }
        }
        let (metre, kilogram) = (try Dimension(parsing: "m"), try Dimension(parsing: "kg"))
        #expect(try problems("2 * m", "kg", output: "d + m") == [])
        #expect(try problems("2 * m", "m", output: "1").map(\.problem) == [.wrongUnit(wanted: metre, found: kilogram)])
        #expect(try problems("k", "m", output: "d + m").map(\.problem) == [.differentUnits(metre, kilogram)])
        #expect(try problems("k > 1", "m", output: "d").map(\.problem) == [.wantedNumber])
        #expect(
            try problems("k", "rat", output: "d") == [
                ExpressionError(owner: "d", range: 0..<0, problem: .badUnit("rat", .unknown("rat", nearest: "rad")))
            ])
    }
}
