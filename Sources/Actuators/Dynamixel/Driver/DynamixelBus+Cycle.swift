public import Ports
public import Quantities

// What happens every tick. None of this allocates.
extension DynamixelBus where Port: ~Copyable {
    public mutating func readStates(
        into samples: inout PerJoint<JointSample>, by deadline: MonotonicInstant
    ) throws(BusError) -> JointSet {
        // Before the windows are laid there is nothing to read.
        guard !plan.windows.isEmpty else { throw .notPrepared }
        let wanted = JointSet(all: joints)
        var fresh = JointSet()
        var isFast = plan.isFast
        for attempt in 0..<Dynamixel.Master<Port>.attempts {
            let missing = wanted.subtracting(fresh)
            if missing.isEmpty || attempt > 0 && master.now >= deadline { break }
            if attempt > 0 { master.exchange.counters.retries &+= 1 }
            do throws(Dynamixel.ServoFailure) {
                if isFast {
                    try readShared(missing, into: &samples, &fresh, by: deadline)
                } else {
                    try readEach(missing, into: &samples, &fresh, by: deadline)
                }
            } catch {
                throw busError(error)
            }
            // A servo that is missing silences those behind it in a shared answer, and in one of their own it does not.
            isFast = false
        }
        var silent = wanted.subtracting(fresh)
        while let joint = silent.popFirst() { master.exchange.counters.failures[joint] &+= 1 }
        return fresh
    }

    private mutating func readShared(
        _ wanted: JointSet, into samples: inout PerJoint<JointSample>, _ fresh: inout JointSet,
        by deadline: MonotonicInstant
    ) throws(Dynamixel.ServoFailure) {
        let end = try askForStates(wanted, fast: true, by: deadline)
        while true {
            switch try master.hear(by: end) {
            case .shared(let isIntact) where isIntact && master.parser.raw.count != sharedCount(wanted):
                // Whole, and not what was asked for: it answers an earlier request.
                master.exchange.counters.unexpected &+= 1
            case .shared(let isIntact):
                takeApart(wanted, into: &samples, &fresh)
                if isIntact { master.exchange.finish() }
                return
            case .status: master.exchange.counters.unexpected &+= 1
            case .damaged, .request: break
            case .silence:
                master.exchange.counters.timeOuts &+= 1
                return
            }
        }
    }

    private func sharedCount(_ wanted: JointSet) -> Int {
        let overhead = Dynamixel.FastReply.overhead
        return Dynamixel.FastReply.header + wanted.count * (Int(plan.asked) + overhead)
    }

    /// Takes what is intact of a shared answer, and remembers in whose part it broke.
    private mutating func takeApart(
        _ wanted: JointSet, into samples: inout PerJoint<JointSample>, _ fresh: inout JointSet
    ) {
        let instant = master.exchange.sampleInstant
        var reply = Dynamixel.FastReply()
        var rest = wanted
        while let joint = rest.popFirst() {
            switch reply.next(from: servo(joint).id, width: plan.asked, in: master.parser.raw) {
            case .intact(let error, let data):
                let sample = sample(of: joint, master.parser.raw.extracting(data), error, instant)
                keep(sample, of: joint, in: &samples, &fresh)
            case .wrongServo, .damaged, .missing:
                // Behind the first break nothing says where a part begins that can be believed.
                master.exchange.counters.chainBreaks[joint] &+= 1
                return
            }
        }
    }

    private mutating func readEach(
        _ wanted: JointSet, into samples: inout PerJoint<JointSample>, _ fresh: inout JointSet,
        by deadline: MonotonicInstant
    ) throws(Dynamixel.ServoFailure) {
        let end = try askForStates(wanted, fast: false, by: deadline)
        var left = wanted
        while !left.isEmpty {
            switch try master.hear(by: end) {
            case .status(let id, let error):
                guard let joint = joint(of: id), left.contains(joint),
                    master.parser.parameters.count == Int(plan.asked)
                else {
                    master.exchange.counters.unexpected &+= 1
                    continue
                }
                left.remove(joint)
                let sample = sample(of: joint, master.parser.parameters, error, master.exchange.sampleInstant)
                keep(sample, of: joint, in: &samples, &fresh)
            case .shared: master.exchange.counters.unexpected &+= 1
            case .damaged, .request: break
            case .silence:
                master.exchange.counters.timeOuts &+= UInt64(left.count)
                return
            }
        }
        master.exchange.finish()
    }

