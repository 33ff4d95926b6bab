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
        bench.start(Script(length: 700) { $0.tick.rawValue / 40 % 2 == 0 ? 0.05 : -0.05 })
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
        if bus.wire.drives[0] != .off { course.driven = now - moment }
        if bus.body.state(of: 0).speed.magnitude > RadiansPerSecond(0.05) { course.moved = now - moment }
    }

    @Test(
        "print",
        arguments: [
            "servo-reboot#1@2s+200ms", "overload#1@2s", "unplug@2s", "unplug@2s+300ms", "encoder-jump#1@2s:1.5",
            "packet-loss@2s:1", "packet-loss@2s:0.05", "voltage-sag@2s:2.2", "voltage-sag@2s:1", "overheating#1@2s:90",
            "bit-flips@2s:1", "bit-flips@2s:0.02", "truncation@2s:1", "late-reply@2s", "duplicate@2s:1", "echo@2s",
            "bus-short@2s", "board-hang#1@2s", "loose-wire#1@2s:1", "e-stop@2s", "adapter-latency@2s",
            "stuck-joint#1@2s", "slipping-gear#1@2s", "wrong-id#1@2s", "reversed-joint#1@2s",
        ])
    func table(plan: String) throws {
        let course = try fly(plan)
        print(
            "COURSE", plan,
            course.end.map {
                "\($0.ticks.rawValue) \(String(describing: $0.cause)) latched \($0.isLatched) back \($0.isReadBack) \($0.result)"
            } ?? "none", "driven", course.driven, "moved", course.moved)
    }
}
