import Ports
import Quantities
import Supervision
import Synchronization
import Testing
import Threads

@testable import ControlLoop

@Suite("a loop whose robot stands still while it waits")
struct PatienceTests {
    /// Takes ticks out, one by one and slowly; their numbers.
    private final class Taker {
        private var ticks: RingConsumer<TickRecord>
        private let end: End
        init(_ ticks: consuming RingConsumer<TickRecord>, until end: End) {
            self.ticks = ticks
            self.end = end
        }

        func run() -> [UInt64] {
            var numbers: [UInt64] = []
            while true {
                let isLast = end.isReached.load(ordering: .acquiring)
                while let tick = ticks.next() { numbers.append(tick.number) }
                if isLast { return numbers }
                MonotonicInstant.sleep(until: .now() + .microseconds(100))
            }
        }
    }

    private final class End: Sendable { let isReached = Atomic(false) }

    @Test("loses no tick to whoever is slow to take it")
    func losesNothing() throws {
        let channels = LoopChannels<Script>(ticks: 4)
        var settings = LoopSettings()
        settings.patience = .seconds(60)
        let envelope = try LoopBench.pendulum()
        let loop = ControlLoop(
            QuietBus(joints: try #require(JointCount(1))), under: Supervisor(envelope, latestSerial: 0),
            settings: settings, channels: channels.loop)
        let outside = channels.outside
        var orders = outside.orders
        for order in [Order<Script>.identify, .verified, .observe] { _ = orders.append(order) }
        let end = End()
        let taker = Taker(outside.ticks, until: end)
        let thread = HostThread { taker.run() }
        while loop.number < 1_000 { loop.turn() }
        end.isReached.store(true, ordering: .releasing)
        let numbers = thread?.join()
        #expect(numbers == Array(0..<1_000) && loop.channels.ticks.dropped == 0)
    }
}
