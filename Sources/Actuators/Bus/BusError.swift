public import BoardLink
public import Ports
public import Quantities

/// Why a bus could not do what it was asked. The values are for programs; sentences are made at the door.
public enum BusError: Error, Equatable, Sendable {
    /// The port itself failed.
    case port(PortError)
    /// After every attempt no intact answer had come from these.
    case silent(JointSet)
    /// The actuator received the request and would not do it; the number is its maker's.
    case refused(JointIndex, code: UInt8)
    /// It answered, and its register says something else than what was written.
    case notTaken(JointIndex, register: UInt16, wrote: Int64, found: Int64)
    /// The quantity does not fit into the actuator's numbers, or is none.
    case unrepresentable(JointIndex)
    /// This kind of goal is not what the actuator was armed for.
    case wrongGoal(JointIndex)
    /// An actuator of this kind cannot do that at all.
    case unsupported(JointIndex)
    /// States are read from a bus that was prepared: `prepare` or `arm` comes first.
    case notPrepared
    /// Goals are for a bus that is armed.
    case notArmed
    /// These actuators complain, or have been disobeyed by their own guard; only `clear` goes on from there.
    case latched(JointSet)
    /// The bus fell silent on purpose, and these did not stop by themselves.
    case watchdogFailed(JointSet)
    /// The motors of these could not be read back as off.
    case stillDriven(JointSet)
    /// These did not read back at the goal of standing where they stand.
    case notAtRest(JointSet)
    /// The devices are not those that the robot is made of; `identify` says which.
    case wrongDevices(JointSet)
    case tooLong
}

/// One thing that is wrong with one device; a bus lists all of them at once.
public struct DeviceFinding: Equatable, Sendable {
    public enum Problem: Equatable, Sendable {
        case silent
        /// Something answers, and never intact: two devices with one number, a wrong rate, or a bad wire.
        case garbled
        case otherModel(expected: UInt32, found: UInt32)
        /// The right kind, and not the one that the robot was built with.
        case otherUnit
        /// The device of this joint answers where that other joint's should be.
        case swapped(with: JointIndex)
        case oldFirmware(needed: UInt32, found: UInt32)
        /// Built from other messages than this program.
        case incompatible(LayoutRefusal)
        /// Not all servos of the bus run the same version.
        case mixedFirmware(others: UInt32, found: UInt32)
        case alarm(UInt32)
        /// A stored setting that this program does not change by itself.
        case setting(register: UInt16, needed: Int64, found: Int64)
        /// A stored setting that costs time and nothing else.
        case slow(register: UInt16, needed: Int64, found: Int64)
        /// Outside of what this variant of the servo is made for.
        case supply(Volts, least: Volts, most: Volts)
    }

    public let joint: JointIndex
    /// The number on the bus.
    public let id: UInt8
    public let problem: Problem

    public init(joint: JointIndex, id: UInt8, problem: Problem) {
        self.joint = joint
        self.id = id
        self.problem = problem
    }

    /// Whether the robot may be armed all the same: what only costs time, like a return delay, does not stop it.
    public var isAdvice: Bool {
        switch problem {
        case .slow: true
        case .setting(let register, _, _): Self.advised.contains(register)
        default: false
        }
    }

    /// Where Dynamixel keep their return delay.
    private static let advised: [UInt16] = [9]
}
