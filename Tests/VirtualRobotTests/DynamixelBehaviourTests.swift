import Actuators
import Ports
import Quantities
import Testing

@testable import VirtualRobot
import Simulator

@Suite("what virtual Dynamixel servos do by themselves")
struct DynamixelBehaviourTests {
    private func powered(_ model: Dynamixel.Model = .xl330M288, faults: String = "", mode: Int64 = 3) throws
        -> DynamixelBus
    {
        let isSmall = model == .xl330M288
        var bus = try bench(
            model, faults: faults, motor: isSmall ? .xl330 : .xm430, supply: Volts(isSmall ? 5 : 12))
        #expect(try bus.write(.operatingMode, mode) == nil)
        #expect(try bus.write(.torqueEnable, 1) == nil)
        return bus
    }

    private func position(_ bus: DynamixelBus) -> Int64 { bus.wire.number(.presentPosition, of: 0) ?? 0 }
    private func velocity(_ bus: DynamixelBus) -> Int64 { bus.wire.number(.presentVelocity, of: 0) ?? 0 }

    @Test("the watchdog waits exactly its time after the last packet, whoever that was for")
    func watchdogTime() throws {
        var bus = try powered()
        #expect(try bus.write(.busWatchdog, 3) == nil)
        for _ in 0..<10 {
            #expect(try bus.ask(within: 58) { try $0.ping(.one(id(9))) }.isEmpty)
            #expect(bus.wire.number(.busWatchdog, of: 0) == 3)
        }
        _ = bus.listen(5)
        #expect(try bus.read(.busWatchdog) == 255)
    }

    @Test("a watchdog that has tripped holds the joint where it is, and opens only when it is cleared")
    func watchdogTrip() throws {
        var bus = try powered()
        #expect(try bus.write(.profileVelocity, 50) == nil)
        #expect(try bus.write(.busWatchdog, 5) == nil)
        #expect(try bus.write(.goalPosition, 4_000) == nil)
        _ = bus.listen(200)
        #expect(try bus.read(.busWatchdog) == 255)
        let stopped = position(bus)
        #expect((2_060...3_000).contains(stopped))
        _ = bus.listen(500)
        #expect(abs(position(bus) - stopped) < 30)
        // A stop, not a letting go.
        #expect(try bus.read(.torqueEnable) == 1)
        for goal in [Dynamixel.Item.goalPosition, .goalVelocity, .goalPWM, .goalCurrent] {
            #expect(try bus.write(goal, 0) == .dataRange)
        }
        #expect(try bus.write(.busWatchdog, 0) == nil)
        _ = bus.listen(300)
        #expect(abs(position(bus) - stopped) < 30)
        #expect(try bus.write(.goalPosition, 2_048) == nil)
        _ = bus.listen(1_500)
        #expect(abs(position(bus) - 2_048) < 60)
    }

    @Test("a tripped watchdog stops a motor in each mode that runs", arguments: [Int64(1), 16, 0])
    func watchdogModes(mode: Int64) throws {
        var bus = try powered(mode: mode)
        #expect(try bus.write(.busWatchdog, 5) == nil)
        let goal: (Dynamixel.Item, Int64) =
            mode == 1 ? (.goalVelocity, 200) : mode == 16 ? (.goalPWM, 400) : (.goalCurrent, 300)
        #expect(try bus.write(goal.0, goal.1) == nil)
        _ = bus.listen(90)
        #expect(velocity(bus) > 20)
        _ = bus.listen(500)
        #expect(velocity(bus) == 0)
    }

    @Test("without torque the watchdog does not count")
    func watchdogAtRest() throws {
        var bus = try bench()
        #expect(try bus.write(.busWatchdog, 1) == nil)
        _ = bus.listen(500)
        #expect(try bus.read(.busWatchdog) == 1)
    }

    @Test("a guard that has tripped lets go, says so in every answer, and only a reboot resets it")
    func shutdown() throws {
        var bus = try powered(faults: "overheating#1@100ms+50ms:90")
        #expect(try bus.ask { try $0.ping(.one(id(1))) }.first?.error.hasAlert == false)
        _ = bus.listen(200)
        let ids = [id(1)]
        let region = Dynamixel.Region(address: 70, count: 1)
        let said = try bus.ask { try $0.syncRead(region, from: ids.span) }
        #expect(said.map(\.data) == [[4]])
        #expect(said.first?.error.hasAlert == true)
        #expect(try bus.read(.torqueEnable) == 0)
        #expect(bus.wire.drives == [.off])
        #expect(try bus.write(.torqueEnable, 1) == .failed)
        #expect(try bus.ask { try $0.reboot(id(1)) }.count == 1)
        _ = bus.listen(400)
        #expect(try bus.read(.hardwareErrorStatus) == 0)
        #expect(try bus.write(.torqueEnable, 1) == nil)
    }

