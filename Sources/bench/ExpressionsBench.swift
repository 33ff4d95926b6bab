import Expressions

/// What a compiled program costs against the same model written by hand with the same vector functions. Goal: within
/// three times.
///
/// Both sides step the same 4,096 lanes of `Float` by one Euler step, in turns, on the same numbers; before anything is
/// timed their results are compared bit for bit.
enum ExpressionsBench {
    static let lanes = 4_096
    static let rounds = 300

    static func run() {
        print("expressions: \(rounds) rounds of \(lanes) lanes, Float, one Euler step, thread processor time")
        measure(.pendulum, PendulumByHand())
        measure(.cartPole, CartPoleByHand())
        measure(.planarArm, PlanarArmByHand())
    }

    private static func measure(_ model: BenchModel, _ hand: some ModelByHand) {
        let tape = Tape<Float>(model.program, parameters: .shared)
        var workspace = Workspace(for: tape)
        workspace.share(parameters: model.parameters.span, of: tape)
        let (states, inputs) = (model.numbers(.state, lanes: lanes), model.numbers(.input, lanes: lanes))
        var compiled = [Float](repeating: 0, count: tape.results.count * lanes)
        var written = compiled
        var times: [(compiled: Double, written: Double)] = []
        for _ in 0..<rounds {
            let start = Stopwatch.nanoseconds()
            var results = compiled.mutableSpan
            tape.run(
                lanes: lanes, spacing: lanes, states: states.span, inputs: inputs.span, parameters: Span(),
                results: &results, with: &workspace)
            let middle = Stopwatch.nanoseconds()
            hand.step(lanes: lanes, states: states, inputs: inputs, into: &written)
            let end = Stopwatch.nanoseconds()
            times.append((Double(middle - start) / Double(lanes), Double(end - middle) / Double(lanes)))
        }
        guard compiled.map(\.bitPattern) == written.map(\.bitPattern) else {
            preconditionFailure("\(model.name): the two sides disagree")
        }
        report(model, tape, times)
        let small = smallRuns(tape, states, inputs, &workspace)
        print("    compiled, \(smallRun) lanes in a run: \(hundredths(small, "ns a step and lane"))")
    }

    /// A rollout keeps few lanes near the processor and steps them again and again; then the start of a run counts.
    static let smallRun = 64

    private static func smallRuns(
        _ tape: Tape<Float>, _ states: [Float], _ inputs: [Float], _ workspace: inout Workspace<Float>
    ) -> Spread {
        var results = [Float](repeating: 0, count: tape.results.count * smallRun)
        return Spread(
            (0..<rounds).map { _ in
                let start = Stopwatch.nanoseconds()
                for _ in 0..<lanes / smallRun {
                    var span = results.mutableSpan
                    tape.run(
                        lanes: smallRun, spacing: smallRun, states: states.span, inputs: inputs.span,
                        parameters: Span(), results: &span, with: &workspace)
                }
                return Double(Stopwatch.nanoseconds() - start) / Double(lanes)
            })
    }

    private static func report(
        _ model: BenchModel, _ tape: Tape<Float>, _ times: [(compiled: Double, written: Double)]
    ) {
        let ratio = Spread(times.map { $0.compiled / $0.written })
        let verdict = ratio.quantile(0.5) <= 3 ? "within" : "NOT within"
        print("  \(model.name): \(tape.instructionCount) instructions, same bits as by hand")
        print("    compiled: \(hundredths(Spread(times.map(\.compiled)), "ns a step and lane"))")
        print("    by hand:  \(hundredths(Spread(times.map(\.written)), "ns a step and lane"))")
        print("    ratio:    \(hundredths(ratio, "")), \(verdict) 3")
    }

    private static func hundredths(_ spread: Spread, _ unit: String) -> String {
        let figures = [0.5, 0.05, 0.95].map { "\((spread.quantile($0) * 100).rounded() / 100)" }
        return "\(figures[0]) \(unit.isEmpty ? "" : unit + " ")(5 % … 95 %: \(figures[1]) … \(figures[2]))"
    }
}

/// A model as a robot file would spell it.
struct BenchModel {
    let name: String
    let program: Program
    let parameters: [Float]

