import Quantities
import Testing

@Suite struct LimitTests {
    @Test(
        "exists when its low end is below its high end",
        arguments: [(-1, 1), (0, 0.001), (-3, -2), (-Float.greatestFiniteMagnitude, .greatestFiniteMagnitude)])
    func exists(low: Float, high: Float) throws {
        let limit = try #require(Limit(Radians(low), Radians(high)))
        #expect(limit.low == Radians(low) && limit.high == Radians(high))
    }

    @Test("does not exist when empty or reversed", arguments: [(0, 0), (-0.0, 0), (1, 1), (1, -1), (2, 1.999)])
    func reversed(low: Float, high: Float) { #expect(Limit(Radians(low), Radians(high)) == nil) }

    @Test("does not exist with an end that is no finite number", arguments: [Float.nan, -.nan, .infinity, -.infinity])
    func notFinite(end: Float) {
        #expect(Limit(Radians(end), Radians(1)) == nil)
        #expect(Limit(Radians(-1), Radians(end)) == nil)
        #expect(Limit(Radians(end), Radians(end)) == nil)
        #expect(Limit(Radians(-end), Radians(end)) == nil)
    }

    @Test(
        "contains what lies between its ends, the ends included",
        arguments: [
            (-2, false), (Float(-1).nextDown, false), (-1, true), (Float(-1).nextUp, true), (0, true), (-0.0, true),
            (Float(3).nextDown, true), (3, true), (Float(3).nextUp, false), (1e9, false), (.nan, false),
            (.infinity, false), (-.infinity, false),
        ] as [(Float, Bool)])
    func contains(asked: Float, inside: Bool) throws {
        let limit = try #require(Limit(NewtonMetres(-1), NewtonMetres(3)))
        #expect(limit.contains(NewtonMetres(asked)) == inside)
    }

    @Test(
        "pulls a value to the nearest in its range",
        arguments: [
            (-2, -1), (-1, -1), (0.5, 0.5), (3, 3), (3.001, 3), (.infinity, 3), (-.infinity, -1),
        ] as [(Float, Float)])
    func nearest(asked: Float, given: Float) throws {
        let limit = try #require(Limit(NewtonMetres(-1), NewtonMetres(3)))
        #expect(limit.nearest(to: NewtonMetres(asked)) == NewtonMetres(given))
    }

    @Test("NaN is never made into a number of the range") func nearestToNothing() throws {
        let limit = try #require(Limit(NewtonMetres(-1), NewtonMetres(3)))
        #expect(limit.nearest(to: NewtonMetres(.nan)).value.isNaN)
        #expect(limit.nearest(to: NewtonMetres(-.nan)).value.isNaN)
    }

    @Test("knows how wide it is") func span() throws {
        #expect(try #require(Limit(Radians(-1), Radians(3))).span == Radians(4))
    }

    @Test("holds for temperatures, which cannot be added") func temperature() throws {
        let limit = try #require(Limit(Celsius(0), Celsius(70)))
        #expect(limit.contains(Celsius(70)) && !limit.contains(Celsius(70.1)))
        #expect(limit == Limit(Celsius(0), Celsius(70)))
        #expect(limit != Limit(Celsius(0), Celsius(71)))
    }
}