    @Test("a guard that is masked only reports")
    func masked() throws {
        var bus = try bench(faults: "overheating#1@50ms:90")
        #expect(try bus.write(.shutdown, 0) == nil)
        #expect(try bus.write(.torqueEnable, 1) == nil)
        _ = bus.listen(100)
        #expect(try bus.read(.hardwareErrorStatus) == 4)
        #expect(try bus.read(.torqueEnable) == 1)
    }

    @Test("a motor that pulls in vain for a second is switched off")
    func strain() throws {
        var bus = try powered(faults: "stuck-joint#1")
        #expect(try bus.write(.goalPosition, 4_000) == nil)
        _ = bus.listen(900)
        #expect(try bus.read(.torqueEnable) == 1)
        _ = bus.listen(300)
        #expect(try bus.read(.hardwareErrorStatus) == 0x20)
        #expect(try bus.read(.torqueEnable) == 0)
    }

    @Test("velocity mode runs at its goal, both ways", arguments: [Int64(100), 250, -100])
    func velocityMode(goal: Int64) throws {
        var bus = try powered(mode: 1)
        #expect(try bus.write(.goalVelocity, goal) == nil)
        _ = bus.listen(2_000)
        #expect(abs(velocity(bus) - goal) <= 5)
        #expect(try bus.read(.moving) == 1)
        #expect(abs(Float(goal) * 0.023_969_1 - bus.body.state(of: 0).speed.value) < 0.15)
    }

    @Test("current mode pulls with its goal")
    func currentMode() throws {
        var bus = try powered(faults: "stuck-joint#1", mode: 0)
        #expect(try bus.write(.goalCurrent, -600) == nil)
        _ = bus.listen(100)
        #expect(try bus.read(.presentCurrent) == -600)
        #expect(abs(bus.body.state(of: 0).current.value + 0.6) < 0.001)
    }

    @Test("current-based position arrives, and pulls no harder than it may")
    func currentBasedPosition() throws {
        var bus = try powered(mode: 5)
        #expect(try bus.write(.goalCurrent, 500) == nil)
        #expect(try bus.write(.goalPosition, 2_500) == nil)
        _ = bus.listen(2_000)
        #expect(abs(position(bus) - 2_500) < 60)
        var stuck = try powered(faults: "stuck-joint#1", mode: 5)
        #expect(try stuck.write(.goalCurrent, 500) == nil)
        #expect(try stuck.write(.goalPosition, 3_000) == nil)
        _ = stuck.listen(200)
        #expect(try stuck.read(.presentCurrent) == 500)
    }

    @Test("PWM mode drives with its share of the supply")
    func pwmMode() throws {
        var bus = try powered(faults: "stuck-joint#1", mode: 16)
        #expect(try bus.write(.goalPWM, 442) == nil)
        _ = bus.listen(200)
        #expect(bus.wire.drives == [.duty(Duty(442.0 / 885))])
        #expect(try bus.read(.presentPWM) == 442)
    }

    @Test("extended position goes through many turns, and clearing them brings it back into one")
    func turns() throws {
        var bus = try powered(mode: 4)
        #expect(try bus.write(.goalPosition, 14_000) == nil)
        _ = bus.listen(3_500)
        #expect(abs(position(bus) - 14_000) < 60)
        #expect(try bus.write(.torqueEnable, 0) == nil)
        #expect(try bus.ask { try $0.clearTurns(id(1)) }.first?.failure == nil)
        _ = bus.listen(2)
        #expect(abs(position(bus) - (14_000 - 3 * 4_096)) < 60)
        #expect(try bus.write(.torqueEnable, 1) == nil)
        #expect(try bus.write(.goalPosition, -3_000) == nil)
        _ = bus.listen(100)
        #expect(try bus.ask { try $0.clearTurns(id(1)) }.first?.failure == .failed)
    }

