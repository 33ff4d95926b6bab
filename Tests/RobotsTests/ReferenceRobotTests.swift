import Expressions
import Foundation
import Hashing
import Models
import Quantities
import Supervision
import Testing

@testable import Robots

/// What the shipped tasks and resets say in places where geometry knows the answer.
@Suite("Reference robots")
struct ReferenceRobotTests {
    private func value(
        _ output: String, of program: Program, _ states: [Double], inputs: [Double] = [], _ draws: [Double] = []
    ) throws -> Double {
        let place = try #require(program.places(of: output).first)
        return program.values(states: states, inputs: inputs, parameters: draws)[place]
    }

    /// The pose whose tip is at a target: to which side, how far down, how far out.
    private func pose(_ side: Double, _ down: Double, _ out: Double) -> [Double] {
        let bend = 2 * acos(out / 0.24)
        return [side, down - bend / 2, bend]
    }

    @Test(
        "a reacher whose tip is at its target has succeeded, and every target can be reached within its envelope",
        arguments: [(-1.2, 0.2, 0.18), (1.2, 1.3, 0.18), (0, 0.2, 0.225), (0.5, 1.3, 0.225), (-0.3, 0.7, 0.2)])
    func target(side: Double, down: Double, out: Double) throws {
        let file = try RobotText("reacher").parse()
        let program = file.task.program
        let still = [Double](repeating: 0, count: 6)
        let inputs = [Double](repeating: 0, count: 10)
        let there = pose(side, down, out)
        #expect(try value("success", of: program, there + still, inputs: inputs, [side, down, out]) == 1)
        #expect(try abs(value("reward", of: program, there + still, inputs: inputs, [side, down, out])) < 1e-6)
        #expect(try value("failure.table", of: program, there + still, inputs: inputs, [side, down, out]) == 0)
        let envelope = try RobotText.envelope("reacher").envelope
        for (joint, angle) in there.enumerated() {
            let range = envelope.joints.elements[joint].position
            #expect(angle > Double(range.low.value) + 0.1 && angle < Double(range.high.value) - 0.1)
        }
        // Turned away by half a radian: the chord between the two.
        let aside = [there[0] + 0.5, there[1], there[2]]
        let chord = 2 * out * sin(down) * sin(0.25)
        let reward = try value("reward", of: program, aside + still, inputs: inputs, [side, down, out])
        #expect(abs(reward + min(chord / 0.1, 2) + min(chord / 0.01, 1)) < 1e-9)
        #expect(try value("success", of: program, aside + still, inputs: inputs, [side, down, out]) == 0)
    }

    @Test("a reacher that leans onto the table has failed")
    func table() throws {
        let program = try RobotText("reacher").parse().task.program
        let pose = [0, 1.2, 1.5] + [Double](repeating: 0, count: 6)
        let inputs = [Double](repeating: 0, count: 10)
        #expect(try value("failure.table", of: program, pose, inputs: inputs, [0, 0.5, 0.2]) == 1)
    }

    @Test("a leg that stands crouching where it starts is accepted; one that is held up, lies or moves is not")
    func crouch() throws {
        let file = try RobotText("leg").parse()
        let accept = try #require(file.reset.accept)
        let inputs = [Double](repeating: 0, count: 7)
        let height = 0.3 * cos(0.5) - 0.3
        func isAccepted(_ hip: Double, _ knee: Double, speed: Double = 0, _ height: Double) throws -> Bool {
            try value("accept", of: accept, [hip, knee, speed, 0, 0, 0, height], inputs: inputs) == 1
        }
        #expect(try isAccepted(0.5, -1, height))
        #expect(try !isAccepted(0.5, -1, height + 0.05))
        #expect(try !isAccepted(0.5, -1, -0.24))
        #expect(try !isAccepted(0.9, -1.8, 0.3 * cos(0.9) - 0.3))
        #expect(try !isAccepted(0.5, -1, speed: 1, height))
    }

    @Test("a leg that is only imagined begins on its foot, wherever its joints are drawn to be")
    func footing() throws {
        let file = try RobotText("leg").parse()
        let starts = file.stageStarts
        let heights = (UInt32(0)..<50).map { number in
            let measured = starts.part(NoiseKey(run: 3, iteration: 1, episode: number)).measured.map(Double.init)
            let foot = measured[6] + 0.3 - 0.15 * (cos(measured[0]) + cos(measured[0] + measured[1]))
            #expect(abs(foot) < 1e-6)
            return measured[6]
        }
        #expect(Set(heights).count == 50)
        #expect(abs(Double(starts.middles[6]) - (0.3 * cos(0.5) - 0.3)) < 1e-6)
        let silent = try RobotText("leg").replacing(
            "start: \"0.15 * (cos(position.hip) + cos(position.hip + position.knee)) - 0.3\",", with: "")
        #expect(try silent.parse().stageStarts.middles[6] == 0)
    }

    @Test(
        "the model of the leg stands on its crouched foot when the knee carries its weight, and falls when nothing does"
    )
    func standing() throws {
        let file = try RobotText("leg").parse()
        let described = try #require(file.models.first)
        let model = try described.reduced(period: file.period)
        let weight = 0.85 * 9.81
        // The foot sinks into the ground until it carries the weight; the deeper, the firmer.
        var depth = 0.0
        for _ in 0..<1_000 {
            let firm = 0.9 + 0.05 * min(depth / 0.001, 1)
            let soft = 2 * 9.9 * 0.81 * 1.81 * (1 / firm - 1)
            depth = weight * soft / 4 * 0.0152 * 0.0152 / firm
        }
        #expect(depth > 0.0001)
        #expect(depth < 0.001)
        // The foot is under the hip: all that the hip carries are the links, which are beside it.
        let (shank, thigh) = (0.0068 * 9.81 * sin(0.5), 0.0165 * 9.81 * sin(0.5))
        let (hip, knee) = (thigh - shank, weight * 0.15 * sin(0.5) - shank)
        // Belts are wound by what they carry.
        let standing = [0.3 * cos(0.5) - 0.3 - depth, 0.5, -1, 0.5 + hip / 80, -1 + knee / 80]
        let states = standing + [0, 0, 0, 0, 0, 0, 0]
        let rates = { (hip: Double, knee: Double) in
            described.program.values(states: states, inputs: [hip, knee], parameters: model.parameters)
        }
        for rate in rates(hip, knee).prefix(states.count) { #expect(abs(rate) < 1e-6) }
        // Without a motor the knee's belt turns its rotor back.
        #expect(rates(0, 0)[9] < -100)
        // What an encoder and a motor say is where the link is.
        let measured = [standing[3], standing[4], 0, 0, hip, knee, standing[0]]
        let start = described.start.values(states: measured, parameters: model.parameters)
        #expect(start.count == states.count)
        for (found, state) in zip(start, states) { #expect(abs(found - state) < 1e-9) }
    }
}
