internal import Episodes
public import GuardCalls
internal import Varlink

/// The way to a guard that may go and come back: what was asked when it went is asked again.
///
/// Everything that a learner says may be said twice: a plan is known by its hash.
public struct GuardLink: ~Copyable {
    private let connect: () throws(CallError) -> GuardCaller
    private let pause: () -> Void
    private var caller: GuardCaller?
    /// How often it is looked for before it counts as gone.
    private let attempts: Int

    /// - Parameters:
    ///   - connect: reaches the guard once.
    ///   - pause: what is done between two attempts; a fraction of a second.
    public init(
        attempts: Int = 300, pause: @escaping () -> Void, connect: @escaping () throws(CallError) -> GuardCaller
    ) {
        self.attempts = attempts
        self.pause = pause
        self.connect = connect
    }

    /// The robot, as its guard knows it.
    public mutating func robot(while goesOn: () -> Bool) throws(LearnerTrouble) -> GuardedRobot? {
        do throws(CallError) {
            return try ask(while: goesOn) { caller, _ throws(CallError) in try caller.robot() }
        } catch { throw .call(error) }
    }

    /// - Parameters:
    ///   - goesOn: nil is returned when it says no while there is no guard.
    ///   - missed: is called once for each time that the guard is gone.
    ///   - body: calls what it is handed whenever the guard has said something: one that comes and goes is not gone.
    mutating func ask<Answer>(
        while goesOn: () -> Bool, missed: (CallError) -> Void = { _ in },
        _ body: (inout GuardCaller, () -> Void) throws(CallError) -> Answer
    ) throws(CallError) -> Answer? {
        var (left, isMissed) = (attempts, false)
        while true {
            do throws(CallError) {
                var caller = try reached()
                let answer = try body(&caller) { (left, isMissed) = (attempts, false) }
                self.caller = consume caller
                return answer
            } catch {
                guard error.mayPass, left > 0 else { throw error }
                left -= 1
                if !isMissed { missed(error) }
                isMissed = true
                guard goesOn() else { return nil }
                pause()
            }
        }
    }

    /// Hands a plan in and follows it to its end; nil when nobody wants to wait for that.
    mutating func flown(
        _ proposal: Proposal, while goesOn: () -> Bool, tell: (RobotNews) -> Void
    ) throws(CallError) -> PlanStanding? {
        try ask(while: goesOn, missed: { tell(.gone($0)) }) { caller, heard throws(CallError) in
            _ = try caller.propose(proposal)
            return try caller.follow(proposal.digest, while: goesOn) { standing in
                heard()
                tell(.standing(standing))
            }
        } ?? nil
    }

    private mutating func reached() throws(CallError) -> GuardCaller {
        if let caller = caller.take() { return caller }
        return try connect()
    }
}

/// What is heard of a robot while it has a plan.
enum RobotNews {
    case standing(PlanStanding)
    /// Its guard gives no answer, and is looked for.
    case gone(CallError)
}

extension CallError {
    /// Whether the same words may be heard a moment later: by a guard that is being started.
    var mayPass: Bool {
        switch self {
        case .call(.missing), .call(.hungUp), .call(.timedOut): true
        default: false
        }
    }
}
