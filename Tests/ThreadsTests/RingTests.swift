import CAllocationCounter
import Glibc
import Synchronization
import Testing

import Threads

@Suite("The ring") struct RingTests {
    @Test("gives back what was put in, in order, and no more than it has room for")
    func order() {
        var ring = Ring<Int>(capacity: 8)
        var (taken, fitted): ([Int?], Int) = ([ring.consumer.next()], 0)
        for round in 0..<100 {
            for number in 0..<9 { fitted += ring.producer.append(round * 10 + number) ? 1 : 0 }
            let count = ring.consumer.count
            #expect(count == 8)
            for _ in 0..<9 { taken.append(ring.consumer.next()) }
        }
        #expect(fitted == 800)
        #expect(taken.compactMap(\.self) == (0..<100).flatMap { round in (0..<8).map { round * 10 + $0 } })
        let dropped = (ring.consumer.dropped, ring.producer.dropped)
        #expect(dropped == (100, 100))
    }

    private final class Token: Sendable {
        let count: Counter
        init(_ count: Counter) { self.count = count }
        deinit { count.value.wrappingAdd(1, ordering: .relaxed) }
    }

    private final class Counter: Sendable { let value = Atomic<Int>(0) }

    @Test("lets go of what nobody took")
    func leftOver() {
        let gone = Counter()
        do {
            var ring = Ring<Token>(capacity: 4)
            for _ in 0..<3 { _ = ring.producer.append(Token(gone)) }
            _ = ring.consumer.next()
            #expect(gone.value.load(ordering: .relaxed) == 1)
        }
        #expect(gone.value.load(ordering: .relaxed) == 3)
    }

    /// What the other thread has: takes numbers, and gives back the first that is not the next, or how many there were.
    private final class Taker {
        private var consumer: RingConsumer<UInt64>
        init(_ consumer: consuming RingConsumer<UInt64>) { self.consumer = consumer }

        func run(until total: UInt64) -> UInt64 {
            var expected: UInt64 = 0
            while expected < total {
                guard let number = consumer.next() else {
                    sched_yield()
                    continue
                }
                guard number == expected else { return number }
                expected += 1
            }
            return expected
        }
    }

    @Test("two threads lose and double nothing")
    func threads() {
        let ring = Ring<UInt64>(capacity: 64)
        let total: UInt64 = 100_000
        var producer = ring.producer
        let taker = Taker(ring.consumer)
        let thread = HostThread { taker.run(until: total) }
        for number in 0..<total { while !producer.append(number) { sched_yield() } }
        let last = thread?.join()
        #expect(last == total)
    }

    @Test("handing over allocates nothing, with room and without", .enabled(if: callocationcounter_counts()))
    func allocations() {
        let ring = Ring<Int>(capacity: 1_024)
        var producer = ring.producer
        var consumer = ring.consumer
        _ = producer.append(0)
        let before = callocationcounter_of_this_thread()
        for number in 0..<2_000 { _ = producer.append(number) }
        #expect(callocationcounter_of_this_thread() == before)
        let (dropped, isFilled) = (producer.dropped, consumer.next() != nil)
        #expect(dropped == 2_000 - 1_023 && isFilled)
    }
}