    init(
        _ name: String, states: [String], inputs: [String], parameters: [(String, Float)],
        definitions: [(String, String)] = [], outputs: [(String, String)]
    ) {
        self.name = name
        self.parameters = parameters.map(\.1)
        let declarations =
            states.map { Vocabulary.Declaration($0, .state) } + inputs.map { Vocabulary.Declaration($0, .input) }
            + parameters.map { Vocabulary.Declaration($0.0, .parameter) }
        do throws(ExpressionErrors) {
            program = try Program(
                in: Vocabulary(declarations), definitions: definitions.map { Definition($0.0, $0.1) },
                outputs: outputs.map { Output($0.0, $0.1) })
        } catch {
            preconditionFailure("\(name): \(error.all)")
        }
    }

    /// Numbers between −1 and 1, the same in every run.
    func numbers(_ role: Slot.Role, lanes: Int) -> [Float] {
        let count = program.slots.count { $0.role == role } * lanes
        return (0..<count).map { Float(($0 &* 7_919) % 2_003) / 1_001 - 1 }
    }

    static let pendulum = BenchModel(
        "pendulum", states: ["theta", "omega"], inputs: ["u"],
        parameters: [("m", 1), ("l", 0.8), ("g", 9.81), ("b", 0.1), ("J", 0.7), ("dt", 0.01)],
        outputs: [
            ("theta", "theta + dt * omega"), ("omega", "omega + dt * ((u - b * omega - m * g * l * sin(theta)) / J)"),
        ])

    static let cartPole = BenchModel(
        "cart-pole", states: ["x", "v", "theta", "omega"], inputs: ["force"],
        parameters: [("M", 1.1), ("m", 0.1), ("l", 0.5), ("g", 9.8), ("dt", 0.02)],
        definitions: [
            ("push", "(force + m * l * omega^2 * sin(theta)) / M"),
            ("alpha", "(g * sin(theta) - cos(theta) * push) / (l * (4 / 3 - m * cos(theta)^2 / M))"),
            ("a", "push - m * l * alpha * cos(theta) / M"),
        ],
        outputs: [
            ("x", "x + dt * v"), ("v", "v + dt * a"), ("theta", "wrap(theta + dt * omega)"),
            ("omega", "omega + dt * alpha"),
        ])

    /// Three point masses on links, in absolute angles; the mass matrix is inverted by its minors.
    static let planarArm = BenchModel(
        "3-link planar arm", states: ["a1", "a2", "a3", "w1", "w2", "w3"], inputs: ["u1", "u2", "u3"],
        parameters: [
            ("p11", 2.1), ("p12", 0.9), ("p13", 0.3), ("p22", 1.2), ("p23", 0.25), ("p33", 0.5), ("g1", 9), ("g2", 5),
            ("g3", 1.5), ("b", 0.2), ("dt", 0.005),
        ],
        definitions: [
            ("m12", "p12 * cos(a1 - a2)"), ("m13", "p13 * cos(a1 - a3)"), ("m23", "p23 * cos(a2 - a3)"),
            ("h12", "p12 * sin(a1 - a2)"), ("h13", "p13 * sin(a1 - a3)"), ("h23", "p23 * sin(a2 - a3)"),
            ("r1", "u1 - b * w1 - h12 * w2^2 - h13 * w3^2 - g1 * sin(a1)"),
            ("r2", "u2 - b * w2 + h12 * w1^2 - h23 * w3^2 - g2 * sin(a2)"),
            ("r3", "u3 - b * w3 + h13 * w1^2 + h23 * w2^2 - g3 * sin(a3)"),
            ("c11", "p22 * p33 - m23 * m23"), ("c12", "m13 * m23 - m12 * p33"), ("c13", "m12 * m23 - m13 * p22"),
            ("c22", "p11 * p33 - m13 * m13"), ("c23", "m12 * m13 - p11 * m23"), ("c33", "p11 * p22 - m12 * m12"),
            ("d", "p11 * c11 + m12 * c12 + m13 * c13"),
        ],
        outputs: [
            ("a1", "a1 + dt * w1"), ("a2", "a2 + dt * w2"), ("a3", "a3 + dt * w3"),
            ("w1", "w1 + dt * ((c11 * r1 + c12 * r2 + c13 * r3) / d)"),
            ("w2", "w2 + dt * ((c12 * r1 + c22 * r2 + c23 * r3) / d)"),
            ("w3", "w3 + dt * ((c13 * r1 + c23 * r2 + c33 * r3) / d)"),
        ])
}
