import Actuators
import Glibc
import Ports
import Quantities
import Simulator
import Supervision
import Testing
import Threads
import VirtualRobot

@testable import ControlLoop

@Suite("the loop on a thread of its own") struct ThreadTests {
    /// What the loop tells, until something is told.
    private func wait(_ channels: Outside, for isIt: (LoopReport) -> Bool) -> LoopReport? {
        for _ in 0..<20_000_000 {
            while let report = channels.reports.next() { if isIt(report) { return report } }
            sched_yield()
        }
        return nil
    }

    @Test("another thread stops the robot, a third one looks on, and nobody waits for anybody")
    func stop() throws {
        let line = try LoopBench.line()
        let envelope = try LoopBench.pendulum()
        let rings = LoopChannels<Script>()
        let channels = Outside(rings.outside)
        let thread = ControlLoop.start(
            try LoopBench.bus(on: line), under: Supervisor(envelope, latestSerial: 0), settings: LoopSettings(),
            channels: rings.loop)
        for order in [Order<Script>.identify, .prepare, .verified, .observe] { _ = channels.orders.append(order) }
        while channels.status.latest.punctuality.ticks < 3 { sched_yield() }
        let script = Script(length: .max) { $0.tick.rawValue / 40 % 2 == 0 ? 0.05 : -0.05 }
        let approval = Approval(
            serial: 1, plan: LoopBench.plan, envelope: envelope.identity, horizon: Ticks(6_000),
            demandsTube: false)
        _ = channels.orders.append(.run(approval, plan: LoopBench.plan, script, stops: 0))
        let (status, done) = (channels.status, StopRequest())
        let watcher = HostThread { () -> String? in
            var (last, looks) = (status.latest, 0)
            while !done.isAsked {
                let now = status.latest
                guard now.instant >= last.instant, now.punctuality.ticks >= last.punctuality.ticks else {
                    return "older"
                }
                if case .running = now.mode, now.serial != 1 { return "a mixture" }
                (last, looks) = (now, looks + 1)
            }
            return looks > 10 ? nil : "\(looks) looks"
        }
        #expect(wait(channels) { if case .began(1, _) = $0 { true } else { false } } != nil)
        channels.inputs.stop()
        let ended = wait(channels) { if case .ended = $0 { true } else { false } }
        guard case .ended(let end)? = ended else {
            Issue.record("no end")
            return
        }
        #expect(end.cause == .operatorStop && end.isReadBack && !end.isLatched)
        #expect(channels.status.latest.mode == .observing)
        _ = channels.orders.append(.quit)
        done.ask()
        thread?.join()
        let trouble = watcher?.join()
        #expect(trouble == .some(nil), "\(String(describing: trouble))")
        #expect(line.bus.wire.number(.torqueEnable, of: 0) == 0)
    }
}
