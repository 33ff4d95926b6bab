import Expressions
import Models
import Quantities
import TestSupport
import Testing

@testable import Robots

@Suite("Robot files")
struct RobotFileTests {
    @Test("every robot that is shipped is read without a finding and fits its envelope", arguments: RobotText.names)
    func shipped(name: String) throws {
        let file = try RobotText(name).parse()
        #expect(file.name == name)
        let envelope = try RobotText.envelope(file.envelopeName)
        #expect(try Robot(file, within: envelope).file.joints.map(\.name) == envelope.joints.map(\.name))
    }

    @Test("every model of every robot rolls forward for a second and stays in this world", arguments: RobotText.names)
    func rolls(name: String) throws {
        let file = try RobotText(name).parse()
        for described in file.models {
            let model = try described.reduced(period: file.period)
            #expect(
                model.measurements.results.map(\.name)
                    == Array(described.outputs.map(\.name).dropFirst(model.count(of: .state))))
            let measured = file.starts.map { Double($0.position.value) }
            let states = measured + measured.map { _ in 0 } + measured.map { _ in 0 } + file.sensors.map { _ in 0 }
            let start = described.start.values(states: states, parameters: model.parameters)
            var lanes = ModelLanes(of: CompiledModel<Double>(model), lanes: 1)
            for (place, value) in start.enumerated() { lanes[place, lane: 0] = value }
            // Positions are commanded where the joints are; nothing else is commanded at all.
            var inputs = lanes.mutableInputs
            for joint in file.joints.indices where file.joints[joint].drive == .position {
                inputs[joint] = measured[joint]
            }
            for _ in 0..<Int((1 / file.period.value).rounded()) { lanes.step() }
            for state in start.indices { #expect(lanes[state, lane: 0].magnitude < 20) }
        }
    }

    @Test("the pendulum is what its file says")
    func pendulum() throws {
        let file = try RobotText("pendulum").parse()
        #expect(file.envelopeName == "pendulum" && file.period == Seconds(0.005) && file.horizon == Ticks(1_000))
        #expect(
            file.bus
                == RobotFile.Line(driver: .dynamixel, port: nil, baud: 1_000_000, watchdog: Seconds(0.1)))
        let joint = try #require(file.joints.first)
        #expect(joint.name == "swing" && joint.id == 1 && joint.drive == .effort && joint.gear == 1)
        #expect(joint.torque == .perAmpere(NewtonMetres(0.366)) && joint.currentLimit == Amperes(1))
        #expect(file.task.commands == [.direct(low: -0.17, high: 0.17)])
        #expect(file.task.observationCount == 3 && file.task.failureReward == -1.5)
        #expect(file.starts == [.init(position: Radians(0), spread: Radians(0.2), speedSpread: RadiansPerSecond(0))])
        #expect(
            file.reset.steps == [
                .move(to: [Radians(0)], speed: nil, within: Seconds(10)), .relax,
                .rest(Seconds(0.5), within: Seconds(20)),
            ])
        #expect(file.policy.hidden == [16, 16] && file.learning.estimator == .rehearse)
        #expect(file.budget.limitEpisodes == 400 && file.budget.limitTime == nil)
    }

    @Test("the model of the pendulum falls as a rigid rod does, and its task says where the top is")
    func physics() throws {
        let file = try RobotText("pendulum").parse()
        let model = try #require(file.models.first)
        #expect(model.outputs.map(\.name) == ["theta'", "omega'", "position.swing", "speed.swing", "effort.swing"])
        #expect(model.parameters.filter { $0.prior != nil }.map(\.name) == ["J", "mgl", "b", "coulomb", "kt", "load"])
        let parameters = model.parameters.map(\.value)
        // Out sideways, at rest, without a command.
        let still = run(model.program, states: [.pi / 2, 0], inputs: [0], parameters)
        #expect(still[0] == 0 && abs(still[1] + 0.108 / 0.0038) < 1e-9)
        #expect(abs(still[2] - .pi / 2) < 1e-15 && still[3] == 0 && still[4] == 0)
        // A command counts one to one, and friction works against the motion.
        let driven = run(model.program, states: [0, 2], inputs: [0.08], parameters)
        #expect(abs(driven[1] - (0.08 - 0.005 * 2 - 0.01) / 0.0038) < 1e-6)
        #expect(run(model.start, states: [0.3, -1, 0], inputs: [], parameters) == [0.3, -1])
        // position, speed, effort; action, last_action, command, time.
        let top = run(file.task.program, states: [.pi, 0, 0], inputs: [0, 0, 0, 0], [])
        let names = file.task.program.results.map(\.name)
        #expect(
            names == [
                "observation.cosine", "observation.sine", "observation.rate", "reward", "failure.wound_up", "success",
            ])
        #expect(top[0] == -1 && abs(top[3]) < 1e-12 && top[4] == 0 && top[5] == 1)
        let wound = run(file.task.program, states: [10.5, 3, 0], inputs: [1, 0, 0, 0], [])
        #expect(wound[4] == 1 && wound[5] == 0 && wound[3] < 0 && wound[3] > file.task.failureReward)
    }

    private func run(_ program: Program, states: [Double], inputs: [Double], _ parameters: [Double]) -> [Double] {
        let tape = Tape<Double>(program)
        var workspace = Workspace(for: tape)
        var results = [Double](repeating: .nan, count: program.results.count)
        var span = results.mutableSpan
        tape.run(
            lanes: 1, spacing: 1, states: states.span, inputs: inputs.span, parameters: parameters.span, results: &span,
            with: &workspace)
        return results
    }
}
