import BoardFirmware
import BoardLink
import Quantities
import Supervision
import Testing
import VirtualRobot

/// The host lies, floods or dies; the image keeps its joints.
@Suite(.timeLimit(.minutes(10))) struct HostTroubleTests {
    private func driven() throws -> Host {
        var host = try Host(armed: Images.board(Images.usual))
        host.keep(.speed(RadiansPerSecond(2)), ticks: 31)
        #expect(host.mode == .armed)
        _ = host.takeReports()
        return host
    }

    @Test("a silent host is noticed at the hundredth tick, the joints come to rest, and it takes a person")
    func silent() throws {
        var host = try driven()
        // The last command came before the last tick.
        host.run(98)
        #expect(host.mode == .armed)
        host.run(1)
        #expect(host.mode == .stopping)
        #expect(host.faults() == [Supervision.Fault.hostSilent.rawValue])
        var ticks = 0
        while host.mode == .stopping, ticks < 1_100 {
            host.run(1)
            ticks += 1
        }
        #expect(host.isOff)
        #expect(ticks < 300)
        #expect(host.mode == .latched)
        #expect(abs(host.joints[0].speed) < 0.1)
        #expect(try host.outcome(.askToArm) == .wrongMode)
    }

    @Test("a flood of frames and noise delays no tick and changes nothing")
    func flood() throws {
        var host = try driven()
        var chance = Chance(seed: 5)
        var content = Bytes()
        for _ in 0..<Echo.capacity { content.append(0xA5) }
        let echo = try #require(Echo(bytes: content))
        let before = host.last.refusedFrames
        for _ in 0..<20 {
            var bytes = (0..<4).flatMap { _ in host.frame(.echo(echo)) }
            bytes += (0..<200).map { _ in UInt8(truncatingIfNeeded: chance.next()) } + [0]
            #expect(host.send(bytes).count == 4)
            host.command(.speed(RadiansPerSecond(2)))
            host.tick()
            #expect(host.mode == .armed)
        }
        #expect(host.last.refusedFrames > before)
        #expect(abs(host.joints[0].speed - 2) < 0.4)
    }

    @Test("a clock that stands or goes back is not believed, one that is late makes the board hold, then stop")
    func clock() throws {
        for elapsed: Float in [0, -0.001, .nan] {
            var host = try driven()
            host.tick(elapsed: elapsed)
            #expect(host.isOff)
            #expect(host.faults() == [Supervision.Fault.clockFault.rawValue])
        }
        var host = try driven()
        for _ in 0..<3 {
            host.command(.speed(RadiansPerSecond(2)))
            host.tick(elapsed: 0.003)
        }
        #expect(host.mode == .stopping)
        #expect(host.faults() == [Supervision.Fault.lateTicks.rawValue])
        for _ in 0..<7 { host.tick(elapsed: 0.003) }
        #expect(host.faults() == [Supervision.Fault.lostTicks.rawValue])
    }

    @Test("a host cannot widen the bounds of an armed board, nor command beyond them")
    func widening() throws {
        var host = try driven()
        #expect(try host.outcome(.configure(Host.configuration(silence: 50))) == .wrongMode)
        host.keep(.effort(NewtonMetres(60)), ticks: 3)
        guard case .current(let current) = try host.last.drives[#require(BoardJoint(0))] else {
            Issue.record("not driven")
            return
        }
        #expect(current <= Amperes(6))
        #expect(try host.outcome(.disarm) == .accepted)
        #expect(try host.outcome(.configure(Host.configuration(silence: 101))) == .beyondHardware)
    }

    @Test("an arm frame that was used, answers an older challenge or comes without one switches nothing on")
    func oldArmFrames() throws {
        var host = try Host(armed: Images.board(Images.usual))
        #expect(try host.outcome(.disarm) == .accepted)
        func asked() throws -> Arm {
            guard case .challenge(let challenge)? = host.send(.askToArm).first else { throw Silent() }
            return Arm(nonce: challenge.nonce, envelope: EnvelopeHash(DoubleWord(42)))
        }
        let first = try asked()
        #expect(try host.outcome(.arm(first)) == .accepted)
        #expect(try host.outcome(.disarm) == .accepted)
        #expect(try host.outcome(.arm(first)) == .notChallenged)
        let second = try asked()
        #expect(second.nonce != first.nonce)
        #expect(try host.outcome(.arm(first)) == .wrongNonce)
        // The wrong answer has used the challenge up: whoever tries them all gets one try each.
        #expect(try host.outcome(.arm(second)) == .notChallenged)
        let foreign = Arm(nonce: try asked().nonce, envelope: EnvelopeHash(DoubleWord(43)))
        #expect(try host.outcome(.arm(foreign)) == .otherEnvelope)
        host.run(3)
        #expect(host.isOff && host.mode == .disarmed)
    }

    private struct Silent: Error {}

    private static let measured: [Supervision.Fault] = [
        .positionOutside, .overspeed, .overTemperature, .underVoltage, .overVoltage, .encoderJump, .sensorNotFinite,
        .emergencyStop, .stoppingDistance, .overEffort,
    ]

    /// The second joint, or its surroundings, turn bad.
    private func spoil(_ host: inout Host, _ fault: Supervision.Fault) {
        switch fault {
        case .positionOutside: host.joints[1].position = 2.03
        case .overspeed: host.joints[1].speed = 9
        case .overTemperature: host.joints[1].temperature = 71
        case .underVoltage: host.joints[1].voltage = 17
        case .overVoltage: host.joints[1].voltage = 29
        case .overEffort: host.joints[1].leak = 7.4
        case .encoderJump: host.joints[1].position -= 0.5
        case .sensorNotFinite: host.joints[1].temperature = .nan
        case .emergencyStop: host.isStopPressed = true
        case .stoppingDistance: (host.joints[1].position, host.joints[1].speed) = (1.99, 3)
        default: Issue.record("nothing here causes \(fault)")
        }
    }

    @Test("what is measured beyond the envelope acts in the same tick, and says its number")
    func envelope() throws {
        let board = try Images.board(Images.usual)
        for fault in Self.measured {
            var host = try Host(nearTheEnd: board)
            spoil(&host, fault)
            host.run(1)
            #expect(host.faults() == [fault.rawValue], "\(fault)")
            #expect(host.mode == (fault.row.rung == .limp ? .latched : .stopping), "\(fault)")
            if fault.row.rung == .limp { #expect(host.isOff) }
        }
    }
}
