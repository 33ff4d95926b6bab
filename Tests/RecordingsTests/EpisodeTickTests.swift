import CAllocationCounter
import Quantities
import Testing
import Threads

@testable import Recordings

@Suite("What the loop hands over") struct EpisodeTickTests {
    @Test("handing over a tick allocates nothing, with room and without", .enabled(if: callocationcounter_counts()))
    func allocations() {
        let ring = Ring<EpisodeEntry>(capacity: 1_024)
        var consumer = ring.consumer
        var producer = EpisodeProducer(ring.producer)
        let tick = EpisodeTick(
            tick: Tick(1), hostTime: .zero, deviceTime: .zero, joints: PerJoint(repeating: JointTick()))
        _ = producer.append(tick)
        let before = callocationcounter_of_this_thread()
        for _ in 0..<2_000 { _ = producer.append(tick) }
        #expect(callocationcounter_of_this_thread() == before)
        let (dropped, isFilled) = (producer.dropped, consumer.next() != nil)
        #expect(dropped == 2_000 - 1_023 && isFilled)
    }
}
