import CAllocationCounter
import Synchronization
import Testing

@testable import Threads

@Suite("A bulletin") struct BulletinTests {
    /// All of it the same number, so that a mixture shows.
    private struct Wide: Sendable {
        var numbers: InlineArray<61, UInt32>
        var end: UInt8

        init(_ number: UInt32) {
            numbers = InlineArray(repeating: number)
            end = UInt8(truncatingIfNeeded: number)
        }

        /// Nil when it is of several values.
        var number: UInt32? {
            for place in numbers.indices where numbers[place] != numbers[0] { return nil }
            return end == UInt8(truncatingIfNeeded: numbers[0]) ? numbers[0] : nil
        }
    }

    @Test("shows the latest value, to as many readers as there are")
    func latest() {
        var bulletin = Bulletin(Wide(7))
        let (first, second) = (bulletin.reader, bulletin.reader)
        #expect(first.latest.number == 7 && second.latest.number == 7)
        bulletin.writer.publish(Wide(300))
        #expect(first.latest.number == 300 && second.latest.number == 300)
    }

    private final class Count: Sendable { let value = Atomic<Int>(0) }

    @Test("no reader ever sees parts of two values, or goes back to an older one")
    func whole() {
        let bulletin = Bulletin(Wide(0))
        var writer = bulletin.writer
        let (reader, stop, started) = (bulletin.reader, StopRequest(), Count())
        // The first thing that was wrong, or nil.
        let read: @Sendable () -> String? = {
            var last: UInt32 = 0
            started.value.wrappingAdd(1, ordering: .releasing)
            while !stop.isAsked {
                guard let number = reader.latest.number else { return "a mixture" }
                guard number >= last else { return "\(number) after \(last)" }
                last = number
            }
            return nil
        }
        let first = HostThread(read)
        let second = HostThread(read)
        while started.value.load(ordering: .acquiring) < 2 { continue }
        for number in 1...300_000 as ClosedRange<UInt32> { writer.publish(Wide(number)) }
        stop.ask()
        let found = (first?.join(), second?.join())
        #expect(found.0 == .some(nil) && found.1 == .some(nil), "\(found)")
    }

    @Test("publishing allocates nothing", .enabled(if: callocationcounter_counts()))
    func allocations() {
        let bulletin = Bulletin(Wide(0))
        var writer = bulletin.writer
        let (one, other) = (Wide(1), Wide(999))
        writer.publish(one)
        let before = callocationcounter_of_this_thread()
        for _ in 0..<1_000 {
            writer.publish(one)
            writer.publish(other)
        }
        #expect(callocationcounter_of_this_thread() == before)
        #expect(bulletin.reader.latest.number == 999)
    }
}
