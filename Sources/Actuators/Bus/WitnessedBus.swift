public import Ports
public import Quantities

/// What a bus is told to do that makes it talk.
public enum BusVerb: UInt8, CaseIterable, Sendable { case identify, prepare, read, write, arm, disarm, clear }

/// Whoever hears what a bus is told, on the thread that has it. Must not wait.
public protocol BusWitness: Sendable {
    /// The goals of the `write` that has just begun.
    func heard(_ goals: borrowing PerJoint<JointGoal>, of joints: JointCount)

    /// - Parameter rotation: where the bus was in the numbers that go round, before it was told.
    func begins(_ verb: BusVerb, by deadline: MonotonicInstant, at now: MonotonicInstant, rotation: UInt32)

    func ends()
}

/// A bus with a witness of all that it is told; it does what it would do without one.
public struct WitnessedBus<Robot: Bus & ~Copyable, Witness: BusWitness>: Bus, ~Copyable {
    private var robot: Robot
    private let witness: Witness

    public init(_ robot: consuming Robot, _ witness: Witness) {
        self.robot = robot
        self.witness = witness
    }

    public var joints: JointCount { robot.joints }
    public var counters: BusCounters { robot.counters }
    public var portCounters: PortCounters { robot.portCounters }
    public var timing: BusTiming { robot.timing }
    public var now: MonotonicInstant { robot.now }
    public var watchdog: WatchdogKind { robot.watchdog }
    public var isArmed: Bool { robot.isArmed }
    public var latched: JointSet { robot.latched }
    public var passports: [DevicePassport] { robot.passports }
    public var rotation: UInt32 { robot.rotation }

    public mutating func resume(at rotation: UInt32) { robot.resume(at: rotation) }

    public func reading(ofInput channel: UInt8) -> InputReading? { robot.reading(ofInput: channel) }

    public mutating func sleep(until instant: MonotonicInstant) throws(BusError) { try robot.sleep(until: instant) }

    private func begins(_ verb: BusVerb, by deadline: MonotonicInstant) {
        witness.begins(verb, by: deadline, at: robot.now, rotation: robot.rotation)
    }

    public mutating func identify(by deadline: MonotonicInstant) throws(BusError) -> [DeviceFinding] {
        begins(.identify, by: deadline)
        defer { witness.ends() }
        return try robot.identify(by: deadline)
    }

    public mutating func prepare(by deadline: MonotonicInstant) throws(BusError) {
        begins(.prepare, by: deadline)
        defer { witness.ends() }
        try robot.prepare(by: deadline)
    }

    public mutating func readStates(
        into samples: inout PerJoint<JointSample>, by deadline: MonotonicInstant
    ) throws(BusError) -> JointSet {
        begins(.read, by: deadline)
        defer { witness.ends() }
        return try robot.readStates(into: &samples, by: deadline)
    }

    public mutating func writeGoals(
        _ goals: borrowing PerJoint<JointGoal>, by deadline: MonotonicInstant
    ) throws(BusError) {
        begins(.write, by: deadline)
        witness.heard(goals, of: robot.joints)
        defer { witness.ends() }
        try robot.writeGoals(goals, by: deadline)
    }

    public mutating func arm(by deadline: MonotonicInstant) throws(BusError) {
        begins(.arm, by: deadline)
        defer { witness.ends() }
        try robot.arm(by: deadline)
    }

    public mutating func disarm(by deadline: MonotonicInstant) throws(BusError) {
        begins(.disarm, by: deadline)
        defer { witness.ends() }
        try robot.disarm(by: deadline)
    }

    public mutating func clear(by deadline: MonotonicInstant) throws(BusError) {
        begins(.clear, by: deadline)
        defer { witness.ends() }
        try robot.clear(by: deadline)
    }
}
