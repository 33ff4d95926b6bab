import Quantities
import Testing

@Suite struct QuantityTests {
    @Test("adds, subtracts and scales its own kind") func arithmetic() {
        var angle = Radians(1) + Radians(0.5)
        #expect(angle == Radians(1.5))
        angle += Radians(0.5)
        #expect(angle == Radians(2))
        #expect(angle - Radians(3) == Radians(-1))
        #expect(-angle == Radians(-2))
        #expect(angle * 2 == Radians(4))
        #expect(0.25 * angle == Radians(0.5))
        #expect(angle / 4 == Radians(0.5))
        #expect(Radians(3) / Radians(2) == 1.5)
        #expect(Radians(-3).magnitude == Radians(3))
        #expect(Radians.zero == Radians(0))
    }

    @Test("every unit is equal to itself, and to nothing else") func everyUnit() {
        func expectEquality<Unit: Quantity>(_ unit: Unit.Type) {
            #expect(unit.init(1.5) == unit.init(1.5) && unit.init(1.5) != unit.init(-1.5))
            #expect(unit.init(0) == unit.init(-0.0))
        }
        expectEquality(Radians.self)
        expectEquality(RadiansPerSecond.self)
        expectEquality(RadiansPerSecondSquared.self)
        expectEquality(NewtonMetres.self)
        expectEquality(NewtonMetresPerSecond.self)
        expectEquality(NewtonMetresPerRadian.self)
        expectEquality(NewtonMetreSecondsPerRadian.self)
        expectEquality(PerSecond.self)
        expectEquality(Seconds.self)
        expectEquality(Amperes.self)
        expectEquality(Volts.self)
        expectEquality(Ohms.self)
        expectEquality(Watts.self)
        expectEquality(Joules.self)
        expectEquality(Celsius.self)
        expectEquality(Kelvins.self)
        expectEquality(KelvinsPerWatt.self)
        expectEquality(JoulesPerKelvin.self)
    }

    @Test("is ordered like its number") func order() {
        #expect(Volts(11.9) < Volts(12))
        #expect(!(Volts(12) < Volts(12)))
        #expect(max(Volts(11.9), Volts(12)) == Volts(12))
    }

    @Test(
        "NaN is not ordered, in plain and in generic code",
        arguments: [(.nan, 1), (1, .nan), (.nan, .nan), (.infinity, .nan)] as [(Float, Float)])
    func notOrdered(left: Float, right: Float) {
        let (left, right) = (Volts(left), Volts(right))
        #expect(!(left < right) && !(left <= right) && !(left > right) && !(left >= right) && left != right)
        #expect(!isOrdered(left, right))
    }

    private func isOrdered<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        left < right || left <= right || left > right || left >= right || left == right
    }

    @Test(
        "knows whether it is finite",
        arguments: [(0, true), (-.greatestFiniteMagnitude, true), (.infinity, false), (.nan, false)] as [(Float, Bool)])
    func finite(value: Float, isFinite: Bool) { #expect(Watts(value).isFinite == isFinite) }

    @Test(
        "clamps to both sides of a bound",
        arguments: [(-3, -2), (-2, -2), (-1, -1), (0, 0), (2, 2), (2.5, 2), (.infinity, 2), (-.infinity, -2)]
            as [(Float, Float)])
    func clamped(asked: Float, given: Float) {
        #expect(NewtonMetres(asked).clamped(to: NewtonMetres(2)) == NewtonMetres(given))
    }

    @Test("NaN is never made into a number by a bound") func clampedNothing() {
        #expect(NewtonMetres(.nan).clamped(to: NewtonMetres(2)).value.isNaN)
        #expect(NewtonMetres(.nan).approaching(.zero, by: NewtonMetres(2)).value.isNaN)
        #expect(NewtonMetres(1).approaching(NewtonMetres(.nan), by: NewtonMetres(2)).value.isNaN)
    }

    @Test(
        "approaches a target by one step at most, and stays there",
        arguments: [(0, 1, 0.25), (0.9, 1, 1), (1, 1, 1), (2, 1, 1.75), (-1, 1, -0.75)] as [(Float, Float, Float)])
    func approaching(now: Float, target: Float, next: Float) {
        #expect(Radians(now).approaching(Radians(target), by: Radians(0.25)) == Radians(next))
    }
}
