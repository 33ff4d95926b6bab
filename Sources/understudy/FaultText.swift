import Supervision

/// What a person at the robot reads about a fault. The page in `safety/faults/` carries the same sentences.
struct FaultText: Equatable, Sendable {
    /// A few words, without a capital and a full stop, so that it can stand behind a number.
    let title: String
    /// What happened: one sentence.
    let cause: String
    /// What to do next: one sentence.
    let remedy: String
}

extension Fault {
    var text: FaultText {
        switch self {
        case .positionOutside: .positionOutside
        case .overspeed: .overspeed
        case .overEffort: .overEffort
        case .stoppingDistance: .stoppingDistance
        case .overTemperature: .overTemperature
        case .thermalForecast: .thermalForecast
        case .underVoltage: .underVoltage
        case .overVoltage: .overVoltage
        case .overPower: .overPower
        case .overEnergy: .overEnergy
        case .commandRate: .commandRate
        case .commandRateSustained: .commandRateSustained
        case .staleSensor: .staleSensor
        case .lateTicks: .lateTicks
        case .lostTicks: .lostTicks
        case .clockFault: .clockFault
        case .sensorNotFinite: .sensorNotFinite
        case .commandNotFinite: .commandNotFinite
        case .commandKind: .commandKind
        case .trackingError: .trackingError
        case .leftTube: .leftTube
        case .tubeMissing: .tubeMissing
        case .encoderJump: .encoderJump
        case .operatorStop: .operatorStop
        case .deadManReleased: .deadManReleased
        case .emergencyStop: .emergencyStop
        case .deviceFault: .deviceFault
        case .deviceLost: .deviceLost
        case .identityChanged: .identityChanged
        case .verificationFailed: .verificationFailed
        case .watchdogUnproven: .watchdogUnproven
        case .hostSilent: .hostSilent
        case .horizonExceeded: .horizonExceeded
        case .didNotStop: .didNotStop
        case .movesWhileOff: .movesWhileOff
        }
    }
}
