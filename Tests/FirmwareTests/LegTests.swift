import Actuators
import BoardLink
import Embodiment
import Foundation
import Ports
import Quantities
import Robots
import Simulator
import Testing
import VirtualRobot

/// The reference robot, its physics closed around the image of its board: driver, line, program and body, as in a run.
@Suite(.timeLimit(.minutes(10))) struct LegTests {
    private func leg() throws -> (RobotFile, RobotBody) {
        let folder = Images.root.appending(path: "Calibration/leg")
        let file = try RobotFile(parsing: Array(try Data(contentsOf: folder.appending(path: "robot.json5"))))
        let mjcf = String(decoding: try Data(contentsOf: folder.appending(path: file.body.file)), as: UTF8.self)
        return (file, try file.virtualBody(mjcf, seed: 1))
    }

    private func settings() throws -> Board.Settings {
        let position = try #require(Limit(Radians(-3), Radians(3)))
        let supply = try #require(Limit(Volts(20), Volts(28)))
        let bounds = try ([0, 1] as [UInt8]).map { number in
            let index = try #require(JointIndex(number))
            return try #require(
                JointBounds(
                    joint: index, position: position, speed: RadiansPerSecond(16),
                    effort: NewtonMetres(2), temperature: Celsius(60), current: Amperes(14),
                    braking: RadiansPerSecondSquared(150)))
        }
        let configuration = try #require(
            Configure(
                envelope: EnvelopeHash(DoubleWord(7)), supply: supply, silence: Ticks(100), bounds[0], bounds[1]))
        return try #require(Board.Settings(configuration))
    }

    /// What the driver measures while the leg kneels and rises, every bit of it.
    private func kneel(_ program: (any BoardProgram)?) throws -> [UInt32] {
        let (file, body) = try leg()
        let line = Lockstep(VirtualBus(wire: try file.boardWire(running: program), body: body, line: file.lineSettings))
        guard var driver = BoardBus(line.port(), rate: nil, settings: try settings()) else { throw PortError.missing }
        try driver.prepare(by: line.now + .seconds(5))
        try driver.arm(by: line.now + .seconds(5))
        var samples = PerJoint(repeating: JointSample.unknown)
        var bits: [UInt32] = []
        for tick in 0..<150 {
            let end = line.now + .milliseconds(10)
            _ = try driver.readStates(into: &samples, by: end)
            var goals = PerJoint(repeating: JointGoal.effort(.zero))
            for joint in [UInt8(0), 1].compactMap(JointIndex.init) {
                let sample = samples[joint]
                let measured = [sample.position.value, sample.speed.value, sample.effort.value]
                bits += measured.map(\.bitPattern)
                let pull: Float = (tick / 40) % 2 == 0 ? 0.4 : -0.4
                goals[joint] = .effort(NewtonMetres(pull - 0.02 * sample.speed.value))
            }
            try driver.writeGoals(goals, by: end)
            line.advance(by: end - line.now)
        }
        try driver.disarm(by: line.now + .seconds(5))
        return bits
    }

    @Test("the leg moves alike on the compiled board and on the image, bit for bit")
    func same() throws {
        let compiled = try kneel(nil)
        #expect(Set(compiled).count > 300)
        #expect(try kneel(Images.board(.stm32F405)) == compiled)
    }
}
