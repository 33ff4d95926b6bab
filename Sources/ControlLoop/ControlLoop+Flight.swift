internal import Actuators
internal import Ports
internal import Quantities
internal import Supervision

// From an approval to motion, and back to rest.
extension ControlLoop where Robot: ~Copyable {
    private var patience: Duration { .seconds(5) }

    /// Grants, and switches the actuators on where they stand. The pilot gets command on a later tick.
    func run(_ approval: Approval, plan: Digest, _ program: Program, stops: UInt64) {
        let serial = approval.serial
        guard flight == nil else { return channels.tell(.refused(supervisor.mode)) }
        // One that came while this was on its way: whoever pressed it must not see the robot begin.
        guard channels.inputs.stopCount == stops else {
            return channels.tell(.notPermitted(serial: serial, .notHealthy(.operatorStop)))
        }
        do throws(Refusal) { permit = try supervisor.grant(approval, for: plan) } catch {
            return channels.tell(.notPermitted(serial: serial, error))
        }
        // All memory that the flight needs is taken here.
        let pilot = program.makePilot()
        (nextSwitchOff, switchOffPause) = (.past, Self.shortestPause)
        do throws(BusError) { try robot.arm(by: robot.now + patience) } catch {
            permit = nil
            fault(error.fault)
            channels.tell(.failed(error))
            return metronome.restart(at: robot.now)
        }
        flight = Flight(serial: serial, pilot: pilot)
        metronome.restart(at: robot.now)
    }

    /// After one healthy tick with the actuators on, the pilot gets command.
    func takeOff(after verdict: borrowing Verdict) {
        guard let serial = flight?.serial, flight?.hasBegun == false else { return }
        // Also a stop that came on this very tick: once begun, the way down the ladder would move the robot.
        heedInputs(at: robot.now)
        guard case .permitted = supervisor.mode, case .idle(nil) = verdict.ruling, let permit = permit.take() else {
            return abort(serial)
        }
        do throws(Refusal) { try supervisor.begin(permit) } catch {
            channels.tell(.notPermitted(serial: serial, error))
            retire()
            return switchOff()
        }
        flight?.hasBegun = true
        cause = nil
        startFromHere()
        channels.tell(.began(serial: serial, at: robot.now))
    }

    /// The robot was not well between its permit and its first motion.
    func abort(_ serial: UInt64) {
        permit = nil
        retire()
        channels.tell(.notPermitted(serial: serial, .notHealthy(cause ?? supervisor.latestFinding?.fault)))
        if robot.isArmed { switchOff() }
    }

    /// The flight is over. Its pilot is let go of between two ticks: that gives memory back.
    private func retire() {
        retired = flight?.pilot
        flight = nil
    }

    /// What is asked before the pilot's first word: to stay.
    private func startFromHere() {
        var position: UInt8 = 0
        while let joint = robot.joints.joint(at: position) {
            switch supervisor.envelope.joints[joint].drive {
            case .position: asked[joint] = .position(readings[joint].position)
            case .speed: asked[joint] = .speed(.zero)
            case .effort: asked[joint] = .effort(.zero)
            }
            position += 1
        }
        sent = asked
    }

    /// The flight is over when every motor has been read back as off, on this very tick, and the robot at rest. Where
    /// that cannot be read back it is over when the ladder has given up waiting, and the report says so.
    func land() {
        guard let flight, flight.hasBegun else { return }
        let isOff = !robot.isArmed && answered == JointSet(all: robot.joints) && !isDriven(answered)
        var (isLatched, isOver) = (false, isOff)
        switch supervisor.mode {
        case .observing: break
        case .latched(let stop):
            isLatched = true
            let hasWaited = stop.rung == .limp && stop.ticksOnRung >= supervisor.envelope.robot.times.limp
            isOver = isOff && stop.isStopped || hasWaited
        case .unknown, .identified, .verified, .permitted, .running, .held: return
        }
        guard isOver else { return }
        let end = FlightEnd(
            serial: flight.serial, ticks: flight.ticks, leg: flight.pilot.leg, result: flight.pilot.result,
            cause: flight.cause, isLatched: isLatched, isReadBack: isOff)
        retire()
        asked = PerJoint(repeating: .off)
        sent = asked
        channels.tell(.ended(end))
    }

    /// Off is what was read back as off. A bus that does not answer is asked again, and less and less often: each
    /// attempt takes the time of many ticks.
    func switchOff() {
        guard robot.now >= nextSwitchOff else { return }
        do throws(BusError) {
            try robot.disarm(by: robot.now + .milliseconds(500))
            switchOffPause = Self.shortestPause
        } catch {
            channels.tell(.stillArmed(error))
            fault(error.fault)
            nextSwitchOff = robot.now + switchOffPause
            switchOffPause = min(switchOffPause * 2, .seconds(2))
        }
    }

    /// An actuator that has started anew, after a dip of its supply, has forgotten how it is read. While everything is off
    /// whoever stays silent is set up once more, less and less often: only what can be read back can be cleared.
    func reviveSilent() {
        guard case .latched(let stop) = supervisor.mode, stop.rung == .limp, !robot.isArmed,
            answered != JointSet(all: robot.joints)
        else {
            revivalPause = Self.shortestPause
            nextRevival = robot.now + revivalPause * 4
            return
        }
        guard robot.now >= nextRevival else { return }
        do throws(BusError) {
            // Only where everybody answers: a bus that could not be set up is not read any more.
            let findings = try robot.identify(by: robot.now + .milliseconds(500))
            if robot.latched.isEmpty, findings.allSatisfy(\.isAdvice) {
                try robot.prepare(by: robot.now + .milliseconds(500))
            }
        } catch {
            // Nobody there yet, which every tick says; there is nothing to be told beside that.
        }
        revivalPause = min(revivalPause * 2, .seconds(10))
        nextRevival = robot.now + revivalPause
    }

    func fault(_ fault: Fault) {
        blame(fault, in: supervisor.mode)
        perform(supervisor.handle(.fault(fault)))
    }

    /// The first fault is the one that an episode ended by, and that a latch is about: what follows from it, such as
    /// sensors that are silent because the adapter is gone, may outrank it and explains nothing.
    ///
    /// - Parameter mode: the one in which it was found.
    func blame(_ fault: Fault, in mode: Mode) {
        switch mode {
        case .latched: if cause == nil { cause = fault }
        case .running, .held:
            if cause == nil { cause = fault }
            if flight?.cause == nil { flight?.cause = fault }
        case .unknown, .identified, .verified, .observing, .permitted: cause = fault
        }
    }

    func perform(_ action: Action) {
        switch action {
        case .cutPower: channels.tell(.cutPower)
        case .expire: permit = nil
        // The episode goes on: what it was held for has passed.
        case .proceed:
            cause = nil
            flight?.cause = nil
        case .verifyAgain: cause = nil
        case .none, .refuse, .descend, .settle: break
        }
    }
}
