import Actuators
import Ports
import Quantities
import Supervision
import Simulator
import Testing
import Threads
import VirtualRobot

@testable import ControlLoop

@Suite("stops on the loop")
struct StoppingTests {
    private func flying(faults: String = "", needsDeadMan: Bool = false) throws -> LoopBench {
        var bench = try LoopBench(faults: faults, needsDeadMan: needsDeadMan)
        bench.observe()
        if needsDeadMan { bench.channels.inputs.hold(until: .never) }
        bench.start(Script(length: 900) { $0.tick.rawValue / 40 % 2 == 0 ? 0.05 : -0.05 })
        #expect(bench.turn { $0.hasBegun })
        bench.turn(20)
        return bench
    }

    @Test("anybody's stop is heard on the next tick, and the robot is read back at rest")
    func stop() throws {
        var bench = try flying()
        bench.channels.inputs.stop()
        bench.turn(1)
        let stopped = try #require(bench.ticks.last).mode
        #expect(bench.isHeld, "\(stopped)")
        #expect(bench.turn { $0.end != nil })
        #expect(bench.end?.cause == .operatorStop && bench.end?.isLatched == false)
        #expect(!bench.hasTorque)
    }

    @Test("a stop is heard however full the queue of orders is")
    func fullQueue() throws {
        var bench = try flying()
        while bench.channels.orders.append(.tellTiming) {}
        bench.channels.inputs.stop()
        bench.turn(1)
        #expect(bench.isHeld)
    }

    /// When a stop comes that whoever ordered the flight cannot know of.
    enum Late: CaseIterable, Sendable { case onTheWay, beforeSwitchedOn, onTheTickOfItsBeginning }

    @Test(
        "a stop that comes while a flight is on its way keeps it from beginning, up to its last tick",
        arguments: Late.allCases)
    func tooLateToBegin(late: Late) throws {
        var bench = try LoopBench()
        bench.observe()
        let inputs = bench.channels.inputs
        var script = Script(length: 20)
        switch late {
        case .onTheWay:
            inputs.stop()
            bench.turn(3)
        case .beforeSwitchedOn: script.made = { inputs.stop() }
        case .onTheTickOfItsBeginning: script.judged = { if inputs.stopCount == 0 { inputs.stop() } }
        }
        bench.start(script, stops: 0)
        bench.turn(200)
        #expect(inputs.stopCount == 1)
        let refusals = bench.reports.compactMap { if case .notPermitted(1, let refusal) = $0 { refusal } else { nil } }
        #expect(refusals == [.notHealthy(.operatorStop)])
        #expect(!bench.hasBegun && !bench.hasTorque)
        let moved = bench.ticks.filter { $0.mode.isPowered }
        #expect(moved.isEmpty, "\(late)")
        bench.start(Script(length: 20), serial: 2)
        #expect(bench.turn { $0.end != nil }, "who knows of it may fly: \(bench.reports)")
    }

    @Test("a dead-man switch that is let go holds the robot, and only an operator lets it go on")
    func deadMan() throws {
        var bench = try flying(needsDeadMan: true)
        bench.channels.inputs.letGo()
        bench.turn(2)
        let holds: (LoopBench) -> Bool = { bench in
            if case .held(let stop)? = bench.ticks.last?.mode { stop.rung == .hold } else { false }
        }
        #expect(holds(bench))
        bench.channels.inputs.hold(until: .never)
        bench.turn(50)
        #expect(holds(bench))
        bench.order(.resume(Operator(userNumber: 1_000)))
        bench.turn(2)
        #expect(bench.isRunning)
    }

    @Test("silence of the dead-man switch lets go")
    func silentDeadMan() throws {
        var bench = try flying(needsDeadMan: true)
        bench.channels.inputs.hold(until: bench.line.now + .milliseconds(50))
        bench.turn(5)
        #expect(bench.isRunning)
        bench.turn(10)
        #expect(bench.isHeld)
    }

    @Test("after a fault nothing runs, and the status names the fault that came first")
    func breaks() throws {
        var bench = try flying(faults: "unplug@2s")
        #expect(bench.turn(atMost: 3_000) { $0.end != nil })
        #expect(bench.end?.cause == .deviceLost && bench.channels.status.latest.cause == .deviceLost)
        bench.start(Script(), serial: 2)
        bench.turn(20)
        #expect(bench.has { if case .notPermitted(2, .notObserving) = $0 { true } else { false } })
    }

    @Test("after a latch only a person, and then everything from the start, brings motion back")
    func clearing() throws {
        var bench = try flying(faults: "encoder-jump#1@2s+1s:1.5")
        #expect(bench.turn { $0.end != nil })
        #expect(bench.end?.isLatched == true)
        bench.turn(400)
        bench.order(.clear(Operator(userNumber: 1_000)))
        bench.turn(3)
        #expect(bench.has { if case .cleared = $0 { true } else { false } })
        bench.start(Script(), serial: 2)
        bench.turn(5)
        #expect(bench.has { if case .notPermitted(2, .notObserving) = $0 { true } else { false } })
        let before = bench.ticks.count
        for order in [Order<Script>.identify, .prepare, .verified, .observe] { bench.order(order) }
        #expect(bench.turn { $0.ticks.count > before + 3 })
        bench.start(Script(length: 20), serial: 3)
        #expect(bench.turn { $0.has { if case .began(3, _) = $0 { true } else { false } } })
    }

    @Test("to quit in the middle of an episode stops the robot first")
    func quit() throws {
        var bench = try flying()
        #expect(bench.hasTorque)
        bench.order(.quit)
        bench.turn(1)
        #expect(!bench.hasTorque)
        let state = bench.line.bus.body.state(of: 0)
        #expect(abs(state.speed.value) < 0.05)
    }

    @Test("a loop that is let go of leaves no motor on")
    func letGo() throws {
        var line: PendulumLine?
        do {
            let bench = try flying()
            #expect(bench.hasTorque)
            line = bench.line
        }
        line?.advance(by: .milliseconds(200))
        #expect(line?.bus.wire.number(.torqueEnable, of: 0) == 0)
    }
}
