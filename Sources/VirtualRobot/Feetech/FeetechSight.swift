import Actuators
import Quantities
internal import Simulator

/// What a register of the operating mode says.
enum FeetechMode: Int, Equatable, Sendable {
    case position = 0
    case velocity = 1
    case pwm = 2
    case step = 3

    init(_ number: Int) { self = FeetechMode(rawValue: number) ?? .position }
}

/// What a servo's firmware makes of its sensors.
struct FeetechSight: Equatable, Sendable {
    static let stepsPerTurn = 4_096
    static let middle = 2_048
    static let stepsPerRadian = Double(stepsPerTurn) / (2 * .pi)

    let state: MotorState
    /// Which turn the shaft is in, by a count that no servo has: where its joint's angle is zero, the count is.
    let turn: Int
    /// What the encoder says within its turn.
    let reading: Int
    /// What the control loops go by: the way since the turn that the servo was switched on in.
    let way: Int
    /// What the register says of it.
    let position: Int
    let stepsPerSecond: Double

    init(_ state: MotorState, of servo: FeetechServo) {
        self.state = state
        let isReversed = servo.number(of: .phase) & 0x80 != 0
        let countsTurns = servo.number(of: .phase) & 0x10 != 0
        let direction: Double = isReversed ? -1 : 1
        let offset = servo.number(of: .homingOffset)
        let steps = direction * (Double(state.position.value) * Self.stepsPerRadian + Double(servo.identity.reading))
        let whole = steps.isFinite ? Int(max(min(steps, 1e9), -1e9).rounded(.down)) : 0
        turn = whole >> 12
        reading = whole & (Self.stepsPerTurn - 1)
        way = whole - Self.stepsPerTurn * (servo.firstTurn ?? turn) - offset
        position = countsTurns ? min(max(way, -32_767), 32_767) : way & (Self.stepsPerTurn - 1)
        stepsPerSecond = direction * Double(state.speed.value) * Self.stepsPerRadian
    }
}

extension FeetechServo {
    /// Writes what the sensors say where masters read it.
    mutating func look(at state: MotorState) {
        let sight = FeetechSight(state, of: self)
        self.sight = sight
        firstTurn = firstTurn ?? sight.turn
        memory[.presentPosition] = sight.position
        memory[.presentVelocity] = Int(whole: sight.stepsPerSecond / stepsPerSpeedUnit)
        memory[.presentVoltage] = Int(whole: Double(state.voltage.value) * 10)
        memory[.presentTemperature] = Int(whole: Double(state.temperature.value))
        memory[.presentCurrent] = Int(whole: Double(state.current.value) / 0.006_5)
        memory[.presentLoad] = Int(whole: motion.duty * 1_000)
        let threshold = 50 * Double(memory[unnamed: FeetechMemory.movingThreshold])
        memory[.moving] = abs(sight.stepsPerSecond) > threshold || motion.isUnderWay ? 1 : 0
        let target = UInt16(truncatingIfNeeded: Int(whole: motion.target))
        memory[unnamed: FeetechMemory.targetPosition] = UInt8(truncatingIfNeeded: target)
        memory[unnamed: FeetechMemory.targetPosition + 1] = UInt8(truncatingIfNeeded: target >> 8)
    }

    var stepsPerSpeedUnit: Double { memory[.phase] & 0x04 == 0 ? 50 : 1 }
}

extension Int {
    /// The nearest whole number; zero for none.
    init(whole value: Double) { self = value.isFinite ? Int(Swift.min(Swift.max(value.rounded(), -1e15), 1e15)) : 0 }
}
