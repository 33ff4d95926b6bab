public import Quantities

/// Why a flight cannot be flown at all; found when its program is made, long before anything moves.
public enum ProgramProblem: Error, Equatable, Sendable {
    case observations(Int, policy: Int)
    case actions(Int, policy: Int)
    case draws(Int, needed: Int)
    case bandJoints(Int, needed: Int)
    case bandTooShort(Ticks, horizon: Ticks)
    /// More sensors than a robot can have.
    case sensors(Int)
    /// A reset lets go of the joints, and only a drive that follows efforts can do that without being switched off.
    case relaxes(step: Int, JointIndex)
    /// A motion pushes a joint whose drive follows no efforts.
    case pushes(step: Int, JointIndex)
}
