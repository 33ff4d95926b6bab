import Quantities
import Testing

/// The products and quotients, with numbers that binary fractions hold exactly.
@Suite struct PhysicsTests {
    @Test("angle, speed and acceleration follow each other through time")
    func motion() {
        #expect(Radians(3) / Seconds(2) == RadiansPerSecond(1.5))
        #expect(RadiansPerSecond(1.5) * Seconds(2) == Radians(3))
        #expect(RadiansPerSecond(3) / Seconds(2) == RadiansPerSecondSquared(1.5))
        #expect(RadiansPerSecondSquared(1.5) * Seconds(2) == RadiansPerSecond(3))
        #expect(Radians(3) * PerSecond(2) == RadiansPerSecond(6))
        #expect(PerSecond(4) * Seconds(0.5) == 2)
    }

    @Test("effort makes power, and stiffness and damping make effort")
    func effort() {
        #expect(NewtonMetres(3) * RadiansPerSecond(-2) == Watts(-6))
        #expect(NewtonMetresPerSecond(3) * Seconds(0.5) == NewtonMetres(1.5))
        #expect(NewtonMetresPerRadian(3) * Radians(2) == NewtonMetres(6))
        #expect(NewtonMetreSecondsPerRadian(3) * RadiansPerSecond(2) == NewtonMetres(6))
    }

    @Test("current heats with its square, whichever way it flows", arguments: [-3, 3])
    func current(amperes: Float) {
        #expect(Amperes(amperes).heat(in: Ohms(2)) == Watts(18))
        #expect(Amperes(amperes) * Ohms(2) == Volts(2 * amperes))
        #expect(Volts(12) * Amperes(amperes) == Watts(12 * amperes))
    }

    @Test("power over time is energy, energy warms, and warmth flows")
    func heat() {
        #expect(Watts(3) * Seconds(4) == Joules(12))
        #expect(Joules(12) / JoulesPerKelvin(8) == Kelvins(1.5))
        #expect(Watts(3) * KelvinsPerWatt(4) == Kelvins(12))
        #expect(Kelvins(12) / KelvinsPerWatt(4) == Watts(3))
        #expect(KelvinsPerWatt(4) * JoulesPerKelvin(8) == Seconds(32))
    }

    @Test("two temperatures differ by kelvins, and kelvins move a temperature")
    func temperature() {
        #expect(Celsius(50) - Celsius(20) == Kelvins(30))
        #expect(Celsius(20) + Kelvins(30) == Celsius(50))
        #expect(Celsius(50) - Kelvins(30) == Celsius(20))
    }

    @Test("quantities of one kind add, scale, compare and divide")
    func linear() {
        #expect(Volts(3) + Volts(2) == Volts(5))
        #expect(Volts(3) - Volts(2) == Volts(1))
        #expect(-Volts(3) == Volts(-3))
        #expect(Volts(-3).magnitude == Volts(3))
        #expect(Volts(3) * 2 == Volts(6) && 2 * Volts(3) == Volts(6))
        #expect(Volts(3) / 2 == Volts(1.5))
        #expect(Volts(3) / Volts(2) == 1.5)
        #expect(Volts(2) < Volts(3) && !(Volts(3) < Volts(3)))
        var sum = Volts.zero
        sum += Volts(3)
        #expect(sum == Volts(3))
        #expect(Volts(1).isFinite && !Volts(.nan).isFinite && !Volts(-.infinity).isFinite)
    }

    @Test("what is not a number answers every comparison with no")
    func notANumber() {
        let (number, none) = (Volts(1), Volts(.nan))
        for (left, right) in [(number, none), (none, number), (none, none)] {
            #expect(!(left < right) && !(left <= right) && !(left > right) && !(left >= right) && !(left == right))
        }
        #expect(number <= number && number >= number && Volts(2) > number && !(number > number))
    }

    @Test("a value is pulled into a bound on both sides", arguments: [(-9, -2), (-2, -2), (1, 1), (2, 2), (9, 2)])
    func clamping(asked: Float, given: Float) {
        #expect(Volts(asked).clamped(to: Volts(2)) == Volts(given))
    }

    @Test(
        "a value approaches its target by a step and does not pass it",
        arguments: [(9, 2), (-9, -2), (1.5, 1.5), (0, 0)])
    func approaching(target: Float, reached: Float) {
        #expect(Volts.zero.approaching(Volts(target), by: Volts(2)) == Volts(reached))
    }
}
