import Actuators
import Ports
import Quantities
import Testing
import VirtualRobot
import Simulator

@Suite struct DynamixelArmingTests {
    @Test("a robot as described is identified without a word", arguments: Dynamixel.Model.allCases)
    func identify(model: Dynamixel.Model) throws {
        var bench = try DynamixelBench(model)
        #expect(try bench.driver.identify(by: bench.soon) == [])
    }

    @Test("everything that is wrong is listed at once")
    func everythingWrong() throws {
        var bench = try DynamixelBench(count: 5, faults: "overload#5@0s+1ms") { servos in
            servos[0].model = .xl330M077
            servos[1].firmware = Dynamixel.Firmware(37)
            servos[2].returnDelay = 250
            servos[3].bitsPerSecond = 57_600
        }
        bench.line.advance(by: .milliseconds(5))
        let found = try bench.driver.identify(by: bench.soon)
        let expected: [DeviceFinding] = [
            .init(joint: try joint(0), id: 1, problem: .otherModel(expected: 1_200, found: 1_190)),
            .init(joint: try joint(2), id: 3, problem: .setting(register: 9, needed: 0, found: 250)),
            .init(joint: try joint(3), id: 4, problem: .silent),
            .init(joint: try joint(4), id: 5, problem: .alarm(0x20)),
            .init(joint: try joint(1), id: 2, problem: .oldFirmware(needed: 38, found: 37)),
        ]
        #expect(found == expected)
        #expect(found.map(\.isAdvice) == [false, true, false, false, false])
        let latched = bench.driver.latched
        #expect(latched == JointSet(try joint(4)))
    }

