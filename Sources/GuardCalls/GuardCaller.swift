public import Episodes
import JSON
public import Ports
public import Supervision
public import Varlink

/// What a program that has no device says to a guard: which robot is yours, may this be performed, what became of it.
///
/// It proposes and reads, and stops. Approving, granting and clearing are for people, and stand at the door.
public struct GuardCaller: ~Copyable {
    private var client: VarlinkClient
    /// How long a call may wait for its answer.
    public var patience = Duration.seconds(30)

    public init(to path: String, by deadline: MonotonicInstant) throws(CallError) {
        do throws(ClientError) {
            client = try VarlinkClient(to: path, by: deadline)
        } catch {
            throw .call(error)
        }
    }

    /// The robot, its limits and its devices, as the guard knows them.
    public mutating func robot() throws(CallError) -> GuardedRobot { try GuardedRobot(ask("Robot")) }

    /// Hands in a plan. The same plan twice is one plan, so it may be said again after a crash.
    public mutating func propose(_ proposal: Proposal) throws(CallError) -> PlanStanding.State {
        let reply = try ask(
            "Propose",
            ["sha256": .text(proposal.digest.text), "proposal_base64": .text(Base64.encode(proposal.canonicalBytes))])
        guard let state = reply["state"]?.text.flatMap(PlanStanding.State.init) else { throw .unreadable("state") }
        return state
    }

    /// Where a plan stands now.
    public mutating func standing(of plan: Digest) throws(CallError) -> PlanStanding {
        try PlanStanding(ask("Await", ["sha256": .text(plan.text)])["summary"]?.object ?? [:])
    }

    /// Follows a plan to its end, and says every change.
    ///
    /// - Parameter goesOn: is asked a few times a second; nil is returned when it says no. The plan stands as it stood.
    public mutating func follow(
        _ plan: Digest, while goesOn: () -> Bool, each change: (PlanStanding) -> Void = { _ in }
    ) throws(CallError) -> PlanStanding? {
        try send("Await", ["sha256": .text(plan.text)])
        while goesOn() {
            guard let reply = try next() else { continue }
            let standing = try PlanStanding(reply.parameters["summary"]?.object ?? [:])
            change(standing)
            if standing.state.isFinal { return standing }
            // The guard ends a call only with a last word; one that ends it before is no guard of ours.
            guard reply.continues else { throw .unreadable("continues") }
        }
        return nil
    }

    /// Whether the budget has room for this, and what is left of it.
    public mutating func budget(for cost: Cost) throws(CallError) -> (isEnough: Bool, remaining: Cost) {
        let reply = try ask("Budget", ["price": .object(cost.words)])
        guard let enough = reply["enough"]?.boolean else { throw .unreadable("enough") }
        guard let left = reply["account"]?.object?["remaining"]?.object else { throw .unreadable("remaining") }
        return (enough, try Cost(words: left))
    }

    /// Stops the robot, whatever it does. What was allowed before does not fly until an operator resumes.
    public mutating func stop(why: String) throws(CallError) { _ = try ask("Stop", ["why": .text(why)]) }

    mutating func ask(_ method: String, _ parameters: JSONObject = [:]) throws(CallError) -> JSONObject {
        do throws(ClientError) {
            return try client.call("org.understudy.Guard.\(method)", parameters, by: .now() + patience)
        } catch {
            throw .call(error)
        }
    }

    private mutating func send(_ method: String, _ parameters: JSONObject) throws(CallError) {
        do throws(ClientError) {
            try client.send("org.understudy.Guard.\(method)", parameters, .more, by: .now() + patience)
        } catch {
            throw .call(error)
        }
    }

    /// Nil when nothing was said for a while.
    private mutating func next() throws(CallError) -> VarlinkClient.Reply? {
        do throws(ClientError) {
            return try client.receive(by: .now() + .milliseconds(200))
        } catch .timedOut {
            return nil
        } catch {
            throw .call(error)
        }
    }
}

/// Why a call to a guard gave nothing.
public enum CallError: Error, Equatable, Sendable {
    case call(ClientError)
    /// The reply lacks this field, or has it in a form that the interface does not know.
    case unreadable(String)
}
