import Actuators
import Ports
import Quantities

/// A bus without a wire: its clock is a number, its joint stands still, and nothing in it asks for memory.
struct QuietBus: Bus {
    let joints: JointCount
    let counters = BusCounters()
    let portCounters = PortCounters()
    let timing = BusTiming()
    let watchdog = WatchdogKind.actuators(Seconds(0.1))
    private(set) var isArmed = false
    let latched = JointSet()
    private(set) var now = MonotonicInstant(nanoseconds: 1_000_000_000)
    /// What each reading takes.
    var delay = Duration.microseconds(300)

    mutating func sleep(until instant: MonotonicInstant) throws(BusError) { now = max(now, instant) }

    /// Whether it takes all the time that it is given, and then nobody has answered.
    var isSilent = false

    private mutating func answer(by deadline: MonotonicInstant) throws(BusError) {
        guard isSilent else { return }
        now = max(now, deadline)
        throw .silent(JointSet(all: joints))
    }

    mutating func identify(by deadline: MonotonicInstant) throws(BusError) -> [DeviceFinding] {
        try answer(by: deadline)
        return []
    }
    mutating func prepare(by deadline: MonotonicInstant) throws(BusError) { try answer(by: deadline) }

    mutating func readStates(
        into samples: inout PerJoint<JointSample>, by deadline: MonotonicInstant
    ) throws(BusError) -> JointSet {
        now = now + delay
        if isSilent { return JointSet() }
        samples[.first] = JointSample(
            position: .zero, speed: .zero, pull: .current(.zero), effort: .zero, voltage: Volts(5),
            temperature: Celsius(25), isDriven: isArmed, watchdog: isArmed ? .armed : .off, instant: now)
        return JointSet(all: joints)
    }

    mutating func writeGoals(
        _ goals: borrowing PerJoint<JointGoal>, by deadline: MonotonicInstant
    ) throws(BusError) {}

    mutating func arm(by deadline: MonotonicInstant) throws(BusError) {
        try answer(by: deadline)
        isArmed = true
    }

    mutating func disarm(by deadline: MonotonicInstant) throws(BusError) {
        try answer(by: deadline)
        isArmed = false
    }

    mutating func clear(by deadline: MonotonicInstant) throws(BusError) { try answer(by: deadline) }
}
