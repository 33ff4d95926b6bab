import Quantities
import Testing

@testable import Supervision

@Suite struct MotorHeatTests {
    let motor = MotorHeat.sample

    func temperature(winding: Float, housing: Float) -> MotorTemperature {
        MotorTemperature(winding: Celsius(winding), housing: Celsius(housing))
    }

    @Test("a motor that has rested is as warm as its sensor")
    func rests() {
        let rested = MotorTemperature(resting: Celsius(20))
        #expect(rested.winding == Celsius(20) && rested.housing == Celsius(20))
    }

    @Test("the winding's time constant is resistance times capacity")
    func time() { #expect(motor.windingTime == Seconds(8)) }

    @Test("one step moves both stores by the heat that flows")
    func step() {
        var heat = temperature(winding: 48, housing: 32)
        // 4 A in 2 Ω: 32 W in, 16 W on to the housing, 4 W on to the air, for half a second.
        heat.follow(Amperes(4), sensor: Celsius(0), over: Seconds(0.5), of: motor)
        #expect(heat.winding == Celsius(49) && heat.housing == Celsius(32.09375))
    }

    @Test("the sensor is right where it reads more than the model")
    func sensor() {
        var heat = temperature(winding: 48, housing: 32)
        heat.follow(.zero, sensor: Celsius(40), over: Seconds(0.5), of: motor)
        #expect(heat.housing == Celsius(40) && heat.winding == Celsius(47))
    }

    @Test("a locked motor heats along the closed form of two stores")
    func closedForm() {
        // Eigenvalues and constants of the linear system in Double, worked out here and not in the code under test.
        let (cw, ch, rw, ra, power, ambient) = (8.0, 64.0, 1.0, 4.0, 18.0, 16.0)
        let (a, b, c, d) = (-1 / (cw * rw), 1 / (cw * rw), 1 / (ch * rw), -(1 / (ch * rw) + 1 / (ch * ra)))
        let half = (a + d) / 2
        let root = (half * half - (a * d - b * c)).squareRoot()
        let (fast, slow) = (half - root, half + root)
        let end = (winding: power * (rw + ra), housing: power * ra)
        // winding(t) = end + x·e^(fast·t) + y·e^(slow·t), both stores at ambient to begin with.
        let y = (power / cw + fast * end.winding) / (slow - fast)
        let x = -end.winding - y
        var heat = MotorTemperature(resting: Celsius(16))
        for tick in 1...40_000 {
            heat.follow(Amperes(3), sensor: Celsius(0), over: Seconds(1 / 256), of: motor)
            guard tick % 8_000 == 0 else { continue }
            let t = Double(tick) / 256
            let expected = ambient + end.winding + x * exponential(fast * t) + y * exponential(slow * t)
            #expect((Double(heat.winding.value) - expected).magnitude < 0.05, "after \(t) s")
        }
    }

    /// The exponential by squaring a short series; keeps Foundation out of this module.
    func exponential(_ x: Double) -> Double {
        let small = x / 4096
        var result = 1 + small * (1 + small / 2 * (1 + small / 3))
        for _ in 0..<12 { result *= result }
        return result
    }

    @Test("no time is left at the limit or above it", arguments: [96, 97, 200] as [Float])
    func atLimit(winding: Float) {
        #expect(temperature(winding: winding, housing: 20).timeLeft(at: .zero, of: motor) == .zero)
    }

    @Test("a load that never reaches the limit leaves infinite time")
    func infinite() {
        // 4 A: 32 W. The winding settles 32 K above the housing; the housing ends at 16 + 32·4 = 144 °C: too hot.
        // 2 A: 8 W, 48 °C at the housing and 56 °C at the winding: never.
        let cold = temperature(winding: 32, housing: 32)
        #expect(cold.timeLeft(at: Amperes(2), of: motor) == Seconds(.infinity))
        #expect(cold.timeLeft(at: Amperes(-4), of: motor).isFinite)
        // 16 W end exactly at 16 + 16·5 = 96 °C, which is reached after infinite time only.
        #expect(cold.timeLeft(at: Amperes(Float(8).squareRoot()), of: motor).value > 1e4)
    }

    @Test("a load that would settle exactly at the limit leaves no time once the housing is warm")
    func settlesAtLimit() {
        // 32 W settle the winding 32 K above the housing: 96 °C.
        #expect(temperature(winding: 90, housing: 64).timeLeft(at: Amperes(4), of: motor) == .zero)
    }

    @Test("the slow forecast is two stores behind the housing's time constant")
    func slow() {
        // 4 A: the housing heads from 32 to 144 °C and must stay below 96 − 32 = 64 °C: ratio 112 / 80.
        let left = temperature(winding: 32, housing: 32).timeLeft(at: Amperes(4), of: motor)
        #expect((left.value - 256 * 2 * 0.4 / 2.4).magnitude < 1e-3)
    }

    @Test("a winding hotter than its load explains counts as heat for the housing")
    func hotWinding() {
        // 32 K between the stores are 32 W into the housing, though no current flows: 144 °C in the end, ratio 112 / 48.
        let left = temperature(winding: 64, housing: 32).timeLeft(at: .zero, of: motor)
        #expect((left.value - 256 * 2 * (112.0 / 48 - 1) / (112.0 / 48 + 1)).magnitude < 1e-3)
    }

    @Test("the fast forecast follows the winding, and the housing moves its goal away")
    func fast() {
        // 8 A: 128 W, so the winding heads for 160 °C: ratio 128 / 64, then warmed by 64 W for that time over 64 J/K.
        let unmoved = Float(8 * 2 * 1.0 / 3)
        let ratio = (128 + unmoved) / (64 + unmoved)
        let left = temperature(winding: 32, housing: 32).timeLeft(at: Amperes(8), of: motor)
        #expect((left.value - 8 * 2 * (ratio - 1) / (ratio + 1)).magnitude < 1e-4)
    }

    @Test("the forecast never promises more time than there is", arguments: 0..<200 as Range<UInt64>)
    func lowerBound(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let start = temperature(winding: generator.uniform(16, 95), housing: generator.uniform(16, 70))
        let current = Amperes(generator.uniform(0, 9))
        let promised = start.timeLeft(at: current, of: motor).value
        var heat = start
        var elapsed: Float = 0
        while heat.winding < motor.windingLimit && elapsed < 400 {
            heat.follow(current, sensor: Celsius(0), over: Seconds(1 / 64), of: motor)
            elapsed += 1 / 64
        }
        if elapsed < 400 {
            #expect(promised <= elapsed + 1 / 32, "seed \(seed): promised \(promised) s, had \(elapsed) s")
        }
    }

    @Test("the forecast ends a steady overload before the limit is reached")
    func inTime() {
        var heat = MotorTemperature(resting: Celsius(30))
        var ticks = 0
        while !(heat.timeLeft(at: Amperes(6), of: motor) < motor.leastTimeLeft) {
            heat.follow(Amperes(6), sensor: Celsius(0), over: Seconds(1 / 128), of: motor)
            ticks += 1
        }
        #expect(heat.winding < motor.windingLimit)
        for _ in 0..<Int(motor.leastTimeLeft.value * 128) {
            heat.follow(Amperes(6), sensor: Celsius(0), over: Seconds(1 / 128), of: motor)
        }
        #expect(heat.winding < motor.windingLimit, "after \(ticks) ticks the promise of 4 s was not kept")
    }
}
