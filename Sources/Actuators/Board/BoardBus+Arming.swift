import BoardLink
public import Ports
import Quantities

extension BoardBus where Port: ~Copyable {
    /// One question. Lists all that is wrong with the board; its first joint stands for it.
    public mutating func identify(by deadline: MonotonicInstant) throws(BusError) -> [DeviceFinding] {
        passports = []
        master.startOver()
        delivered = nil
        readings = InlineArray(repeating: nil)
        let found: Identification
        do throws(Board.MasterFailure) {
            found = try master.identify(by: deadline)
        } catch .silent {
            return [finding(.silent)]
        } catch .garbled {
            return [finding(.garbled)]
        } catch { throw busError(error) }
        // Events from before this question are no news.
        master.hasRestarted = false
        tickPeriod = found.tickPeriod
        let chip = hexadecimal(found.chip.high, found.chip.middle, found.chip.low)
        let build = hexadecimal(found.firmwareBuild.high, found.firmwareBuild.low)
        passports = (0..<joints.rawValue).compactMap(joints.joint).map {
            DevicePassport(joint: $0, firmware: build, serial: chip, stored: [])
        }
        return try judge(found, by: deadline)
    }

    private mutating func judge(
        _ found: Identification, by deadline: MonotonicInstant
    ) throws(BusError) -> [DeviceFinding] {
        var findings: [DeviceFinding] = []
        if found.joints != settings.configuration.joints {
            let expected = UInt32(settings.configuration.joints.rawValue)
            findings.append(finding(.otherModel(expected: expected, found: UInt32(found.joints.rawValue))))
        }
        if let chip = settings.chip, chip != found.chip { findings.append(finding(.otherUnit)) }
        if let refusal = master.layout.refusal(of: found.layout) {
            // From here on nothing of what it says can be understood.
            findings.append(finding(.incompatible(refusal)))
            return findings
        }
        let state = try ask { (master) throws(Board.MasterFailure) in try master.freshState(by: deadline) }
        if state.mode == .latched {
            latched = everyJoint
            findings.append(finding(.alarm(UInt32(state.fault?.rawValue ?? 0))))
        }
        return findings
    }

    private func finding(_ problem: DeviceFinding.Problem) -> DeviceFinding {
        DeviceFinding(joint: .first, id: 0, problem: problem)
    }

    public mutating func prepare(by deadline: MonotonicInstant) throws(BusError) {
        isPrepared = false
        let findings = try identify(by: deadline)
        guard latched.isEmpty else { throw .latched(latched) }
        guard findings.isEmpty else { throw .wrongDevices(everyJoint) }
        try disarm(by: deadline)
        let configure = Message.configure(settings.configuration)
        try ask { (master) throws(Board.MasterFailure) in
            try master.request(configure, by: deadline)
            try master.keepTime(by: deadline)
        }
        master.reported = nil
        isPrepared = true
    }
}

// From a board that is configured to one that is driven, at rest and guarded, every step seen in its states.
extension BoardBus where Port: ~Copyable {
    public mutating func arm(by deadline: MonotonicInstant) throws(BusError) {
        guard latched.isEmpty else { throw .latched(latched) }
        try prepare(by: deadline)
        do throws(BusError) {
            try awaitRest(by: deadline)
            try proveWatchdog(by: deadline)
            try challenge(by: deadline)
            try stay(by: deadline)
        } catch {
            // The first failure is the one to tell; a motor that stays on after it is worse, and told instead.
            try disarm(by: max(deadline, master.now + .milliseconds(500)))
            throw error
        }
        isArmed = true
    }

    /// Whatever falls or swings comes to rest first. The proof leaves the motors off, and what is quicker than its bounds
    /// meanwhile the board takes for a fault of its own.
    private mutating func awaitRest(by deadline: MonotonicInstant) throws(BusError) {
        var restful = 0
        while restful < Self.restfulReports {
            let state = try ask { (master) throws(Board.MasterFailure) in try master.freshState(by: deadline) }
            guard state.mode != .latched else {
                latched = everyJoint
                throw .latched(latched)
            }
            let restless = restless(in: state)
            restful = restless.isEmpty ? restful + 1 : 0
            guard restless.isEmpty || master.now < deadline else { throw .notAtRest(restless) }
        }
    }

    /// More than a pendulum at the end of its swing keeps still for.
    private static var restfulReports: Int { 10 }
    /// Above the noise of any sensor, and far below what a fall comes to in that time.
    private static var restSpeed: RadiansPerSecond { RadiansPerSecond(0.2) }

    private func restless(in state: State) -> JointSet {
        var restless = JointSet()
        var position: UInt8 = 0
        while let place = settings.configuration.joints.joint(at: position) {
            position += 1
            let isQuiet = state[place].speed.map { $0.magnitude < Self.restSpeed } ?? false
            if !isQuiet { restless.insert(settings.configuration[place].joint) }
        }
        return restless
    }

