import Actuators
import Quantities
internal import Simulator

/// What a controller makes of its sensors, in its own units.
struct MoteusSight: Equatable, Sendable {
    /// What a position is counted from.
    enum Home: UInt8, Sendable {
        case nowhere = 0
        case rotor = 1
        case output = 2
    }

    var position = 0.0
    var velocity = 0.0
    var current = 0.0
    var voltage = 0.0
    var temperature = 0.0
    var home = Home.rotor
    /// From the body's revolutions to those of the register; nil until the firmware has looked once.
    var offset: Double?
}

extension MoteusController {
    mutating func look(at state: MotorState) {
        let revolutions = Double(state.position.value + identity.zero.value) / (2 * .pi)
        let offset = sight.offset ?? Self.offset(at: revolutions, ratio: configuration[.outputRatio])
        sight.offset = offset.isFinite ? offset : nil
        sight.position = revolutions + offset
        sight.velocity = Double(state.speed.value) / (2 * .pi)
        sight.current = Double(state.current.value)
        sight.voltage = Double(state.voltage.value)
        sight.temperature = Double(state.temperature.value)
    }

    /// After a start only the place within one turn of the rotor is known.
    private static func offset(at revolutions: Double, ratio: Double) -> Double {
        -(revolutions / ratio).rounded() * ratio
    }

    mutating func setOutput(exactly position: Double) {
        sight.offset = (sight.offset ?? 0) + position - sight.position
        sight.position = position
        sight.home = .output
        recapture()
    }

    /// By whole turns of the rotor.
    mutating func setOutput(nearest position: Double) {
        let ratio = configuration[.outputRatio]
        let turns = ((position - sight.position) / ratio).rounded()
        setOutput(exactly: sight.position + turns * ratio)
    }

    mutating func loseOutput() {
        let ratio = configuration[.outputRatio]
        setOutput(exactly: sight.position - (sight.position / ratio).rounded() * ratio)
        sight.home = .rotor
    }

    /// Position control goes on from where the output is.
    mutating func recapture() {
        guard trajectory.position != nil else { return }
        trajectory.capture(sight.position, sight.velocity)
        control.integral = 0
    }

    /// Of an ampere, times the rev/min for each volt. The factor is the firmware's own.
    static let torqueFactor = 0.78 * 60 / (2 * .pi)

    /// At the output.
    var torquePerAmpere: Double { Self.torqueFactor / configuration[.rpmPerVolt] / configuration[.outputRatio] }
}
