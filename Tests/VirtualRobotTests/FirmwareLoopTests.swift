import Actuators
import Foundation
import Quantities
import Testing

@testable import VirtualRobot
import Simulator

/// The loops of the register files against what the manuals say of their numbers.
@Suite("firmware loops") struct FirmwareLoopTests {
    /// Without dry friction, so that the closed form holds.
    private static let motor: MotorSettings = {
        var motor = MotorSettings.xl330
        motor.coulombFriction = .zero
        return motor
    }()

    private static let stepsPerRadian = 4_096 / (2 * Double.pi)

    private func powered(_ faults: String = "", gain: Int64, motor: MotorSettings = Self.motor) throws -> DynamixelBus {
        var bus = try bench(faults: faults, motor: motor)
        #expect(try bus.write(.pwmSlope, 255) == nil)
        #expect(try bus.write(.positionPGain, gain) == nil)
        #expect(try bus.write(.positionIGain, 0) == nil)
        #expect(try bus.write(.positionDGain, 0) == nil)
        #expect(try bus.write(.torqueEnable, 1) == nil)
        return bus
    }

    @Test(
        "a Dynamixel pushes with 1/128 of a unit of PWM for each step and unit of its P gain",
        arguments: [100, 400, 800])
    func stiffness(gain: Int64) throws {
        for error in [Int64(20), -50, 100] {
            var bus = try powered("stuck-joint#1", gain: gain)
            #expect(try bus.write(.goalPosition, 2_048 + error) == nil)
            _ = bus.listen(100)
            let expected = Double(error * gain) / 128
            #expect(abs(Double(try bus.read(.presentPWM)) - expected) <= 1)
            #expect(bus.wire.drives == [.duty(Duty(Float(expected / 885)))])
        }
    }

    /// Motor and P gain together are a spring on a flywheel, damped by friction and by the motor's own voltage.
    private func expected(gain: Int64) -> (peakSeconds: Double, overshoot: Double) {
        let motor = Self.motor
        let (constant, winding) = (Double(motor.torqueConstant.value), Double(motor.winding.value))
        let spring = constant / winding * 5 * Double(gain) / 128 / 885 * Self.stepsPerRadian
        let damping = Double(motor.viscousFriction.value) + constant * constant / winding
        let inertia = Double(motor.inertia.value)
        let frequency = (spring / inertia).squareRoot()
        let ratio = damping / (2 * (spring * inertia).squareRoot())
        let damped = (1 - ratio * ratio).squareRoot()
        return (.pi / (frequency * damped), exp(-.pi * ratio / damped))
    }

    @Test("a Dynamixel answers a step as spring, flywheel and damper do, at either P gain", arguments: [400, 800])
    func step(gain: Int64) throws {
        var bus = try powered(gain: gain)
        let size = 100.0
        #expect(try bus.write(.goalPosition, 2_048 + Int64(size)) == nil)
        var (peak, peakAt) = (0.0, 0)
        for millisecond in 1...250 {
            _ = bus.listen(1)
            let position = Double(bus.body.state(of: 0).position.value) * Self.stepsPerRadian
            if position > peak { (peak, peakAt) = (position, millisecond) }
        }
        let expected = expected(gain: gain)
        // The loop looks once a millisecond and its voltage takes some more to rise: that much later, and that much
        // less damped, it may be.
        #expect(abs(Double(peakAt) / 1_000 - expected.peakSeconds) < 0.1 * expected.peakSeconds + 0.004, "\(peakAt) ms")
        #expect(abs(peak / size - 1 - expected.overshoot) < 0.06, "\(peak)")
    }

    @Test("two P gains of a Dynamixel are told apart by their steps")
    func different() {
        let (soft, hard) = (expected(gain: 400), expected(gain: 800))
        #expect(hard.overshoot - soft.overshoot > 0.1 && soft.peakSeconds > 1.4 * hard.peakSeconds)
    }

