public import Ports
import Quantities

// From "somebody's controllers" to "driven, at rest, and guarded", step by step, every step read back.
extension MoteusBus where Port: ~Copyable {
    public mutating func prepare(by deadline: MonotonicInstant) throws(BusError) {
        isPrepared = false
        let wrong = JointSet(blocking: try identify(by: deadline))
        guard latched.isEmpty else { throw .latched(latched) }
        guard wrong.isEmpty else { throw .wrongDevices(wrong) }
        try disarm(by: deadline)
        uptimes = PerJoint(repeating: Moteus.Uptime())
        isPrepared = true
    }

    public mutating func arm(by deadline: MonotonicInstant) throws(BusError) {
        guard latched.isEmpty else { throw .latched(latched) }
        try prepare(by: deadline)
        do throws(BusError) {
            try proveWatchdog(by: deadline)
            try hold(watchdog: settings.watchdog, by: deadline)
            try readBack(by: deadline)
        } catch {
            // The first failure is the one to tell; a motor that stays on after it is worse, and told instead.
            try disarm(by: max(deadline, master.now + .milliseconds(500)))
            throw error
        }
        isArmed = true
    }

    /// A position that is not said is the present one: switching on moves nothing.
    private mutating func hold(watchdog: Seconds, by deadline: MonotonicInstant) throws(BusError) {
        let setup = setup
        try ask { (master) throws(Moteus.MasterFailure) in try master.stopAllInTheEnd(setup, by: deadline) }
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            do throws(EncodingError) {
                guard let frame = try controller(joint).hold(watchdog: watchdog) else { continue }
                outgoing[joint] = frame
            } catch { throw .tooLong }
        }
        try tell(by: deadline)
    }

    /// Long enough that all are seen driven before, short enough to wait for.
    private static var proof: Seconds { Seconds(0.03) }

    /// Falls silent for longer than a short watchdog allows, and looks whether every controller noticed.
    ///
    /// Reading does not feed it. Only a stop takes a controller out of that mode again.
    private mutating func proveWatchdog(by deadline: MonotonicInstant) throws(BusError) {
        try hold(watchdog: Self.proof, by: deadline)
        let silence = master.now + .milliseconds(60)
        try ask { (master) throws(Moteus.MasterFailure) in
            while try master.hear(by: silence) != .silence { continue }
        }
        let samples = try look(by: deadline)
        var asleep = JointSet()
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            if samples[joint].watchdog != .tripped { asleep.insert(joint) }
        }
        guard asleep.isEmpty else { throw .watchdogFailed(asleep) }
        try disarm(by: deadline)
    }

    private mutating func look(by deadline: MonotonicInstant) throws(BusError) -> PerJoint<JointSample> {
        var samples = PerJoint(repeating: JointSample.unknown)
        let fresh = try readStates(into: &samples, by: deadline)
        guard fresh == JointSet(all: joints) else { throw .silent(JointSet(all: joints).subtracting(fresh)) }
        guard latched.isEmpty else { throw .latched(latched) }
        return samples
    }

    /// What the ticks will read, read once before the first of them.
    private mutating func readBack(by deadline: MonotonicInstant) throws(BusError) {
        let samples = try look(by: deadline)
        var unguarded = JointSet()
        var restless = JointSet()
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            if samples[joint].watchdog != .armed { unguarded.insert(joint) }
            if samples[joint].acknowledged != .speed(controller(joint).mounting.joint(RadiansPerSecond.zero)) {
                restless.insert(joint)
            }
        }
        guard unguarded.isEmpty else { throw .watchdogFailed(unguarded) }
        guard restless.isEmpty else { throw .notAtRest(restless) }
    }
}

// From whatever it is to "off", and from a fault to a controller that starts again.
extension MoteusBus where Port: ~Copyable {
    public mutating func disarm(by deadline: MonotonicInstant) throws(BusError) {
        isArmed = false
        var driven = JointSet(all: joints)
        // Switching off is worth more patience than anything else: on a bad wire it is tried again and again.
        for round in 0..<Self.roundsOfDisarming where !driven.isEmpty && (round == 0 || master.now < deadline) {
            driven = try switchOff(driven, by: deadline)
        }
        guard driven.isEmpty else { throw .stillDriven(driven) }
        master.exchange.setLastWords(.nothing)
    }

    private static var roundsOfDisarming: Int { 8 }

    /// First all at once, without an answer; then each by itself, with one. Says which did not confirm it.
    private mutating func switchOff(_ joints: JointSet, by deadline: MonotonicInstant) throws(BusError) -> JointSet {
        let setup = setup
        try ask { (master) throws(Moteus.MasterFailure) in try master.stopAll(setup, by: deadline) }
        var driven = JointSet()
        var rest = joints
        while let joint = rest.popFirst() {
            do throws(Moteus.MasterFailure) {
                let id = controller(joint).id
                try master.stop(id, by: deadline)
                if try master.mode(of: id, by: deadline) != .stopped { driven.insert(joint) }
            } catch {
                if case .port(.hungUp) = error { throw busError(error) }
                driven.insert(joint)
            }
        }
        return driven
    }

    /// A stop acknowledges a fault; one whose cause is still there comes back or stays.
    public mutating func clear(by deadline: MonotonicInstant) throws(BusError) {
        isPrepared = false
        try disarm(by: deadline)
        var findings: [DeviceFinding] = []
        latched = JointSet()
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            do throws(Moteus.MasterFailure) {
                try lookForFault(joint, &findings, by: deadline)
            } catch { throw busError(error) }
        }
        guard latched.isEmpty else { throw .latched(latched) }
    }
}
