internal import Actuators
internal import Ports
internal import Quantities
internal import Supervision
internal import Threads

// What happens every tick. None of this allocates.
extension ControlLoop where Robot: ~Copyable {
    /// Where the clock of a virtual robot is gone, the machine's must do: nothing else would let time pass.
    func waitUntilDue() {
        do throws(BusError) { try robot.sleep(until: metronome.due) } catch {
            if supervisor.mode.isWatched { fault(error.fault) }
            MonotonicInstant.sleep(until: .now() + metronome.period)
        }
    }

    /// - Parameter began: when the thread woke up for it.
    func tick(from began: MonotonicInstant) {
        let elapsed = metronome.begin(at: began)
        var moments = TickMoments(due: metronome.due, began: began, read: began, judged: began, sent: began)
        heedInputs(at: began)
        answered = observe(began)
        moments.read = robot.now
        askPilot(at: moments.read)
        let mode = supervisor.mode
        let verdict = supervisor.tick(
            readings, asked: asked, elapsed: Seconds(elapsed), tube: flight?.pilot.tube())
        note(verdict, from: mode)
        countRest(verdict)
        moments.judged = robot.now
        let isSent = command(verdict, answered, by: began + metronome.period)
        moments.sent = robot.now
        timing.record(moments, elapsed: elapsed)
        record(verdict, moments, Seconds(elapsed), answered, isSent)
        takeOff(after: verdict)
        reviveSilent()
        land()
        channels.inputs.beat()
    }

    private func countRest(_ verdict: borrowing Verdict) {
        guard case .idle(nil) = verdict.ruling, isStill else {
            restful = .zero
            return
        }
        restful = min(restful.next, supervisor.envelope.robot.times.rest)
    }

    private var isStill: Bool {
        var position: UInt8 = 0
        while let joint = robot.joints.joint(at: position) {
            guard readings[joint].speed.magnitude <= supervisor.envelope.joints[joint].rest else { return false }
            position += 1
        }
        return true
    }

    /// What single numbers say: somebody wants a stop, or the dead-man switch is not held.
    func heedInputs(at now: MonotonicInstant) {
        let stops = channels.inputs.stopCount
        if stops != stopsSeen {
            stopsSeen = stops
            fault(.operatorStop)
        }
        if settings.needsDeadMan, supervisor.mode.isPowered, !channels.inputs.isHeld(at: now) {
            fault(.deadManReleased)
        }
    }

    private func observe(_ began: MonotonicInstant) -> JointSet {
        var answered = JointSet()
        do throws(BusError) {
            answered = try robot.readStates(into: &samples, by: began + metronome.period * settings.readingShare)
        } catch {
            fault(error.fault)
        }
        let now = robot.now
        var position: UInt8 = 0
        while let joint = robot.joints.joint(at: position) {
            readings[joint] = JointReading(
                samples[joint], at: now, currentAtFullDuty: settings.currentAtFullDuty[joint],
                torquePerAmpere: settings.torquePerAmpere[joint])
            position += 1
        }
        observeSensors(at: now)
        if let fault = deviceFault(answered) { self.fault(fault) }
        return answered
    }

    /// What no input tells, or told too long ago for a joint, is not a number: then a policy that looks at it asks for
    /// none either, which stops the robot.
    private func observeSensors(at now: MonotonicInstant) {
        let oldest = supervisor.envelope.joints[.first].oldestMotion
        for place in settings.sensors.indices {
            sensors[place] = .nan
            guard let channel = settings.sensors[place].channel, let reading = robot.reading(ofInput: channel) else {
                continue
            }
            guard Seconds(now - reading.instant) <= oldest else { continue }
            sensors[place] = settings.sensors[place].value(ofCounts: reading.counts)
        }
    }

    /// What the actuators say of themselves.
    private func deviceFault(_ answered: JointSet) -> Fault? {
        if !robot.latched.isEmpty { return .deviceFault }
        var rest = answered
        while let joint = rest.popFirst() {
            // Driven although it was switched off; or limp, or stopped by its own watchdog, although it was switched on:
            // it does not do what it is told any more.
            if samples[joint].isDriven != robot.isArmed { return .deviceFault }
            if robot.isArmed, samples[joint].watchdog == .tripped { return .deviceFault }
        }
        return nil
    }

