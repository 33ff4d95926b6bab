import Actuators
import Ports
import Quantities
import Testing
import VirtualRobot
import Simulator

@Suite struct FeetechArmingTests {
    @Test("a robot as described is identified without a word", arguments: Feetech.Model.allCases)
    func identify(model: Feetech.Model) throws {
        var bench = try FeetechBench(model)
        #expect(try bench.driver.identify(by: bench.soon) == [])
        let watchdog = bench.driver.watchdog
        #expect(watchdog == .none)
    }

    @Test("everything that is wrong is listed at once")
    func everythingWrong() throws {
        var bench = try FeetechBench(
            count: 8, faults: "board-hang#1@10s,overload#7@10s+1ms",
            identities: {
                $0[1] = .init(id: $0[1].id, model: .sts3250, supply: .sevenVolts)
                $0[7] = .init(id: $0[7].id, model: .sts3215, supply: .sevenVolts, firmwareMinor: 9)
            },
            registers: { (master, deadline) in
                try master.store(-17, in: .homingOffset, of: feetechID(3), by: deadline)
                try master.store(0x1C, in: .phase, of: feetechID(4), by: deadline)
                try master.set(0, in: .lock, of: feetechID(5), by: deadline)
                try master.store(250, in: .returnDelay, of: feetechID(6), by: deadline)
                try master.store(0, in: .maxAngle, of: feetechID(6), by: deadline)
            })
        bench.line.advance(by: .seconds(11))
        let found = try bench.driver.identify(by: bench.soon)
        let expected: [DeviceFinding] = [
            .init(joint: try joint(0), id: 1, problem: .silent),
            .init(joint: try joint(1), id: 2, problem: .otherModel(expected: 777, found: 2_825)),
            .init(joint: try joint(2), id: 3, problem: .setting(register: 31, needed: 0, found: -17)),
            .init(joint: try joint(3), id: 4, problem: .setting(register: 18, needed: 0x0C, found: 0x1C)),
            .init(joint: try joint(4), id: 5, problem: .setting(register: 55, needed: 1, found: 0)),
            .init(joint: try joint(5), id: 6, problem: .setting(register: 11, needed: 4_095, found: 0)),
            .init(joint: try joint(5), id: 6, problem: .slow(register: 7, needed: 0, found: 250)),
            .init(joint: try joint(6), id: 7, problem: .alarm(0x20)),
            .init(joint: try joint(7), id: 8, problem: .mixedFirmware(others: 0x030A, found: 0x0309)),
        ]
        #expect(found == expected)
        #expect(found.filter(\.isAdvice).map(\.id) == [6])
        #expect(try bench.latched == JointSet(joint(6)))
    }