    @Test("a profile keeps its speed, its ramps and its time")
    func profile() throws {
        var bus = try powered(.xm430W350)
        #expect(try bus.write(.profileAcceleration, 20) == nil)
        #expect(try bus.write(.profileVelocity, 60) == nil)
        #expect(try bus.write(.goalPosition, 3_072) == nil)
        _ = bus.listen(30)
        #expect((1...20).contains(try bus.read(.velocityTrajectory)))
        #expect(try bus.read(.movingStatus) == 0x32)
        _ = bus.listen(400)
        #expect(try bus.read(.velocityTrajectory) == 60)
        #expect(abs(velocity(bus) - 60) < 6)
        // 1024 steps at 937 steps/s and 0.19 s for each ramp: about 1.3 s.
        _ = bus.listen(600)
        #expect(try bus.read(.positionTrajectory) != 3_072)
        _ = bus.listen(400)
        #expect(try bus.read(.positionTrajectory) == 3_072)
        #expect(try bus.read(.movingStatus) & 3 == 1)
    }

    @Test("a profile in times arrives when its time is over", arguments: [Int64(0), 300, 500])
    func timeProfile(rise: Int64) throws {
        var bus = try bench()
        #expect(try bus.write(.driveMode, 4) == nil)
        #expect(try bus.write(.torqueEnable, 1) == nil)
        #expect(try bus.write(.profileVelocity, 1_000) == nil)
        #expect(try bus.write(.profileAcceleration, rise) == nil)
        #expect(try bus.write(.goalPosition, 2_900) == nil)
        _ = bus.listen(500)
        #expect(abs(try bus.read(.positionTrajectory) - 2_474) < 40)
        _ = bus.listen(430)
        #expect(try bus.read(.positionTrajectory) < 2_900)
        _ = bus.listen(100)
        #expect(try bus.read(.positionTrajectory) == 2_900)
    }

    @Test("a servo that is told to be mounted the other way turns round in everything it says and does")
    func reverse() throws {
        var bus = try bench()
        #expect(try bus.write(.driveMode, 1) == nil)
        #expect(try bus.write(.torqueEnable, 1) == nil)
        let start = try bus.read(.presentPosition)
        #expect(try bus.write(.goalPosition, start + 500) == nil)
        _ = bus.listen(60)
        #expect(try bus.read(.presentVelocity) > 0)
        _ = bus.listen(1_000)
        #expect(abs(try bus.read(.presentPosition) - start - 500) < 60)
        #expect(bus.body.state(of: 0).position < Radians(-0.6))
    }

    @Test("the homing offset moves what the servo says and not what it does", arguments: [Int64(-1_024), 700])
    func homing(offset: Int64) throws {
        var bus = try bench()
        #expect(try bus.write(.homingOffset, offset) == nil)
        _ = bus.listen(2)
        #expect(try bus.read(.presentPosition) == 2_048 + offset)
        #expect(try bus.write(.goalPosition, 2_048 + offset) == nil)
        #expect(try bus.write(.torqueEnable, 1) == nil)
        _ = bus.listen(300)
        #expect(bus.body.state(of: 0).position.magnitude < Radians(0.01))
    }

    @Test("torque on with an old goal is a jump, as on the real ones")
    func jump() throws {
        var bus = try bench()
        #expect(try bus.write(.goalPosition, 3_000) == nil)
        #expect(try bus.write(.torqueEnable, 1) == nil)
        _ = bus.listen(100)
        #expect(try bus.read(.presentPosition) > 2_200)
    }

    @Test("the clock of a servo counts milliseconds and wraps")
    func clock() throws {
        var bus = try bench()
        _ = bus.listen(1_000)
        #expect((995...1_002).contains(try bus.read(.realtimeTick)))
        _ = bus.listen(32_000)
        #expect((225...240).contains(try bus.read(.realtimeTick)))
    }

    @Test("a goal switches the torque on where the drive mode says so")
    func torqueByGoal() throws {
        var bus = try bench()
        #expect(try bus.write(.driveMode, 8) == nil)
        #expect(try bus.write(.goalPosition, 2_500) == nil)
        #expect(try bus.read(.torqueEnable) == 1)
        _ = bus.listen(800)
        #expect(abs(try bus.read(.presentPosition) - 2_500) < 60)
    }

    @Test("a board that hangs leaves its motor driven as it was")
    func hang() throws {
        var bus = try powered(faults: "board-hang#1@100ms+300ms", mode: 1)
        #expect(try bus.write(.busWatchdog, 5) == nil)
        #expect(try bus.write(.goalVelocity, 150) == nil)
        // The watchdog is part of the program that hangs.
        _ = bus.listen(95)
        _ = try bus.ask(within: 5) { try $0.ping(.one(id(1))) }
        _ = bus.listen(250)
        #expect(bus.body.state(of: 0).speed > RadiansPerSecond(2))
        _ = bus.listen(500)
        #expect(bus.body.state(of: 0).speed == .zero)
    }
}
