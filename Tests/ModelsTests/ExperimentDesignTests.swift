import Expressions
import Glibc
import Quantities
import Testing

@testable import Models

@Suite("Experiments that tell much") struct ExperimentDesignTests {
    private static let truth = [0.0042, 0.104, 0.007]

    /// Longer searches in `make proof`; every test looks at the same ones, since they are what takes the time.
    private static let isProof = unsafe getenv("UNDERSTUDY_CAMPAIGN").map { unsafe String(cString: $0) } == "proof"
    private static let (rounds, candidates) = isProof ? (12, 32) : (5, 14)
    private static let searched = Result { try design().best(rounds: rounds, candidates: candidates, seed: 2) }

    private static func found() throws -> Experiment { try #require(try searched.get()) }

    private static func problem(delay: Int = 0) throws -> FitProblem {
        let model = try ReducedModel(
            ModelDescription(
                "pendulum",
                states: [
                    .init("theta", unit: "rad", rate: "omega"),
                    .init("omega", unit: "rad/s", rate: "(torque - b * omega - mgl * sin(theta)) / J"),
                ],
                inputs: [.init("torque", unit: "N*m")],
                parameters: [
                    .init("J", unit: "kg*m^2", 0.0038), .init("mgl", unit: "N*m", 0.108),
                    .init("b", unit: "N*m*s/rad", 0.005),
                ],
                period: Seconds(0.01), substeps: 2, delay: delay))
        let beliefs = [(0.0038, 0.001), (0.108, 0.015), (0.005, 0.003)]
        return FitProblem(
            model: model,
            unknowns: beliefs.enumerated().map { place, belief in
                .init(place: place, range: belief.0 / 8...belief.0 * 4, belief: belief.0, deviation: belief.1)
            },
            startDeviations: [0.01, 0.05], outputDeviations: [0.01, 0.2])
    }

    private static func design(_ reach: Double = 0.09, delay: Int = 0) throws -> ExperimentDesign {
        ExperimentDesign(
            try problem(delay: delay), start: [0, 0], ticks: 250, inputs: [(0, reach)],
            limits: [.init(output: 0, -1.5...1.5), .init(output: 1, -9...9)], rates: 1...20)
    }

    @Test("what is found stays inside its limits, also with parameters that are as wrong as they may be")
    func limits() throws {
        let design = try Self.design()
        let found = try Self.found()
        for doubt in [[1.0, 1, 1], [0.75, 1, 1], [1.25, 1, 1], [1, 0.87, 1], [1, 1, 0.5]] {
            let (positions, speeds) = Self.rolled(design, found, zip([0.0038, 0.108, 0.005], doubt).map { $0 * $1 })
            #expect(positions.allSatisfy { abs($0) <= 1.5 } && speeds.allSatisfy { abs($0) <= 9 })
        }
    }

    private static func rolled(
        _ design: ExperimentDesign, _ experiment: Experiment, _ parameters: [Double]
    ) -> ([Double], [Double]) {
        var lanes = ModelLanes(of: CompiledModel<Double>(design.problem.model), lanes: 1)
        lanes.share(parameters: parameters.span)
        var (positions, speeds): ([Double], [Double]) = ([], [])
        for tick in 0..<design.ticks {
            var inputs = lanes.mutableInputs
            inputs[0] = experiment.waves[0].reduce(0) { $0 + $1.value(at: Double(tick) * 0.01) }
            lanes.step()
            positions.append(lanes[0, lane: 0])
            speeds.append(lanes[1, lane: 0])
        }
        return (positions, speeds)
    }

    @Test("looking longer tells more than the first motions do, and all parameters become known")
    func better() throws {
        let design = try Self.design()
        let short = try design.best(rounds: 1, candidates: Self.candidates, seed: 2)
        let (first, last) = (try #require(short), try Self.found())
        #expect(last.logDeterminant > first.logDeterminant + 0.5, "\(first.logDeterminant), \(last.logDeterminant)")
        #expect(last.remaining.allSatisfy { $0 < 0.2 }, "\(last.remaining)")
        let again = try design.best(rounds: 1, candidates: Self.candidates, seed: 2)
        #expect(again?.waves == first.waves)
    }

    @Test("what it promises is what fits find: the spread of estimates is about the one foretold")
    func promise() throws {
        let design = try Self.design()
        let found = try Self.found()
        var chance = DesignChance(seed: 5)
        func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + chance.next() } }
        let problem = try Self.problem()
        let (positions, speeds) = Self.rolled(design, found, Self.truth)
        let stretches = (0..<10).map { _ in
            Windows.Stretch(
                states: [[0, 0]] + zip(positions, speeds).dropLast().map { [$0, $1] },
                inputs: positions.indices.map { tick in
                    [found.waves[0].reduce(0) { $0 + $1.value(at: Double(tick) * 0.01) }]
                },
                outputs: zip(positions, speeds).map { [$0 + 0.01 * normal(), $1 + 0.2 * normal()] })
        }
        let fit = try problem.fit(Windows(cutting: stretches, ticks: 250))
        for (place, estimate) in fit.estimates.enumerated() {
            // Eight of ten recordings are learnt from.
            let promised = found.remaining[place] * problem.unknowns[place].deviation / 8.0.squareRoot()
            #expect(estimate.deviation < 3 * promised && estimate.deviation > promised / 3, "\(place)")
            #expect(abs(estimate.value - Self.truth[place]) < 5 * estimate.deviation)
        }
    }

    @Test("where no motion stays inside, none is found; a delay is no obstacle; nonsense is refused")
    func impossible() throws {
        let problem = try Self.problem()
        let narrow = ExperimentDesign(
            problem, start: [1, 0], ticks: 100, inputs: [(0, 0.001)], limits: [.init(output: 0, 0.99...1.01)],
            rates: 1...20)
        let none = try narrow.best(rounds: 2, candidates: 8, seed: 1)
        #expect(none == nil)
        let late = try Self.design(delay: 3).best(rounds: 1, candidates: 12, seed: 1)
        #expect(late != nil)
        let foreign = ExperimentDesign(
            problem, start: [0], ticks: 100, inputs: [(0, 1)], limits: [], rates: 1...20)
        #expect(throws: FitError.foreignWindows) { try foreign.best(seed: 1) }
    }
}
