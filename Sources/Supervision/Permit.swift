public import Quantities

/// What a person allowed, or a rule that a person signed: one plan, once, inside one envelope, for so many ticks.
public struct Approval: Equatable, Sendable {
    /// The ledger's number. It only rises, so an approval that was used or passed over can never come back.
    public let serial: UInt64
    public let plan: Digest
    public let envelope: Digest
    /// The longest that the episode may run.
    public let horizon: Ticks
    /// Whether the person also approved a band around the expected motion; then every tick must bring it.
    public let demandsTube: Bool

    public init(serial: UInt64, plan: Digest, envelope: Digest, horizon: Ticks, demandsTube: Bool) {
        self.serial = serial
        self.plan = plan
        self.envelope = envelope
        self.horizon = horizon
        self.demandsTube = demandsTube
    }
}

/// The right to run one episode, once.
///
/// It cannot be copied, only `Supervisor.grant` makes one, and `Supervisor.begin` uses it up. To run without one, or
/// twice with one, does not compile.
public struct EpisodePermit: ~Copyable, Sendable {
    public let approval: Approval

    init(approval: Approval) { self.approval = approval }
}

/// Why a permit was not given or not taken.
public enum Refusal: Error, Equatable, Sendable {
    /// Permits are given only while the robot is watched and at rest.
    case notObserving
    /// No healthy tick has been judged yet, or the latest one found this fault.
    case notHealthy(Fault?)
    case planDiffers
    case envelopeDiffers
    case serialUsed(UInt64, latest: UInt64)
    case horizonOutside(Ticks, longest: Ticks)
    /// The permit is not the one that was given last, or it was not used in time.
    case permitVoid(UInt64)
}
