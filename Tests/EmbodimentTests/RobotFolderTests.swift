import Actuators
import Foundation
import Quantities
import Robots
import Simulator
import Testing
import VirtualRobot

@testable import Embodiment

private let tree = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

/// A robot of the folder, as it is or with something changed in its text.
private func robot(_ name: String, changing text: (String, String)? = nil) throws -> (file: RobotFile, mjcf: String) {
    let folder = tree.appending(path: "Calibration/\(name)")
    var words = String(decoding: try Data(contentsOf: folder.appending(path: "robot.json5")), as: UTF8.self)
    if let text {
        #expect(words.contains(text.0))
        words = words.replacing(text.0, with: text.1)
    }
    let file = try RobotFile(parsing: Array(words.utf8))
    return (file, String(decoding: try Data(contentsOf: folder.appending(path: file.body.file)), as: UTF8.self))
}

@Suite("what a robot's folder says becomes a virtual robot") struct RobotFolderTests {
    @Test(
        "every robot has the body of its folder, with its own parts for each seed",
        arguments: ["pendulum", "reacher", "leg"])
    func bodies(name: String) throws {
        let (file, mjcf) = try robot(name)
        let body = try file.virtualBody(mjcf, seed: 1, spread: 0)
        #expect(body.jointCount == file.joints.count)
        let known = body.jointNames
        #expect(file.joints.map(\.name).filter { !known.contains($0) } == [])
        func fallen(_ seed: UInt64, _ spread: Float) throws -> [Float] {
            var body = try file.virtualBody(mjcf, seed: seed, spread: spread)
            let drives = [MotorDrive](repeating: .duty(Duty(0.3)), count: body.jointCount)
            for _ in 0..<200 { body.advance(by: Seconds(0.001), drives: drives.span) }
            return (0..<body.jointCount).map { body.metal(of: $0).output.value }
        }
        #expect(try fallen(1, 1) == fallen(1, 1))
        #expect(try fallen(1, 1) != fallen(2, 1))
        #expect(try fallen(1, 0) == fallen(2, 0))
    }

    @Test("a body is drawn with its floor, and each link turns with the servo before it")
    func outline() throws {
        let (file, mjcf) = try robot("reacher")
        let outline = try file.virtualBody(mjcf, seed: 1).outline
        #expect(outline.segments.first?.joint == nil)
        #expect(Set(outline.segments.compactMap(\.joint)) == [0, 1, 2])
        let high = outline.segments.map { max($0.from.z, $0.to.z) }.max() ?? .infinity
        #expect(high <= outline.high.z)
    }

    @Test("a leg that nobody drives falls")
    func lying() throws {
        let (file, mjcf) = try robot("leg")
        var body = try file.virtualBody(mjcf, seed: 1, spread: 1)
        let standing = try #require(body.motion(ofJoint: "boom")).position
        body.settle(for: Seconds(4))
        let lying = try #require(body.motion(ofJoint: "boom")).position
        #expect(standing > -0.05 && lying < standing - 0.1, "\(standing) \(lying)")
    }

    @Test("behind a gear the servo turns so often, and the joint is so much slower")
    func geared() throws {
        let (file, mjcf) = try robot("reacher", changing: ("every_joint: {", "every_joint: { gear: 4,"))
        let (direct, _) = try robot("reacher")
        var (slow, quick) = (
            try file.virtualBody(mjcf, seed: 1, spread: 0), try direct.virtualBody(mjcf, seed: 1, spread: 0)
        )
        let drives: [MotorDrive] = [.duty(Duty(0.5)), .off, .off]
        let before = slow.state(of: 0).position.value - 4 * slow.metal(of: 0).output.value
        for _ in 0..<300 {
            slow.advance(by: Seconds(0.001), drives: drives.span)
            quick.advance(by: Seconds(0.001), drives: drives.span)
        }
        let after = slow.state(of: 0).position.value - 4 * slow.metal(of: 0).output.value
        // A delay of 2 ms at some rad/s, and the steps of the encoder.
        #expect(abs(before - after) < 0.02)
        let ratio = quick.metal(of: 0).outputSpeed.value / slow.metal(of: 0).outputSpeed.value
        #expect(ratio > 3.5 && ratio < 4.5, "\(ratio)")
        // The servo itself feels next to nothing of the arm, and turns as quickly as without it.
        #expect(abs(slow.state(of: 0).speed.value / 4 / slow.metal(of: 0).outputSpeed.value - 1) < 0.05)
    }

    @Test("a board's sensors sit on the joints, whatever gear is before them")
    func gearedBoard() throws {
        let (file, mjcf) = try robot("leg", changing: ("every_joint: {", "every_joint: { gear: 2,"))
        var body = try file.virtualBody(mjcf, seed: 1, spread: 0)
        body.settle(for: Seconds(1))
        #expect(abs(body.state(of: 0).position.value - body.metal(of: 0).output.value) < 0.02)
        let constant = try file.boardWire().hardware.torqueConstant.value
        #expect(abs(constant - 0.294) < 1e-5)
    }

    @Test("controllers were calibrated with the motors of the folder")
    func controllers() throws {
        let metal = ServoProduct.moteusKit.metal
        let identity = try #require(
            MoteusController.Identity(
                id: 3, torqueConstant: metal.torqueConstant, winding: metal[.windingResistance], zero: Radians(0.5)))
        // The kit's motor: 304 rev/min a volt.
        #expect(abs(identity.rpmPerVolt - 304) < 1)
    }

    @Test("the servos of a folder are set up as doctor would have them")
    func setUp() throws {
        let (file, _) = try robot("reacher")
        #expect(file.feetechWire.servos.map(\.identity.returnDelay) == [0, 0, 0])
        #expect(file.feetechWire.servos.map(\.identity.id.rawValue) == file.joints.map(\.id))
    }
}
