import Actuators
import Quantities
import Testing
import VirtualRobot
import Simulator

@Suite struct FeetechMotionTests {
    @Test("a goal is reached, and there the servo no longer moves", arguments: [1_000, 2_100, 3_500] as [Int32])
    func reached(goal: Int32) throws {
        var bench = try FeetechBench(1)
        try bench.set(.goalPosition, goal)
        bench.run(milliseconds: 50)
        #expect(try bench.get(.moving) == 1)
        bench.run(milliseconds: 2_500)
        #expect(abs(try bench.get(.presentPosition) - goal) <= 8)
        #expect(try bench.get(.moving) == 0)
        #expect(try bench.get(.presentVelocity) == 0)
    }

    @Test("a goal alone switches the torque on")
    func goalSwitchesOn() throws {
        var bench = try FeetechBench(1)
        #expect(try bench.get(.torqueEnable) == 0)
        try bench.set(.goalPosition, 2_048)
        #expect(try bench.get(.torqueEnable) == 1)
    }

    @Test("without torque nothing is driven, and a damping servo brakes")
    func torque() throws {
        var bench = try FeetechBench(1)
        bench.run(milliseconds: 1)
        #expect(bench.bench.wire.drives == [.off])
        try bench.set(.torqueEnable, 2)
        bench.run(milliseconds: 1)
        #expect(bench.bench.wire.drives == [.duty(.zero)])
    }

    @Test("torque on with the goal of long ago jumps to it")
    func staleGoal() throws {
        var bench = try FeetechBench(1)
        try bench.set(.torqueEnable, 1)
        bench.run(milliseconds: 2_000)
        #expect(abs(bench.bench.body.joints[0].position + .pi) < 0.02)
    }

    @Test("single-turn readings wrap around, but the loops do not: a goal across the end is reached the long way")
    func acrossTheEnd() throws {
        var bench = try FeetechBench(1)
        try bench.set(.goalPosition, 4_090)
        bench.run(milliseconds: 2_000)
        bench.bench.body.joints[0].position += 0.05
        bench.run(milliseconds: 1)
        #expect(try bench.get(.presentPosition) < 100)
        try bench.set(.goalPosition, 100)
        bench.run(milliseconds: 3_000)
        #expect(abs(try bench.get(.presentPosition) - 100) <= 8)
        #expect(bench.bench.body.joints[0].position < -2)
    }

    @Test("the last goal stays in force without a master: there is no watchdog")
    func noWatchdog() throws {
        var bench = try FeetechBench(1)
        try bench.set(.goalPosition, 2_500)
        bench.run(milliseconds: 5_000)
        bench.bench.body.joints[0].position += 0.3
        bench.run(milliseconds: 1_500)
        #expect(abs(try bench.get(.presentPosition) - 2_500) <= 8)
    }

    @Test("the goal velocity limits the way there", arguments: [200, 1_000] as [Int32])
    func speedLimit(stepsPerSecond: Int32) throws {
        var bench = try FeetechBench(1)
        try bench.set(.goalVelocity, stepsPerSecond)
        try bench.set(.goalPosition, 3_500)
        bench.run(milliseconds: 700)
        #expect(abs(try bench.get(.presentVelocity) - stepsPerSecond) <= stepsPerSecond / 10)
    }

    @Test("the acceleration is a hundred steps per second squared a unit")
    func acceleration() throws {
        var bench = try FeetechBench(1)
        try bench.set(.acceleration, 10)
        try bench.set(.goalPosition, 4_000)
        bench.run(milliseconds: 500)
        #expect(abs(try bench.get(.presentVelocity) - 500) <= 50)
    }

