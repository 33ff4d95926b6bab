internal import Metrology
internal import Quantities
public import Robots
public import Supervision

extension JointReport {
    /// What counts as ordinary.
    public struct Tolerances: Sendable {
        /// Seconds until an actuator obeys at the latest; where it is known by the motion alone, until the joint goes.
        public var delay = 0.012
        public var motionDelay = 0.012
        /// How far apart returns to one place may lie, in radians.
        public var returns = 0.03
        /// A swing of less is noise: radians.
        public var floor = 0.004
        /// Below this speed a joint may stand: radians a second.
        public var slowest = 0.05

        public init() {}

        /// Readings do not tell less apart: a board sends them so often, and a bus on USB has frames of a millisecond.
        private static let leastTick = 0.005

        /// What supervisor and learner rely on. A robot that reacts later than its envelope says is stopped too late; one
        /// that obeys more than a tick later than its model learns on something that it is not.
        public init(_ envelope: Envelope, _ robot: RobotFile) {
            let reaction = Double(envelope.robot.reaction.value)
            let period = Double(robot.period.value)
            let modelled = robot.models.first.map { Double($0.delay.rawValue) * period + max(period, Self.leastTick) }
            (delay, motionDelay) = (min(modelled ?? reaction, reaction), reaction)
            // A spring lets friction keep a joint from its place; a servo does not.
            for place in 0..<Int(envelope.count.rawValue) {
                let joint = envelope.joints.elements[place]
                guard case .effort(let stiffness, _) = joint.drive else { continue }
                returns = max(returns, 0.05 + 0.1 * Double((joint.effort.value / stiffness.value)))
            }
        }
    }
}
