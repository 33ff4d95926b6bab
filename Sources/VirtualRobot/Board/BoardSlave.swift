public import BoardLink
import Quantities
internal import Simulator

/// Our own board: configured with bounds, armed by a challenge, and quiet without a command.
public struct BoardSlave: Sendable {
    public let hardware: BoardHardware
    public internal(set) var mode = BoardMode.unconfigured
    public internal(set) var fault: FaultNumber?
    var drives: [MotorDrive]
    var states: [MotorState]
    /// By input; nil where nothing hangs.
    var counts: [Int32?]
    var tick = Tick(0)
    var configuration: Configure?
    /// The newest command and when it came; nil once it has ended.
    var command: (command: Command, arrived: Tick)?
    var lastCommand = Tick(0)
    var commandSequence: UInt16 = 0
    var flags = StateFlags.none.with(.restarted)
    var drivers: [BoardDriver]
    var stopping: BoardStop?
    /// The level of its emergency stop input.
    var isStopPressed = false
    /// What goes out unasked.
    var reports: [Message] = []
    private var isIntroduced = false
    private var receiver = Receiver()
    private var order = SequenceMonitor()
    private var gate: ArmingGate

    /// - Parameter start: How often the board has been switched on before: challenges of another start are void.
    init(_ hardware: BoardHardware, start: UInt32) {
        self.hardware = hardware
        let count = Int(hardware.joints.rawValue)
        drives = Array(repeating: .off, count: count)
        states = []
        counts = Array(repeating: nil, count: Int(hardware.inputs.rawValue))
        drivers = Array(repeating: BoardDriver(), count: count)
        gate = ArmingGate(salt: start, patience: BoardHardware.patience)
        report(.started)
    }

    /// How often a frame arrived damaged or was not understood.
    public var counters: LinkCounters { receiver.counters }

    var envelope: EnvelopeHash { configuration?.envelope ?? EnvelopeHash(DoubleWord(high: 0, low: 0)) }

    /// Who has said what it was built from hears the board's state.
    var hasListener: Bool { isIntroduced }

    mutating func report(_ kind: EventKind, _ joint: BoardJoint? = nil, detail: UInt32 = 0) {
        reports.append(.event(Event(tick: tick, kind: kind, joint: joint, detail: detail)))
    }
}

// What it makes of messages.
extension BoardSlave {
    /// What the board says to a byte.
    mutating func hear(_ byte: UInt8, since: Seconds) -> Message? {
        do throws(LinkError) {
            guard let packet = try receiver.receive(byte) else { return nil }
            return answer(packet, since: since)
        } catch {
            flags = flags.with(.linkDamaged)
            return nil
        }
    }

    private mutating func answer(_ packet: Packet, since: Seconds) -> Message? {
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

    private func answered(_ request: Request, _ packet: Packet, _ outcome: Outcome) -> Message {
        .answer(BoardLink.Answer(request: request, sequence: packet.sequence, outcome: outcome, envelope: envelope))
    }

    private mutating func identify(_ question: Identify) -> Message {
        isIntroduced = hardware.layout.refusal(of: question.layout) == nil
        return .identification(
            Identification(
                layout: hardware.layout, chip: hardware.chip, firmwareBuild: hardware.firmwareBuild,
                joints: hardware.joints, tickPeriod: BoardHardware.tickPeriod))
    }

    private mutating func configure(_ wanted: Configure) -> Outcome {
        guard isIntroduced else { return .otherLayout }
        guard mode != .armed && mode != .stopping else { return .wrongMode }
        guard wanted.joints == hardware.joints else { return .otherJointCount }
        guard hardware.most.allow(wanted) else { return .beyondHardware }
        configuration = wanted
        gate.void()
        if mode == .unconfigured { mode = .disarmed }
        flags = flags.without(.restarted)
        report(.configured)
        return .accepted
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
        mode = .armed
        lastCommand = tick
        command = nil
        flags = flags.without(.commandEnded).without(.clamped)
        report(.armed)
        return .accepted
    }

    /// Always works, and never leaves a latch.
    private mutating func disarm() -> Outcome {
        gate.void()
        switchOff()
        if mode == .armed || mode == .stopping {
            let latches = stopping?.fault.latches ?? false
            mode = latches ? .latched : .disarmed
            if !latches { fault = nil }
            stopping = nil
            report(.disarmed)
        }
        return .accepted
    }

    mutating func switchOff() {
        command = nil
        drives = Array(repeating: .off, count: drives.count)
        for joint in drivers.indices { drivers[joint].release() }
    }

    private mutating func clear(_ clear: Clear) -> Outcome {
        guard isIntroduced else { return .otherLayout }
        guard mode == .latched, let fault else { return .wrongMode }
        guard clear.fault == fault else { return .otherFault }
        guard present()?.number != fault else { return .stillPresent }
        self.fault = nil
        mode = configuration == nil ? .unconfigured : .disarmed
        report(.cleared, detail: UInt32(clear.fault.rawValue))
        return .accepted
    }

    /// A command that is older than the newest one, or the same again, says nothing.
    private mutating func take(_ command: Command, _ sequence: UInt16, _ place: SequenceMonitor.Order) {
        guard isIntroduced, mode == .armed, command.joints == hardware.joints else { return }
        switch place {
        case .repeated, .late: return
        case .first, .next, .gap: break
        }
        self.command = (command, tick)
        lastCommand = tick
        commandSequence = sequence
        flags = flags.without(.commandEnded)
    }

    mutating func voidChallenge() { gate.void() }
}
