import Quantities
import Testing

@testable import Simulator
import Simulator

@Suite("motors on a bench")
struct LooseJointsTests {
    private func run(_ joints: inout LooseJoints, _ drive: MotorDrive, seconds: Double, step: Float = 0.001) {
        let drives = [MotorDrive](repeating: drive, count: joints.jointCount)
        for _ in 0..<Int(seconds / Double(step)) { joints.advance(by: Seconds(step), drives: drives.span) }
    }

    private func one(_ motor: MotorSettings, volts: Float) -> LooseJoints {
        LooseJoints([motor], supply: SupplySettings(voltage: Volts(volts), resistance: Ohms(0)))
    }

    @Test("run free as fast as their data sheets say, within an eighth")
    func freeSpeed() {
        for (motor, volts, speed) in [
            (MotorSettings.xl330, Float(5), Float(10.8)), (.sts3215, 7.4, 5.45), (.xm430, 12, 4.8),
        ] {
            var joints = one(motor, volts: volts)
            run(&joints, .duty(Duty(1)), seconds: 1)
            #expect(abs(joints.state(of: 0).speed.value - speed) < 0.125 * speed)
        }
    }

    @Test("draw their stall current when they are stuck, and warm up")
    func stalled() {
        var joints = one(.xl330, volts: 5)
        joints.set(.stuck, of: 0)
        run(&joints, .duty(Duty(1)), seconds: 10)
        let state = joints.state(of: 0)
        #expect(state.position == .zero)
        #expect(abs(state.current.value - 1.47) < 0.01)
        // 1.47² · 3.4 Ω · 10 s / 12 J/K, less what has gone into the air.
        #expect(abs(state.temperature.value - 31) < 0.5)
    }

    @Test("cool down to the air around them")
    func cooling() {
        var joints = one(.xl330, volts: 5)
        joints.set(.stuck, of: 0)
        run(&joints, .duty(Duty(1)), seconds: 20)
        let warm = joints.state(of: 0).temperature
        run(&joints, .off, seconds: 168, step: 0.01)
        // One time constant, 12 J/K · 14 K/W.
        #expect(abs((joints.state(of: 0).temperature.value - 25) / (warm.value - 25) - 0.368) < 0.02)
    }

    @Test("do not creep: what pulls less than the friction moves nothing")
    func friction() {
        var joints = one(.xl330, volts: 5)
        run(&joints, .current(Amperes(0.18)), seconds: 1)
        #expect(joints.state(of: 0).position == .zero)
        run(&joints, .current(Amperes(0.2)), seconds: 1)
        #expect(joints.state(of: 0).position > Radians(0.1))
    }

    @Test("a hanging link falls back, and stays down")
    func gravity() {
        var motor = MotorSettings.xl330
        motor.gravityMoment = NewtonMetres(0.3)
        var joints = one(motor, volts: 5)
        run(&joints, .current(Amperes(0.6)), seconds: 1)
        #expect(joints.state(of: 0).position > Radians(0.5))
        run(&joints, .off, seconds: 5)
        // Where friction alone can hold it.
        #expect(joints.state(of: 0).position.magnitude.value < 0.28)
        #expect(joints.state(of: 0).speed == .zero)
    }

    @Test("stop at their hard ends")
    func stops() {
        var motor = MotorSettings.xl330
        motor.stops = Limit(Radians(-0.5), Radians(1))
        var joints = one(motor, volts: 5)
        run(&joints, .duty(Duty(1)), seconds: 1)
        #expect(joints.state(of: 0).position == Radians(1))
        #expect(joints.state(of: 0).speed == .zero)
        run(&joints, .duty(Duty(-1)), seconds: 1)
        #expect(joints.state(of: 0).position == Radians(-0.5))
    }

    @Test("a gear that slips lets the motor turn and the output stand")
    func slipping() {
        var joints = one(.xl330, volts: 5)
        joints.set(.slipping, of: 0)
        run(&joints, .duty(Duty(1)), seconds: 1)
        #expect(joints.state(of: 0).position == .zero)
        #expect(joints.state(of: 0).current < Amperes(0.2))
        joints.set([], of: 0)
        run(&joints, .duty(Duty(1)), seconds: 1)
        #expect(joints.state(of: 0).position > Radians(5))
    }

    @Test("six that pull together make the supply sag")
    func sag() {
        var joints = LooseJoints.xl330(6)
        for joint in 0..<6 { joints.set(.stuck, of: joint) }
        run(&joints, .duty(Duty(1)), seconds: 0.1)
        #expect(joints.state(of: 0).voltage < Volts(4.5))
        run(&joints, .off, seconds: 0.1)
        #expect(joints.state(of: 0).voltage == Volts(5))
    }

    @Test(
        "long steps and short ones agree within a twentieth of the way",
        arguments: [Float(0.0001), 0.0005, 0.002, 0.005])
    func steps(step: Float) {
        var fine = one(.xl330, volts: 5)
        var coarse = fine
        run(&fine, .duty(Duty(0.6)), seconds: 0.5, step: 0.001)
        run(&coarse, .duty(Duty(0.6)), seconds: 0.5, step: step)
        let way = fine.state(of: 0).position.value
        #expect(way > 2)
        #expect(abs(way - coarse.state(of: 0).position.value) < way / 20)
    }

    @Test("the sine of the house is that of mathematics")
    func sines() {
        for (angle, value) in [
            (0.0, 0.0), (0.5, 0.479_425_538_6), (.pi / 2, 1), (2, 0.909_297_426_8), (.pi, 0), (-1, -0.841_470_984_8),
            (100, -0.506_365_641_1), (-4, 0.756_802_495_3),
        ] { #expect(abs(sine(angle) - value) < 1e-9) }
    }
}
