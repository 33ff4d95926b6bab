import Quantities
import Testing

@Suite struct TicksTests {
    @Test("the next count is one more and never wraps") func next() {
        #expect(Ticks.zero.next == Ticks(1))
        #expect(Ticks(-1).next == .zero)
        #expect(Ticks(.max - 1).next == Ticks(.max))
        #expect(Ticks(.max).next == Ticks(.max))
    }

    @Test("counts are ordered", arguments: [(.min, -1), (-1, 0), (0, 1), (1, .max)] as [(Int32, Int32)])
    func order(low: Int32, high: Int32) {
        #expect(Ticks(low) < Ticks(high))
        #expect(!(Ticks(high) < Ticks(low)))
        #expect(!(Ticks(low) < Ticks(low)))
    }
}

@Suite struct TickTests {
    static let starts: [UInt32] = [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF]

    @Test(
        "the span between two moments does not care about the wrap", arguments: starts,
        [0, 1, -1, 1_000, .max, .min] as [Int32])
    func difference(start: UInt32, span: Int32) {
        let later = Tick(start) + Ticks(span)
        #expect(later - Tick(start) == Ticks(span))
    }

    @Test("a stamp ahead of the clock is a small negative span, not 49 days") func stampAhead() {
        #expect(Tick(11) - Tick(12) == Ticks(-1))
        #expect(Tick(.max) - Tick(2) == Ticks(-3))
        #expect(Tick(2) - Tick(.max) == Ticks(3))
    }

    @Test("adding passes the end of the clock") func addition() {
        #expect(Tick(.max) + Ticks(1) == Tick(0))
        #expect(Tick(0) + Ticks(-1) == Tick(.max))
        #expect(Tick(5) != Tick(6))
    }
}
