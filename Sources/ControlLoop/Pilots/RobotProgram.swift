public import Quantities
public import Supervision

/// What a guard lets a robot do in one flight.
///
/// A reset and the episode after it are one flight: the joints are under power from the first step of the reset to the
/// last tick of the episode, so that an arm does not fall between the two. The approval's horizon has to cover both; the
/// policy itself gets at most its own. While the robot resets, what is enforced as the tube is the range of its
/// envelope; from the policy's first tick on it is the approved band.
public enum RobotProgram: FlightProgram {
    case episode(EpisodeProgram, after: ResetProgram?)
    case reset(ResetProgram)
    case nudge(NudgeProgram)

    public func makePilot() -> RobotPilot { RobotPilot(self) }
}

/// Flies a `RobotProgram`. Everything it needs is there before its first tick.
public final class RobotPilot: Pilot {
    public private(set) var leg: Leg
    private var reset: ResetFlight?
    private var episode: EpisodeFlight?
    private var nudge: NudgeFlight?
    private var everywhere: Tube?
    private var resetTrouble: ResetTrouble?
    private var isAtStart = false
    /// Whether an episode comes after the reset.
    private let isFollowed: Bool

    init(_ program: RobotProgram) {
        switch program {
        case .episode(let episode, let reset):
            leg = reset == nil ? .episode : .reset
            isFollowed = true
            self.episode = EpisodeFlight(episode)
            self.reset = reset.map { ResetFlight($0) }
            everywhere = reset?.limits.everywhere
        case .reset(let reset):
            leg = .reset
            isFollowed = false
            self.reset = ResetFlight(reset)
            everywhere = reset.limits.everywhere
        case .nudge(let nudge):
            leg = .nudge
            isFollowed = false
            self.nudge = NudgeFlight(nudge)
        }
    }

    public func act(_ moment: borrowing Moment, into commands: inout PerJoint<JointCommand>) -> Intent {
        switch leg {
        case .reset: return bringToStart(moment, into: &commands)
        case .episode: return episode?.act(moment, into: &commands) ?? .finish
        case .nudge: return nudge?.act(moment, into: &commands) ?? .finish
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
        // The policy takes over on the tick on which the start was accepted: what it sees first is what was accepted.
        guard isFollowed else { return .finish }
        leg = .episode
        return episode?.act(moment, into: &commands) ?? .finish
    }

    public func tube() -> Tube? {
        switch leg {
        case .reset: everywhere
        case .episode: episode?.tube
        case .nudge: nudge?.tube
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
        case .nudge: return nudge?.found.map { .nudged($0) } ?? .none
        }
    }
}