    /// An answer that is lost leaves open whether the board is armed: it is switched off, and asked again.
    private mutating func challenge(by deadline: MonotonicInstant) throws(BusError) {
        let envelope = settings.configuration.envelope
        var attempt = 1
        while true {
            master.disarmInTheEnd()
            do throws(BusError) {
                return try ask { (master) throws(Board.MasterFailure) in
                    try master.arm(under: envelope, by: deadline)
                }
            } catch {
                guard case .silent = error, attempt < Board.Master<Port>.attempts, master.now < deadline else {
                    throw error
                }
            }
            attempt += 1
            master.exchange.counters.retries &+= 1
            try disarm(by: deadline)
        }
    }

    /// Arms the board without a goal, falls silent for as long as it allows, and looks whether it has stopped by itself.
    private mutating func proveWatchdog(by deadline: MonotonicInstant) throws(BusError) {
        try challenge(by: deadline)
        let silence = settings.configuration.silence
        let period = Duration.seconds(Double(silence.rawValue) * Double(tickPeriod.value))
        let end = min(deadline, master.now + period + .milliseconds(20))
        let state = try ask { (master) throws(Board.MasterFailure) in
            while true { if case .silence = try master.hear(by: end) { break } }
            return try master.freshState(by: deadline)
        }
        guard state.mode != .armed else { throw .watchdogFailed(everyJoint) }
        master.reported = nil
        try acknowledge(by: deadline)
    }

    /// Takes away the complaint that the proof has caused.
    private mutating func acknowledge(by deadline: MonotonicInstant) throws(BusError) {
        try disarm(by: deadline)
        try ask { (master) throws(Board.MasterFailure) in
            while true {
                let state = try master.freshState(by: deadline)
                guard state.mode == .latched, let fault = state.fault else { return }
                do throws(Board.MasterFailure) {
                    try master.request(.clear(Clear(fault: fault)), by: deadline)
                    master.reported = nil
                    return
                } catch .refused(.clear, .stillPresent) where master.now < deadline {
                    // It has not been read back as resting yet.
                } catch { throw error }
            }
        }
    }

    /// The first command: every joint stays where it is. The board says when it follows it.
    private mutating func stay(by deadline: MonotonicInstant) throws(BusError) {
        let settled = min(deadline, master.now + .milliseconds(200))
        var restless = everyJoint
        while !restless.isEmpty, master.now < settled {
            let state = try ask { (master) throws(Board.MasterFailure) in try master.freshState(by: deadline) }
            var command = Command(lifetime: settings.configuration.silence, joints: settings.configuration.joints)
            var position: UInt8 = 0
            while let place = settings.configuration.joints.joint(at: position) {
                position += 1
                guard let here = state[place].position else { throw .notAtRest(everyJoint) }
                command.set(place, to: .position(here))
            }
            try give(command, by: deadline)
            let sequence = orders[(nextOrder + orders.count - 1) % orders.count]?.sequence
            let after = try ask { (master) throws(Board.MasterFailure) in
                _ = try master.freshState(by: deadline)
                return try master.freshState(by: deadline)
            }
            if after.mode == .armed, after.commandSequence == sequence { restless = JointSet() }
        }
        guard restless.isEmpty else { throw .notAtRest(restless) }
    }
}

extension BoardBus where Port: ~Copyable {
    public mutating func disarm(by deadline: MonotonicInstant) throws(BusError) {
        isArmed = false
        // Switching off is worth more patience than anything else: on a bad wire it is tried again and again.
        for round in 0..<Self.roundsOfDisarming where round == 0 || master.now < deadline {
            do throws(Board.MasterFailure) {
                try master.request(.disarm, by: deadline)
                guard try master.freshState(by: deadline).isDriven else {
                    return master.exchange.setLastWords(.nothing)
                }
            } catch .port(.hungUp(let transferred)) {
                throw .port(.hungUp(transferred: transferred))
            } catch {}
        }
        throw .stillDriven(everyJoint)
    }

    private static var roundsOfDisarming: Int { 8 }

    /// A board keeps its latch until the fault is named that caused it, and is gone.
    public mutating func clear(by deadline: MonotonicInstant) throws(BusError) {
        isPrepared = false
        let findings = try identify(by: deadline)
        guard findings.allSatisfy(\.isAlarm) else { throw .wrongDevices(everyJoint) }
        try disarm(by: deadline)
        do throws(Board.MasterFailure) {
            let state = try master.freshState(by: deadline)
            if state.mode == .latched, let fault = state.fault {
                try master.request(.clear(Clear(fault: fault)), by: deadline)
            }
        } catch .refused(.clear, .stillPresent) {
            latched = everyJoint
            throw .latched(latched)
        } catch { throw busError(error) }
        master.reported = nil
        latched = JointSet()
    }
}

extension DeviceFinding {
    fileprivate var isAlarm: Bool { if case .alarm = problem { true } else { false } }
}
