import Quantities
import Testing

@Suite struct PhysicsTests {
    /// A quarter turn in half a second.
    @Test("speed is angle over time, and angle is speed times time") func speed() {
        let turn = Radians(.pi / 2)
        #expect(turn / Seconds(0.5) == RadiansPerSecond(.pi))
        #expect(RadiansPerSecond(.pi) * Seconds(0.5) == turn)
        #expect(Radians(0.1) * PerSecond(20) == RadiansPerSecond(2))
    }

    /// From rest to 6 rad/s in 0.25 s.
    @Test("acceleration is speed over time") func acceleration() {
        #expect(RadiansPerSecond(6) / Seconds(0.25) == RadiansPerSecondSquared(24))
        #expect(RadiansPerSecondSquared(24) * Seconds(0.25) == RadiansPerSecond(6))
    }

    /// A servo that lifts 1.5 N·m at 4 rad/s for 10 s.
    @Test("power is effort times speed, and energy is power times time") func power() {
        let power = NewtonMetres(1.5) * RadiansPerSecond(4)
        #expect(power == Watts(6))
        #expect(power * Seconds(10) == Joules(60))
        #expect(NewtonMetres(1.5) * RadiansPerSecond(-4) == Watts(-6))
    }

    @Test("effort follows slew, stiffness and damping") func effort() {
        #expect(NewtonMetresPerSecond(20) * Seconds(0.125) == NewtonMetres(2.5))
        #expect(NewtonMetresPerRadian(40) * Radians(-0.05) == NewtonMetres(-2))
        #expect(NewtonMetreSecondsPerRadian(0.5) * RadiansPerSecond(3) == NewtonMetres(1.5))
    }

    /// 3 A through 2 Ω.
    @Test("current makes a voltage and heat in a resistance") func electricity() {
        #expect(Amperes(3) * Ohms(2) == Volts(6))
        #expect(Amperes(3).heat(in: Ohms(2)) == Watts(18))
        #expect(Amperes(-3).heat(in: Ohms(2)) == Watts(18))
        #expect(Volts(12) * Amperes(1.5) == Watts(18))
    }

    /// A motor of 30 J/K behind 8 K/W: 240 s until it is warm, 18 W would take it 144 K above ambient.
    @Test("heat, thermal resistance and heat capacity fit together") func heat() {
        #expect(Watts(18) * KelvinsPerWatt(8) == Kelvins(144))
        #expect(Kelvins(144) / KelvinsPerWatt(8) == Watts(18))
        #expect(Joules(60) / JoulesPerKelvin(30) == Kelvins(2))
        #expect(KelvinsPerWatt(8) * JoulesPerKelvin(30) == Seconds(240))
    }

    @Test("temperatures differ by kelvins") func temperature() {
        #expect(Celsius(70) - Celsius(25) == Kelvins(45))
        #expect(Celsius(25) + Kelvins(45) == Celsius(70))
        #expect(Celsius(70) - Kelvins(45) == Celsius(25))
        #expect(Celsius(20) < Celsius(21) && Celsius(20) != Celsius(21))
    }

    @Test("a rate times a time is a plain number") func rate() { #expect(PerSecond(50) * Seconds(0.02) == 1) }
}
