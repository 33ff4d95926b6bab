import BoardLink
public import Ports
public import Quantities

// What happens every tick. None of this allocates.
extension BoardBus where Port: ~Copyable {
    /// Takes the newest of what the board has reported, or waits for the next report.
    public mutating func readStates(
        into samples: inout PerJoint<JointSample>, by deadline: MonotonicInstant
    ) throws(BusError) -> JointSet {
        guard isPrepared else { throw .notPrepared }
        let state: State?
        do throws(Board.MasterFailure) {
            try master.keepTime(by: deadline)
            state = try awaitState(by: deadline)
        } catch { throw busError(error) }
        judge(state)
        guard let state else {
            master.exchange.counters.timeOuts &+= 1
            countFailures(everyJoint)
            return JointSet()
        }
        delivered = state.tick
        let fresh = take(state, into: &samples)
        countFailures(everyJoint.subtracting(fresh))
        return fresh
    }

    private mutating func awaitState(by deadline: MonotonicInstant) throws(Board.MasterFailure) -> State? {
        while true {
            switch try master.hear(by: .past) {
            case .packet, .damaged: continue
            case .silence: break
            }
            break
        }
        let end = min(deadline, master.now + master.exchange.patience)
        while true {
            if let state = master.newest, state.tick != delivered { return state }
            if master.hasRestarted { return nil }
            if case .silence = try master.hear(by: end) { return nil }
        }
    }

    /// Remembers what only a person clears: a fault, a restart, and a board that stopped while it was driven.
    private mutating func judge(_ state: State?) {
        let hasStopped = isArmed && state.map { $0.mode != .armed } ?? false
        if master.hasRestarted || master.reported != nil || hasStopped || state?.mode == .latched {
            latched = everyJoint
        }
    }

    private mutating func countFailures(_ joints: JointSet) {
        var rest = joints
        while let joint = rest.popFirst() { master.exchange.counters.failures[joint] &+= 1 }
    }

    /// A joint whose sensor cannot tell keeps its old sample.
    private mutating func take(_ state: State, into samples: inout PerJoint<JointSample>) -> JointSet {
        var fresh = JointSet()
        let instant = master.clock.instant(of: state.tick, period: tickPeriod) ?? master.arrived
        takeInputs(state, at: min(instant, master.arrived))
        let order = order(numbered: state.commandSequence)
        var position: UInt8 = 0
        while let place = state.joints.joint(at: position), position < joints.rawValue {
            position += 1
            let measured = state[place]
            guard let angle = measured.position, let speed = measured.speed else { continue }
            let joint = settings.configuration[place].joint
            samples[joint] = JointSample(
                position: angle, speed: speed,
                // It tells what the current comes to, and not the current.
                pull: .current(Amperes(.nan)), effort: measured.effort ?? NewtonMetres(.nan),
                voltage: state.supply ?? Volts(.nan), temperature: measured.temperature ?? Celsius(.nan),
                acknowledged: state.isDriven ? order.flatMap { JointGoal($0.command[place]) } : nil,
                isDriven: state.isDriven, watchdog: state.watchdogState, alarm: UInt32(state.fault?.rawValue ?? 0),
                deviceClock: Seconds(Float(state.tick.rawValue) * tickPeriod.value),
                // A measurement of the two clocks is good to some microseconds, and nothing is from the future.
                instant: min(instant, master.arrived))
            fresh.insert(joint)
        }
        return fresh
    }

    private mutating func takeInputs(_ state: State, at instant: MonotonicInstant) {
        for place in readings.indices {
            let counts = state.inputs.input(at: UInt8(place)).flatMap { state[$0] }
            readings[place] = counts.map { InputReading(counts: $0, instant: instant) }
        }
    }

    private func order(numbered sequence: UInt16) -> Board.Order? {
        for place in orders.indices {
            if let order = orders[place], order.sequence == sequence { return order }
        }
        return nil
    }
}

extension BoardBus where Port: ~Copyable {
    public mutating func writeGoals(
        _ goals: borrowing PerJoint<JointGoal>, by deadline: MonotonicInstant
    ) throws(BusError) {
        guard isArmed else { throw .notArmed }
        guard latched.isEmpty else { throw .latched(latched) }
        var command = Command(lifetime: settings.configuration.silence, joints: settings.configuration.joints)
        var position: UInt8 = 0
        while let place = settings.configuration.joints.joint(at: position) {
            let joint = settings.configuration[place].joint
            guard let drive = Drive(goals[joint]) else { throw .unrepresentable(joint) }
            command.set(place, to: drive)
            position += 1
        }
        try give(command, by: deadline)
    }

    mutating func give(_ command: Command, by deadline: MonotonicInstant) throws(BusError) {
        do throws(Board.MasterFailure) {
            let sequence = try master.send(.command(command), by: deadline)
            orders[nextOrder] = Board.Order(sequence: sequence, command: command)
            nextOrder = (nextOrder + 1) % orders.count
        } catch { throw busError(error) }
    }
}

extension State {
    var isDriven: Bool { mode == .armed || mode == .stopping }

    /// A board whose command has ended brings its joints to rest, and one that stops has its reasons: either way it
    /// has stopped listening to a host that was silent or wrong.
    fileprivate var watchdogState: WatchdogState {
        switch mode {
        case .armed: flags.contains(.commandEnded) ? .tripped : .armed
        case .stopping, .latched: .tripped
        case .unconfigured, .disarmed: .off
        }
    }
}

extension Drive {
    /// Nil for what the wire's numbers cannot hold; they would become the end of the scale.
    init?(_ goal: JointGoal) {
        switch goal {
        case .position(let position):
            guard Scales.position.holds(position) else { return nil }
            self = .position(position)
        case .speed(let speed):
            guard Scales.speed.holds(speed) else { return nil }
            self = .speed(speed)
        case .effort(let effort):
            guard Scales.effort.holds(effort) else { return nil }
            self = .effort(effort)
        }
    }
}

extension Scale {
    fileprivate func holds(_ quantity: Unit) -> Bool {
        quantity.isFinite && quantity.value.magnitude * stepsPerUnit <= Float(largest)
    }
}

extension JointGoal {
    fileprivate init?(_ drive: Drive) {
        switch drive {
        case .off: return nil
        case .position(let position): self = .position(position)
        case .speed(let speed): self = .speed(speed)
        case .effort(let effort): self = .effort(effort)
        }
    }
}
