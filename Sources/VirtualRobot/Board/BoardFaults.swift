import BoardLink
import Quantities
internal import Supervision
internal import Simulator

/// What a board can find, under the supervisor's numbers and with the supervisor's consequences.
struct BoardFault: Equatable, Sendable {
    let number: FaultNumber
    let joint: BoardJoint?
    /// Braking cannot be trusted, or would not help: the outputs go off at once.
    let isLimp: Bool
    /// It takes a person to come back.
    let latches: Bool

    private init?(_ fault: Supervision.Fault, _ joint: BoardJoint?) {
        guard let number = FaultNumber(fault.rawValue) else { return nil }
        self.number = number
        self.joint = joint
        isLimp = fault.row.rung == .limp
        latches = fault.row.latches
    }

    static var hostSilent: BoardFault? { BoardFault(.hostSilent, nil) }
    static var didNotStop: BoardFault? { BoardFault(.didNotStop, nil) }
    static var deviceFault: BoardFault? { BoardFault(.deviceFault, nil) }
    static var emergencyStop: BoardFault? { BoardFault(.emergencyStop, nil) }

    /// Beyond its command's bound a measurement is a fault only by so much: a controller overshoots.
    private static let margin: Float = 1.2
    private static let reach = Radians(0.02)

    /// What is wrong with one joint, the worst first.
    static func find(
        in state: MotorState, _ bounds: JointBounds, _ supply: Limit<Volts>, _ effort: NewtonMetres,
        of joint: BoardJoint
    ) -> BoardFault? {
        let fault: Supervision.Fault? =
            if !state.position.isFinite || !state.speed.isFinite {
                .sensorNotFinite
            } else if state.voltage > supply.high { .overVoltage } else if state.temperature > bounds.temperature {
                .overTemperature
            } else if state.position < bounds.position.low - reach {
                .positionOutside
            } else if state.position > bounds.position.high + reach {
                .positionOutside
            } else if state.speed.magnitude > bounds.speed * margin {
                .overspeed
            } else if effort.magnitude > bounds.effort * margin { .overEffort } else if state.voltage < supply.low {
                .underVoltage
            } else { nil }
        return fault.flatMap { BoardFault($0, joint) }
    }
}
