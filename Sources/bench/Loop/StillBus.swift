import Actuators
import Ports
import Quantities

/// Six joints that stand still behind no wire: what is left of a tick is the loop itself. Its clock is the machine's, or
/// a number that waits for nobody.
struct StillBus: Bus {
    private let isPaced: Bool
    private var instant = MonotonicInstant.now()
    let counters = BusCounters()
    let portCounters = PortCounters()
    let timing = BusTiming()
    let watchdog = WatchdogKind.actuators(Seconds(0.1))
    let latched = JointSet()
    private(set) var isArmed = false
    let joints: JointCount

    init(isPaced: Bool) {
        guard let joints = JointCount(6) else { preconditionFailure("six joints are too many") }
        self.isPaced = isPaced
        self.joints = joints
    }

    var now: MonotonicInstant { isPaced ? .now() : instant }

    mutating func sleep(until moment: MonotonicInstant) throws(BusError) {
        if isPaced { MonotonicInstant.sleep(until: moment) } else { instant = max(instant, moment) }
    }

    mutating func identify(by deadline: MonotonicInstant) throws(BusError) -> [DeviceFinding] { [] }
    mutating func prepare(by deadline: MonotonicInstant) throws(BusError) {}

    mutating func readStates(
        into samples: inout PerJoint<JointSample>, by deadline: MonotonicInstant
    ) throws(BusError) -> JointSet {
        let sample = JointSample(
            position: .zero, speed: .zero, pull: .current(.zero), effort: .zero, voltage: Volts(12),
            temperature: Celsius(25), isDriven: isArmed, watchdog: isArmed ? .armed : .off, instant: now)
        var position: UInt8 = 0
        while let joint = joints.joint(at: position) {
            samples[joint] = sample
            position += 1
        }
        return JointSet(all: joints)
    }

    mutating func writeGoals(_ goals: borrowing PerJoint<JointGoal>, by deadline: MonotonicInstant) throws(BusError) {}
    mutating func arm(by deadline: MonotonicInstant) throws(BusError) { isArmed = true }
    mutating func disarm(by deadline: MonotonicInstant) throws(BusError) { isArmed = false }
    mutating func clear(by deadline: MonotonicInstant) throws(BusError) {}
}