    @Test("a servo that does not confirm writes is found, and not armed")
    func responseLevel() throws {
        var bench = try FeetechBench(registers: { (master, deadline) in
            // Its own confirmation is the first that is missing.
            let id = try feetechID(2)
            #expect(throws: Feetech.MasterFailure.silent(id)) {
                try master.store(0, in: .responseLevel, of: id, by: deadline)
            }
        })
        let found = try bench.driver.identify(by: bench.soon).map(\.problem)
        #expect(found.contains(.setting(register: 8, needed: 1, found: 0)))
        #expect(throws: BusError.wrongDevices(JointSet(try joint(1)))) { try bench.driver.arm(by: bench.soon) }
    }

    @Test("a servo for 7.4 V on 12 V is found before it is switched on")
    func wrongSupply() throws {
        var bench = try FeetechBench(supply: Volts(12)) {
            for place in 1..<3 { $0[place] = .init(id: $0[place].id, model: .sts3215, supply: .twelveVolts) }
        }
        let found = try bench.driver.identify(by: bench.soon)
        #expect(found.map(\.joint) == [.first, .first])
        #expect(found.first?.problem == .supply(Volts(12), least: Volts(4), most: Volts(8)))
        #expect(found.last?.problem == .alarm(1))
        #expect(throws: BusError.latched(JointSet(.first))) { try bench.driver.arm(by: bench.soon) }
        for slave in 0..<3 { #expect(bench.number(.torqueEnable, of: slave) == 0) }
    }

    @Test("two servos in each other's place are called swapped")
    func swapped() throws {
        let line = try FeetechBench(count: 2) {
            $0[0] = .init(id: $0[0].id, model: .sts3250, supply: .sevenVolts)
        }.line
        let joints = try [Feetech.Model.sts3215, .sts3250].enumerated().map {
            try FeetechBench.joint(feetechID(UInt8($0.offset + 1)), $0.element, .position)
        }
        var driver = try present(FeetechDriver(line.port(), rate: FeetechBench.rate, joints: joints))
        let found = try driver.identify(by: line.now + .seconds(5))
        let first = try joint(0)
        let second = try joint(1)
        #expect(found.map(\.problem) == [.swapped(with: second), .swapped(with: first)])
    }

    @Test(
        "an armed robot is on, limited in torque and stands where it stood", arguments: Feetech.OperatingMode.allCases)
    func arm(mode: Feetech.OperatingMode) throws {
        var bench = try FeetechBench(mode: mode)
        let before = bench.line.bus.body.state(of: 1).position
        try bench.driver.arm(by: bench.soon)
        #expect(bench.isArmed == true)
        for slave in 0..<3 {
            #expect(bench.number(.torqueEnable, of: slave) == 1)
            #expect(bench.number(.torqueLimit, of: slave) == 600)
        }
        bench.line.advance(by: .milliseconds(200))
        #expect(abs((bench.line.bus.body.state(of: 1).position - before).value) < 0.002)
        var samples = unknownSamples
        #expect(try bench.driver.readStates(into: &samples, by: bench.soon).count == 3)
        #expect(samples[.first].isDriven && samples[.first].watchdog == .absent)
        try bench.driver.disarm(by: bench.soon)
        for slave in 0..<3 { #expect(bench.number(.torqueEnable, of: slave) == 0) }
        #expect(bench.isArmed == false)
        #expect(throws: BusError.notArmed) { try bench.driver.writeGoals(goals(.position(.zero)), by: bench.soon) }
    }

    @Test("torque limit and goal are there before the torque is")
    func order() throws {
        var bench = try FeetechBench(registers: { (master, deadline) in
            // What somebody else left behind: no limit, and a goal far away.
            try master.set(1_000, in: .torqueLimit, of: feetechID(1), by: deadline)
            try master.set(4_000, in: .goalPosition, of: feetechID(1), by: deadline)
            try master.set(0, in: .torqueEnable, of: feetechID(1), by: deadline)
        })
        let before = bench.line.bus.body.state(of: 0).position
        try bench.driver.arm(by: bench.soon)
        bench.line.advance(by: .milliseconds(300))
        #expect(abs((bench.line.bus.body.state(of: 0).position - before).value) < 0.02)
    }

    @Test("a stored setting is written only by the way that unlocks for it, and survives a power cut")
    func storing() throws {
        let id = try feetechID(1)
        let bench = try FeetechBench(count: 1, faults: "servo-reboot#1@20s+10ms")
        var master = FeetechMaster(bench.line.port(), rate: FeetechBench.rate)
        #expect(throws: Feetech.MasterFailure.persistent(id, register: 21)) {
            try master.set(12, in: .positionPGain, of: id, by: bench.soon)
        }
        try master.store(12, in: .positionPGain, of: id, by: bench.soon)
        #expect(bench.number(.lock) == 1)
        #expect(throws: Feetech.MasterFailure.forbidden(id, register: 40)) {
            try master.set(128, in: .torqueEnable, of: id, by: bench.soon)
        }
        for item in [Feetech.Item.id, .baudCode, .presentPosition] {
            #expect(throws: Feetech.MasterFailure.self) { try master.store(1, in: item, of: id, by: bench.soon) }
        }
        #expect(bench.number(.lock) == 1)
        bench.line.advance(by: .seconds(21))
        #expect(bench.number(.positionPGain) == 12)
    }

    @Test("an alarm latches: no goal goes out, and only clear and arm lead on")
    func alarm() throws {
        let second = JointSet(try joint(1))
        var bench = try FeetechBench(faults: "overload#2@2s+1ms")
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        var stopped: BusError?
        for _ in 0..<300 where stopped == nil {
            do throws(BusError) { _ = try bench.tick(goals(.position(.zero)), &samples) } catch { stopped = error }
        }
        #expect(stopped == .latched(second))
        #expect(samples[try joint(1)].alarm == 0x20)
        #expect(throws: BusError.latched(second)) { try bench.driver.arm(by: bench.soon) }
        let before = bench.line.bus.body.state(of: 1).position
        try bench.driver.clear(by: bench.soon)
        #expect(abs((bench.line.bus.body.state(of: 1).position - before).value) < 0.01)
        #expect(bench.latched == JointSet() && bench.isArmed == false)
        for slave in 0..<3 { #expect(bench.number(.torqueEnable, of: slave) == 0) }
        try bench.driver.arm(by: bench.soon)
        #expect(bench.number(.torqueLimit, of: 1) == 600)
    }

    @Test("a complaint whose reason is still there is not cleared away")
    func stubbornAlarm() throws {
        var bench = try FeetechBench(faults: "overheating#2@2s:90")
        bench.line.advance(by: .seconds(3))
        #expect(throws: BusError.latched(JointSet(try joint(1)))) { try bench.driver.clear(by: bench.soon) }
        #expect(bench.number(.torqueEnable, of: 1) == 0)
    }

    @Test("a servo that came back from a power loss is found limp, and no goal switches it on")
    func brownOut() throws {
        var bench = try FeetechBench(faults: "servo-reboot#3@2s+50ms")
        try bench.driver.arm(by: bench.soon)
        var samples = unknownSamples
        var stopped: BusError?
        for _ in 0..<400 where stopped == nil || stopped == .port(.timedOut(transferred: 0)) {
            do throws(BusError) { _ = try bench.tick(goals(.position(.zero)), &samples) } catch { stopped = error }
        }
        #expect(try stopped == .latched(JointSet(joint(2))))
        #expect(!samples[try joint(2)].isDriven)
        #expect(bench.number(.torqueEnable, of: 2) == 0)
    }

    @Test("letting go of an armed bus switches its motors off")
    func lettingGo() throws {
        let line: FeetechLine
        do {
            var bench = try FeetechBench()
            line = bench.line
            try bench.driver.arm(by: bench.soon)
            #expect(line.bus.wire.number(.torqueEnable, of: 0) == 1)
        }
        line.advance(by: .milliseconds(5))
        for slave in 0..<3 { #expect(line.bus.wire.number(.torqueEnable, of: slave) == 0) }
    }

    @Test("a motor that cannot be read back as off is named")
    func stillDriven() throws {
        var bench = try FeetechBench(faults: "board-hang#2@3s")
        try bench.driver.arm(by: bench.soon)
        bench.line.advance(by: .seconds(3))
        #expect(throws: BusError.stillDriven(JointSet(try joint(1)))) { try bench.driver.disarm(by: bench.soon) }
        #expect(bench.number(.torqueEnable, of: 0) == 0)
        #expect(bench.number(.torqueEnable, of: 2) == 0)
    }

    @Test("a port that is pulled out is a hang-up, whatever was under way")
    func unplugged() throws {
        var bench = try FeetechBench(faults: "unplug@3s")
        try bench.driver.arm(by: bench.soon)
        bench.line.advance(by: .seconds(3))
        var samples = unknownSamples
        #expect(throws: BusError.port(.hungUp(transferred: 0))) {
            _ = try bench.driver.readStates(into: &samples, by: bench.soon)
        }
        #expect(throws: BusError.port(.hungUp(transferred: 0))) { try bench.driver.disarm(by: bench.soon) }
    }
}
