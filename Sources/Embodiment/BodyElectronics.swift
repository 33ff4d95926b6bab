import Actuators
import Quantities
public import Robots
public import Simulator
public import VirtualRobot

/// What stands between the commands and the motors of a body, without a line in between.
public enum BodyElectronics: Sendable {
    /// A current loop in the servo or on the board: amperes for each newton metre, and the limit.
    case currents([(perAmpere: Float, limit: Float)], drives: [MotorDrive])
    /// The firmware of the servos with its position loop and registers.
    case feetech(FeetechWire, now: BusInstant)

    public init(for file: RobotFile) {
        guard file.bus.driver == .feetech else {
            let loops = file.joints.map { joint -> (perAmpere: Float, limit: Float) in
                guard case .perAmpere(let torque) = joint.torque else {
                    preconditionFailure("\(joint.name) needs torque_per_ampere_nm_a")
                }
                return (torque.value, joint.currentLimit?.value ?? .infinity)
            }
            self = .currents(loops, drives: loops.map { _ in .off })
            return
        }
        let identities = file.joints.map { joint in
            guard let id = Feetech.ServoID(joint.id) else { preconditionFailure("\(joint.id) is no servo's number") }
            return FeetechServo.Identity(id: id, model: .sts3215, supply: .twelveVolts)
        }
        self = .feetech(FeetechWire(identities), now: .start)
    }

    /// Takes a command for each joint: a torque or a position.
    public mutating func take(_ commands: [Float]) {
        switch self {
        case .currents(let loops, _):
            let drives = zip(loops, commands).map { loop, torque in
                MotorDrive.current(Amperes(min(max(torque / loop.perAmpere, -loop.limit), loop.limit)))
            }
            self = .currents(loops, drives: drives)
        case .feetech(var wire, let now):
            for (place, position) in commands.enumerated() { Self.write(position, to: place, &wire, at: now) }
            self = .feetech(wire, now: now)
        }
    }

    private static func write(_ position: Float, to place: Int, _ wire: inout FeetechWire, at now: BusInstant) {
        let steps = UInt16(clamping: Int((2_048 + position * 4_096 / (2 * .pi)).rounded()))
        var writer = Feetech.Writer()
        do throws(EncodingError) {
            try writer.write(
                .one(wire.servos[place].identity.id), at: Feetech.Item.goalPosition.register.address,
                [UInt8(steps & 0xFF), UInt8(steps >> 8)].span)
        } catch { preconditionFailure("a goal that no packet holds: \(error)") }
        _ = wire.hear(writer.bytes, at: now) { _ in true }
    }

    /// One millisecond.
    public mutating func advance(_ body: inout RobotBody) {
        switch self {
        case .currents(_, let drives): body.advance(by: Seconds(0.001), drives: drives.span)
        case .feetech(var wire, var now):
            now.nanoseconds += 1_000_000
            wire.advance(to: now, body: body)
            body.advance(by: Seconds(0.001), drives: wire.drives.span)
            self = .feetech(wire, now: now)
        }
    }
}
