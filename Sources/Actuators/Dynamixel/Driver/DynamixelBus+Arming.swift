public import Ports
import Quantities

// From "somebody's servos" to "driven, at rest, and guarded", step by step, every step read back.
extension DynamixelBus where Port: ~Copyable {
    public mutating func arm(by deadline: MonotonicInstant) throws(BusError) {
        guard latched.isEmpty else { throw .latched(latched) }
        try prepare(by: deadline)
        do throws(BusError) {
            try goalIsPresent(by: deadline)
            try switchOffInTheEnd()
            try set(.torqueEnable, to: 1, by: deadline)
            try proveWatchdog(by: deadline)
            try goalIsPresent(by: deadline)
            try set(.busWatchdog, to: settings.watchdog.rawValue, by: deadline)
            try readBack(by: deadline)
        } catch {
            // The first failure is the one to tell; a motor that stays on after it is worse, and told instead.
            try disarm(by: max(deadline, master.now + .milliseconds(500)))
            throw error
        }
        isArmed = true
    }

    private mutating func refuseWrongDevices(by deadline: MonotonicInstant) throws(BusError) {
        let wrong = JointSet(blocking: try identify(by: deadline))
        guard latched.isEmpty else { throw .latched(latched) }
        guard wrong.isEmpty else { throw .wrongDevices(wrong) }
    }

    public mutating func prepare(by deadline: MonotonicInstant) throws(BusError) {
        try refuseWrongDevices(by: deadline)
        // Mode and window can only be changed while the motors are off.
        try disarm(by: deadline)
        let plan = try makePlan()
        try set(.busWatchdog, to: 0, by: deadline)
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            let servo = servo(joint)
            try set(.operatingMode, of: joint, to: Int64(servo.mode.rawValue), by: deadline)
            // A profile left over from somebody else would move the joint otherwise than the goals say.
            try set(.profileVelocity, of: joint, to: 0, by: deadline)
            try set(.profileAcceleration, of: joint, to: 0, by: deadline)
            if let limit = servo.currentLimit.flatMap({ servo.model.raw($0) }) {
                try set(.goalCurrent, of: joint, to: Int64(limit), by: deadline)
            }
            try lay(plan.width, of: joint, by: deadline)
        }
        self.plan = plan
        master.returnDelay = try longestReturnDelay(by: deadline)
    }

    private func makePlan() throws(BusError) -> Dynamixel.CyclePlan {
        var plan = Dynamixel.CyclePlan()
        plan.isFast = true
        var blocks: [Dynamixel.IndirectBlock] = []
        for (servo, version) in zip(setup, firmware) {
            guard let version else { throw .wrongDevices(JointSet(all: joints)) }
            blocks.append(servo.model.indirectBlock(with: version))
            if !servo.model.answersFastReads(with: version) { plan.isFast = false }
        }
        let hasClock = blocks.allSatisfy { $0.entries >= Dynamixel.Sample.widthWithClock }
        plan.width = hasClock ? Dynamixel.Sample.widthWithClock : Dynamixel.Sample.width
        plan.windows = blocks.map { Dynamixel.Region(address: $0.data, count: plan.width) }
        plan.isCommonWindow = plan.windows.allSatisfy { $0 == plan.windows.first }
        let goals = setup.map(\.goalRegister)
        plan.commonGoal = goals.allSatisfy { $0 == goals.first } ? goals.first : nil
        return plan
    }

    /// Makes the servo's indirect registers show the window.
    private mutating func lay(
        _ width: UInt16, of joint: JointIndex, by deadline: MonotonicInstant
    ) throws(BusError) {
        let servo = servo(joint)
        guard let version = firmware[Int(joint.rawValue)] else { throw .wrongDevices(JointSet(joint)) }
        let block = servo.model.indirectBlock(with: version)
        for place in 0..<width {
            guard let shown = Dynamixel.Sample.shownAddress(at: place, goal: servo.goalRegister) else { continue }
            let entry = Dynamixel.Register(block.addresses + 2 * place, 2, .readWrite)
            try ask { (master) throws(Dynamixel.ServoFailure) in
                try master.set(Int64(shown), in: entry, of: servo.id, by: deadline)
            }
        }
    }

    private mutating func longestReturnDelay(by deadline: MonotonicInstant) throws(BusError) -> Duration {
        var longest: Int64 = 0
        for servo in setup {
            guard let register = servo.model.register(.returnDelay) else { continue }
            let found = try ask { (master) throws(Dynamixel.ServoFailure) in
                try master.read(register, of: servo.id, by: deadline)
            }
            longest = max(longest, found)
        }
        // 2 µs a step; twenty more for the servo's own program.
        return .microseconds(2 * longest + 20)
    }

    /// Where a servo stands becomes where it shall stand, so that switching on moves nothing.
    private mutating func goalIsPresent(by deadline: MonotonicInstant) throws(BusError) {
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            let servo = servo(joint)
            guard let present = servo.model.register(.presentPosition) else { continue }
            switch servo.mode {
            case .position, .extendedPosition, .currentBasedPosition:
                let position = try ask { (master) throws(Dynamixel.ServoFailure) in
                    try master.read(present, of: servo.id, by: deadline)
                }
                try set(.goalPosition, of: joint, to: position, by: deadline)
            case .current: try set(.goalCurrent, of: joint, to: 0, by: deadline)
            case .velocity: try set(.goalVelocity, of: joint, to: 0, by: deadline)
            case .pwm: try set(.goalPWM, of: joint, to: 0, by: deadline)
            }
        }
    }

    /// Falls silent for longer than the shortest watchdog allows, and looks whether every servo noticed.
    ///
    /// The motors are on for it, since the watchdog watches only then; their goal is to stay where they are.
    private mutating func proveWatchdog(by deadline: MonotonicInstant) throws(BusError) {
        var watching = JointSet(all: joints)
        while let joint = watching.popFirst() {
            // A machine that is away for a step in between finds what is to be proven: it has run out.
            do throws(BusError) { try set(.busWatchdog, of: joint, to: 1, by: deadline) } catch .notTaken(_, _, _, 0xFF)
            {}
        }
        let silence = master.now + .milliseconds(70)
        try ask { (master) throws(Dynamixel.ServoFailure) in
            while try master.hear(by: silence) != .silence { continue }
        }
        var asleep = JointSet()
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            let found = try read(.busWatchdog, of: joint, by: deadline)
            let state = UInt8(exactly: found).flatMap(Dynamixel.BusWatchdog.init(rawValue:))
            if state != .tripped { asleep.insert(joint) }
        }
        guard asleep.isEmpty else { throw .watchdogFailed(asleep) }
        try set(.busWatchdog, to: 0, by: deadline)
    }

    /// What the ticks will read, read once before the first of them.
    private mutating func readBack(by deadline: MonotonicInstant) throws(BusError) {
        var samples = PerJoint(repeating: JointSample.unknown)
        let fresh = try readStates(into: &samples, by: deadline)
        guard fresh == JointSet(all: joints) else { throw .silent(JointSet(all: joints).subtracting(fresh)) }
        guard latched.isEmpty else { throw .latched(latched) }
        var unguarded = JointSet()
        var restless = JointSet()
        var rest = fresh
        while let joint = rest.popFirst() {
            if samples[joint].watchdog != .armed { unguarded.insert(joint) }
            if !samples[joint].isDriven { restless.insert(joint) }
        }
        guard unguarded.isEmpty else { throw .watchdogFailed(unguarded) }
        guard restless.isEmpty else { throw .notAtRest(restless) }
    }
}

