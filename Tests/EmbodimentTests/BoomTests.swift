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

/// The height of the leg's boom, from the body through the board to its master.
@Suite struct BoomTests {
    private let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Calibration/leg")

    private func leg() throws -> (RobotFile, RobotBody) {
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

    @Test("what the boom's encoder has counted comes with every state, and the folder says what it means")
    func height() throws {
        let (file, body) = try leg()
        let line = Lockstep(VirtualBus(wire: try file.boardWire(), body: body, line: file.lineSettings))
        let made = BoardBus(line.port(), rate: nil, settings: try settings())
        guard var driver = made else { throw PortError.missing }
        let sensor = try #require(file.sensors.first)
        let channel = try #require(sensor.channel)
        let before = driver.reading(ofInput: channel)
        #expect(before == nil)
        try driver.prepare(by: line.now + .seconds(5))
        var samples = PerJoint(repeating: JointSample.unknown)
        var heights: [Double] = []
        for _ in 0..<5 {
            _ = try driver.readStates(into: &samples, by: line.now + .seconds(1))
            let found = driver.reading(ofInput: channel)
            let reading = try #require(found)
            let height = try #require(sensor.value(ofCounts: reading.counts))
            let motion = try #require(line.bus.body.motion(ofJoint: "boom"))
            let truth = motion.position
            // A count is 0.92 mm, and the boom falls while the state is on its way.
            #expect(abs(height - Double(truth)) < 0.005, "\(height) \(truth)")
            #expect(reading.instant <= line.now)
            heights.append(height)
            line.advance(by: .milliseconds(40))
        }
        #expect(heights[4] < heights[0] - 0.01, "\(heights)")
        let nowhere = [driver.reading(ofInput: 1), driver.reading(ofInput: 200)]
        #expect(nowhere == [nil, nil])
    }

    @Test("what cannot be true is no measurement")
    func range() throws {
        let (file, _) = try leg()
        let sensor = try #require(file.sensors.first)
        #expect(sensor.value(ofCounts: 100) == 0.092)
        #expect(sensor.value(ofCounts: 1_000) == nil && sensor.value(ofCounts: .min) == nil)
    }

    @Test("a sensor that the body has not is an error at its place in the file")
    func stranger() throws {
        let text = String(
            decoding: try Data(contentsOf: folder.appending(path: "robot.json5")), as: UTF8.self)
        let file = try RobotFile(parsing: Array(text.replacing("\"boom\"", with: "\"bom\"").utf8))
        let mjcf = String(decoding: try Data(contentsOf: folder.appending(path: file.body.file)), as: UTF8.self)
        do throws(FileProblems) {
            _ = try file.virtualBody(mjcf, seed: 1)
            Issue.record("it was made")
        } catch {
            #expect(error.all.map(\.key) == ["sensors.height.body_sensor"])
        }
    }
}
