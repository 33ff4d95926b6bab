import BoardLink
import Quantities
import Testing
import VirtualRobot
import Simulator

@Suite struct BoardProtocolTests {
    @Test("a board says who it is, also to a host from another layout, and then talks of nothing else")
    func layout() throws {
        var bench = BoardBench()
        let own = LinkLayout.ofThisBuild()
        let other = LinkLayout(protocolVersion: own.protocolVersion, hash: own.hash ^ 1)
        guard case .identification(let answer)? = bench.send(.identify(Identify(layout: other))).first else {
            Issue.record("no identification")
            return
        }
        #expect(answer.layout == own)
        #expect(answer.joints == .two)
        #expect(try bench.outcome(.configure(configuration(7))) == .otherLayout)
        #expect(try bench.outcome(.askToArm) == .otherLayout)
        #expect(try bench.outcome(.disarm) == .accepted)
        _ = bench.reports()
        bench.run(milliseconds: 20)
        #expect(bench.reports().isEmpty)
        try bench.introduce()
        #expect(try bench.outcome(.configure(configuration(7))) == .accepted)
        #expect(bench.mode == .disarmed)
    }

    @Test("a start is reported without being asked, and so is the state afterwards, at its own rate")
    func reports() throws {
        var bench = BoardBench()
        #expect(bench.events() == [.started])
        try bench.introduce()
        bench.run(milliseconds: 50)
        let ticks = bench.reports().compactMap { if case .state(let state) = $0 { state.tick.rawValue } else { nil } }
        #expect(ticks.count == 10)
        #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $1 - $0 == 5 })
        let state = try bench.state()
        #expect(state.mode == .unconfigured)
        #expect(state.flags.contains(.restarted))
        #expect(abs((state.supply?.value ?? 0) - 7.4) < 0.01)
    }

    @Test("an echo and the time come back")
    func echo() throws {
        var bench = BoardBench()
        var content = Bytes()
        for byte in [UInt8(0), 1, 0, 255] { content.append(byte) }
        let echo = try #require(Echo(bytes: content))
        #expect(bench.send(.echo(echo)) == [.echoed(echo)])
        bench.run(milliseconds: 7)
        let stamp = HostStamp(DoubleWord(0x0123_4567_89AB_CDEF))
        guard case .time(let time)? = bench.send(.askTime(AskTime(stamp: stamp))).first else {
            Issue.record("no time")
            return
        }
        #expect(time.stamp == stamp)
        #expect(time.tick == Tick(8))
        #expect(time.sinceTick == .zero)
    }

    @Test("bounds are refused while armed, beyond the hardware, and for another number of joints")
    func configure() throws {
        var bench = BoardBench()
        try bench.introduce()
        #expect(try bench.outcome(.configure(configuration(1, joints: 1))) == .otherJointCount)
        #expect(try bench.outcome(.configure(configuration(1, speed: 61))) == .beyondHardware)
        #expect(bench.mode == .unconfigured)
        #expect(try bench.outcome(.configure(configuration(1))) == .accepted)
        try bench.arm(1)
        #expect(try bench.outcome(.configure(configuration(2))) == .wrongMode)
    }

    @Test("a challenge is answered once, in time, with its number, under the envelope in force")
    func arming() throws {
        var bench = BoardBench()
        try bench.introduce()
        #expect(try bench.outcome(.askToArm) == .wrongMode)
        #expect(try bench.outcome(.configure(configuration(9))) == .accepted)
        let envelope = EnvelopeHash(DoubleWord(9))
        let nonce = bench.challenge()
        let wrong = Nonce(DoubleWord(nonce.rawValue.joined &+ 1))
        #expect(try bench.outcome(.arm(Arm(nonce: wrong, envelope: envelope))) == .wrongNonce)
        #expect(try bench.outcome(.arm(Arm(nonce: nonce, envelope: envelope))) == .notChallenged)
        let second = bench.challenge()
        let other = EnvelopeHash(DoubleWord(8))
        #expect(try bench.outcome(.arm(Arm(nonce: second, envelope: other))) == .otherEnvelope)
        let third = bench.challenge()
        bench.run(milliseconds: 600)
        #expect(try bench.outcome(.arm(Arm(nonce: third, envelope: envelope))) == .tooLate)
        #expect(bench.mode == .disarmed)
        let fourth = bench.challenge()
        let frame = bench.frame(.arm(Arm(nonce: fourth, envelope: envelope)))
        bench.send(frame)
        #expect(bench.mode == .armed)
        #expect(try bench.outcome(.disarm) == .accepted)
        bench.send(frame)
        #expect(bench.mode == .disarmed)
    }

    @Test("a command that comes twice or too late is nothing, and the state says which one was taken")
    func sequence() throws {
        var bench = try BoardBench(armed: 1)
        let old = bench.frame(.command(try twoJoints(.speed(RadiansPerSecond(1)), lifetime: 500)))
        let new = bench.frame(.command(try twoJoints(.off, lifetime: 500)))
        bench.send(new)
        let taken = try bench.state().commandSequence
        bench.send(old)
        bench.run(milliseconds: 20)
        #expect(bench.bench.wire.drives == [.off, .off])
        #expect(try bench.state().commandSequence == taken)
    }

    @Test("a damaged frame is counted, flagged once and does nothing")
    func damaged() throws {
        var bench = try BoardBench(armed: 1)
        var frame = bench.frame(.command(try twoJoints(.speed(RadiansPerSecond(1)), lifetime: 500)))
        frame[6] ^= 0x10
        bench.send(frame)
        #expect(bench.bench.wire.refusedFrames == 1)
        bench.run(milliseconds: 5)
        let states: [State] = bench.reports().compactMap { if case .state(let state) = $0 { state } else { nil } }
        #expect(states.last?.flags.contains(.linkDamaged) == true)
        #expect(try bench.state().flags.contains(.linkDamaged) == false)
        #expect(bench.bench.wire.drives == [.off, .off])
    }
}
