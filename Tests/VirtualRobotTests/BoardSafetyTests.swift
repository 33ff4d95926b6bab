import BoardLink
import Quantities
import Supervision
import Testing
import VirtualRobot
import Simulator

@Suite struct BoardSafetyTests {
    private func number(_ fault: Supervision.Fault) -> UInt8? { fault.rawValue }

    @Test("armed and commanded, the joints go where they are told")
    func position() throws {
        var bench = try BoardBench(armed: 1)
        try bench.keep(.position(Radians(0.8)), milliseconds: 1_000)
        #expect(bench.mode == .armed)
        let state = try bench.state()
        for joint in [UInt8(0), 1] {
            let joint = try #require(BoardJoint(joint))
            let measured = state[joint]
            #expect(abs((measured.position?.value ?? 0) - 0.8) < 0.03)
            #expect(measured.temperature == Celsius(25))
        }
    }

    @Test("speed and effort are commanded too")
    func drives() throws {
        var bench = try BoardBench(armed: 1)
        try bench.keep(.speed(RadiansPerSecond(1)), milliseconds: 500)
        #expect(abs(bench.bench.body.joints[1].speed - 1) < 0.1)
        try bench.command(.effort(NewtonMetres(-0.5)))
        bench.run(milliseconds: 1)
        #expect(bench.bench.wire.drives == [.current(Amperes(-0.5 / 1.212)), .current(Amperes(-0.5 / 1.212))])
    }

    @Test("a command beyond the bounds is made smaller, and that is said")
    func clamped() throws {
        var bench = try BoardBench(armed: 1)
        _ = bench.reports()
        try bench.keep(.position(Radians(5)), milliseconds: 1_500)
        #expect(bench.mode == .armed)
        #expect(abs(bench.bench.body.joints[0].position - 2) < 0.03)
        #expect(bench.events().contains(.clamped))
        // Away from the end of the range, towards which no effort is given.
        bench.bench.body.joints[0].position = 1.95
        try bench.command(.effort(NewtonMetres(-50)))
        bench.run(milliseconds: 1)
        // Three newton metres need more current than is allowed.
        #expect(bench.bench.wire.drives[0] == .current(Amperes(-2)))
    }

    @Test("a command ends with its lifetime; then the joints are brought to rest and held")
    func lifetime() throws {
        var bench = try BoardBench(armed: 1)
        try bench.keep(.speed(RadiansPerSecond(2)), milliseconds: 300)
        try bench.command(.speed(RadiansPerSecond(2)), lifetime: 1)
        _ = bench.reports()
        bench.run(milliseconds: 90)
        #expect(bench.mode == .armed)
        #expect(bench.events() == [.commandEnded])
        #expect(abs(bench.bench.body.joints[0].speed) < 0.3)
    }

    @Test("a silent host is a fault: the board brakes, switches off and stays so")
    func silence() throws {
        var bench = try BoardBench(armed: 1)
        try bench.keep(.speed(RadiansPerSecond(2)), milliseconds: 300)
        _ = bench.reports()
        bench.run(milliseconds: 105)
        #expect(bench.mode == .stopping)
        bench.run(milliseconds: 400)
        #expect(bench.mode == .latched)
        #expect(bench.bench.wire.drives == [.off, .off])
        #expect(abs(bench.bench.body.joints[0].speed) < 0.1)
        let faults: [FaultReport] = bench.reports().compactMap {
            if case .faultReport(let found) = $0 { found } else { nil }
        }
        #expect(faults.map(\.fault.rawValue) == [number(.hostSilent)])
        #expect(try bench.state().fault?.rawValue == number(.hostSilent))
    }

    @Test("echoes and questions do not keep a board armed")
    func chatter() throws {
        var bench = try BoardBench(armed: 1)
        try bench.command(.off)
        for _ in 0..<30 {
            bench.run(milliseconds: 10)
            _ = bench.send(.askTime(AskTime(stamp: HostStamp(DoubleWord(1)))))
        }
        #expect(bench.mode != .armed)
    }

    @Test("a latch opens for its own number, when the cause is gone, and never by disarming")
    func clear() throws {
        var bench = try BoardBench(armed: 1)
        bench.bench.body.joints[1].temperature = 75
        bench.run(milliseconds: 200)
        #expect(bench.mode == .latched)
        let other = try #require(FaultNumber(1))
        let hot = try #require(FaultNumber(Supervision.Fault.overTemperature.rawValue))
        #expect(try bench.outcome(.clear(Clear(fault: other))) == .otherFault)
        #expect(try bench.outcome(.clear(Clear(fault: hot))) == .stillPresent)
        #expect(try bench.outcome(.disarm) == .accepted)
        #expect(try bench.outcome(.askToArm) == .wrongMode)
        bench.bench.body.joints[1].temperature = 60
        bench.run(milliseconds: 2)
        #expect(try bench.outcome(.clear(Clear(fault: hot))) == .accepted)
        #expect(bench.mode == .disarmed)
        #expect(try bench.outcome(.clear(Clear(fault: hot))) == .wrongMode)
    }

