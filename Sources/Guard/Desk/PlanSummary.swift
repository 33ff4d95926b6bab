public import Episodes
public import Ledger
import Supervision

/// How an episode ended, in the words of the interface.
public enum EndReason: String, Sendable { case finished, fault, `operator`, `guard` }

/// How approval works, in the words of the interface.
public enum ApprovalMode: String, CaseIterable, Sendable { case each, batch, standing }

/// A plan on its way, without its weights.
public struct PlanSummary: Equatable, Sendable {
    public let story: PlanStory
    public let state: PlanState
    /// The moment after which nothing can become of it any more; nil when it has no such moment.
    public let expires: WallInstant?
    public let waitsFor: [String]

    public var end: EndReason? {
        switch state {
        case .finished: .finished
        case .stopped: story.episode?.fault == .operatorStop ? .operator : .fault
        case .lost, .failed: .guard
        case .proposed, .approved, .running, .denied, .expired: nil
        }
    }
}

extension PlanStory {
    /// Where the guard writes that nobody decided in time.
    static let expiredOrigin = "guard: nobody decided in time"

    /// Where the plan stands.
    public var state: PlanState {
        guard let decided else { return .proposed }
        guard case .approved = decided.decision else {
            return decided.by.origin == PlanStory.expiredOrigin ? .expired : .denied
        }
        switch permit {
        case nil, .issued: return .approved
        case .void: return .expired
        case .lost: return .lost
        case .used: return episodeState
        }
    }

    /// Whether it was motions that moved every joint of this robot, with its file of today, and ran to their end.
    func showsDirections(of facts: RobotFacts) -> Bool {
        let plan = open.proposal.plan
        guard state == .finished, plan.task.digest == facts.digest, let script = MotionScript(ofPlan: plan) else {
            return false
        }
        return script.purpose == .direction && script.moved.count == facts.joints.count
    }

    private var episodeState: PlanState {
        switch episode?.step {
        case nil, .planned, .started: .running
        case .finished: .finished
        // Without one tick under its policy the episode did not begin, whatever happened on the way to its start.
        case .stopped: episode?.ticks == 0 ? .failed : .stopped
        case .lost: .lost
        }
    }

    /// Whether the same plan may be handed in once more, for another approval: nobody refused it and it did not run to
    /// an end.
    var mayComeAgain: Bool { [.expired, .failed, .lost].contains(state) }
}
