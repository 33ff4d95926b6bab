import Testing

@testable import Ports

@Suite struct MonotonicInstantTests {
    @Test("the clock does not go back")
    func forward() {
        var last = MonotonicInstant.now()
        for _ in 0..<10_000 {
            let now = MonotonicInstant.now()
            #expect(now >= last)
            last = now
        }
        #expect(MonotonicInstant.past < last && last < .never)
    }

    @Test(
        "adding a span is exact to the nanosecond",
        arguments: [
            (0, Duration.zero, 0), (5, .nanoseconds(1), 6), (5, .nanoseconds(-7), -2), (0, .milliseconds(3), 3_000_000),
            (1, .seconds(2), 2_000_000_001), (0, .microseconds(-1), -1_000),
        ])
    func adding(start: Int64, span: Duration, end: Int64) {
        let sum = MonotonicInstant(nanoseconds: start) + span
        #expect(sum.nanoseconds == end)
        #expect(sum - MonotonicInstant(nanoseconds: start) == span)
    }

    @Test(
        "what is beyond the ends of time stays at them",
        arguments: [
            (Int64.max, Duration.nanoseconds(1), MonotonicInstant.never), (.min, .nanoseconds(-1), .past),
            (0, .seconds(Int64.max), .never), (0, .seconds(Int64.min), .past), (.max, .zero, .never),
            (0, .seconds(10_000_000_000), .never), (0, .seconds(-10_000_000_000), .past),
        ])
    func ends(start: Int64, span: Duration, end: MonotonicInstant) {
        #expect(MonotonicInstant(nanoseconds: start) + span == end)
    }
}
