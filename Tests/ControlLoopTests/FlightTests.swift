import Actuators
import Ports
import Quantities
import Supervision
import Simulator
import Testing
import Threads
import VirtualRobot

@testable import ControlLoop

@Suite("an episode on the loop")
struct FlightTests {
    @Test("an approved program moves the robot, ends, and leaves it at rest and switched off")
    func flies() throws {
        var bench = try LoopBench()
        bench.observe()
        let flown = bench.fly(Script(length: 60))
        let end = try #require(flown)
        #expect(
            end
                == FlightEnd(
                    serial: 1, ticks: Ticks(60), leg: .episode, result: .ended(.horizon, isSuccess: false), cause: nil,
                    isLatched: false, isReadBack: true))
        #expect(!bench.hasTorque)
        let running = bench.ticks.filter { if case .running = $0.mode { true } else { false } }
        #expect(running.count >= 59)
        #expect(running.count { !$0.isSent } == 0)
        let fastest = running.map { abs($0.samples[.first].speed.value) }.max() ?? 0
        #expect(fastest > 0.1)
    }

    @Test("the three truths of a joint are kept: asked, supervised, and acknowledged a tick later")
    func truths() throws {
        var bench = try LoopBench()
        bench.observe()
        let most = bench.loop.supervisor.envelope.joints[.first].effort
        _ = bench.fly(Script(length: 15) { _ in 5 })
        let clamped = bench.ticks.filter { if case .clamp = $0.verdict.ruling { true } else { false } }
        #expect(clamped.count >= 14)
        for tick in clamped {
            #expect(tick.asked[.first] == .effort(NewtonMetres(5)))
            #expect(tick.verdict.commands[.first].value <= most.value)
        }
        for (tick, next) in zip(clamped, clamped.dropFirst()) {
            guard case .effort(let followed)? = next.samples[.first].acknowledged else {
                Issue.record("nothing acknowledged")
                continue
            }
            // One unit of the register is 1 mA.
            #expect(abs(followed.value - tick.verdict.commands[.first].value) < 0.000_5)
        }
    }

    @Test("nothing runs before the robot is watched, with another plan, or twice with one approval")
    func notPermitted() throws {
        var bench = try LoopBench()
        bench.start(Script())
        bench.turn(5)
        bench.observe()
        bench.order(
            .run(
                Approval(
                    serial: 2, plan: LoopBench.plan, envelope: bench.envelope, horizon: Ticks(10), demandsTube: false),
                plan: Digest(8, 8, 8, 8), Script(), stops: 0))
        bench.turn(5)
        let third = bench.fly(Script(length: 5), serial: 3)
        #expect(third != nil)
        bench.start(Script(), serial: 3)
        bench.turn(5)
        let refusals = bench.reports.compactMap { if case .notPermitted(_, let refusal) = $0 { refusal } else { nil } }
        #expect(refusals == [.notObserving, .planDiffers, .serialUsed(3, latest: 3)])
        #expect(!bench.hasTorque)
    }

    @Test("a program without end is ended at the horizon of its approval")
    func horizon() throws {
        var bench = try LoopBench()
        bench.observe()
        let flown = bench.fly(Script(length: .max) { _ in 0.01 }, horizon: 30)
        let end = try #require(flown)
        #expect(end.cause == .horizonExceeded && !end.isLatched && end.ticks == Ticks(30) && end.result == .none)
        #expect(bench.ticks.count { if case .running = $0.mode { true } else { false } } == 30)
    }

    @Test("what a program must not say ends the episode", arguments: [Float.nan, .infinity])
    func nonsense(effort: Float) throws {
        var bench = try LoopBench()
        bench.observe()
        let flown = bench.fly(Script { $0.tick >= Ticks(10) ? effort : 0.05 })
        let end = try #require(flown)
        #expect(end.cause == .commandNotFinite && end.ticks == Ticks(11))
        #expect(!bench.hasTorque)
    }

    @Test("a band that was promised and left stops the robot and latches")
    func tube() throws {
        var bench = try LoopBench()
        bench.observe()
        bench.start(
            Script(length: 500, band: Limit(Radians(-0.05), Radians(0.05))) { _ in 0.1 }, tube: true)
        #expect(bench.turn { $0.end != nil })
        // Commands are held inside the band too, as far as an effort can be.
        #expect(bench.end?.cause == .leftTube)
        #expect(bench.end?.isLatched == true)
    }

    @Test("a second episode waits until the first is over")
    func oneAtATime() throws {
        var bench = try LoopBench()
        bench.observe()
        bench.start(Script(length: 200), serial: 1)
        #expect(bench.turn { $0.hasBegun })
        bench.start(Script(), serial: 2)
        bench.turn(3)
        #expect(bench.has { if case .refused = $0 { true } else { false } })
    }
}