    @Test("two servos in each other's place are called swapped")
    func swapped() throws {
        let torque = JointMounting.Torque.perAmpere(NewtonMetres(1))
        let mounting = try #require(JointMounting(torque: torque))
        let models: [Dynamixel.Model] = [.xm430W350, .xm540W270]
        let ids = try [1, 2].map { try #require(Dynamixel.ServoID($0)) }
        let joints = try zip(ids, models).map { id, model in
            try #require(Dynamixel.Joint(id: id, model: model, mode: .position, mounting: mounting))
        }
        let servos = zip(ids, models.reversed()).map {
            DynamixelServo($1, id: $0, bitsPerSecond: 1_000_000, returnDelay: 0)
        }
        var bench = try DynamixelBench(servos, joints: joints)
        let found = try bench.driver.identify(by: bench.soon)
        #expect(found.map(\.problem) == [.swapped(with: try joint(1)), .swapped(with: try joint(0))])
    }

    @Test("wrong devices are not armed, and nothing is switched on")
    func wrongDevices() throws {
        var bench = try DynamixelBench { $0[1].model = .xl330M077 }
        #expect(throws: BusError.wrongDevices(JointSet(try joint(1)))) { try bench.driver.arm(by: bench.soon) }
        for slave in 0..<3 { #expect(bench.number(.torqueEnable, of: slave) == 0) }
    }

    static let modes: [(Dynamixel.Model, Dynamixel.OperatingMode)] = [
        (.xl330M288, .current), (.xl330M288, .position), (.xl330M288, .currentBasedPosition),
        (.xm430W350, .extendedPosition), (.xm540W270, .velocity), (.xl430W250, .position), (.xl430W250, .pwm),
        (.doubleXL430W250, .position),
    ]

    @Test("an armed robot is on, guarded and stands where it stood", arguments: modes)
    func arm(model: Dynamixel.Model, mode: Dynamixel.OperatingMode) throws {
        var bench = try DynamixelBench(model, mode: mode)
        let before = bench.line.bus.body.state(of: 1).position
        try bench.driver.arm(by: bench.soon)
        let isArmed = bench.driver.isArmed
        #expect(isArmed)
        for slave in 0..<3 {
            #expect(bench.number(.torqueEnable, of: slave) == 1)
            #expect(bench.number(.busWatchdog, of: slave) == 5)
            #expect(bench.number(.operatingMode, of: slave) == Int64(mode.rawValue))
        }
        var samples = unknownSamples
        #expect(try bench.driver.readStates(into: &samples, by: bench.soon).count == 3)
        #expect(abs((bench.line.bus.body.state(of: 1).position - before).value) < 0.002)
        let last = samples[try joint(2)]
        #expect(last.isDriven && last.watchdog == .armed)
        try bench.driver.disarm(by: bench.soon)
        for slave in 0..<3 { #expect(bench.number(.torqueEnable, of: slave) == 0) }
        let isStillArmed = bench.driver.isArmed
        #expect(!isStillArmed)
    }

    @Test("a servo whose watchdog does not bite is not trusted")
    func sleepyWatchdog() throws {
        var bench = try DynamixelBench { $0[1].firmware = Dynamixel.Firmware(30) }
        // An old version has no such register at all, so identification already refuses it.
        #expect(throws: BusError.wrongDevices(JointSet(try joint(1)))) { try bench.driver.arm(by: bench.soon) }
        #expect(bench.number(.torqueEnable, of: 1) == 0)
    }

    @Test("a machine that is away for a moment while it proves a watchdog has proven it")
    func awayInTheProof() throws {
        let bench = try DynamixelBench()
        let line = bench.line
        let mounting = try #require(JointMounting(torque: .perAmpere(NewtonMetres(0.4))))
        let joints = try DynamixelServo.set(.xl330M288, count: 3).map {
            try #require(Dynamixel.Joint(id: $0.id, model: .xl330M288, mode: .position, mounting: mounting))
        }
        var driver = try present(
            Actuators.DynamixelBus(
                DistractedPort(line.port()) { line.advance(by: .milliseconds(30)) }, rate: BaudRate(1_000_000),
                joints: joints, settings: .init(watchdog: .armed(steps: 5))))
        try driver.arm(by: line.now + .seconds(20))
        for slave in 0..<3 { #expect(line.bus.wire.number(.busWatchdog, of: slave) == 5) }
        try driver.disarm(by: line.now + .seconds(1))
    }

    @Test("when the host falls silent every servo stops by itself, and goals are refused from then on")
    func hostDies() throws {
        var bench = try DynamixelBench(mode: .velocity)
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        for _ in 0..<50 { _ = try bench.tick(goals(.speed(RadiansPerSecond(2))), &samples) }
        #expect(bench.line.bus.body.state(of: 0).speed.value > 1.5)
        bench.line.advance(by: .seconds(1))
        for slave in 0..<3 {
            #expect(abs(bench.line.bus.body.state(of: slave).speed.value) < 0.05)
            #expect(bench.number(.busWatchdog, of: slave) == 0xFF)
        }
        _ = try bench.driver.readStates(into: &samples, by: bench.soon)
        #expect(samples[.first].watchdog == .tripped)
    }

    @Test("an alarm latches: no goal goes out, and only clear and arm lead on")
    func alarm() throws {
        var bench = try DynamixelBench(faults: "overload#2@2s+1ms")
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        var stopped: BusError?
        for _ in 0..<300 where stopped == nil {
            do throws(BusError) {
                _ = try bench.tick(goals(.position(.zero)), &samples)
            } catch {
                stopped = error
            }
        }
        #expect(stopped == .latched(JointSet(try joint(1))))
        #expect(samples[try joint(1)].alarm == 0x20)
        #expect(throws: BusError.latched(JointSet(try joint(1)))) { try bench.driver.arm(by: bench.soon) }
        try bench.driver.clear(by: bench.soon)
        let latched = bench.driver.latched
        #expect(latched.isEmpty)
        let isArmed = bench.driver.isArmed
        #expect(!isArmed)
        #expect(throws: BusError.notArmed) { try bench.driver.writeGoals(goals(.position(.zero)), by: bench.soon) }
        try bench.driver.arm(by: bench.soon)
    }

    @Test("a servo that came back from a power loss is found limp and unguarded, and never believed")
    func brownOut() throws {
        let last = try joint(2)
        var bench = try DynamixelBench(faults: "servo-reboot#3@2s+50ms")
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        var isBack = false
        for _ in 0..<400 {
            do throws(BusError) {
                let fresh = try bench.tick(goals(.position(.zero)), &samples)
                isBack = bench.line.now > MonotonicInstant(nanoseconds: 4_500_000_000)
                if isBack { #expect(!fresh.contains(last)) }
            } catch {
                // Waiting for the servo took the whole tick.
                #expect(error == .port(.timedOut(transferred: 0)))
            }
        }
        #expect(isBack)
        #expect(bench.number(.torqueEnable, of: 2) == 0)
        let counters = bench.driver.counters
        #expect(counters.failures[last] > 50 && counters.implausible > 50)
    }

    @Test("letting go of an armed bus switches its motors off")
    func lettingGo() throws {
        let line: DynamixelLine
        do {
            var bench = try DynamixelBench()
            line = bench.line
            try bench.driver.arm(by: bench.soon)
            #expect(line.bus.wire.number(.torqueEnable, of: 0) == 1)
        }
        line.advance(by: .milliseconds(5))
        for slave in 0..<3 { #expect(line.bus.wire.number(.torqueEnable, of: slave) == 0) }
    }

    @Test("a motor that cannot be read back as off is named")
    func stillDriven() throws {
        var bench = try DynamixelBench(faults: "board-hang#2@3s")
        try bench.driver.arm(by: bench.soon)
        bench.line.advance(by: .seconds(3))
        #expect(throws: BusError.stillDriven(JointSet(try joint(1)))) { try bench.driver.disarm(by: bench.soon) }
        #expect(bench.number(.torqueEnable, of: 0) == 0)
        #expect(bench.number(.torqueEnable, of: 2) == 0)
    }

    @Test("a port that is pulled out is a hang-up, whatever was under way")
    func unplugged() throws {
        var bench = try DynamixelBench(faults: "unplug@1s")
        try bench.driver.arm(by: bench.soon)
        bench.line.advance(by: .seconds(1))
        var samples = unknownSamples
        #expect(throws: BusError.port(.hungUp(transferred: 0))) {
            _ = try bench.driver.readStates(into: &samples, by: bench.soon)
        }
        #expect(throws: BusError.port(.hungUp(transferred: 0))) { try bench.driver.disarm(by: bench.soon) }
    }
}
