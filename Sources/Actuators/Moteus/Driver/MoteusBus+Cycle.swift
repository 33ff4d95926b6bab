public import Ports
public import Quantities

// What happens every tick. None of this allocates.
extension MoteusBus where Port: ~Copyable {
    public mutating func readStates(
        into samples: inout PerJoint<JointSample>, by deadline: MonotonicInstant
    ) throws(BusError) -> JointSet {
        guard isPrepared else { throw .notPrepared }
        let wanted = JointSet(all: joints)
        var fresh = JointSet()
        for attempt in 0..<Moteus.Master<Port>.attempts {
            let missing = wanted.subtracting(fresh)
            if missing.isEmpty || attempt > 0 && master.now >= deadline { break }
            if attempt > 0 { master.exchange.counters.retries &+= 1 }
            let heard: JointSet
            do throws(Moteus.MasterFailure) {
                heard = try askForStates(missing, isRetry: attempt > 0, by: deadline)
            } catch { throw busError(error) }
            believe(heard, into: &samples, &fresh)
        }
        var silent = wanted.subtracting(fresh)
        while let joint = silent.popFirst() { master.exchange.counters.failures[joint] &+= 1 }
        return fresh
    }

    /// Asks some joints at once, and puts what they answered into `staged`. Says of whom it can be believed.
    private mutating func askForStates(
        _ wanted: JointSet, isRetry: Bool, by deadline: MonotonicInstant
    ) throws(Moteus.MasterFailure) -> JointSet {
        let lines = try sendQuestions(to: wanted, isRetry: isRetry, by: deadline)
        let end = master.answerDeadline(lines: lines, replies: wanted.count, atMost: deadline)
        // The bus puts the lowest number first, so no order is expected of the answers.
        var round = Round(wanted, isOrdered: false)
        var settled = 0
        while !round.isComplete || settled < lines {
            switch try master.hear(by: end) {
            case .reply(let id, let payload): stage(payload, from: id, &round)
            case .acknowledged, .rejected: settled += 1
            // It may have been an acknowledgement; nothing is gained by waiting for it.
            case .damaged: settled += 1
            case .unexpected: break
            case .silence:
                master.exchange.counters.timeOuts &+= UInt64(max(round.missing.count, lines - settled))
                return round.credible
            }
        }
        master.exchange.finish()
        return round.credible
    }

    private mutating func sendQuestions(
        to wanted: JointSet, isRetry: Bool, by deadline: MonotonicInstant
    ) throws(Moteus.MasterFailure) -> Int {
        var question = Moteus.Payload()
        do throws(EncodingError) {
            try question.queryReading()
            try question.queryCommand()
        } catch { throw .tooLong }
        master.begin(isRetry: isRetry)
        var rest = wanted
        while let joint = rest.popFirst() {
            try master.add(question, to: controller(joint).id, wantsReply: true, by: deadline)
        }
        return try master.send(by: deadline)
    }

    /// Keeps an answer until all have been heard.
    private mutating func stage(_ payload: Moteus.Payload, from id: Moteus.ControllerID, _ round: inout Round) {
        guard let joint = joint(of: id), round.wanted.contains(joint) else {
            master.exchange.counters.unexpected &+= 1
            return
        }
        switch round.take(joint) {
        case .new: staged[joint] = payload
        // The same once more is a repetition; another one is from a controller that uses this one's number.
        case .again where staged[joint] == payload: master.exchange.counters.unexpected &+= 1
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
            guard let sample = sample(of: joint, at: instant) else {
                master.exchange.counters.implausible &+= 1
                continue
            }
            // Seen once is seen: a fault that goes away by itself still stopped the motor.
            if sample.alarm != 0 { latched.insert(joint) }
            samples[joint] = sample
            fresh.insert(joint)
        }
    }

    /// Nil for what was intact and cannot be true.
    private func sample(of joint: JointIndex, at instant: MonotonicInstant) -> JointSample? {
        guard let payload = staged[joint] else { return nil }
        var reading = Moteus.Reading()
        do throws(Moteus.Malformation) { try reading.take(payload) } catch { return nil }
        return JointSample(reading, of: controller(joint), at: instant)
    }
}

extension MoteusBus where Port: ~Copyable {
    public mutating func writeGoals(
        _ goals: borrowing PerJoint<JointGoal>, by deadline: MonotonicInstant
    ) throws(BusError) {
        guard isArmed else { throw .notArmed }
        guard latched.isEmpty else { throw .latched(latched) }
        // All goals or none: each is looked at before the first leaves.
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            guard let frame = try payload(goals[joint], of: joint) else { throw .unrepresentable(joint) }
            outgoing[joint] = frame
        }
        try tell(by: deadline)
    }

    private func payload(_ goal: JointGoal, of joint: JointIndex) throws(BusError) -> Moteus.Payload? {
        do throws(EncodingError) {
            return try controller(joint).payload(goal, watchdog: settings.watchdog)
        } catch { throw .tooLong }
    }

    /// Sends every joint what is in `outgoing`, which it does not answer, and counts what the adapter says to it.
    ///
    /// Frames that the adapter did not take are sent once more; they only repeat the newest goals.
    mutating func tell(by deadline: MonotonicInstant) throws(BusError) {
        for attempt in 0..<2 where attempt == 0 || master.now < deadline {
            if attempt > 0 { master.exchange.counters.retries &+= 1 }
            do throws(Moteus.MasterFailure) {
                master.begin(isRetry: attempt > 0)
                var rest = JointSet(all: joints)
                while let joint = rest.popFirst() {
                    try master.add(outgoing[joint], to: controller(joint).id, wantsReply: false, by: deadline)
                }
                let lines = try master.send(by: deadline)
                if try master.isTaken(lines, by: deadline) { return }
            } catch { throw busError(error) }
        }
    }
}

extension Moteus.Master where Port: ~Copyable {
    /// Whether the adapter has acknowledged so many lines.
    mutating func isTaken(_ lines: Int, by deadline: MonotonicInstant) throws(MasterFailure) -> Bool {
        let end = answerDeadline(lines: lines, replies: 0, atMost: deadline)
        var settled = 0
        var isTaken = true
        while settled < lines {
            switch try hear(by: end) {
            case .acknowledged: settled += 1
            case .rejected, .damaged:
                settled += 1
                isTaken = false
            case .reply, .unexpected: break
            case .silence:
                exchange.counters.timeOuts &+= 1
                return false
            }
        }
        return isTaken
    }
}