    private static let conditions: [(Supervision.Fault, BenchJoint)] = [
        (.overVoltage, BenchJoint(supply: 9.1)), (.underVoltage, BenchJoint(supply: 5.9)),
        (.positionOutside, BenchJoint(position: 2.05)), (.positionOutside, BenchJoint(position: -2.05)),
        (.encoderJump, BenchJoint(position: 1)), (.stoppingDistance, BenchJoint(position: 1.99, speed: 3)),
        (.overspeed, BenchJoint(speed: 5)), (.sensorNotFinite, BenchJoint(position: .nan)),
        (.overTemperature, BenchJoint(temperature: 71)),
    ]

    @Test("what is measured beyond the bounds stops the board, by the supervisor's ladder", arguments: conditions)
    func measured(fault: Supervision.Fault, joint: BenchJoint) throws {
        // Where it is, that the joint has come there is no surprise.
        let isSurprise = fault == .encoderJump || fault == .sensorNotFinite
        let before = isSurprise ? 0 : min(max(joint.position, -1.99), 1.99)
        var bench = try BoardBench(armed: 1, position: before)
        bench.bench.body.joints[1] = joint
        bench.run(milliseconds: 1)
        #expect(bench.bench.wire.fault?.rawValue == number(fault))
        #expect(bench.mode == (fault.row.rung == .limp ? .latched : .stopping))
        if fault.row.rung == .limp { #expect(bench.bench.wire.drives == [.off, .off]) }
    }

    @Test("a robot that does not come to rest is switched off")
    func doesNotStop() throws {
        var bench = try BoardBench(armed: 1)
        try bench.command(.off)
        bench.bench.body.joints[0].load = 4
        bench.run(milliseconds: 2_000)
        #expect(bench.mode == .latched)
        #expect(bench.bench.wire.drives == [.off, .off])
    }

    @Test("disarming works from a stop, but a latching one stays latched")
    func disarmWhileStopping() throws {
        var bench = try BoardBench(armed: 1)
        bench.bench.body.joints[0].speed = 3
        bench.run(milliseconds: 101)
        #expect(bench.mode == .stopping)
        #expect(try bench.outcome(.disarm) == .accepted)
        #expect(bench.mode == .latched)
        #expect(bench.bench.wire.drives == [.off, .off])
    }

    @Test("a board that lost its power starts anew, and old challenges are void")
    func power() throws {
        var bench = BoardBench()
        try bench.introduce()
        #expect(try bench.outcome(.configure(configuration(1))) == .accepted)
        let nonce = bench.challenge()
        bench.bench.wire.suffer(.powerLoss, slave: 0, isPresent: true, at: bench.bench.now)
        #expect(bench.send(.disarm).isEmpty)
        bench.bench.wire.suffer(.powerLoss, slave: 0, isPresent: false, at: bench.bench.now)
        #expect(bench.events() == [.started])
        try bench.introduce()
        #expect(try bench.outcome(.configure(configuration(1))) == .accepted)
        #expect(bench.challenge() != nonce)
        let arm = Arm(nonce: nonce, envelope: EnvelopeHash(DoubleWord(1)))
        #expect(try bench.outcome(.arm(arm)) == .wrongNonce)
    }

    @Test("a broken or exchanged board is what it says; one that hangs drives on until its own watchdog resets it")
    func troubles() throws {
        var bench = try BoardBench(armed: 1)
        try bench.keep(.speed(RadiansPerSecond(1)), milliseconds: 200)
        let driven = bench.bench.wire.drives
        bench.bench.wire.suffer(.hang, slave: 0, isPresent: true, at: bench.bench.now)
        bench.run(milliseconds: 15)
        #expect(bench.bench.wire.drives == driven && driven.contains { $0 != .off })
        bench.run(milliseconds: 1)
        #expect(bench.bench.wire.drives.allSatisfy { $0 == .off })
        #expect(bench.send(.disarm).isEmpty)
        bench.bench.wire.suffer(.hang, slave: 0, isPresent: false, at: bench.bench.now)
        #expect(bench.mode == .unconfigured && bench.events() == [.started])
        bench.bench.wire.suffer(.overload, slave: 0, isPresent: true, at: bench.bench.now)
        #expect(bench.mode == .latched)
        #expect(bench.bench.wire.fault?.rawValue == number(.deviceFault))
        let chip = bench.bench.wire.hardware.chip
        bench.bench.wire.suffer(.wrongIdentity, slave: 0, isPresent: true, at: bench.bench.now)
        #expect(bench.bench.wire.hardware.chip != chip)
        #expect(bench.mode == .unconfigured)
    }
}
