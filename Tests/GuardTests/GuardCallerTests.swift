import Episodes
import Glibc
import Guard
import GuardCalls
import GuardSamples
import JSON
import Ports
import Quantities
import Supervision
import Testing
import Varlink

/// Both sides of the interface in our own words: what the caller reads is what the guard meant.
@Suite("A caller of the guard") struct GuardCallerTests {
    @Test("reads the robot, proposes once however often it says so, and follows the plan to a person's answer")
    func proposes() throws {
        let bench = try ServiceBench()
        defer { bench.end() }
        var operatorSide = try bench.client()
        try operatorSide.grant()
        bench.become(.learner)
        var caller = try GuardCaller(to: bench.socket, by: soon())
        let robot = try caller.robot()
        #expect(robot.robot == bench.facts.digest && robot.envelope == bench.facts.envelope.identity)
        #expect(robot.calibration == bench.facts.calibration?.digest && robot.name == bench.facts.name.text)
        #expect(Set(robot.serials.keys).isSubset(of: bench.facts.joints))

        let proposal = try PlanSamples.proposal(bench.facts)
        #expect(try caller.budget(for: proposal.plan.cost).isEnough)
        #expect(try caller.propose(proposal) == .proposed)
        #expect(try caller.propose(proposal) == .proposed)
        let waiting = try caller.standing(of: proposal.digest)
        #expect(waiting.state == .proposed && waiting.plan == proposal.digest && !waiting.state.isFinal)
        #expect(try caller.follow(proposal.digest, while: { false }) == nil)

        bench.become(.operator)
        _ = try operatorSide.ask("Deny", ["sha256": .text(proposal.digest.text), "why": "not today"])
        var again = try GuardCaller(to: bench.socket, by: soon())
        var seen: [PlanStanding.State] = []
        let end = try again.follow(proposal.digest, while: { true }, each: { seen.append($0.state) })
        #expect(end?.state == .denied && end?.why == "not today" && seen.last == .denied)
    }

    @Test("stops the robot, sees that a person did, and is told when a plan may go on")
    func stops() throws {
        let bench = try ServiceBench()
        defer { bench.end() }
        var operatorSide = try bench.client()
        try operatorSide.grant()
        try operatorSide.expectState("observing")
        bench.become(.learner)
        var caller = try GuardCaller(to: bench.socket, by: soon())
        #expect(try !caller.atHand().isStopped)
        let proposal = try PlanSamples.proposal(bench.facts)
        bench.seat.setAtRest(false)
        #expect(try caller.propose(proposal) == .proposed)
        bench.become(.operator)
        _ = try operatorSide.ask("Approve", ["sha256": .text(proposal.digest.text), "mode": "each"])
        var (told, hasStopped, hasResumed): ([[String]], Bool, Bool) = ([], false, false)
        var other = try GuardCaller(to: bench.socket, by: soon())
        let deadline = soon()
        let end = try caller.follow(
            proposal.digest,
            while: {
                // After it was told that the plan waits for rest, and nothing else about it changes.
                if !hasStopped, !told.isEmpty {
                    hasStopped = true
                    do { try other.stop(why: "the cat") } catch { Issue.record(error) }
                    bench.seat.setAtRest(true)
                }
                return MonotonicInstant.now() < deadline
            },
            each: { standing in
                told.append(standing.waitsFor)
                guard standing.waitsFor.contains("resume"), !hasResumed else { return }
                hasResumed = true
                do {
                    #expect(try other.atHand().isStopped)
                    let stop = try operatorSide.ask("Status")["stopped"]?.object
                    #expect(stop?["why"]?.text == "the cat" && stop?["by"]?.integer == Int64(getuid()))
                    _ = try operatorSide.ask("Resume")
                } catch { Issue.record(error) }
            })
        #expect(end?.state == .finished && hasResumed, "\(told)")
        #expect(try !other.atHand().isStopped)
    }

    @Test("hears the guard's own words where it is refused, and that nobody is there where nobody is")
    func refused() throws {
        let bench = try ServiceBench()
        defer { bench.end() }
        bench.become(.operator)
        var caller = try GuardCaller(to: bench.socket, by: soon())
        let error = #expect(throws: CallError.self) { _ = try caller.propose(try PlanSamples.proposal(bench.facts)) }
        guard case .call(.refused(let refusal)) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(refusal.name.hasSuffix(".NotAllowed"))
        #expect(throws: CallError.call(.missing)) {
            _ = try GuardCaller(to: "/tmp/nobody.sock", by: .now() + .seconds(1))
        }
    }
}
