import Models
import Quantities
import Robots
import Testing

@testable import Replay

@Suite("Models fitted to recordings") struct RecordedFitTests {
    /// A file that believes in other numbers than the body has.
    private static func doubtful() throws -> RobotFile {
        try GoldenFlights.robot {
            $0.replacing("mgl: { value: 0.108", with: "mgl: { value: 0.09")
                .replacing("J: { value: 0.0038", with: "J: { value: 0.006")
        }
    }

    @Test("predictions of recordings that were held out become much better, and the weight of the rod is found")
    func fits() throws {
        let robot = try Self.doubtful()
        let episodes = try GoldenFlights.episodes()
        let fit = try RecordedFit(episodes, robot, ahead: 0.25)
        let position = try #require(fit.predictions.first { $0.name == "position.swing" })
        #expect(position.after < position.before / 3, "\(position)")
        let weight = try #require(fit.parameters.first { $0.name == "mgl" })
        let torque = try #require(fit.parameters.first { $0.name == "kt" })
        // What can be found is their ratio: twice of each is the same motion.
        let ratio = weight.estimate.value / torque.estimate.value
        #expect(abs(ratio / (0.108 / 0.366) - 1) < 0.15, "\(ratio)")
        #expect(fit.weak.contains { Set($0.names).isSuperset(of: ["mgl", "kt"]) }, "\(fit.weak)")
        let after = try ErrorGrowth(
            Array(episodes.prefix(2)), RollingModel(robot, parameters: fit.values), period: robot.period, longest: 0.25)
        let before = try ErrorGrowth(
            Array(episodes.prefix(2)), RollingModel(robot), period: robot.period, longest: 0.25)
        #expect(fit.isBetter && fit.predictions.allSatisfy { $0.refused == nil })
        #expect((after.positions[0].last ?? 9) < (before.positions[0].last ?? 0) / 2)
    }

    @Test("one recording is cut into several, so that a part of it judges; too little motion is refused")
    func one() throws {
        let episodes = try GoldenFlights.episodes()
        let fit = try RecordedFit([episodes[0]], Self.doubtful(), ahead: 0.05)
        #expect(fit.windows >= 10 && fit.predictions.allSatisfy { $0.after <= $0.before })
        #expect(throws: RecordedFitProblem.self) { try RecordedFit([], Self.doubtful()) }
        #expect(throws: RecordedFitProblem.model(.noModel("no"))) {
            try RecordedFit(episodes, Self.doubtful(), named: "no")
        }
    }
}