    /// A run whose last approved tick is over is not asked for another one: the supervisor ends it on this tick.
    private func askPilot(at now: MonotonicInstant) {
        guard case .running(let run) = supervisor.mode, run.ticks < run.horizon, let pilot = flight?.pilot else {
            return
        }
        let moment = Moment(
            tick: flight?.ticks ?? .zero, instant: now, readings: readings, sent: sent, sensors: sensors)
        let intent = pilot.act(moment, into: &asked)
        flight?.ticks = moment.tick.next
        if intent == .finish { perform(supervisor.handle(.finish)) }
    }

    /// Remembers why a flight ends, and what the joints have been told.
    private func note(_ verdict: borrowing Verdict, from mode: Mode) {
        switch verdict.ruling {
        case .stop(_, let finding?), .idle(let finding?): blame(finding.fault, in: mode)
        case .stop, .idle, .pass, .clamp: break
        }
        // What the ladder itself found: a horizon that is over, a joint that does not come to rest.
        if let fault = supervisor.mode.stop?.cause { blameLadder(fault, from: mode) }
        if supervisor.mode.isPowered { sent = verdict.commands }
        perform(verdict.action)
    }

    private func blameLadder(_ fault: Fault, from mode: Mode) {
        if mode.stop?.cause != fault, cause == nil { blame(fault, in: mode) }
    }

    /// Switches off where nothing may be driven, and hands the goals over where something may.
    private func command(_ verdict: borrowing Verdict, _ answered: JointSet, by deadline: MonotonicInstant) -> Bool {
        guard supervisor.mode.isPowered else {
            if permit == nil, robot.isArmed || isDriven(answered) { switchOff() }
            return false
        }
        var goals = PerJoint<JointGoal>(repeating: .effort(.zero))
        var position: UInt8 = 0
        while let joint = robot.joints.joint(at: position) {
            guard let goal = JointGoal(verdict.commands[joint]) else { return false }
            goals[joint] = goal
            position += 1
        }
        do throws(BusError) {
            try robot.writeGoals(goals, by: deadline)
            return true
        } catch {
            // Handed over too late is not handed over; the clock of the next tick tells. Anything else is the bus.
            if case .port(.timedOut) = error { return false }
            fault(error.fault)
            return false
        }
    }

    /// Off is what was read back as off.
    func isDriven(_ answered: JointSet) -> Bool {
        var rest = answered
        while let joint = rest.popFirst() { if samples[joint].isDriven { return true } }
        return false
    }

    private func record(
        _ verdict: Verdict, _ moments: TickMoments, _ elapsed: Seconds, _ answered: JointSet, _ isSent: Bool
    ) {
        _ = channels.ticks.append(
            TickRecord(
                number: number, serial: flight?.serial, leg: flight?.pilot.leg, moments: moments, elapsed: elapsed,
                answered: answered, samples: samples, sensors: sensors, asked: asked, verdict: verdict,
                mode: supervisor.mode,
                isSent: isSent), waiting: settings.patience)
        number += 1
    }
}

extension BusError {
    /// What it means for the robot that a bus has failed while it is watched.
    var fault: Fault {
        switch self {
        case .port, .silent, .notPrepared, .notArmed, .tooLong: .deviceLost
        case .refused, .notTaken, .latched, .unrepresentable, .wrongGoal, .unsupported: .deviceFault
        case .watchdogFailed: .watchdogUnproven
        case .stillDriven, .notAtRest: .deviceFault
        case .wrongDevices: .identityChanged
        }
    }
}

extension Mode {
    /// The stop under way, if there is one.
    var stop: Stop? {
        switch self {
        case .held(let stop), .latched(let stop): stop
        case .unknown, .identified, .verified, .observing, .permitted, .running: nil
        }
    }
}