    @Test("no goal makes a Dynamixel pull harder than its current limit", arguments: [Int64(100), 400, 1_000])
    func currentLimit(limit: Int64) throws {
        for mode in [Int64(0), 5] {
            var bus = try bench(faults: "stuck-joint#1")
            #expect(try bus.write(.currentLimit, limit) == nil)
            #expect(try bus.write(.operatingMode, mode) == nil)
            #expect(try bus.write(.torqueEnable, 1) == nil)
            #expect(try bus.write(.goalCurrent, limit + 1) == .dataLimit)
            #expect(try bus.write(.goalCurrent, limit) == nil)
            if mode == 5 { #expect(try bus.write(.goalPosition, 4_000) == nil) }
            _ = bus.listen(200)
            #expect(try bus.read(.presentCurrent) == limit)
            #expect(abs(bus.body.state(of: 0).current.value - Float(limit) / 1_000) < 0.001)
        }
    }

    @Test("a Dynamixel that pulls in vain is switched off after a second, to the step of its firmware")
    func overload() throws {
        var bus = try powered("stuck-joint#1", gain: 800)
        #expect(try bus.write(.goalPosition, 4_000) == nil)
        var straining: Int?
        for millisecond in 1...1_200 where bus.wire.number(.torqueEnable, of: 0) == 1 {
            _ = bus.listen(1)
            if straining == nil, abs(bus.wire.number(.presentPWM, of: 0) ?? 0) >= 708 { straining = millisecond }
            if bus.wire.number(.torqueEnable, of: 0) == 0 {
                #expect(abs(millisecond - (straining ?? 0) - 1_000) <= 2, "\(millisecond) ms after \(straining ?? 0)")
            }
        }
        #expect(bus.wire.number(.torqueEnable, of: 0) == 0)
        #expect(try bus.read(.hardwareErrorStatus) == 0x20)
    }

    @Test(
        "a Feetech servo pushes in proportion to its P gain and to how far it is off",
        arguments: [8, 16, 32] as [Int32])
    func feetechStiffness(gain: Int32) throws {
        for error in [Int32(20), -30, 60] {
            var bench = try FeetechBench(1)
            bench.bench.body.joints[0].isStuck = true
            try bench.set(.positionPGain, gain)
            try bench.set(.positionDGain, 0)
            try bench.set(.goalPosition, 2_048 + error)
            bench.run(milliseconds: 500)
            // 0.166 of the supply for each radian and unit of the gain, as others have identified it.
            let expected = 0.166 * Double(gain) * Double(error) / Self.stepsPerRadian * 1_000
            #expect(abs(Double(try bench.get(.presentLoad)) - expected) <= 2)
        }
    }

    @Test("a Feetech servo with half the P gain needs longer for the same step")
    func feetechStep() throws {
        func milliseconds(gain: Int32) throws -> Int {
            var bench = try FeetechBench(1)
            try bench.set(.positionPGain, gain)
            try bench.set(.goalPosition, 2_148)
            for millisecond in 1...2_000 {
                bench.run(milliseconds: 1)
                if bench.bench.body.joints[0].position * Self.stepsPerRadian >= 90 { return millisecond }
            }
            return .max
        }
        let (hard, soft) = (try milliseconds(gain: 32), try milliseconds(gain: 16))
        #expect(hard < soft && soft < 600, "\(hard) and \(soft) ms")
    }

    @Test(
        "a Feetech overload trips after its protection time, in hundredths of a second",
        arguments: [20, 100, 250] as [Int32])
    func feetechOverload(time: Int32) throws {
        var bench = try FeetechBench(1)
        bench.bench.body.joints[0].isStuck = true
        try bench.set(.protectionTime, time)
        try bench.set(.goalPosition, 4_000)
        var (overloaded, tripped): (Int?, Int?) = (nil, nil)
        for millisecond in 1...3_000 where tripped == nil {
            bench.run(milliseconds: 1)
            let threshold = Int32(bench.bench.wire.number(.overloadTorque, of: 0)) * 10
            if overloaded == nil, bench.bench.wire.number(.presentLoad, of: 0) > threshold { overloaded = millisecond }
            if bench.bench.wire.number(.faults, of: 0) & 0x20 != 0 { tripped = millisecond }
        }
        let waited = try #require(tripped) - #require(overloaded)
        #expect(abs(waited - Int(time) * 10) <= 3, "\(waited) ms")
    }
}
