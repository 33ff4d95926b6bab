public import Ports
public import Quantities

// What happens every tick. None of this allocates.
extension FeetechBus where Port: ~Copyable {
    public mutating func readStates(
        into samples: inout PerJoint<JointSample>, by deadline: MonotonicInstant
    ) throws(BusError) -> JointSet {
        guard isPrepared else { throw .notPrepared }
        let wanted = JointSet(all: joints)
        var fresh = JointSet()
        for attempt in 0..<Feetech.Master<Port>.attempts {
            let missing = wanted.subtracting(fresh)
            if missing.isEmpty || attempt > 0 && master.now >= deadline { break }
            if attempt > 0 { master.exchange.counters.retries &+= 1 }
            let heard = try askForStates(missing, by: deadline)
            believe(heard, into: &samples, &fresh)
        }
        var silent = wanted.subtracting(fresh)
        while let joint = silent.popFirst() { master.exchange.counters.failures[joint] &+= 1 }
        return fresh
    }

    /// Asks some joints at once, and puts what they answered into `staged`. Says of whom it can be believed.
    private mutating func askForStates(_ wanted: JointSet, by deadline: MonotonicInstant) throws(BusError) -> JointSet {
        let surplus = master.nextSurplus(on: Feetech.Window.region.count)
        let cut = Feetech.Cut(Feetech.Window.region, surplus: surplus)
        do throws(Feetech.MasterFailure) {
            try send(wanted, cut, by: deadline)
        } catch { throw busError(error) }
        let bytes = (Int(cut.region.count) + Feetech.Master<Port>.statusOverhead) * wanted.count
        master.exchange.expect(bytes)
        let end = master.exchange.answerDeadline(
            bytes: bytes, delay: master.returnDelay * wanted.count, atMost: deadline)
        var round = Round(wanted, isOrdered: true)
        while !round.isComplete {
            let heard: Feetech.Master<Port>.Heard
            do throws(Feetech.MasterFailure) { heard = try master.hear(by: end) } catch { throw busError(error) }
            switch heard {
            case .status(let id, let faults):
                if let joint = joint(of: id) { stage(joint, cut, faults, &round) }
            case .unexpected, .damaged: break
            case .silence:
                master.exchange.counters.timeOuts &+= UInt64(round.missing.count)
                if let joint = round.missing.first { master.exchange.counters.chainBreaks[joint] &+= 1 }
                return round.credible
            }
        }
        master.exchange.finish()
        return round.credible
    }

    private mutating func send(
        _ wanted: JointSet, _ cut: Feetech.Cut, by deadline: MonotonicInstant
    ) throws(Feetech.MasterFailure) {
        var expectation = Feetech.Expectation(parameters: cut.region.count)
        master.writer.beginSyncRead(cut.region)
        var rest = wanted
        while let joint = rest.popFirst() {
            master.writer.addSyncRead(servo(joint).id)
            expectation.insert(servo(joint).id)
        }
        try master.encode { (writer) throws(EncodingError) in try writer.finish() }
        try master.send(expecting: expectation, by: deadline)
    }

    /// Keeps an answer until all have been heard.
    private mutating func stage(
        _ joint: JointIndex, _ cut: Feetech.Cut, _ faults: Feetech.ServoFaults, _ round: inout Round
    ) {
        let window = Feetech.Window(master.parser.parameters, at: cut.offset, faults: faults)
        guard let window else { return }
        switch round.take(joint) {
        case .new: staged[joint] = window
        // The same once more is a repetition; another one is from a servo that uses this one's number.
        case .again where staged[joint] == window: master.exchange.counters.unexpected &+= 1
        case .again:
            master.exchange.counters.unexpected &+= 1
            round.doubt(joint)
        }
    }

    private mutating func believe(
        _ heard: JointSet, into samples: inout PerJoint<JointSample>, _ fresh: inout JointSet
    ) {
        let instant = master.exchange.sampleInstant
        var rest = heard
        while let joint = rest.popFirst() {
            guard let window = staged[joint], let sample = sample(of: joint, window, at: instant) else {
                master.exchange.counters.implausible &+= 1
                continue
            }
            // Seen once is seen: an alarm that goes away by itself still stopped the servo.
            // So is a servo that went limp: it has started again, and the next goal would switch it on by itself.
            if sample.alarm != 0 || isArmed && !sample.isDriven { latched.insert(joint) }
            samples[joint] = sample
            fresh.insert(joint)
        }
    }

    /// Nil for what was intact and cannot be true.
    private mutating func sample(
        of joint: JointIndex, _ window: Feetech.Window, at instant: MonotonicInstant
    ) -> JointSample? {
        let servo = servo(joint)
        let units = units(joint)
        guard window.isPlausible(of: servo.model, in: units), habits[joint].follows(window) else { return nil }
        let steps = trackers[joint].follow(window.steps, at: instant, fastest: servo.model.fastest)
        guard let steps else { return nil }
        let pull: ActuatorPull =
            switch servo.mounting.torque {
            case .perAmpere: .current(units.current(window.current))
            case .atFullDuty: .load(units.duty(window.load))
            }
        return JointSample(
            position: servo.mounting.joint(units.position(Int32(clamping: steps))),
            speed: servo.mounting.joint(units.velocity(window.speed)), pull: pull,
            effort: servo.mounting.effort(of: pull), voltage: units.voltage(window.voltage),
            temperature: units.temperature(window.temperature), acknowledged: servo.goal(window, in: units),
            isDriven: window.torqueEnable == 1, watchdog: .absent, alarm: UInt32(window.faults.rawValue),
            instant: instant)
    }
}

extension FeetechBus where Port: ~Copyable {
    public mutating func writeGoals(
        _ goals: borrowing PerJoint<JointGoal>, by deadline: MonotonicInstant
    ) throws(BusError) {
        guard isArmed else { throw .notArmed }
        guard latched.isEmpty else { throw .latched(latched) }
        try encode(goals)
        do throws(Feetech.MasterFailure) {
            try master.send(expecting: nil, by: deadline)
        } catch { throw busError(error) }
    }

    /// All goals or none. The torque limit goes with every goal: a goal switches the servo on, and one that has started
    /// again behind our back has forgotten its limit.
    private mutating func encode(_ goals: borrowing PerJoint<JointGoal>) throws(BusError) {
        master.writer.beginSyncWrite(Feetech.Goal.region)
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            let servo = servo(joint)
            let goal = goals[joint]
            guard servo.follows(goal) else { throw .wrongGoal(joint) }
            guard servo.mode != .position || trackers[joint].isInFirstTurn else { throw .unrepresentable(joint) }
            guard let bytes = servo.goal(goal, in: units(joint))?.bytes else { throw .unrepresentable(joint) }
            do throws(EncodingError) {
                try master.writer.addSyncWrite(servo.id, bytes.span)
            } catch { throw .tooLong }
        }
        do throws(EncodingError) { try master.writer.finish() } catch { throw .tooLong }
    }
}
