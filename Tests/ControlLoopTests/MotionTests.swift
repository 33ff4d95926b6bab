import Actuators
import Episodes
import Ports
import Quantities
import Robots
import Supervision
import Testing
import VirtualRobot

@testable import ControlLoop

/// A script for a robot of the folder, with the band around it.
private func program(
    _ folder: Folder, _ script: MotionScript, from starts: [Radians], margin: Radians = Radians(0.8),
    after reset: ResetProgram? = nil
) throws -> RobotProgram {
    let envelope = folder.robot.envelope.envelope
    let count = Int(envelope.count.rawValue)
    let band = try script.band(
        from: starts, margins: [Radians](repeating: margin, count: count),
        free: (0..<count).map { envelope.joints.elements[$0].position }, stride: Ticks(10),
        period: envelope.robot.period)
    return .motions(try MotionProgram(folder.robot, script, band: band), after: reset)
}

private func directions(
    _ folder: Folder, from starts: [Radians], by distances: [Float], margin: Radians = Radians(0.8)
) throws -> RobotProgram {
    let period = folder.robot.envelope.envelope.robot.period.value
    let script = try MotionScript.directions(
        from: starts, distances: distances.map { Radians($0) }, moving: Ticks(Int32(0.8 / period)),
        resting: Ticks(Int32(0.3 / period)))
    return try program(folder, script, from: starts, margin: margin)
}

@Suite("motions that are planned") struct MotionTests {
    private func expectDone(_ end: FlightEnd, _ story: String) {
        #expect(
            end.result == .moved(.done) && end.cause == nil && end.isReadBack && end.leg == .motions,
            "\(end)\n\(story)")
    }

    @Test("joints that turn the right way pass a check of directions, one after the other, in one flight")
    func directionsPass() throws {
        let pendulum = try Folder("pendulum")
        let swing = try pendulum.pendulum()
        swing.observe()
        let first = try #require(swing.fly(directions(pendulum, from: [.zero], by: [0.3])), "\(swing.reports)")
        expectDone(first, swing.story)
        let reacher = try Folder("reacher")
        let arm = try reacher.reacher()
        arm.observe()
        let starts = reacher.robot.file.starts.map(\.position)
        let second = try #require(arm.fly(directions(reacher, from: starts, by: [0.1, 0.1, -0.1])), "\(arm.reports)")
        expectDone(second, arm.story)
    }

    @Test("a joint that does not move is found, and what was to come after it is left out")
    func stuck() throws {
        let folder = try Folder("pendulum")
        let bench = try folder.pendulum(faults: "stuck-joint#1@0s")
        bench.observe()
        let end = try #require(bench.fly(directions(folder, from: [.zero], by: [0.3])), "\(bench.reports)")
        guard case .moved(.wrong(let found)) = end.result else {
            Issue.record("not found: \(end)")
            return
        }
        #expect(!found.isRight && found.moved.magnitude < Radians(0.05) && found.asked.value > 0.25)
        #expect(end.isReadBack && end.ticks < Ticks(300))
    }

    @Test("a joint that does not stand where its band begins is not moved by them")
    func elsewhere() throws {
        let folder = try Folder("reacher")
        let bench = try folder.reacher(at: [0.5, -0.2, 1])
        bench.observe()
        let starts = folder.robot.file.starts.map(\.position)
        let program = try directions(folder, from: starts, by: [0.1, 0.1, -0.1], margin: Radians(0.2))
        let end = try #require(bench.fly(program), "\(bench.reports)")
        #expect(end.result == .moved(.notAtStart(.first)) && end.ticks == Ticks(1), "\(end)")
    }

    @Test("a pendulum is moved, swung, pushed with sines and let go, inside its band, and follows what was planned")
    func calibration() throws {
        let folder = try Folder("pendulum")
        let bench = try folder.pendulum()
        bench.observe()
        let wave = MotionScript.Wave(amplitude: Radians(0.2), rate: RadiansPerSecond(6))
        let push = MotionScript.Wave(amplitude: NewtonMetres(0.05), rate: RadiansPerSecond(9), phase: Radians(1))
        let script = try MotionScript(
            .calibration,
            steps: [
                .init(ticks: Ticks(200), motions: [.move(to: Radians(0.5))]),
                .init(ticks: Ticks(300), fade: Ticks(60), motions: [.swing([wave])]),
                .init(ticks: Ticks(200), fade: Ticks(50), motions: [.push(NewtonMetres(0.02), [push])]),
                .init(ticks: Ticks(100), fade: Ticks(10), motions: [.push(.zero, [])]),
                .init(ticks: Ticks(200), motions: [.move(to: .zero)]),
            ])
        let end = try #require(
            bench.fly(program(folder, script, from: [.zero], margin: Radians(0.5))), "\(bench.reports)")
        expectDone(end, bench.story)
        #expect(end.ticks == script.ticks)
        let flown = bench.running.filter { $0.leg == .motions }
        // Where it was to be half a second after its first move had ended, give or take what gravity takes.
        #expect(abs(flown[199].samples[.first].position.value - 0.5) < 0.35)
        #expect(flown[701..<799].allSatisfy { $0.asked[.first] == .effort(.zero) })
        #expect(Set(flown[510..<690].map { $0.asked[.first].value }).count > 50)
    }

    @Test("what a robot's drives cannot do is refused before anything moves")
    func problems() throws {
        let folder = try Folder("reacher")
        let starts = folder.robot.file.starts.map(\.position)
        let script = try MotionScript(
            .calibration,
            steps: [.init(ticks: Ticks(10), motions: [.hold, .push(NewtonMetres(0.1), []), .hold])])
        let joint = try #require(JointIndex(1))
        #expect(throws: ProgramProblem.pushes(step: 0, joint)) { try program(folder, script, from: starts) }
        let short = try MotionScript(.calibration, steps: [.init(ticks: Ticks(10), motions: [.hold])])
        #expect(throws: ProgramProblem.actions(3, policy: 1)) {
            let band = try script.band(
                from: starts, margins: [Radians](repeating: Radians(0.1), count: 3),
                free: (0..<3).map { folder.robot.envelope.envelope.joints.elements[$0].position }, stride: Ticks(10),
                period: Seconds(0.01))
            _ = try MotionProgram(folder.robot, short, band: band)
        }
    }
}
