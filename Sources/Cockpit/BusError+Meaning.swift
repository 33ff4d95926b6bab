import Actuators
import Quantities
import Supervision

extension BusError {
    /// Which fault it is that a bus could not do what it was told while nothing moved.
    var meaning: Fault {
        switch self {
        case .watchdogFailed: .watchdogUnproven
        case .wrongDevices: .identityChanged
        case .port, .silent, .tooLong, .notPrepared, .notArmed: .deviceLost
        case .refused, .notTaken, .unrepresentable, .wrongGoal, .unsupported, .latched, .stillDriven, .notAtRest:
            .deviceFault
        }
    }
}

extension DeviceFinding {
    /// As a check says it.
    var words: String {
        switch problem {
        case .silent: "no answer from id \(id)"
        case .garbled: "id \(id) never answers intact"
        case .otherModel(let expected, let found): "id \(id) is model \(found), not \(expected)"
        case .otherUnit: "id \(id) is another unit than the one that was written down"
        case .swapped(let other): "id \(id) has changed places with joint \(other.rawValue + 1)"
        case .oldFirmware(let needed, let found): "id \(id) has firmware \(found), needs \(needed)"
        case .incompatible: "id \(id) speaks other messages than this program"
        case .mixedFirmware(let others, let found): "id \(id) has firmware \(found), the others \(others)"
        case .alarm(let number): "id \(id) has an alarm: \(number)"
        case .setting(let register, let needed, let found), .slow(let register, let needed, let found):
            "id \(id) has \(found) in register \(register), needs \(needed)"
        case .supply(let volts, let least, let most):
            "id \(id) has \(volts.value) V, is made for \(least.value) to \(most.value)"
        }
    }
}
