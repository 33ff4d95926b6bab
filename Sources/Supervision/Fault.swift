/// Why the supervisor stops a robot. The numbers are for ever: never reused, one page each in `safety/faults/`.
public enum Fault: UInt8, Error, Equatable, Sendable {
    case positionOutside = 1
    case overspeed = 2
    case overEffort = 3
    /// Moving towards a limit too fast to stop before it.
    case stoppingDistance = 4
    case overTemperature = 5
    /// The motor model gives fewer seconds at this load than the envelope demands.
    case thermalForecast = 6
    case underVoltage = 7
    case overVoltage = 8
    /// The mechanical power of all joints together.
    case overPower = 9
    /// The mechanical energy of all joints over the last moments.
    case overEnergy = 10
    /// The commands of one tick change more than the envelope allows.
    case commandRate = 11
    /// The commands of the last moments, in real time, change more than the envelope allows.
    case commandRateSustained = 12
    case staleSensor = 13
    /// A few ticks in a row were late.
    case lateTicks = 14
    /// Many ticks in a row were late.
    case lostTicks = 15
    /// The time between two ticks was zero, negative or not a number.
    case clockFault = 16
    case sensorNotFinite = 17
    case commandNotFinite = 18
    /// The command is of another kind than the joint's drive.
    case commandKind = 19
    /// The joint is too far from where it was sent.
    case trackingError = 20
    case leftTube = 21
    /// The permit promised a tube and the tick brought none.
    case tubeMissing = 22
    /// The position changed by more than the joint can move.
    case encoderJump = 23
    case operatorStop = 24
    case deadManReleased = 25
    case emergencyStop = 26
    /// The actuator reports an error of its own.
    case deviceFault = 27
    /// The actuator or its bus does not answer.
    case deviceLost = 28
    /// Another device answers than the one that was verified.
    case identityChanged = 29
    /// A check before motion failed.
    case verificationFailed = 30
    /// The device's own watchdog is not armed, or did not stop the joint when tried.
    case watchdogUnproven = 31
    /// Commands stopped coming, as seen by the board.
    case hostSilent = 32
    /// The episode ran past its approved horizon.
    case horizonExceeded = 33
    /// The robot did not come to rest within the time of a slow stop.
    case didNotStop = 34
    /// The robot still moves though every output is off.
    case movesWhileOff = 35
}

extension Fault {
    /// The rule that found it.
    public var rule: Rule {
        switch self {
        case .positionOutside: .position
        case .overspeed: .speed
        case .overEffort: .effort
        case .stoppingDistance: .stopping
        case .overTemperature: .temperature
        case .thermalForecast: .thermal
        case .underVoltage, .overVoltage: .voltage
        case .overPower: .power
        case .overEnergy: .energy
        case .commandRate, .commandRateSustained: .commandRate
        case .staleSensor: .staleness
        case .lateTicks, .lostTicks, .clockFault: .deadline
        case .sensorNotFinite, .commandNotFinite: .finite
        case .encoderJump: .jump
        case .trackingError: .tracking
        case .leftTube, .tubeMissing: .tube
        case .commandKind, .operatorStop, .deadManReleased, .emergencyStop, .deviceFault, .deviceLost,
            .identityChanged, .verificationFailed, .watchdogUnproven, .hostSilent, .horizonExceeded, .didNotStop,
            .movesWhileOff:
            .ladder
        }
    }
}
