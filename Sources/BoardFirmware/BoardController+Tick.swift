import BoardLink
public import Quantities
import Supervision

extension BoardController {
    /// One tick of the board: judge what was measured, drive, report.
    public mutating func tick(
        _ measurement: BoardMeasurement, elapsed: Seconds = BoardSettings.tickPeriod
    ) {
        measured = measurement
        tick = tick + Ticks(1)
        if measured.isStopPressed { raise(.emergencyStop) }
        if measured.isStageBroken { raise(.deviceFault) }
        if mode == .armed { watchHost() }
        let asked = mode == .armed ? efforts() : Asked()
        let verdict = supervisor.tick(readings(), asked: asked.commands, elapsed: elapsed)
        settle(at: supervisor.latestFinding?.joint.flatMap { BoardJoint($0.rawValue) })
        follow(verdict, asked)
        reportState()
    }

    /// Silence is a fault; a command that has ended is not.
    private mutating func watchHost() {
        guard let configuration else { return }
        if tick - lastCommand >= configuration.silence {
            raise(.hostSilent)
            return
        }
        guard let current = command, current.hasEnded(at: tick, arrived: commandArrived) else { return }
        command = nil
        flags = flags.with(.commandEnded)
        report(.commandEnded)
    }

    /// What the commands come to within their bounds. After a command every joint is brought to rest.
    private mutating func efforts() -> Asked {
        var asked = Asked()
        guard let configuration else { return asked }
        var position: UInt8 = 0
        while let joint = settings.joints.joint(at: position) {
            position += 1
            let bounds = configuration[joint]
            let place = Int(joint.rawValue)
            var effort: NewtonMetres?
            if let command {
                let (given, isClamped) = JointDriver.bounded(command[joint], by: bounds)
                if isClamped { noteClamp(joint) }
                effort = drivers[place].effort(
                    for: given, measured[joint], bounds, over: BoardSettings.tickPeriod)
            } else if flags.contains(.commandEnded) {
                effort = drivers[place].brake(measured[joint], bounds, over: BoardSettings.tickPeriod)
            }
            asked.set(joint, to: effort)
        }
        return asked
    }

    private mutating func noteClamp(_ joint: BoardJoint) {
        if !flags.contains(.clamped) { report(.clamped, joint) }
        flags = flags.with(.clamped)
    }

    mutating func readings() -> PerJoint<JointReading> {
        var readings = PerJoint<JointReading>(repeating: reading(of: .first))
        var position: UInt8 = 1
        while let joint = settings.joints.joint(at: position) {
            readings[joint.index] = reading(of: joint)
            position += 1
        }
        return readings
    }

    private mutating func reading(of joint: BoardJoint) -> JointReading {
        let measured = measured[joint]
        return JointReading(
            position: measured.position, speed: measured.speed,
            effort: Self.effort(of: measured.current, settings.torqueConstant),
            current: measured.current, temperature: measured.temperature, voltage: measured.voltage, motionAge: .zero,
            temperatureAge: .zero, voltageAge: .zero)
    }

    private static func effort(of current: Amperes, _ constant: NewtonMetresPerAmpere) -> NewtonMetres {
        NewtonMetres(current.value * constant.value)
    }

    /// Only what the supervisor gave reaches a stage, and no more than its current.
    private mutating func follow(_ verdict: borrowing Verdict, _ asked: Asked) {
        guard let configuration, mode == .armed || mode == .stopping else {
            drives = .off
            return
        }
        var position: UInt8 = 0
        while let joint = settings.joints.joint(at: position) {
            position += 1
            guard case .effort(let effort) = verdict.commands[joint.index], mode == .stopping || asked[joint] else {
                drives.set(joint, to: .off)
                continue
            }
            if mode == .armed, verdict.objections[joint.index] != .none { noteClamp(joint) }
            let current = Amperes(effort.value / settings.torqueConstant.value)
            drives.set(joint, to: .current(current.clamped(to: configuration[joint].current)))
        }
    }

    private mutating func reportState() {
        guard isIntroduced, tick.rawValue % settings.ticksBetweenStates == 0 else { return }
        var state = State(
            tick: tick, commandSequence: commandSequence, mode: mode, fault: fault, flags: flags,
            supply: measured[.first].voltage, joints: settings.joints, inputs: settings.inputs)
        var position: UInt8 = 0
        while let joint = settings.joints.joint(at: position) {
            let found = measured[joint]
            state.set(
                joint,
                to: JointState(
                    position: found.position, speed: found.speed,
                    effort: Self.effort(of: found.current, settings.torqueConstant),
                    temperature: found.temperature))
            position += 1
        }
        position = 0
        while let input = settings.inputs.input(at: position) {
            state.set(input, to: measured[input])
            position += 1
        }
        flags = flags.without(.linkDamaged).without(.clamped)
        report(state)
    }
}

/// What the board asks of its own supervisor, and which joints are driven at all.
private struct Asked {
    var commands = PerJoint<JointCommand>(repeating: .effort(.zero))
    private var driven = InlineArray<4, Bool>(repeating: false)

    subscript(joint: BoardJoint) -> Bool { driven[Int(joint.rawValue)] }

    mutating func set(_ joint: BoardJoint, to effort: NewtonMetres?) {
        commands[joint.index] = .effort(effort ?? .zero)
        driven[Int(joint.rawValue)] = effort != nil
    }
}
