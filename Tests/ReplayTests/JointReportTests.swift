import Episodes
import Glibc
import Guard
import GuardSamples
import Metrology
import Quantities
import Robots
import Supervision
import Testing

@testable import Replay

/// The pendulum is told to move as a calibration wants, behind the bytes of its servo.
@Suite("Joints measured on a robot that is none") struct JointReportTests {
    /// More in `make proof`.
    private static let isProof = unsafe getenv("UNDERSTUDY_CAMPAIGN").map { unsafe String(cString: $0) } == "proof"

    private static let joint = CalibrationCourse.Joint(
        start: .zero, low: Radians(-0.6), high: Radians(0.6), slow: RadiansPerSecond(0.8), step: Radians(0.2),
        push: NewtonMetres(0.06))

    private static func flown(_ script: MotionScript, faults: String = "") throws -> FlownEpisode {
        let flights = try RecordedFlights(faults: faults)
        let range = flights.facts.envelope.joints[.first].position
        let bytes = try flights.fly { change in
            change.horizon = script.ticks.rawValue
            change.band = (range.low.value, range.high.value)
            change.policyBytes = script.payload.bytes
            change.format = MotionScript.format
        }
        return try ReplayTests.flown(bytes)
    }

    @Test("the metal of the virtual pendulum is found: its weight, its friction, its delay; nothing is wrong with it")
    func healthy() throws {
        let course = try CalibrationCourse([Self.joint], period: Seconds(0.005), followsReset: false)
        let episode = try Self.flown(course.script)
        #expect(episode.end?.fault == 0 && episode.acts.count > Int(course.script.ticks.rawValue) - 3)
        let report = try JointReport(
            episode, GoldenFlights.robot(), .init(PlanSamples.envelope().envelope, GoldenFlights.robot()))
        let joint = try #require(report.joints.first)
        let friction = try #require(joint.friction)
        #expect(abs(friction.sine.value - 0.108) < 0.03, "\(friction.sine)")
        #expect(friction.dry.value > 0.002 && friction.dry.value < 0.04, "\(friction.dry)")
        let delay = try #require(joint.delay)
        // A command is written within half a millisecond of its tick, and the servo's program looks at it every one.
        #expect(abs(delay.delay.value - 0.0015) <= delay.delay.uncertainty + 0.001, "\(delay)")
        #expect(delay.delay.uncertainty < 0.004 && delay.steps >= 3, "\(delay)")
        #expect(try #require(joint.repeatability).spread < 0.2)
        let ratio = try #require(report.directions.ratios[0])
        #expect(abs(ratio - 1) < 0.4, "\(ratio)")
        #expect(report.directions.findings.isEmpty && friction.findings.isEmpty && delay.findings.isEmpty)
        #expect(report.skew == nil, "a servo has no clock that could be compared")
        // The same recording fits the model, which takes longer than all else here.
        guard Self.isProof else { return }
        let fit = try RecordedFit([episode], GoldenFlights.robot(), ahead: 0.25)
        #expect(fit.predictions.allSatisfy { $0.after <= $0.before }, "\(fit.predictions)")
    }

    @Test("a servo that acts 20 ms late is named with that number, and none is that the model counts on")
    func late() throws {
        let course = try CalibrationCourse([Self.joint], period: Seconds(0.005), followsReset: false)
        let episode = try Self.flown(course.script, faults: "command-delay@0s:20")
        let (envelope, robot) = (try PlanSamples.envelope().envelope, try GoldenFlights.robot())
        let report = try JointReport(episode, robot, .init(envelope, robot))
        let delay = try #require(report.joints.first?.delay)
        #expect(abs(delay.delay.value - 0.0215) <= delay.delay.uncertainty + 0.001, "\(delay)")
        #expect(report.findings == [.lateCommands(joint: 0, after: delay.delay.value, most: 0.005)])
        let slow = try GoldenFlights.robot {
            $0.replacing("integrator: \"rk4\"", with: "delay_ticks: 4, integrator: \"rk4\"")
        }
        // The envelope's reaction is less than five ticks.
        #expect(abs(JointReport.Tolerances(envelope, slow).delay - 0.02) < 1e-6)
        var patient = JointReport.Tolerances(envelope, slow)
        patient.delay = 0.025
        #expect(try JointReport(episode, slow, patient).findings.isEmpty)
    }

    @Test("a joint that is stuck is named, and a recording of a policy says nothing about joints")
    func stuck() throws {
        let script = try MotionScript.directions(
            from: [.zero], distances: [Radians(0.2)], moving: Ticks(100), resting: Ticks(60))
        let report = try JointReport(Self.flown(script, faults: "stuck-joint@0s"), GoldenFlights.robot())
        #expect(report.findings.contains(.stuck(joint: 0)), "\(report.findings)")
        let policy = try #require(try GoldenFlights.episodes().first)
        #expect(throws: JointReportProblem.noMotions) { try JointReport(policy, GoldenFlights.robot()) }
    }
}
