public import BoardLink
public import Quantities
import Supervision

// What the board makes of messages.
extension BoardController {
    /// The board's answer to a byte; nil in the middle of a frame and for what needs none.
    ///
    /// - Parameter since: how long the present tick has lasted; nil where the board cannot tell.
    public mutating func hear(_ byte: UInt8, since: Seconds?) -> Frame? {
        do throws(LinkError) {
            guard let packet = try receiver.receive(byte) else { return nil }
            guard let answer = answer(packet, since: since) else { return nil }
            return framed(answer)
        } catch {
            flags = flags.with(.linkDamaged)
            return nil
        }
    }

    private mutating func answer(_ packet: Packet, since: Seconds?) -> Message? {
        if case .identify = packet.message { order.restart() }
        let place = order.observe(packet.sequence)
        switch packet.message {
        case .identify(let question): return identify(question)
        case .configure(let configuration):
            return answered(.configure, packet, configure(configuration))
        case .askToArm: return challenge(packet)
        case .arm(let arm): return answered(.arm, packet, self.arm(arm))
        case .disarm: return answered(.disarm, packet, disarm())
        case .clear(let clear): return answered(.clear, packet, self.clear(clear))
        case .command(let command):
            take(command, packet.sequence, place)
            return nil
        case .echo(let echo): return .echoed(echo)
        case .askTime(let question): return .time(Time(stamp: question.stamp, tick: tick, sinceTick: since))
        case .identification, .answer, .challenge, .state, .event, .faultReport, .echoed, .time: return nil
        }
    }

    private mutating func answered(_ request: Request, _ packet: Packet, _ outcome: Outcome) -> Message {
        .answer(Answer(request: request, sequence: packet.sequence, outcome: outcome, envelope: envelope))
    }

    private mutating func identify(_ question: Identify) -> Message {
        isIntroduced = settings.layout.refusal(of: question.layout) == nil
        return .identification(
            Identification(
                layout: settings.layout, chip: settings.chip, firmwareBuild: settings.firmwareBuild,
                joints: settings.joints, tickPeriod: BoardSettings.tickPeriod))
    }

    private mutating func configure(_ wanted: Configure) -> Outcome {
        guard isIntroduced else { return .otherLayout }
        guard mode != .armed && mode != .stopping else { return .wrongMode }
        guard wanted.joints == settings.joints else { return .otherJointCount }
        guard settings.most.allow(wanted), wanted.silence <= settings.most.silence else { return .beyondHardware }
        // Whether it makes an envelope at all; which one is in force is decided below.
        guard Envelope(wanted, identity: Digest(0, 0, 0, 0)) != nil else { return .beyondHardware }
        configuration = wanted
        gate.void()
        if mode != .latched { watchAnew() }
        flags = flags.without(.restarted)
        report(.configured)
        return .accepted
    }

    /// Begins to supervise under the configuration in force, with the outputs off.
    private mutating func watchAnew() {
        serial += 1
        guard let configuration, let envelope = Envelope(configuration, identity: Digest(0, 0, 0, serial)) else {
            supervisor = Supervisor(.ofElectronics(settings), latestSerial: serial)
            return adoptMode()
        }
        supervisor = Supervisor(envelope, latestSerial: serial)
        _ = supervisor.handle(.identified)
        _ = supervisor.handle(.verified)
        _ = supervisor.handle(.observe)
        // The newest measurement is not older than a tick; before the first one there is nothing to judge.
        if tick != Tick(0) {
            let nothing = PerJoint<JointCommand>(repeating: .off)
            _ = supervisor.tick(readings(), asked: nothing, elapsed: BoardSettings.tickPeriod)
        }
        adoptMode()
        if let cause = supervisor.mode.stop?.cause { raise(cause) }
    }

    private mutating func challenge(_ packet: Packet) -> Message {
        guard isIntroduced else { return answered(.askToArm, packet, .otherLayout) }
        guard mode == .disarmed, let challenge = gate.challenge(at: tick) else {
            return answered(.askToArm, packet, .wrongMode)
        }
        return .challenge(challenge)
    }

    private mutating func arm(_ arm: Arm) -> Outcome {
        guard isIntroduced else { return .otherLayout }
        guard mode == .disarmed else { return .wrongMode }
        let outcome = gate.judge(arm, under: envelope, at: tick)
        guard outcome == .accepted else { return outcome }
        guard begin() else { return .stillPresent }
        adoptMode()
        lastCommand = tick
        command = nil
        flags = flags.without(.commandEnded).without(.clamped)
        report(.armed)
        return .accepted
    }

    /// The supervisor gives its permit only while it finds nothing.
    private mutating func begin() -> Bool {
        serial += 1
        let plan = Digest(0, 0, 0, serial)
        let approval = Approval(
            serial: serial, plan: plan, envelope: supervisor.envelope.identity, horizon: Ticks(.max),
            demandsTube: false)
        do throws(Refusal) {
            let permit = try supervisor.grant(approval, for: plan)
            try supervisor.begin(permit)
            return true
        } catch { return false }
    }

    /// Always works, and never leaves a latch.
    private mutating func disarm() -> Outcome {
        gate.void()
        switchOff()
        guard mode == .armed || mode == .stopping else { return .accepted }
        if case .latched = supervisor.mode {
            isCutOff = true
            adoptMode()
        } else {
            fault = nil
            watchAnew()
        }
        report(.disarmed)
        return .accepted
    }

    private mutating func clear(_ clear: Clear) -> Outcome {
        guard isIntroduced else { return .otherLayout }
        guard mode == .latched, let fault else { return .wrongMode }
        guard clear.fault == fault else { return .otherFault }
        guard !isPresent(fault), supervisor.handle(.clear(by: .atTheHost)) == .verifyAgain else {
            return .stillPresent
        }
        self.fault = nil
        isCutOff = false
        watchAnew()
        report(.cleared, detail: UInt32(clear.fault.rawValue))
        return .accepted
    }

    private mutating func isPresent(_ fault: FaultNumber) -> Bool {
        if fault.rawValue == Supervision.Fault.emergencyStop.rawValue, measured.isStopPressed { return true }
        if fault.rawValue == Supervision.Fault.deviceFault.rawValue, measured.isStageBroken { return true }
        return supervisor.latestFinding?.fault.rawValue == fault.rawValue
    }

    /// A command that is older than the newest one, or the same again, says nothing.
    private mutating func take(_ command: Command, _ sequence: UInt16, _ place: SequenceMonitor.Order) {
        guard isIntroduced, mode == .armed, command.joints == settings.joints else { return }
        switch place {
        case .repeated, .late: return
        case .first, .next, .gap: break
        }
        self.command = command
        commandArrived = tick
        lastCommand = tick
        commandSequence = sequence
        flags = flags.without(.commandEnded)
    }
}

extension Operator {
    /// Who that is, the host knows: it asks a person before it clears.
    fileprivate static var atTheHost: Operator { Operator(userNumber: 0) }
}
