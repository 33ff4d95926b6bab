import BoardLink
import Quantities
internal import Simulator

/// A stop under way.
struct BoardStop: Equatable, Sendable {
    let fault: BoardFault
    private(set) var resting = Ticks.zero
    private(set) var age = Ticks.zero

    private static let restingTicks = Ticks(20)
    private static let longest = Ticks(1_000)

    init(_ fault: BoardFault) { self.fault = fault }

    var isAtRest: Bool { resting >= Self.restingTicks }
    var isTooLong: Bool { age >= Self.longest }

    mutating func count(isResting: Bool) {
        resting = isResting ? resting.next : .zero
        age = age.next
    }
}

extension BoardSlave {
    /// One tick of the board: measure, guard, drive, report.
    mutating func run(_ body: some VirtualBody) {
        states = (0..<body.jointCount).map { body.state(of: $0) }
        for sensor in hardware.sensors {
            counts[Int(sensor.input.rawValue)] = body.measurement(of: sensor.place).flatMap(sensor.counts)
        }
        tick = tick + Ticks(1)
        if let fault = present(), mode == .armed || mode == .stopping || fault.isLimp { enter(fault) }
        switch mode {
        case .unconfigured, .disarmed, .latched: switchOff()
        case .armed: follow()
        case .stopping: goOnStopping()
        }
        reportState()
    }

    /// What the sensors find now.
    func present() -> BoardFault? {
        if isStopPressed { return .emergencyStop }
        guard let configuration else { return nil }
        var position: UInt8 = 0
        while let joint = hardware.joints.joint(at: position) {
            guard states.indices.contains(Int(position)) else { return nil }
            let state = states[Int(position)]
            let effort = NewtonMetres(state.current.value * hardware.torqueConstant.value)
            let bounds = configuration[joint]
            if let found = BoardFault.find(in: state, bounds, configuration.supply, effort, of: joint) { return found }
            position += 1
        }
        return nil
    }

    mutating func enter(_ found: BoardFault) {
        guard mode != .latched, stopping == nil || found.isLimp else { return }
        voidChallenge()
        command = nil
        fault = found.number
        reports.append(.faultReport(FaultReport(tick: tick, fault: found.number, joint: found.joint)))
        guard found.isLimp else {
            stopping = BoardStop(found)
            mode = .stopping
            return
        }
        stopping = nil
        mode = .latched
        switchOff()
        report(.stopped)
    }

    private mutating func follow() {
        guard let configuration else { return }
        if tick - lastCommand >= configuration.silence, let silent = BoardFault.hostSilent {
            enter(silent)
            goOnStopping()
            return
        }
        if let current = command, current.command.hasEnded(at: tick, arrived: current.arrived) {
            command = nil
            flags = flags.with(.commandEnded)
            report(.commandEnded)
        }
        drive(configuration)
    }

    /// Without a command, or after it, every joint is brought to rest.
    private mutating func drive(_ configuration: Configure) {
        var position: UInt8 = 0
        while let joint = hardware.joints.joint(at: position) {
            let place = Int(position)
            let bounds = configuration[joint]
            if let asked = command?.command[joint] {
                let (given, isClamped) = BoardDriver.bounded(asked, by: bounds)
                if isClamped { noteClamp(joint) }
                let effort = drivers[place].effort(
                    for: given, states[place], bounds, over: BoardHardware.tickPeriod)
                drives[place] = effort.map { current(for: $0, bounds) } ?? .off
            } else if flags.contains(.commandEnded) {
                brake(place, bounds)
            } else {
                drives[place] = .off
            }
            position += 1
        }
    }

    private mutating func noteClamp(_ joint: BoardJoint) {
        if !flags.contains(.clamped) { report(.clamped, joint) }
        flags = flags.with(.clamped)
    }

    private mutating func brake(_ place: Int, _ bounds: JointBounds) {
        let effort = drivers[place].brake(states[place], bounds, over: BoardHardware.tickPeriod)
        drives[place] = current(for: effort, bounds)
    }

    private func current(for effort: NewtonMetres, _ bounds: JointBounds) -> MotorDrive {
        .current(Amperes(effort.value / hardware.torqueConstant.value).clamped(to: bounds.current))
    }

    private mutating func goOnStopping() {
        guard let configuration, var stop = stopping else { return }
        stop.count(isResting: states.allSatisfy { $0.speed.magnitude < RadiansPerSecond(0.1) })
        stopping = stop
        if stop.isTooLong, let failed = BoardFault.didNotStop {
            enter(failed)
            return
        }
        guard !stop.isAtRest else {
            stopping = nil
            mode = stop.fault.latches ? .latched : .disarmed
            if !stop.fault.latches { fault = nil }
            switchOff()
            report(.stopped)
            return
        }
        var position: UInt8 = 0
        while let joint = hardware.joints.joint(at: position) {
            brake(Int(position), configuration[joint])
            position += 1
        }
    }

    private mutating func reportState() {
        guard hasListener, Int32(bitPattern: tick.rawValue) % hardware.ticksBetweenStates == 0 else { return }
        var state = State(
            tick: tick, commandSequence: commandSequence, mode: mode, fault: fault, flags: flags,
            supply: states.first?.voltage, joints: hardware.joints, inputs: hardware.inputs)
        var position: UInt8 = 0
        while let joint = hardware.joints.joint(at: position) {
            let measured = states[Int(position)]
            state.set(
                joint,
                to: JointState(
                    position: measured.position, speed: measured.speed,
                    effort: NewtonMetres(measured.current.value * hardware.torqueConstant.value),
                    temperature: measured.temperature))
            position += 1
        }
        position = 0
        while let input = state.inputs.input(at: position) {
            state.set(input, to: counts[Int(position)])
            position += 1
        }
        flags = flags.without(.linkDamaged).without(.clamped)
        reports.append(.state(state))
    }
}
