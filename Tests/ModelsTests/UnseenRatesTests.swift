import Expressions
import Quantities
import Testing

@testable import Models

/// Rates that no sensor says, taken from the motion.
@Suite struct UnseenRatesTests {
    private static let period = 0.002

    /// A weight that falls, of which only the height is measured.
    private func falling() throws -> Stage {
        let model = try ReducedModel(
            ModelDescription(
                "falling", states: [.init("z", unit: "m", rate: "v"), .init("v", unit: "m/s", rate: "u - g")],
                inputs: [.init("u", unit: "m/s^2")], parameters: [.init("g", unit: "m/s^2", 9.81)],
                period: Seconds(Float(Self.period))))
        let task = Stage.Piece(
            program: try Program(
                in: Vocabulary([.init("height", .state)]),
                outputs: [Output("height", "height"), Output("reward", "height")]),
            observations: 1, states: [.measured(0)], inputs: [], measured: 1, commands: [.direct(low: -2, high: 2)],
            conditions: [], horizon: 200, successTicks: 1, failureReward: 0)
        let start = try Program(
            in: Vocabulary([.init("height", .state), .init("g", .parameter)]),
            outputs: [Output("z", "height"), Output("v", "0")])
        return Stage(task, in: model, start: start, measurements: [0])
    }

    private func height(_ tick: Int) -> Double { 1 - 0.5 * 9.81 * Double(tick * tick) * Self.period * Self.period }
    private let ticks = 100
    private var measurements: [Float] { (0..<ticks).map { Float(height($0)) } }
    private var commands: [Float] { [Float](repeating: 0, count: ticks) }

    @Test("an episode begins at rest; later the rate is that of the motion, also at the end")
    func states() throws {
        let stretch = try falling().stretch(measurements: measurements, commands: commands)
        #expect(stretch.states[0][1] == 0)
        for tick in [1, 40, 99] {
            // To both sides of a tick, and where a side is missing, of what there is.
            let (before, after) = (max(0, tick - 5), min(99, tick + 5))
            let rate = -9.81 * Self.period * Double(before + after) / 2
            #expect((stretch.states[tick][1] - rate).magnitude < 1e-3)
        }
    }

    @Test("a prediction from the middle of a motion goes on with its speed")
    func prediction() throws {
        var prediction = Prediction(try falling(), lanes: 2)
        prediction.roll(
            measurements: measurements, commands: commands, from: 40, ticks: 50, parameters: [[9.81], [9.81]])
        let said = prediction.measured(0, lane: 1)
        let found = try #require(said)
        // At rest it would be 39 mm too high.
        #expect((Double(found) - height(90)).magnitude < 2e-3)
    }

    @Test("what a sensor says is not taken from the motion")
    func measured() throws {
        #expect(try lineStage().unseen.states.isEmpty)
        #expect(try falling().unseen.states == [1])
    }
}
