internal import Actuators
internal import Ports
internal import Quantities
internal import Supervision

// From an approval to motion, and back to rest.
extension ControlLoop where Robot: ~Copyable {
    private var patience: Duration { .seconds(5) }

    /// Grants, and switches the actuators on where they stand. The program gets command on a later tick.
    func run(_ approval: Approval, plan: Digest, _ program: Program) {
        let serial = approval.serial
        guard flight == nil else { return channels.tell(.refused(supervisor.mode)) }
        do throws(Refusal) { permit = try supervisor.grant(approval, for: plan) } catch {
            return channels.tell(.notPermitted(serial: serial, error))
        }
        do throws(BusError) { try robot.arm(by: robot.now + patience) } catch {
            permit = nil
            fault(error.fault)
            channels.tell(.failed(error))
            return metronome.restart(at: robot.now)
        }
        flight = Flight(serial: serial, program: program)
        metronome.restart(at: robot.now)
    }

    /// After one healthy tick with the actuators on, the program gets command.
    func takeOff(after verdict: borrowing Verdict) {
        guard let serial = flight?.serial, flight?.hasBegun == false else { return }
        guard case .permitted = supervisor.mode, case .idle(nil) = verdict.ruling, let permit = permit.take() else {
            return abort(serial)
        }
        do throws(Refusal) { try supervisor.begin(permit) } catch {
            channels.tell(.notPermitted(serial: serial, error))
            flight = nil
            return switchOff()
        }
        flight?.hasBegun = true
        startFromHere()
        channels.tell(.began(serial: serial, at: robot.now))
    }

    /// The robot was not well between its permit and its first motion.
    private func abort(_ serial: UInt64) {
        permit = nil
        flight = nil
        channels.tell(.notPermitted(serial: serial, .notHealthy(supervisor.latestFinding?.fault)))
        if robot.isArmed { switchOff() }
    }

    /// What is asked before the program's first word: to stay.
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
    }

    /// The episode is over when the robot has been read back at rest with its outputs off.
    func land() {
        guard let flight, flight.hasBegun else { return }
        var isLatched = false
        switch supervisor.mode {
        case .observing: break
        case .latched(let stop) where stop.isStopped: isLatched = true
        case .unknown, .identified, .verified, .permitted, .running, .held, .latched: return
        }
        let end = EpisodeEnd(serial: flight.serial, ticks: flight.ticks, cause: flight.cause, isLatched: isLatched)
        self.flight = nil
        asked = PerJoint(repeating: .off)
        channels.tell(.ended(end))
    }

    func switchOff() {
        do throws(BusError) { try robot.disarm(by: robot.now + .milliseconds(500)) } catch {
            channels.tell(.stillArmed(error))
            // `disarm` counts as tried; whether it worked is read back on every tick from here on.
            fault(error.fault)
        }
    }

    func fault(_ fault: Fault) {
        if flight?.cause == nil, supervisor.mode.isPowered { flight?.cause = fault }
        perform(supervisor.handle(.fault(fault)))
    }

    func perform(_ action: Action) {
        switch action {
        case .cutPower: channels.tell(.cutPower)
        case .expire: permit = nil
        case .none, .refuse, .descend, .proceed, .settle, .verifyAgain: break
        }
    }
}
