import Foundation
import Quantities
import Testing

@testable import Simulator
import Simulator

@Suite("links obey mechanics")
struct EnergyTests {
    /// The arm without a table or foam to hit and without ends of its joints.
    private var freeArm: BodySettings {
        get throws {
            var settings = try Workshop.reacher(.ideal)
            settings.mjcf = settings.mjcf.replacing("range=", with: "limited=\"false\" range=")
                .replacing("<geom name=\"table\"", with: "<geom name=\"table\" pos=\"0 0 -1\"")
                .replacing("pos=\"-0.11 0 0.05\"", with: "pos=\"-0.11 0 -1\"")
            return settings
        }
    }

    /// The greatest change of the energy, looked at so often, against what there is to change.
    private func drift(_ body: inout RobotBody, seconds: Int) -> Float {
        let start = body.energy()
        var (worst, liveliest) = (Float(0), start.kinetic.value)
        for _ in 0..<(4 * seconds) {
            body.run(.off, seconds: 0.25)
            let energy = body.energy()
            worst = max(worst, abs((energy.total - start.total).value))
            liveliest = max(liveliest, energy.kinetic.value)
        }
        return worst / liveliest
    }

    @Test("a pendulum without friction has after a minute the energy that it had, to a thousandth")
    func pendulum() throws {
        var settings = try Workshop.pendulum(.ideal)
        settings.joints[0].start = Radians(2)
        var body = try RobotBody(settings)
        let drift = drift(&body, seconds: 60)
        #expect(drift < 0.001 && drift > 0)
        #expect(body.end == nil)
    }

    @Test("so does an arm that turns about three axes at once")
    func arm() throws {
        var body = try RobotBody(try freeArm)
        body.run(.current(Amperes(0.3)), seconds: 0.2)
        let drift = drift(&body, seconds: 20)
        #expect(drift < 0.000_33 && drift > 0)
        #expect(abs(body.metal(of: 0).output.value) > 1)
    }

    @Test("a small swing takes the time that the pendulum's formula says, to a hundredth", arguments: [0.1, 0.2, 0.4])
    func frequency(length: Double) throws {
        var settings = Workshop.swing(mass: 0.05, length: length)
        settings.joints[0].start = Radians(0.02)
        var body = try RobotBody(settings)
        var crossings: [Double] = []
        var last = 0.02
        for tick in 1...6_000 {
            body.run(.off, seconds: 0.001)
            let now = body.links.positions[0]
            if last > 0 && now <= 0 { crossings.append((Double(tick) - now / (now - last)) * 0.001) }
            last = now
        }
        let count = crossings.count - 1
        #expect(count >= 4)
        let period = (crossings[count] - crossings[0]) / Double(count)
        let inertia = 0.05 * length * length + Double(ServoMetal.ideal[.rotorInertia])
        let expected = 2 * Double.pi * (inertia / (0.05 * 9.81 * length)).squareRoot()
        #expect(abs(period / expected - 1) < 0.01)
    }

    @Test("a rotor and a wheel swing against each other as their gear's stiffness has it, to a hundredth")
    func compliance() throws {
        var body = try RobotBody(Workshop.wheel(.ideal))
        body.run(.current(Amperes(0.3)), seconds: 0.001)
        var crossings: [Double] = []
        var last = 0.0
        for tick in 1...2_000 {
            body.run(.off, seconds: 0.001)
            let twist = body.axles[0].angle - body.links.positions[0]
            if last > 0 && twist <= 0 { crossings.append((Double(tick) - twist / (twist - last)) * 0.001) }
            last = twist
        }
        let count = crossings.count - 1
        let rate = Double(count) * 2 * .pi / (crossings[count] - crossings[0])
        let expected = (15 * (1 / 0.001 + 1 / Double(ServoMetal.ideal[.rotorInertia]))).squareRoot()
        #expect(abs(rate / expected - 1) < 0.01)
    }

    @Test("what a rotor gives a wheel, it loses: the spin of both stays")
    func momentum() throws {
        let metal = ServoMetal.ideal.with([.backlash: 0.05, .gearDamping: 0.02])
        var body = try RobotBody(Workshop.wheel(metal))
        body.run(.current(Amperes(0.3)), seconds: 0.1)
        let spin = { (body: RobotBody) in
            body.axles[0].speed * Double(metal[.rotorInertia]) + body.links.speeds[0] * 0.001
        }
        let start = spin(body)
        #expect(start > 0.3 * 0.366 * 0.099)
        body.run(.off, seconds: 5)
        #expect(abs(spin(body) / start - 1) < 1e-9)
    }

    @Test("a push moves a wheel by its impulse, and only while it lasts")
    func push() throws {
        var settings = Workshop.swing(mass: 1, length: 0.2)
        settings.mjcf = settings.mjcf.replacing("<worldbody>", with: "<option gravity=\"0 0 0\"/><worldbody>")
        settings.joints = []
        settings.pushes = [Push(on: "bob", from: Seconds(0.1), for: Seconds(0.05), force: SIMD3(-0.2, 0, 0))]
        var body = try RobotBody(settings)
        body.run(.off, seconds: 0.1)
        #expect(body.motion(ofJoint: "axis")?.speed == 0)
        body.run(.off, seconds: 0.1)
        // 0.2 N · 0.05 s / (1 kg · 0.2 m), as long as the bob has hardly moved.
        let speed = try #require(body.motion(ofJoint: "axis")?.speed)
        #expect(abs(speed / 0.05 - 1) < 0.01)
        body.run(.off, seconds: 0.1)
        #expect(abs(try #require(body.motion(ofJoint: "axis")?.speed) / speed - 1) < 1e-5)
    }

    @Test("what falls touches the ground when the formula says, stays there, and presses with its weight")
    func falling() throws {
        let settings = BodySettings(
            mjcf: """
                <mujoco><worldbody><geom name="ground" type="plane" size="1 1 1"/><body name="ball" pos="0 0 0.3">
                <joint name="height" type="slide" axis="0 0 1"/><geom name="ball" size="0.1" mass="2" solref="0.01 1"/>
                </body></worldbody></mujoco>
                """,
            joints: [], supply: SupplySettings(voltage: Volts(5)))
        var body = try RobotBody(settings)
        var (ticks, speed) = (0, 0.0)
        while body.contacts().isEmpty, ticks < 1_000 {
            speed = body.links.speeds[0]
            body.run(.off, seconds: 0.001)
            ticks += 1
        }
        #expect(abs(Double(ticks) * 0.001 - (2 * 0.2 / 9.81).squareRoot()) < 0.002)
        #expect(abs(speed / -(2 * 9.81 * 0.2).squareRoot() - 1) < 0.01)
        var (deepest, highest) = (0.0, -1.0)
        for tick in 0..<600 {
            body.run(.off, seconds: 0.001)
            deepest = min(deepest, body.links.positions[0])
            if tick > 50 { highest = max(highest, body.links.positions[0]) }
        }
        // A damped spring of 10 ms gives way by less than 2 m/s · 10 ms and does not throw anything back.
        #expect(deepest > -0.22 && deepest < -0.2)
        #expect(highest < -0.199 && abs(body.links.speeds[0]) < 1e-4)
        #expect(abs(try #require(body.contacts().first).force.value / (2 * 9.81) - 1) < 0.001)
    }
}
