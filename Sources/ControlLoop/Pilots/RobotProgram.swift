public import Quantities
public import Supervision

/// What a guard lets a robot do in one flight.
///
/// A reset and what comes after it are one flight: the joints are under power from the first step of the reset to the
/// last tick, so that an arm does not fall between the two. The approval's horizon has to cover both; the
/// policy itself gets at most its own. While the robot resets, what is enforced as the tube is the range of its
/// envelope; from the policy's first tick on it is the approved band.
public enum RobotProgram: FlightProgram {
    case episode(EpisodeProgram, after: ResetProgram?)
    case reset(ResetProgram)
    /// Without a reset the motions begin where the robot stands.
    case motions(MotionProgram, after: ResetProgram?)

    public func makePilot() -> RobotPilot { RobotPilot(self) }
}

/// Flies a `RobotProgram`. Everything it needs is there before its first tick.
public final class RobotPilot: Pilot {
    public private(set) var leg: Leg
    private var reset: ResetFlight?
    private var episode: EpisodeFlight?
    private var motions: MotionFlight?
    private var everywhere: Tube?
    private var resetTrouble: ResetTrouble?
    private var isAtStart = false
    /// What comes after the reset.
    private let next: Leg?

    init(_ program: RobotProgram) {
        switch program {
        case .episode(let episode, let reset):
            leg = reset == nil ? .episode : .reset
            next = .episode
            self.episode = EpisodeFlight(episode)
            self.reset = reset.map { ResetFlight($0) }
            everywhere = reset?.limits.everywhere
        case .reset(let reset):
            leg = .reset
            next = nil
            self.reset = ResetFlight(reset)
            everywhere = reset.limits.everywhere
        case .motions(let motions, let reset):
            leg = reset == nil ? .motions : .reset
            next = .motions
            self.motions = MotionFlight(motions)
            self.reset = reset.map { ResetFlight($0) }
            everywhere = reset?.limits.everywhere
        }
    }

    public func act(_ moment: borrowing Moment, into commands: inout PerJoint<JointCommand>) -> Intent {
        switch leg {
        case .reset: return bringToStart(moment, into: &commands)
        case .episode: return episode?.act(moment, into: &commands) ?? .finish
        case .motions: return motions?.act(moment, into: &commands) ?? .finish
        }
    }

    private func bringToStart(
        _ moment: borrowing Moment, into commands: inout PerJoint<JointCommand>
    ) -> Intent {
        switch reset?.act(moment, into: &commands) {
        case .goesOn?: return .goOn
        case .failed(let trouble)?:
            resetTrouble = trouble
            return .finish
        case .isDone?, nil: isAtStart = true
        }
        // What follows takes over on the tick on which the start was accepted: what it sees first is what was accepted.
        guard let next else { return .finish }
        leg = next
        return act(moment, into: &commands)
    }

    public func tube() -> Tube? {
        switch leg {
        case .reset: everywhere
        case .episode: episode?.tube
        case .motions: motions?.tube
        }
    }

    public var result: FlightResult {
        switch leg {
        case .reset:
            if let resetTrouble { return .resetFailed(resetTrouble) }
            return isAtStart ? .atStart : .none
        case .episode:
            guard let ending = episode?.ending else { return .none }
            return .ended(ending, isSuccess: episode?.isSuccess ?? false)
        case .motions: return motions?.ending.map { .moved($0) } ?? .none
        }
    }
}
