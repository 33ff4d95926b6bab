import Foundation
import Quantities
import Testing

@testable import Simulator
import Simulator

@Suite("metal behaves like metal")
struct MetalTests {
    @Test("against friction that grows with speed a motor ends at the speed of the formula, to a hundredth")
    func terminalSpeed() throws {
        let metal = ServoMetal.ideal.with([
            .viscousFriction: 0.02, .viscousTemperatureCoefficient: 0, .gearDamping: 0.02,
        ])
        let (constant, winding) = (0.366, 2.811)
        var onDuty = try RobotBody(Workshop.wheel(metal))
        onDuty.run(.duty(Duty(0.5)), seconds: 1)
        let free = constant * 2.5 / (constant * constant + 0.02 * winding)
        #expect(abs(onDuty.links.speeds[0] / free - 1) < 0.001)
        var onCurrent = try RobotBody(Workshop.wheel(metal))
        onCurrent.run(.current(Amperes(0.2)), seconds: 1.5)
        #expect(abs(onCurrent.links.speeds[0] / (constant * 0.2 / 0.02) - 1) < 0.001)
    }

    @Test(
        "products run free and pull as their data sheets say, within a tenth",
        arguments: [
            // BAM's numbers do not pull like the sheets: the XL330 less, the STS3215 more.
            (ServoProduct.xl330M288, 5, 10.8, nil), (.xl430W250, 12, 6.39, 1.5), (.xm430W350, 12, 4.82, 4.1),
            (.xm540W270, 12, 3.14, 10.6), (.sts3215, 7.4, 5.45, nil), (.sts3215For12V, 12, 4.7, 2.9),
            (.sts3250, 12, 7.85, 4.9),
        ] as [(ServoProduct, Float, Double, Float?)])
    func sheets(product: ServoProduct, volts: Float, free: Double, stall: Float?) throws {
        var body = try RobotBody(Workshop.wheel(product.metal, volts: volts))
        var stuck = body
        body.run(.duty(Duty(1)), seconds: 1)
        #expect(abs(body.links.speeds[0] / free - 1) < 0.1)
        // Slowly, or the rotor winds the gear up further than its motor could hold, and friction keeps it there.
        stuck.set(.stuck, of: 0)
        for hundredth in 1...100 { stuck.run(.duty(Duty(Float(hundredth) / 100)), seconds: 0.005) }
        if let stall { #expect(abs(stuck.metal(of: 0).effort / NewtonMetres(stall) - 1) < 0.1) }
    }

    @Test("less torque than the friction at rest moves nothing, ever; a little more does")
    func stiction() throws {
        // (0.00477 + 0.00468) N·m / (1 - 0.267) / 0.366 N·m/A = 0.0352 A.
        var body = try RobotBody(Workshop.wheel(ServoProduct.xl330M288.metal))
        body.run(.current(Amperes(0.034_8)), seconds: 2)
        #expect(body.axles[0].angle == 0 && body.links.positions[0] == 0)
        body.run(.current(Amperes(0.036)), seconds: 1)
        #expect(body.axles[0].angle > 0.005)
    }

    @Test("friction falls once it moves: what keeps it going would not have started it")
    func stribeck() throws {
        let metal = ServoProduct.xl330M288.metal
        var body = try RobotBody(Workshop.wheel(metal))
        body.run(.current(Amperes(0.3)), seconds: 0.3)
        body.run(.current(Amperes(0.034)), seconds: 4)
        #expect(body.axles[0].speed == 0)
        let quick = metal.with([.stribeckSpeed: 0.3, .viscousFriction: 0.000_5])
        body = try RobotBody(Workshop.wheel(quick))
        body.run(.current(Amperes(0.3)), seconds: 0.3)
        body.run(.current(Amperes(0.034)), seconds: 2)
        #expect(body.links.speeds[0] > 1)
    }

    @Test("a link that friction holds does not creep in half a minute")
    func creep() throws {
        var settings = try Workshop.pendulum(ServoProduct.xl330M288.metal.with([.coulombFriction: 0.2]))
        settings.joints[0].start = Radians(1.2)
        var body = try RobotBody(settings)
        body.run(.off, seconds: 4)
        let (rotor, output) = (body.axles[0].angle, body.links.positions[0])
        body.run(.off, seconds: 30)
        #expect(body.axles[0].angle == rotor && abs(rotor - 1.2) < 0.05)
        #expect(abs(body.links.positions[0] - output) < 1e-9)
    }

    @Test("a held link hangs in the spring of its gear, and lower by half of the backlash")
    func backlash() throws {
        let held = ServoProduct.xl330M288.metal.with([.coulombFriction: 1, .backlash: 0])
        var sag: [Double] = []
        for metal in [held, held.with([.backlash: 0.03])] {
            var settings = try Workshop.pendulum(metal)
            settings.joints[0].start = Radians(1)
            var body = try RobotBody(settings)
            #expect(body.metal(of: 0).backlash.value == metal[.backlash])
            body.run(.off, seconds: 4)
            sag.append(1 - body.links.positions[0])
        }
        // (0.03 kg · 0.1 m + 0.04 kg · 0.2 m) · 9.81 m/s² · sin 1, in a spring of 15 N·m/rad.
        let weight = 0.011 * 9.81
        #expect(abs(sag[0] / (weight * sin(1 - sag[0]) / 15) - 1) < 0.01)
        #expect(abs((sag[1] - sag[0]) / 0.015 - 1) < 0.01)
    }

    @Test("teeth only push: they never hold back what leaves them", arguments: [-20, -1, 1, 20] as [Double])
    func teeth(outputSpeed: Double) {
        var axle = Axle(.ideal.with([.gearDamping: 1, .backlash: 0.02]), at: 0.5, ambient: 25)
        axle.begin(.off, supply: 5, output: 0.5)
        // 2 mrad into the teeth, on either side: 15 N·m/rad · 0.002 rad = 0.03 N·m, and what the damper adds.
        for side in [1.0, -1] {
            var pressed = axle
            let torque = pressed.kick(over: 1e-6, output: 0.5 - side * 0.012, outputSpeed: outputSpeed)
            let damped = 0.03 - side * outputSpeed
            #expect(abs(torque - side * max(0, damped)) < 1e-6)
        }
        #expect(axle.kick(over: 1e-6, output: 0.505, outputSpeed: outputSpeed) == 0)
    }

    @Test("a motor must cross the backlash before the output turns back")
    func lost() throws {
        let metal = ServoProduct.xl330M288.metal.with([.backlash: 0.1])
        var body = try RobotBody(Workshop.wheel(metal, drag: 0.01))
        body.run(.duty(Duty(0.2)), seconds: 0.5)
        body.run(.off, seconds: 2)
        let output = body.links.positions[0]
        var rotor = body.axles[0].angle
        let lead = rotor - output
        while abs(body.links.positions[0] - output) < 1e-3, body.end == nil {
            body.run(.current(Amperes(-0.05)), seconds: 0.001)
            rotor = body.axles[0].angle
        }
        #expect(abs(lead) <= 0.051)
        #expect(rotor < output - 0.05 && rotor > output - 0.06)
    }

    /// Winding and housing with a constant heat in the winding, by the eigenvalues of their two equations.
    private func warmth(_ metal: ServoMetal, heat: Double, after time: Double) -> (winding: Double, housing: Double) {
        let (cw, ch) = (Double(metal[.windingCapacity]), Double(metal[.housingCapacity]))
        let (inner, outer) = (1 / Double(metal[.windingToHousing]), 1 / Double(metal[.housingToAmbient]))
        let (a, b, c, d) = (-inner / cw, inner / cw, inner / ch, -(inner + outer) / ch)
        let root = ((a - d) * (a - d) / 4 + b * c).squareRoot()
        let (slow, fast) = ((a + d) / 2 + root, (a + d) / 2 - root)
        let final = (winding: heat * (1 / inner + 1 / outer), housing: heat / outer)
        // x = final + p·(b, slow - a)·e^slow·t + q·(b, fast - a)·e^fast·t, and x is zero at first.
        let q = (final.housing - final.winding * (slow - a) / b) / (slow - fast)
        let p = -final.winding / b - q
        let (s, f) = (p * exp(slow * time), q * exp(fast * time))
        return (final.winding + b * (s + f), final.housing + (slow - a) * s + (fast - a) * f)
    }

    @Test("a motor that is held warms up along the formula of two heats", arguments: [1, 5, 20] as [Double])
    func heat(seconds: Double) throws {
        let metal = ServoMetal.ideal.with([.windingCapacity: 0.1, .housingCapacity: 1, .windingToHousing: 8])
        var body = try RobotBody(Workshop.wheel(metal))
        body.set(.stuck, of: 0)
        body.run(.current(Amperes(0.5)), seconds: seconds)
        let expected = warmth(metal, heat: 0.25 * 2.811, after: seconds)
        #expect(abs((body.axles[0].winding - 25) / expected.winding - 1) < 0.005)
        #expect(abs((body.axles[0].housing - 25) / expected.housing - 1) < 0.005)
        let sensed = body.state(of: 0).temperature.value
        #expect(Double(sensed) > body.axles[0].housing && Double(sensed) < body.axles[0].winding)
    }

    @Test("a warm winding lets less current through, and warm magnets make less of it")
    func warm() throws {
        var metal = ServoMetal.ideal.with([.windingCapacity: 0.3, .housingCapacity: 1, .gearDamping: 0.2])
        metal[.windingTemperatureCoefficient] = 0.003_93
        metal[.magnetTemperatureCoefficient] = 0.001_1
        var body = try RobotBody(Workshop.wheel(metal))
        body.set(.stuck, of: 0)
        body.run(.duty(Duty(0.5)), seconds: 0.2)
        let cold = body.metal(of: 0)
        body.run(.duty(Duty(0.5)), seconds: 8)
        let warm = body.metal(of: 0)
        let rise = { (metal: MetalState) in 1 + 0.003_93 * (metal.winding.value - 25) }
        #expect(warm.winding > Celsius(45) && warm.housing > Celsius(30))
        #expect(abs(warm.current / cold.current * rise(warm) / rise(cold) - 1) < 0.001)
        let magnets = { (metal: MetalState) in 1 - 0.001_1 * (metal.housing.value - 25) }
        let constants = (warm.effort / cold.effort) / (warm.current / cold.current)
        #expect(abs(constants * magnets(cold) / magnets(warm) - 1) < 0.001)
    }

    @Test("motors that pull together share what the cable lets through, and the supply recovers")
    func sag() throws {
        var settings = try Workshop.reacher(.ideal.with([.gearDamping: 0.1]))
        settings.supply.resistance = Ohms(0.5)
        var body = try RobotBody(settings)
        for joint in 0..<3 { body.set(.stuck, of: joint) }
        body.run(.duty(Duty(1)), seconds: 1)
        let expected = 12 / (1 + 3 * 0.5 / 2.811)
        #expect(abs(Double(body.state(of: 1).voltage.value) / expected - 1) < 0.01)
        body.run(.off, seconds: 0.1)
        #expect(body.state(of: 1).voltage == Volts(12))
    }

    @Test("a supply that cannot give what currents ask for sags and stays a number", arguments: [1, 5, 40] as [Float])
    func weakSupply(ohms: Float) throws {
        var settings = try Workshop.reacher()
        settings.supply.resistance = Ohms(ohms)
        var body = try RobotBody(settings)
        body.run(.current(Amperes(3)), seconds: 0.5)
        #expect(body.end == nil)
        let voltage = body.state(of: 0).voltage
        #expect(voltage >= Volts(0) && voltage < Volts(8))
    }

    @Test("travel wears: friction and backlash grow, and sooner when it is hot")
    func wear() throws {
        let metal = ServoProduct.xl330M288.metal.with([.frictionWear: 0.01, .backlashWear: 0.001])
        var body = try RobotBody(Workshop.wheel(metal))
        var hot = Workshop.wheel(metal)
        hot.supply.ambient = Celsius(60)
        var other = try RobotBody(hot)
        body.run(.current(Amperes(0.2)), seconds: 3)
        other.run(.current(Amperes(0.2)), seconds: 3)
        let travel = body.metal(of: 0).travel.value
        #expect(travel > 5)
        #expect(abs(body.metal(of: 0).backlash.value - 0.008 - 0.001 * travel) < 1e-5)
        #expect(other.metal(of: 0).travel.value > 1.8 * travel)
        body.run(.off, seconds: 1)
        let place = body.axles[0].angle
        body.run(.current(Amperes(0.036)), seconds: 1)
        #expect(body.axles[0].angle == place)
    }

    @Test("a stuck joint does not move, whatever pulls; the others do")
    func stuck() throws {
        var settings = try Workshop.reacher()
        settings.joints[1].start = Radians(1)
        var body = try RobotBody(settings)
        body.set(.stuck, of: 1)
        body.run(.duty(Duty(0.6)), seconds: 0.5)
        #expect(abs(body.links.positions[1] - 1) < 1e-12 && body.links.speeds[1] == 0)
        #expect(body.links.positions[0] > 0.3 && body.links.positions[2] > 0.3)
        #expect(abs(body.metal(of: 1).current.value - 0.6 * 12 / 4.44) < 0.1)
        body.set([], of: 1)
        body.run(.duty(Duty(-0.6)), seconds: 0.3)
        #expect(body.links.positions[1] < 0.9)
    }

    @Test("a gear that slips lets the motor turn and the link fall, and meshes again where it is")
    func slipping() throws {
        var settings = try Workshop.pendulum()
        settings.joints[0].start = Radians(1.5)
        var body = try RobotBody(settings)
        body.set(.slipping, of: 0)
        body.run(.duty(Duty(1)), seconds: 1)
        #expect(body.axles[0].angle > 6)
        #expect(body.links.positions[0] < 1.5 && body.metal(of: 0).effort == .zero)
        body.set([], of: 0)
        let rotor = body.axles[0].angle
        body.run(.off, seconds: 0.001)
        #expect(abs(body.axles[0].angle - body.links.positions[0]) < 0.05)
        #expect(rotor > 6 && body.end == nil)
    }

    @Test("every product's numbers are inside the ranges that files may use")
    func ranges() {
        for product in ServoProduct.allCases { #expect(product.metal.fault == nil) }
        #expect(Set(MetalParameter.allCases.map(\.rawValue)).count == MetalParameter.allCases.count)
        #expect(MetalParameter.allCases.allSatisfy { $0.help.hasSuffix(".") })
    }
}
