import Quantities
import Testing

@Suite struct LimitTests {
    @Test(
        "a limit exists only between two finite ends in order",
        arguments: [
            (-1, 1, true), (0, 0.001, true), (-2, -1, true), (1, 1, false), (1, -1, false), (.nan, 1, false),
            (-1, .nan, false),
            (-.infinity, 1, false), (-1, .infinity, false),
            (-Float.greatestFiniteMagnitude, .greatestFiniteMagnitude, true),
        ])
    func existence(low: Float, high: Float, exists: Bool) {
        #expect((Limit(Volts(low), Volts(high)) != nil) == exists)
    }

    @Test(
        "a limit contains its ends, what lies between, and never NaN",
        arguments: [
            (-2.001, false), (-2, true), (-1.999, true), (0, true), (2.999, true), (3, true), (3.001, false),
            (.nan, false),
            (.infinity, false), (-.infinity, false),
        ])
    func containment(asked: Float, inside: Bool) throws {
        let limit = try #require(Limit(Radians(-2), Radians(3)))
        #expect(limit.contains(Radians(asked)) == inside)
    }

    @Test("the nearest value of a limit", arguments: [(-9, -2), (-2, -2), (0.5, 0.5), (3, 3), (9, 3), (.infinity, 3)])
    func nearest(asked: Float, given: Float) throws {
        let limit = try #require(Limit(Radians(-2), Radians(3)))
        #expect(limit.nearest(to: Radians(asked)) == Radians(given))
        #expect(limit.span == Radians(5))
    }
}
