import BoardFirmware
import Quantities
import Testing

@Suite struct CurrentRegulatorTests {
    /// A motor that stands: a resistance and an inductance.
    private func settled(_ wanted: Float, resistance: Float, backVoltage: Float = 0, supply: Float = 24) -> Float {
        var regulator = CurrentRegulator(winding: Ohms(1))
        var current: Float = 0
        for _ in 0..<400 {
            let duty = regulator.duty(for: Amperes(wanted), measured: Amperes(current), supply: Volts(supply))
            #expect(abs(duty) <= 0.95)
            for _ in 0..<10 {
                current += (duty * supply - backVoltage - resistance * current) / 0.001 * 0.000_1
            }
        }
        return current
    }

    @Test("the current comes to what is wanted, whatever the winding really is", arguments: [Float(0.7), 1, 1.4])
    func settles(resistance: Float) {
        #expect(abs(settled(3, resistance: resistance) - 3) < 0.03)
        #expect(abs(settled(-3, resistance: resistance) + 3) < 0.03)
    }

    @Test("the voltage of a motor that turns is made up for")
    func turning() { #expect(abs(settled(2, resistance: 1, backVoltage: 8) - 2) < 0.05) }

    @Test("what the supply cannot give stays within its bounds, and is not stored up")
    func bounds() {
        var regulator = CurrentRegulator(winding: Ohms(1))
        for _ in 0..<1_000 { _ = regulator.duty(for: Amperes(100), measured: Amperes(0), supply: Volts(24)) }
        var ticks = 0
        while regulator.duty(for: Amperes(-1), measured: Amperes(0), supply: Volts(24)) > 0, ticks < 1_000 {
            ticks += 1
        }
        #expect(ticks < 500)
        #expect(regulator.duty(for: Amperes(1), measured: Amperes(0), supply: Volts(0)) == 0)
    }
}
