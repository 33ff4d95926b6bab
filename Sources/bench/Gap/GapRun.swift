import Embodiment
import Expressions
import Models
import Quantities
import Robots
import Simulator

/// One second of a body and of its model, from the same measured start under the same outputs of a policy.
struct GapRun {
    /// Until nothing of how the body was set down is left.
    private static let settling = Seconds(0.5)
    static let duration = Seconds(1)

    /// In the order of `GapRobot.compared`: where the body was at the start and at the end, and what the model said.
    private(set) var starts: [Double] = []
    private(set) var ends: [Double] = []
    private(set) var predictions: [Double] = []

    init(_ robot: GapRobot, seed: UInt64, spread: Float) {
        var chance = GapChance(seed: seed)
        let positions = robot.file.starts.map { $0.position.value + $0.spread.value * chance.next() }
        let commands = GapCommands(for: robot.file, over: Self.duration, &chance)
        var body = robot.body(seed: seed, spread: spread, starts: positions)
        var electronics = BodyElectronics(for: robot.file)
        let ticks = Self.ticks(Self.settling, robot)
        for _ in 0..<ticks { Self.rest(robot, &body, &electronics, at: positions) }
        let measured = robot.measurements(of: body)
        starts = robot.compared.map { measured[$0.body] }
        var last = positions
        for tick in 0..<Self.ticks(Self.duration, robot) {
            let (places, speeds) = Self.seen(robot.measurements(of: body), joints: robot.file.joints.count)
            last = commands.commands(at: tick, last: last, positions: places, speeds: speeds)
            Self.tick(robot, &body, &electronics, last)
        }
        let end = robot.measurements(of: body)
        ends = robot.compared.map { end[$0.body] }
        predictions = Self.predicted(
            robot, from: measured, commands, ticks: Self.ticks(Self.duration, robot), resting: positions,
            parameters: robot.model.parameters)
    }

    private static func ticks(_ time: Seconds, _ robot: GapRobot) -> Int { Int((time / robot.file.period).rounded()) }

    private static func seen(_ measurements: [Double], joints: Int) -> (positions: [Float], speeds: [Float]) {
        (measurements.prefix(joints).map { Float($0) }, measurements[joints..<2 * joints].map { Float($0) })
    }

    private static func rest(
        _ robot: GapRobot, _ body: inout RobotBody, _ electronics: inout BodyElectronics, at positions: [Float]
    ) {
        let (places, speeds) = seen(robot.measurements(of: body), joints: robot.file.joints.count)
        let commands = GapCommands.resting(robot.file, at: positions, positions: places, speeds: speeds)
        tick(robot, &body, &electronics, commands)
    }

    private static func tick(
        _ robot: GapRobot, _ body: inout RobotBody, _ electronics: inout BodyElectronics, _ commands: [Float]
    ) {
        electronics.take(commands)
        for _ in 0..<Int((robot.file.period.value * 1_000).rounded()) { electronics.advance(&body) }
    }

    /// The same inside the model with these parameters. Springs pull at the model's own joints, as a policy inside it would.
    ///
    /// - Parameter resting: the joints' goals before the first tick; where commands are late, they are under way.
    static func predicted(
        _ robot: GapRobot, from measured: [Double], _ commands: GapCommands, ticks: Int, resting: [Float],
        parameters: [Double]
    ) -> [Double] {
        let model = robot.model
        var lanes = ModelLanes(of: CompiledModel<Double>(model), lanes: 1)
        lanes.share(parameters: parameters.span)
        guard let described = robot.file.models.first else { preconditionFailure("no model") }
        let start = described.start.values(states: measured, parameters: parameters)
        for (place, value) in start.enumerated() { lanes[place, lane: 0] = value }
        let joints = robot.file.joints.map(\.name)
        let places = { (kind: String) in
            joints.map { joint in model.measurements.places(of: "\(kind).\(joint)").lowerBound }
        }
        let (positions, speeds) = (places("position"), places("speed"))
        var last = resting
        for tick in 0..<ticks {
            lanes.measure()
            let now = positions.map { Float(lanes.measurement($0, lane: 0)) }
            let moving = speeds.map { Float(lanes.measurement($0, lane: 0)) }
            if tick == 0 {
                set(GapCommands.resting(robot.file, at: resting, positions: now, speeds: moving), of: &lanes)
                lanes.holdInputs()
            }
            last = commands.commands(at: tick, last: last, positions: now, speeds: moving)
            set(last, of: &lanes)
            lanes.step()
        }
        lanes.measure()
        return robot.compared.map { lanes.measurement($0.model, lane: 0) }
    }

    private static func set(_ commands: [Float], of lanes: inout ModelLanes<Double>) {
        var inputs = lanes.mutableInputs
        for (place, command) in commands.enumerated() { inputs[place] = Double(command) }
    }
}
