public import Actuators
public import Ports
public import Quantities
public import Supervision
public import Threads

/// What the loop is told from outside. Taken between two ticks; what takes long is taken only while every output is off.
public enum Order<Program: FlightProgram>: Sendable {
    /// Looks at every device.
    case identify
    /// Sets the actuators up for reading, with their outputs off.
    case prepare
    /// Somebody outside has verified what there is to verify.
    case verified
    /// Watches the robot from now on.
    case observe
    /// Flies this program once, if its approval holds and there were no more stops than so many, of which whoever orders it
    /// knew when it was allowed.
    case run(Approval, plan: Digest, Program, stops: UInt64)
    /// The episode is to end as if it had run its time.
    case finish
    case stop
    case fault(Fault)
    case resume(Operator)
    /// Takes the actuators' complaints away and the latch with them; everything is identified and verified anew.
    case clear(Operator)
    case tellTiming
    /// Stops, switches off, and ends the thread.
    case quit
}

extension Order {
    /// Whether devices are asked, which may take seconds where they do not answer.
    var waitsForDevices: Bool {
        switch self {
        case .identify, .prepare, .run, .clear, .quit: true
        case .verified, .observe, .finish, .stop, .fault, .resume, .tellTiming: false
        }
    }
}

/// What the loop tells beside its ticks.
public enum LoopReport: Sendable {
    /// What is wrong with the devices, and which they are.
    case identified([DeviceFinding], [DevicePassport])
    case prepared
    /// What was ordered could not be done on the bus; the outputs are off, or `stillArmed` follows.
    case failed(BusError)
    /// The order does not fit the mode.
    case refused(Mode)
    case notPermitted(serial: UInt64, Refusal)
    case began(serial: UInt64, at: MonotonicInstant)
    case ended(FlightEnd)
    case cleared
    case timing(LoopTiming)
    /// The outputs could not be read back as off; the loop goes on trying.
    case stillArmed(BusError)
    /// The supervisor asks for the relay.
    case cutPower
    /// What the system gave the thread.
    case rights(RealTimeRights)
    case over
}

/// How a flight ended, after its robot came to rest.
public struct FlightEnd: Equatable, Sendable {
    public let serial: UInt64
    /// How long the pilot was in command.
    public let ticks: Ticks
    /// The part of the flight that was under way last.
    public let leg: Leg
    /// What it came to.
    public let result: FlightResult
    /// The first fault that took the pilot out of command, or that came while the robot was stopping afterwards; nil when
    /// the pilot ended by itself and nothing went wrong until the robot was off.
    public let cause: Fault?
    public let isLatched: Bool
    /// Whether every motor was read back as off. Where it was not, the ladder has waited as long as it waits.
    public let isReadBack: Bool
}
