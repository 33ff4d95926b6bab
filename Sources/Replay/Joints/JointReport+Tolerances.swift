internal import Metrology
internal import Quantities
public import Supervision

extension JointReport {
    /// What counts as ordinary.
    public struct Tolerances: Sendable {
        /// Seconds until a command counts, and how much longer is still no finding.
        public var delay = 0.0
        public var moreDelay = 0.012
        /// How far apart returns to one place may lie, in radians.
        public var returns = 0.03
        /// A swing of less is noise: radians.
        public var floor = 0.004
        /// Below this speed a joint may stand: radians a second.
        public var slowest = 0.05

        public init() {}

        /// What the supervisor relies on: a robot that reacts later than its envelope says is stopped too late.
        public init(_ envelope: Envelope) {
            moreDelay = Double(envelope.robot.reaction.value)
            // A spring lets friction keep a joint from its place; a servo does not.
            for place in 0..<Int(envelope.count.rawValue) {
                let joint = envelope.joints.elements[place]
                guard case .effort(let stiffness, _) = joint.drive else { continue }
                returns = max(returns, 0.05 + 0.1 * Double((joint.effort.value / stiffness.value)))
            }
        }
    }
}
