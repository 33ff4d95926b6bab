import Metrology
import Testing

/// A winding in a housing with a sensor of whole degrees between them, at work for minutes and at rest in between.
private struct PretendedMotor {
    var capacity = 12.0
    var resistance = 18.0
    var ambient = 22.0
    let windingCapacity = 0.8
    let toHousing = 15.0
    private var winding = 22.0
    private var housing = 22.0
    private var clock = 1_000.0
    private var seed: UInt64 = 7

    var itsWinding: Warming.Winding { Warming.Winding(time: windingCapacity * toHousing, capacity: windingCapacity) }

    init(capacity: Double = 12, resistance: Double = 18) {
        (self.capacity, self.resistance) = (capacity, resistance)
    }

    private mutating func chance() -> Double {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(seed >> 11) / Double(1 << 53)
    }

    private mutating func second(_ watts: Double) {
        for _ in 0..<100 {
            let through = (winding - housing) / toHousing
            winding += 0.01 * (watts - through) / windingCapacity
            housing += 0.01 * (through - (housing - ambient) / resistance) / capacity
        }
        clock += 1
    }

    mutating func rest(_ seconds: Int) { for _ in 0..<seconds { second(0) } }

    /// Each second with another load.
    mutating func work(_ seconds: Int, watts: Double) -> Warming.Work {
        var work = Warming.Work(begin: clock, powers: [], temperatures: [])
        for _ in 0..<seconds {
            let load = 2 * watts * chance()
            second(load)
            work.powers.append(load)
            work.temperatures.append((housing + 0.1 * (winding - housing) + chance() - 0.5).rounded())
        }
        return work
    }

    /// An hour: hard and easy work, short and long rests.
    mutating func hour() -> [Warming.Work] {
        (0..<12).map { number in
            rest(number % 3 == 0 ? 150 : 20)
            return work(150, watts: number % 2 == 0 ? 0.8 : 0.3)
        }
    }
}

@Suite("How a motor warms and cools") struct WarmingTests {
    @Test(
        "an hour of work tells what heats a housing and how it cools, of motors that differ",
        arguments: [
            (12.0, 18.0), (9, 25), (20, 12),
        ])
    func found(capacity: Double, resistance: Double) throws {
        var motor = PretendedMotor(capacity: capacity, resistance: resistance)
        let warming = try Warming(motor.hour(), motor.itsWinding)
        for (found, truth) in [(warming.capacity, capacity), (warming.resistance, resistance)] {
            #expect(abs(found.value - truth) < 0.06 * truth, "\(warming)")
            #expect(abs(found.value - truth) < 2 * found.uncertainty && found.uncertainty < 0.2 * truth, "\(warming)")
        }
        #expect(abs(warming.ambient.value - 22) < 1.5 && warming.residual < 0.6, "\(warming)")
    }

    @Test("work of two days on clocks that have nothing to do with each other is told apart")
    func days() throws {
        var (first, second) = (PretendedMotor(), PretendedMotor())
        let warming = try Warming(first.hour() + second.hour(), first.itsWinding)
        #expect(abs(warming.capacity.value - 12) < 0.6 && abs(warming.resistance.value - 18) < 0.9, "\(warming)")
    }

    @Test("too few recordings, and work that warms nothing, say so")
    func refused() {
        var motor = PretendedMotor()
        let hour = motor.hour()
        #expect(throws: WarmingProblem.tooFew(4)) { try Warming(Array(hour.prefix(4)), motor.itsWinding) }
        var lazy = PretendedMotor()
        let idle = (0..<8).map { _ in lazy.work(60, watts: 0.01) }
        #expect(throws: WarmingProblem.tooCold(1)) { try Warming(idle, motor.itsWinding) }
    }
}
