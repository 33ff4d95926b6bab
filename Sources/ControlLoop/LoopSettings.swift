public import Quantities

/// What the loop knows of its robot beside the envelope.
public struct LoopSettings: Sendable {
    /// The current of each motor at full duty and at rest, for actuators that tell a load and no current. The load of a
    /// turning motor draws less, so the heat model errs on the hot side.
    public var currentAtFullDuty: PerJoint<Amperes>
    /// Whether a dead-man switch has to be held while the robot moves.
    public var needsDeadMan: Bool
    /// What a tick may spend on reading, as a share of its period; the rest is for the answer.
    public var readingShare: Double
    /// The SCHED_FIFO priority; nil for a loop that runs as an ordinary thread.
    public var priority: Int32?

    public init(
        currentAtFullDuty: PerJoint<Amperes> = PerJoint(repeating: Amperes(.nan)), needsDeadMan: Bool = false,
        readingShare: Double = 0.6, priority: Int32? = nil
    ) {
        guard readingShare > 0, readingShare < 1 else { preconditionFailure("a share lies between 0 and 1") }
        self.currentAtFullDuty = currentAtFullDuty
        self.needsDeadMan = needsDeadMan
        self.readingShare = readingShare
        self.priority = priority
    }
}
