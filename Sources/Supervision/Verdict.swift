public import Quantities

/// What the supervisor made of one tick.
public struct Verdict: Sendable {
    public let ruling: Ruling
    /// What may be sent; off for every joint unless the robot runs or is being stopped.
    public let commands: PerJoint<JointCommand>
    /// The rule that changed each joint's command.
    public let objections: PerJoint<Rule>
    public let action: Action

    /// The rule that decided this tick.
    public var rule: Rule {
        switch ruling {
        case .idle(let finding): finding?.fault.rule ?? .none
        case .pass: .none
        case .clamp(_, let rule, _, _): rule
        case .stop(_, let finding): finding?.fault.rule ?? .ladder
        }
    }
}

public enum Ruling: Equatable, Sendable {
    /// Outputs are off and nothing is being stopped; a finding here only keeps permits from being given.
    case idle(Finding?)
    /// Every command goes through as asked.
    case pass
    /// The first joint whose command was changed, by which rule, and how.
    case clamp(JointIndex, Rule, asked: Float, given: Float)
    /// The robot is on the stop ladder; what was found on this very tick, if anything.
    case stop(Rung, Finding?)
}

/// A fault, and the joint where it was found; no joint when it concerns the whole robot.
public struct Finding: Equatable, Sendable {
    public let fault: Fault
    public let joint: JointIndex?
}

/// The worst finding so far.
struct Worst {
    private(set) var finding: Finding?

    mutating func report(_ fault: Fault, at joint: JointIndex? = nil, when found: Bool) {
        guard found else { return }
        guard fault.outranks(finding?.fault) else { return }
        finding = Finding(fault: fault, joint: joint)
    }
}
