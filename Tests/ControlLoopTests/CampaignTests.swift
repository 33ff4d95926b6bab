import Actuators
import Ports
import Quantities
import Simulator
import Supervision
import Testing
import Threads
import VirtualRobot

@testable import ControlLoop

/// A sample of what can go wrong, in the middle of an episode of the pendulum; two seconds after its robot was switched
/// on, which is three on its clock.
@Suite("faults under way") struct CampaignTests {
    private static let moment = MonotonicInstant(nanoseconds: 3_000_000_000)

    /// What one fault did.
    private struct Course {
        var end: FlightEnd?
        /// When the motor was last given anything to do, and when it last moved, after the fault.
        var driven = Duration.zero
        var moved = Duration.zero
    }

    private func fly(_ plan: String) throws -> Course {
        var bench = try LoopBench(faults: plan)
        bench.observe()
        bench.start(Script(length: 700) { $0.tick.rawValue / 20 % 2 == 0 ? 0.07 : -0.07 })
        var course = Course()
        _ = bench.turn(atMost: 6_000) { bench in
            Self.look(bench, &course)
            return bench.end != nil
        }
        course.end = bench.end
        // Whatever comes later, nothing may move any more.
        for _ in 0..<200 {
            bench.line.advance(by: .milliseconds(5))
            Self.look(bench, &course)
        }
        return course
    }

    private static func look(_ bench: LoopBench, _ course: inout Course) {
        let (now, bus) = (bench.line.now, bench.line.bus)
        guard now > moment else { return }
        if bus.wire.drives[0].isPulling { course.driven = now - moment }
        if bus.body.state(of: 0).speed.magnitude > RadiansPerSecond(0.05) { course.moved = now - moment }
    }

    @Test(
        "a fault ends the episode, latches, takes the torque off in time, and nothing moves afterwards",
        arguments: [
            ("overload#1@2s", [Supervision.Fault.deviceFault], true),
            ("servo-reboot#1@2s+200ms", [.staleSensor], true),
            ("unplug@2s", [.deviceLost], false), ("unplug@2s+300ms", [.deviceLost], true),
            ("encoder-jump#1@2s:1.5", [.encoderJump], true), ("packet-loss@2s:1", [.staleSensor], false),
            ("bit-flips@2s:1", [.staleSensor], false), ("truncation@2s:1", [.staleSensor], false),
            ("bus-short@2s", [.staleSensor], false), ("bus-short@2s+1s", [.staleSensor], true),
            ("loose-wire#1@2s:1", [.staleSensor], false), ("wrong-id#1@2s", [.staleSensor], false),
            ("late-reply@2s", [.staleSensor], false), ("adapter-latency@2s", [.staleSensor], false),
            ("e-stop@2s", [.staleSensor], false), ("voltage-sag@2s:2.2", [.deviceFault], true),
            ("voltage-sag@2s:1", [.underVoltage], true), ("overheating#1@2s:90", [.deviceFault], true),
        ])
    func stops(plan: String, faults: [Supervision.Fault], isReadBack: Bool) throws {
        let course = try fly(plan)
        let end = try #require(course.end)
        #expect(end.cause.map(faults.contains) == true && end.isLatched && end.result == .none, "\(end)")
        #expect(end.isReadBack == isReadBack)
        // The servo's own watchdog waits for 0.1 s; a stop that still brakes has to bring the joint to rest first.
        let isBraked = end.cause == .underVoltage
        #expect(course.driven < .milliseconds(isBraked ? 1_000 : 150), "\(course.driven)")
        #expect(course.moved < .seconds(2), "\(course.moved)")
    }

    @Test("a servo whose program stands still obeys nobody: the loop says so at once and asks for the relay")
    func hangs() throws {
        var bench = try LoopBench(faults: "board-hang#1@2s")
        bench.observe()
        bench.start(Script(length: 700) { _ in 0.05 })
        #expect(bench.turn { $0.has { if case .stillArmed = $0 { true } else { false } } })
        #expect(bench.line.now < Self.moment + .milliseconds(700))
        #expect(bench.turn(atMost: 6_000) { $0.end != nil })
        #expect(bench.has { if case .cutPower = $0 { true } else { false } })
        #expect(bench.end?.cause == .staleSensor && bench.end?.isReadBack == false)
    }

    @Test(
        "what a bus gets over ends no episode",
        arguments: [
            "packet-loss@2s:0.05", "bit-flips@2s:0.02", "duplicate@2s:1", "echo@2s", "stuck-joint#1@2s",
            "slipping-gear#1@2s",
        ])
    func survives(plan: String) throws {
        let end = try #require(try fly(plan).end)
        #expect(end.cause == nil && end.ticks == Ticks(700) && end.isReadBack, "\(end)")
    }
}

extension MotorDrive {
    /// Whether it gives the motor anything to do. A servo whose watchdog has stopped it drives with nothing.
    fileprivate var isPulling: Bool {
        switch self {
        case .off: false
        case .current(let current): current.magnitude > Amperes(0.002)
        case .duty(let duty): duty.value.magnitude > 0.001
        }
    }
}
