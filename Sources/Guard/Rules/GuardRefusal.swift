public import Episodes
public import Ledger
public import Supervision

/// Why the guard did not do what it was asked to; each is one error of the interface.
public enum GuardRefusal: Error, Equatable, Sendable {
    case notAllowed(needed: Role, has: Role, user: UInt32)
    case badPlan(PlanFlaw)
    case hashDiffers(given: String, computed: Digest)
    case outdated(PlanField, planned: Digest, current: Digest)
    case unknownPlan(String)
    case notPending(Digest, PlanState)
    case overBudget(price: Cost, remaining: Cost)
    case tooManyPlans(waiting: Int, limit: Int)
    case unknownGround(String)
    /// The file asks for the signature of somebody else.
    case wrongSigner(rule: String, signer: Name, user: Name)
    case wrongState(GuardState, needed: [GuardState])
    case latched(LatchedFault)
    case notLatched(Int64, latched: Fault?)
    case causeRemains(LatchedFault)
    case notVerified([Check])
    case ledgerUnavailable(LedgerError)
    /// A parameter that the interface's own types allow and that means nothing.
    case invalidParameter(String)
}

/// A fault as the interface tells it.
public struct LatchedFault: Equatable, Sendable {
    public let fault: Fault
    public let joint: String?
    public let isLatched: Bool

    public init(_ fault: Fault, joint: String?, isLatched: Bool) {
        self.fault = fault
        self.joint = joint
        self.isLatched = isLatched
    }
}

/// What was made for something that may have changed since.
public enum PlanField: String, Sendable { case envelope, calibration, task }

/// What is wrong with a plan, with the numbers that show it.
public enum PlanFlaw: Equatable, Sendable {
    case notBase64
    case notCanonical(CanonicalError)
    case robot(Name, needed: Name)
    case jointCount(Int, needed: Int)
    case horizon(ticks: Int32, longest: Int32)
    case policyFormat(Name, needed: Name)
    case policy
    case policyInputs(Int, needed: Int)
    case policyOutputs(Int, needed: Int)
    case start(joint: String, Float, low: Float, high: Float)
    case startSpeed(joint: String, Float, most: Float)
    /// The motions that the plan has in the place of a policy.
    case motions(MotionFlaw)
    /// The approved band leads out of the envelope.
    case band(joint: String, low: Float, high: Float, allowedLow: Float, allowedHigh: Float)
    /// The episode would begin outside of its own band.
    case startOutsideBand(joint: String, Float, low: Float, high: Float)
}