    @Test("the profile brakes in time: a slow servo does not run past its goal")
    func brakes() throws {
        var bench = try FeetechBench(1)
        try bench.set(.acceleration, 5)
        try bench.set(.goalPosition, 3_000)
        var furthest: Int32 = 0
        for _ in 0..<400 {
            bench.run(milliseconds: 10)
            furthest = max(furthest, try bench.get(.presentPosition))
            // Forty steps before the end a brake of 500 steps per second squared leaves 200 steps per second.
            if furthest >= 2_960 { #expect(try bench.get(.presentVelocity) < 400) }
        }
        #expect((2_990...3_015).contains(furthest), "\(furthest)")
    }

    @Test("a goal outside the angle limits becomes the limit, and its register does not say so")
    func limits() throws {
        var bench = try FeetechBench(1)
        try bench.set(.maxAngle, 2_500)
        try bench.set(.goalPosition, 3_000)
        bench.run(milliseconds: 2_000)
        #expect(abs(try bench.get(.presentPosition) - 2_500) <= 8)
        #expect(try bench.get(.goalPosition) == 3_000)
    }

    @Test("in several turns a goal may be turns away, also backwards", arguments: [9_000, -6_000] as [Int32])
    func turns(goal: Int32) throws {
        var bench = try FeetechBench(1)
        try bench.set(.phase, 0x1C)
        try bench.set(.maxAngle, 0)
        try bench.set(.goalPosition, goal)
        bench.run(milliseconds: 6_000)
        #expect(abs(try bench.get(.presentPosition) - goal) <= 8)
    }

    @Test("step mode goes from where the last step ends")
    func steps() throws {
        var bench = try FeetechBench(1)
        try bench.set(.mode, 3)
        for _ in 0..<2 {
            try bench.set(.goalPosition, -300)
            bench.run(milliseconds: 1_000)
        }
        #expect(abs(try bench.get(.presentPosition) - 1_448) <= 8)
    }

    @Test("velocity mode holds a speed in both directions, in both units", arguments: [1_500, -1_500] as [Int32])
    func velocity(stepsPerSecond: Int32) throws {
        for (phase, unit) in [(Int32(0x0C), Int32(1)), (0x08, 50)] {
            var bench = try FeetechBench(1)
            try bench.set(.mode, 1)
            try bench.set(.phase, phase)
            try bench.set(.torqueEnable, 1)
            try bench.set(.goalVelocity, stepsPerSecond / unit)
            bench.run(milliseconds: 2_000)
            #expect(abs(try bench.get(.presentVelocity) - stepsPerSecond / unit) <= 60 / unit)
        }
    }

    @Test("PWM mode gives the duty that was asked for, with its sign", arguments: [400, -400] as [Int32])
    func pwm(duty: Int32) throws {
        var bench = try FeetechBench(1)
        try bench.set(.mode, 2)
        try bench.set(.goalPWM, duty)
        try bench.set(.torqueEnable, 1)
        bench.run(milliseconds: 300)
        #expect(bench.bench.wire.drives == [.duty(Duty(Float(duty) / 1_000))])
        #expect(try bench.get(.presentLoad) == duty)
        #expect(bench.bench.body.joints[0].speed * Double(duty) > 0)
    }

    @Test("the torque limit caps what any goal can give")
    func torqueLimit() throws {
        var bench = try FeetechBench(1)
        bench.bench.body.joints[0].isStuck = true
        try bench.set(.torqueLimit, 250)
        try bench.set(.goalPosition, 4_000)
        bench.run(milliseconds: 500)
        #expect(try bench.get(.presentLoad) == 250)
    }

    @Test("a reversed servo needs both bits; with one of them the loop runs away")
    func reversed() throws {
        for (phase, holds) in [(Int32(0x0C | 0x81), true), (0x0C | 0x80, false)] {
            var bench = try FeetechBench(1)
            try bench.set(.phase, phase)
            bench.run(milliseconds: 1)
            try bench.set(.goalPosition, 1_800)
            bench.run(milliseconds: 1_500)
            #expect((abs(try bench.get(.presentPosition) - 1_800) <= 8) == holds)
        }
    }
}
