public import Metrology
internal import Quantities
public import Robots
internal import Supervision

extension RangeSweep.Build {
    /// How the files have a joint; nil for one that turns without end.
    public init?(of place: Int, in robot: Robot) {
        let joint = robot.file.joints[place]
        guard let low = joint.stopLow, let high = joint.stopHigh, low < high else { return nil }
        let range = robot.envelope.envelope.joints.elements[place].position
        // What is left between envelope and metal must not be used up by a zero that is off.
        let room = min(range.low - low, high - range.high)
        self.init(
            stops: Double(low.value)...Double(high.value), encoder: Self.encoder(of: joint, on: robot.file.bus.driver),
            tolerance: min(max(Double(room.value) / 2, Self.reading), Self.most))
    }

    /// A hand does not press a joint against its stop like a vice. [ours]
    private static let most = 0.05
    /// Stops are made, and ends read, to this. [ours]
    private static let reading = 0.02

    /// The servos read one turn; what another one began with is forgotten when they lose their supply.
    private static func encoder(of joint: RobotFile.Joint, on driver: DriverName) -> RangeSweep.Encoder? {
        switch driver {
        case .dynamixel, .feetech:
            let scale = (joint.isOpposite ? -1 : 1) / Double(joint.gear)
            return RangeSweep.Encoder(start: -Double(joint.zero.value) * scale, turn: 2 * .pi / Double(joint.gear))
        case .moteus, .board: return nil
        }
    }
}
