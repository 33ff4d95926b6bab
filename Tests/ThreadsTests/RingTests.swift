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

    /// Takes anything and lets go of it: optimised code may forget the `deinit` of a generic type that is ended here.
    @inline(never) private static func letGo<Value: ~Copyable>(_ value: consuming Value) {}

    /// Ends of a ring as a part of something that has a parameter too.
    private struct Holder<Element: Sendable>: ~Copyable {
        let ring: Ring<Element>
    }

    @Test("lets go of what nobody took when code that knows nothing of rings ends it")
    func leftOverElsewhere() {
        let gone = Counter()
        var ring = Ring<Token>(capacity: 4)
        for _ in 0..<3 { _ = ring.producer.append(Token(gone)) }
        Self.letGo(Holder(ring: ring))
        #expect(gone.value.load(ordering: .relaxed) == 3)
    }

    @Test("a thread is waited for by whoever lets go of it, whatever code that is")
    func thread() {
        let ended = Counter()
        let work: @Sendable () -> Int = {
            usleep(20_000)
            return ended.value.wrappingAdd(1, ordering: .relaxed).newValue
        }
        guard let thread = HostThread(work) else {
            Issue.record("the system has no thread left")
            return
        }
        Self.letGo(thread)
        #expect(ended.value.load(ordering: .relaxed) == 1)
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

    @Test("who has patience waits for room, and what stays full stays full")
    func patience() {
        let ring = Ring<UInt64>(capacity: 4)
        let total: UInt64 = 1_000
        var producer = ring.producer
        for number in 0..<4 { _ = producer.append(UInt64(number)) }
        let hadRoom = producer.hasRoom(for: 1, waiting: .milliseconds(2))
        #expect(!hadRoom)
        let taker = Taker(ring.consumer)
        let thread = HostThread { taker.run(until: total) }
        for number in 4..<total - 1 {
            _ = producer.hasRoom(for: 1, waiting: .seconds(60))
            _ = producer.append(number)
        }
        let dropped = producer.dropped
        while !producer.append(total - 1) { sched_yield() }
        let last = thread?.join()
        #expect(last == total && dropped == 0)
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
