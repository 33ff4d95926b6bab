internal import JSON
public import Quantities

/// How a robot stands, as somebody has to know who has a hand on it.
public struct RobotAtHand: Equatable, Sendable {
    /// In the robot's order; nil where one is not read.
    public let positions: [Radians?]
    /// Whether the motor of any joint is on.
    public let isDriven: Bool
    /// Whether a person has stopped the robot and no operator has resumed since.
    public let isStopped: Bool
}

extension GuardCaller {
    public mutating func atHand() throws(CallError) -> RobotAtHand {
        let status = try ask("Status")
        guard let joints = status["joints"]?.list?.map(\.object) else { throw .unreadable("joints") }
        return RobotAtHand(
            positions: joints.map { $0?["position"]?.number.map { Radians(Float($0)) } },
            isDriven: joints.contains { $0?["torque_on"]?.boolean != false }, isStopped: status["stopped"] != nil)
    }
}
