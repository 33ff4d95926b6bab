import Embodiment
import Expressions
import Models
import Quantities
import Robots
import Simulator

/// A motion of one body, tick by tick.
struct FitMotion {
    /// Half of a step of an encoder of 4096: so well anybody knows where a joint begins.
    private static let beside: Float = 0.000_7

    private var measured: [[Double]] = []
    private var commands: [[Float]] = []
    private let drawn: GapCommands
    private let positions: [Float]

    /// - Parameter isTwin: the same once more, begun where no sensor tells the difference, and a tick later.
    init(_ robot: GapRobot, robotSeed: UInt64, motionSeed: UInt64, duration: Seconds, isTwin: Bool = false) {
        var chance = GapChance(seed: motionSeed)
        let positions = robot.file.starts.map { $0.position.value + $0.spread.value * chance.next() }
        let drawn = GapCommands(for: robot.file, over: duration, &chance)
        let begun = positions.map { isTwin ? $0 + Self.beside * chance.next() : $0 }
        var body = robot.body(seed: robotSeed, spread: 1, starts: begun)
        var electronics = BodyElectronics(for: robot.file)
        let joints = robot.file.joints.count
        var last = positions
        let resting = Self.ticks(Seconds(0.5), robot) + (isTwin ? 1 : 0)
        for tick in -resting..<Self.ticks(duration, robot) {
            let now = robot.measurements(of: body)
            let (places, speeds) = (now.prefix(joints).map { Float($0) }, now[joints..<2 * joints].map { Float($0) })
            if tick < 0 {
                last = GapCommands.resting(robot.file, at: positions, positions: places, speeds: speeds)
            } else {
                last = drawn.commands(at: tick, last: tick == 0 ? positions : last, positions: places, speeds: speeds)
                measured.append(now)
                commands.append(last)
            }
            electronics.take(last)
            for _ in 0..<Int((robot.file.period.value * 1_000).rounded()) { electronics.advance(&body) }
        }
        measured.append(robot.measurements(of: body))
        (self.drawn, self.positions) = (drawn, positions)
    }

    private static func ticks(_ time: Seconds, _ robot: GapRobot) -> Int { Int((time / robot.file.period).rounded()) }

    /// As a learner reads an episode.
    func stretch(_ robot: GapRobot, _ stage: Stage) -> Windows.Stretch {
        // The last measurement only says what became of the last command, which is told once more for it.
        let driven = commands.indices.map { drawn.ends(at: $0) ?? commands[$0] }
        let told = driven + driven.suffix(1)
        let read = stage.stretch(
            measurements: measured.flatMap { $0.map { Float($0) } }, commands: told.flatMap(\.self))
        // Those of the springs are behind those of the model, and nothing before the first tick.
        let more = [Double](repeating: 0, count: robot.fitted.count(of: .state) - robot.model.count(of: .state))
        return Windows.Stretch(states: read.states.map { $0 + more }, inputs: read.inputs, outputs: read.outputs)
    }

    /// For each set of parameters: how far each number that is compared is off at the end, under the same outputs of a
    /// policy. Springs pull at the model's own joints, as a policy inside it would.
    func errors(_ robot: GapRobot, _ sets: [[Double]]) -> [[Double]] {
        guard let first = measured.first, let end = measured.last else { return [] }
        return sets.map { parameters in
            let predicted = GapRun.predicted(
                robot, from: first, drawn, ticks: commands.count, resting: positions, parameters: parameters)
            return robot.compared.indices.map { predicted[$0] - end[robot.compared[$0].body] }
        }
    }

    /// The same of another one that did the same.
    func errors(_ robot: GapRobot, of twin: FitMotion) -> [Double] {
        guard let end = measured.last, let other = twin.measured.last else { return [] }
        return robot.compared.map { other[$0.body] - end[$0.body] }
    }
}
