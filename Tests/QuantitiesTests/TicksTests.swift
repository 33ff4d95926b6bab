import Quantities
import Testing

@Suite struct TicksTests {
    @Test(
        "the time between two moments is signed and does not care about the wrap",
        arguments: [
            (5, 3, 2), (3, 5, -2), (7, 7, 0), (0, UInt32.max, 1), (UInt32.max, 0, -1), (2, UInt32.max - 2, 5),
            (0x8000_0000, 1, Int32.max),
        ])
    func difference(later: UInt32, earlier: UInt32, span: Int32) {
        #expect(Tick(later) - Tick(earlier) == Ticks(span))
        #expect(Tick(earlier) + Ticks(span) == Tick(later))
    }

    @Test(
        "one tick later, and never back from the largest count", arguments: [(0, 1), (-1, 0), (Int32.max, Int32.max)])
    func next(count: Int32, after: Int32) {
        #expect(Ticks(count).next == Ticks(after))
    }

    @Test("counts are ordered")
    func order() {
        #expect(Ticks(-1) < .zero)
        #expect(Ticks.zero < Ticks(1))
        #expect(!(Ticks(1) < Ticks(1)))
    }
}