// From whatever it is to "off", and from a complaint to a servo that starts again.
extension DynamixelBus where Port: ~Copyable {
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

    private mutating func switchOffInTheEnd() throws(BusError) {
        guard let register = setup.first?.model.register(.torqueEnable) else { return }
        try ask { (master) throws(Dynamixel.ServoFailure) in try master.switchOffInTheEnd(by: register) }
    }

    private static var roundsOfDisarming: Int { 8 }

    /// First all at once, without an answer; then each by itself, with one. Says which did not confirm it.
    private mutating func switchOff(_ joints: JointSet, by deadline: MonotonicInstant) throws(BusError) -> JointSet {
        if let register = joints.first.flatMap({ servo($0).model.register(.torqueEnable) }) {
            try ask { (master) throws(Dynamixel.ServoFailure) in
                try master.tellEveryone(0, in: register, by: deadline)
            }
        }
        var driven = JointSet()
        var rest = joints
        while let joint = rest.popFirst() {
            do throws(BusError) {
                try set(.torqueEnable, of: joint, to: 0, by: deadline)
            } catch {
                if case .port(.hungUp) = error { throw error }
                driven.insert(joint)
            }
        }
        return driven
    }

    public mutating func clear(by deadline: MonotonicInstant) throws(BusError) {
        plan = Dynamixel.CyclePlan()
        // A servo that has shut itself down may refuse to be told so; the reboot switches it off as well.
        do throws(BusError) { try disarm(by: deadline) } catch .stillDriven {} catch { throw error }
        for servo in setup {
            try ask { (master) throws(Dynamixel.ServoFailure) in try master.reboot(servo.id, by: deadline) }
        }
        let booted = min(deadline, master.now + settings.bootTime)
        try ask { (master) throws(Dynamixel.ServoFailure) in
            while try master.hear(by: booted) != .silence { continue }
        }
        try expectOff(by: deadline)
    }

    private mutating func expectOff(by deadline: MonotonicInstant) throws(BusError) {
        var complaining = JointSet()
        var driven = JointSet()
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            if try read(.torqueEnable, of: joint, by: deadline) != 0 { driven.insert(joint) }
            if try read(.hardwareErrorStatus, of: joint, by: deadline) != 0 { complaining.insert(joint) }
        }
        latched = complaining
        guard driven.isEmpty else { throw .stillDriven(driven) }
        guard complaining.isEmpty else { throw .latched(complaining) }
    }
}
