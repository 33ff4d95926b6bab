public import Ports
import Quantities

// From "somebody's servos" to "driven and at rest", step by step, every step read back.
extension FeetechBus where Port: ~Copyable {
    public mutating func prepare(by deadline: MonotonicInstant) throws(BusError) {
        isPrepared = false
        let wrong = JointSet(blocking: try identify(by: deadline))
        guard latched.isEmpty else { throw .latched(latched) }
        guard wrong.isEmpty else { throw .wrongDevices(wrong) }
        try disarm(by: deadline)
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            let servo = servo(joint)
            try set(.torqueLimit, of: joint, to: servo.rawTorqueLimit, by: deadline)
            // 0 is the highest. A slower one, left over from somebody else, would move otherwise than the goals say.
            try set(.acceleration, of: joint, to: 0, by: deadline)
        }
        master.returnDelay = try longestReturnDelay(by: deadline)
        trackers = PerJoint(repeating: Feetech.Tracker())
        habits = PerJoint(repeating: Feetech.Habit())
        isPrepared = true
    }

    private mutating func longestReturnDelay(by deadline: MonotonicInstant) throws(BusError) -> Duration {
        var longest: Int32 = 0
        for servo in setup {
            let found = try ask { (master) throws(Feetech.MasterFailure) in
                try master.read(.returnDelay, of: servo.id, by: deadline)
            }
            longest = max(longest, found)
        }
        // 2 µs a step; twenty more for the servo's own program.
        return .microseconds(2 * Int64(longest) + 20)
    }

    public mutating func arm(by deadline: MonotonicInstant) throws(BusError) {
        guard latched.isEmpty else { throw .latched(latched) }
        try prepare(by: deadline)
        do throws(BusError) {
            // Twice: the first look has nothing to compare itself with.
            for _ in 0..<2 { try lookAtAll(by: deadline) }
            // Before the goals: some servos switch themselves on with them.
            try ask { (master) throws(Feetech.MasterFailure) in try master.switchOffInTheEnd() }
            try goalIsPresent(by: deadline)
            try switchOn(by: deadline)
            try readBack(by: deadline)
        } catch {
            // The first failure is the one to tell; a motor that stays on after it is worse, and told instead.
            try disarm(by: max(deadline, master.now + .milliseconds(500)))
            throw error
        }
        isArmed = true
    }

    private mutating func lookAtAll(by deadline: MonotonicInstant) throws(BusError) {
        var samples = PerJoint(repeating: JointSample.unknown)
        let fresh = try readStates(into: &samples, by: deadline)
        guard fresh == JointSet(all: joints) else { throw .silent(JointSet(all: joints).subtracting(fresh)) }
        guard latched.isEmpty else { throw .latched(latched) }
    }

    /// Where a servo stands becomes where it shall stand, so that switching on moves nothing.
    ///
    /// A goal of position switches some of them on by itself; their torque limit is in force by then.
    private mutating func goalIsPresent(by deadline: MonotonicInstant) throws(BusError) {
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            switch servo(joint).mode {
            case .position: try set(.goalPosition, of: joint, to: standing(joint), by: deadline)
            case .velocity: try set(.goalVelocity, of: joint, to: 0, by: deadline)
            case .pwm: try set(.goalPWM, of: joint, to: 0, by: deadline)
            }
        }
    }

    /// What the last look said; it was believed.
    private func standing(_ joint: JointIndex) -> Int32 { staged[joint]?.steps ?? 0 }

    private mutating func switchOn(by deadline: MonotonicInstant) throws(BusError) {
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() { try set(.torqueEnable, of: joint, to: 1, by: deadline) }
    }

    /// What the ticks will read, read once before the first of them.
    private mutating func readBack(by deadline: MonotonicInstant) throws(BusError) {
        var stood = PerJoint<Int32>(repeating: 0)
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() { stood[joint] = standing(joint) }
        try lookAtAll(by: deadline)
        var restless = JointSet()
        rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            guard let window = staged[joint] else { continue }
            let isAtRest =
                switch servo(joint).mode {
                case .position: window.goalPosition == stood[joint]
                case .velocity: window.goalVelocity == 0
                case .pwm: window.goalDuty == 0
                }
            let isLimited = window.torqueLimit == servo(joint).rawTorqueLimit
            if !isAtRest || !isLimited || window.torqueEnable != 1 { restless.insert(joint) }
        }
        guard restless.isEmpty else { throw .notAtRest(restless) }
    }
}

// From whatever it is to "off", and from a complaint to a servo that starts again.
extension FeetechBus where Port: ~Copyable {
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
        try ask { (master) throws(Feetech.MasterFailure) in
            try master.tellEveryone(0, in: .torqueEnable, by: deadline)
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

    /// These servos take no reboot. An overload ends when the torque is switched on again: without any strength, at the
    /// goal of staying, and off at once.
    public mutating func clear(by deadline: MonotonicInstant) throws(BusError) {
        isPrepared = false
        try disarm(by: deadline)
        var complaining = JointSet()
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            if try complaint(of: joint, by: deadline) { try restart(joint, by: deadline) }
            if try complaint(of: joint, by: deadline) { complaining.insert(joint) }
        }
        latched = complaining
        guard complaining.isEmpty else { throw .latched(complaining) }
    }

    private mutating func complaint(of joint: JointIndex, by deadline: MonotonicInstant) throws(BusError) -> Bool {
        let id = servo(joint).id
        return try ask { (master) throws(Feetech.MasterFailure) in
            try master.read(.faults, of: id, by: deadline)
        } != 0
    }

    private mutating func restart(_ joint: JointIndex, by deadline: MonotonicInstant) throws(BusError) {
        let servo = servo(joint)
        try set(.torqueLimit, of: joint, to: 0, by: deadline)
        let present = try ask { (master) throws(Feetech.MasterFailure) in
            try master.read(.presentPosition, of: servo.id, by: deadline)
        }
        do throws(BusError) {
            if servo.mode == .position { try set(.goalPosition, of: joint, to: present, by: deadline) }
            try set(.torqueEnable, of: joint, to: 1, by: deadline)
            // Once round its own program, which looks at its complaints then.
            try rest(for: .milliseconds(20), by: deadline)
        } catch {
            try disarm(by: max(deadline, master.now + .milliseconds(500)))
            throw error
        }
        try set(.torqueEnable, of: joint, to: 0, by: deadline)
    }

    private mutating func rest(for span: Duration, by deadline: MonotonicInstant) throws(BusError) {
        let end = min(deadline, master.now + span)
        try ask { (master) throws(Feetech.MasterFailure) in
            while try master.hear(by: end) != .silence { continue }
        }
    }
}
