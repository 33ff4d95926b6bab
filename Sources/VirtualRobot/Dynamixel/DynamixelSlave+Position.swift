internal import Actuators
internal import Quantities
internal import Simulator

// The encoder, in the steps and turns that the registers speak of.
extension DynamixelSlave {
    static let stepsPerTurn: Int64 = 4_096

    /// Of the encoder, turned round when the servo is told that it is mounted the other way.
    private var encoderSteps: Double {
        let steps = Double(sensed.position.value) * Double(Self.stepsPerTurn) / (2 * .pi) + Double(servo.zeroStep)
        return isReversed ? -steps : steps
    }

    var exactPosition: Double { encoderSteps + Double(turnOffset + self[.homingOffset]) }
    var presentPosition: Int64 { Int64(exactPosition.rounded()) }

    var exactVelocity: Double {
        let velocity = Double(sensed.speed.value) / Double(model.velocity(1).value)
        return isReversed ? -velocity : velocity
    }

    /// Leaves whole turns out, so that the encoder alone lies in one turn.
    mutating func foldTurns() {
        let steps = encoderSteps
        guard steps.magnitude < 1e12 else { return }
        turnOffset = -Int64((steps / Double(Self.stepsPerTurn)).rounded(.down)) * Self.stepsPerTurn
    }

    var isMoving: Bool { exactVelocity.magnitude > Double(self[.movingThreshold]) }

    mutating func clearTurns() throws(Dynamixel.Failure) {
        guard !isMoving else { throw .failed }
        foldTurns()
        control.hold(at: exactPosition)
        self[.goalPosition] = presentPosition
    }
}