    private mutating func askForStates(
        _ wanted: JointSet, fast: Bool, by deadline: MonotonicInstant
    ) throws(Dynamixel.ServoFailure) -> MonotonicInstant {
        do throws(EncodingError) {
            plan.vary(fast: fast)
            if plan.isCommonWindow, let first = wanted.first {
                master.writer.beginSyncRead(window(of: first), fast: fast)
            } else {
                master.writer.beginBulkRead(fast: fast)
            }
            var rest = wanted
            while let joint = rest.popFirst() { ask(joint) }
            try master.writer.finish()
        } catch {
            throw .tooLong
        }
        try master.send(by: deadline)
        let each = Int(plan.asked) + (fast ? Dynamixel.FastReply.overhead : Dynamixel.Master<Port>.statusOverhead)
        let bytes = each * wanted.count + Dynamixel.Master<Port>.statusOverhead
        // A shared answer is given up at its first damage, before all of it is there.
        if !fast { master.exchange.expect(each * wanted.count) }
        return master.exchange.answerDeadline(
            bytes: bytes, delay: master.returnDelay * wanted.count, atMost: deadline)
    }

    private func window(of joint: JointIndex) -> Dynamixel.Region {
        Dynamixel.Region(address: plan.windows[Int(joint.rawValue)].address, count: plan.asked)
    }

    private mutating func ask(_ joint: JointIndex) {
        let id = servo(joint).id
        if plan.isCommonWindow {
            master.writer.addSyncRead(id)
        } else {
            master.writer.addBulkRead(id, window(of: joint))
        }
    }

    /// nil from a servo whose window is gone: it has started again and lost everything volatile.
    private func sample(
        of joint: JointIndex, _ data: Span<UInt8>, _ error: Dynamixel.StatusError, _ instant: MonotonicInstant
    ) -> JointSample? {
        let servo = servo(joint)
        guard error.failure == nil, let found = Dynamixel.Sample(data, of: servo.model, goal: servo.goalRegister)
        else { return nil }
        var sample = JointSample(found, of: servo, hasAlert: error.hasAlert, at: instant)
        // Only a goal many turns away does not fit into what a short window shows of it.
        if servo.mode == .extendedPosition && data.count < Dynamixel.Sample.width { sample.acknowledged = nil }
        return sample
    }

    private mutating func keep(
        _ sample: JointSample?, of joint: JointIndex, in samples: inout PerJoint<JointSample>, _ fresh: inout JointSet
    ) {
        guard let sample else {
            master.exchange.counters.implausible &+= 1
            return
        }
        // Seen once is seen: an alarm that goes away by itself still stopped the servo.
        if sample.alarm != 0 { latched.insert(joint) }
        samples[joint] = sample
        fresh.insert(joint)
    }

    public mutating func writeGoals(
        _ goals: borrowing PerJoint<JointGoal>, by deadline: MonotonicInstant
    ) throws(BusError) {
        guard isArmed else { throw .notArmed }
        guard latched.isEmpty else { throw .latched(latched) }
        try encode(goals)
        try ask { (master) throws(Dynamixel.ServoFailure) in try master.send(isAnswered: false, by: deadline) }
    }

    /// All goals or none.
    private mutating func encode(_ goals: borrowing PerJoint<JointGoal>) throws(BusError) {
        if let register = plan.commonGoal {
            master.writer.beginSyncWrite(register.region)
        } else {
            master.writer.beginBulkWrite()
        }
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            let servo = servo(joint)
            let goal = goals[joint]
            guard servo.follows(goal) else { throw .wrongGoal(joint) }
            guard let bytes = servo.raw(goal).flatMap({ servo.goalRegister.bytes(of: $0) }) else {
                throw .unrepresentable(joint)
            }
            do throws(EncodingError) {
                if plan.commonGoal != nil {
                    try master.writer.addSyncWrite(servo.id, bytes.span)
                } else {
                    try master.writer.addBulkWrite(servo.id, at: servo.goalRegister.address, bytes.span)
                }
            } catch {
                throw .tooLong
            }
        }
        do throws(EncodingError) { try master.writer.finish() } catch { throw .tooLong }
    }
}

extension JointSample {
    fileprivate init(
        _ found: Dynamixel.Sample, of servo: Dynamixel.Joint, hasAlert: Bool, at instant: MonotonicInstant
    ) {
        let alarm = UInt32(found.hardwareError.rawValue)
        self.init(
            position: servo.mounting.joint(found.position), speed: servo.mounting.joint(found.velocity),
            pull: found.pull, effort: servo.mounting.effort(of: found.pull), voltage: found.voltage,
            temperature: found.temperature, acknowledged: servo.goal(found.goal), isDriven: found.isDriven,
            watchdog: WatchdogState(found.watchdog),
            // An alert whose reason was not sampled yet is an alert all the same.
            alarm: alarm == 0 && hasAlert ? Dynamixel.Sample.alertWithoutReason : alarm, deviceClock: found.clock,
            instant: instant)
    }
}

extension Dynamixel.Sample {
    /// Stands for an alert in the answer while the register behind it still says nothing.
    public static let alertWithoutReason: UInt32 = 0x100
}

extension WatchdogState {
    fileprivate init(_ found: Dynamixel.BusWatchdog?) {
        switch found {
        case .off?: self = .off
        case .armed?: self = .armed
        // A value that the register never has is not trusted to guard anything.
        case .tripped?, nil: self = .tripped
        }
    }
}
