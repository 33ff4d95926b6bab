import Episodes
import GuardCalls
import Learner
import Learning
import Supervision
import TestSupport
import Testing
import Varlink

@testable import understudy

private func parse(_ line: String) throws(UsageError) -> Verb {
    try Verb.parse(line.split(separator: " ").map(String.init))
}

@Suite("learn")
struct LearnVerbTests {
    @Test("what is understood")
    func understood() throws {
        var options = LearnOptions(source: RobotSource("arm", robots: "/r"))
        (options.run, options.episodes, options.method, options.seed) = ("/x", 60, .unbiased, 4)
        options.isDryRun = true
        #expect(
            try parse("learn arm --robots /r --run /x --episodes 60 --method unbiased --seed 4 --dry-run")
                == .learn(options))
    }

    @Test(
        "what is not",
        arguments: [
            "learn", "learn arm more", "learn arm --method best", "learn arm --episodes 0", "learn arm --seed -1",
            "learn arm --port x",
        ])
    func refused(line: String) {
        #expect(throws: UsageError.self) { try parse(line) }
    }

    @Test("its help")
    func help() {
        #expect(Golden.difference(Help.text(.learn), from: "Golden/help-learn.txt") == nil)
    }

    @Test("the plot has the best at its top, the worst at its bottom, and bears what is no number")
    func plot() {
        let lines = LearnPlot(worths: [-2, .nan, -1, -0.5]).lines(.plain)
        #expect(lines.count == 7)
        #expect(lines.first?.contains("-0.50") == true && lines.last?.contains("-2.00") == true)
        #expect(LearnPlot(worths: [.nan]).lines(.plain).isEmpty)
        #expect(LearnPlot(worths: [1]).lines(.plain).count == 7)
    }

    @Test("every way to stop says what happened, which thing, and what next")
    func words() {
        let options = LearnOptions(source: RobotSource("arm"))
        let plan = Digest(of: "a plan")
        let troubles: [(LearnerTrouble, understudy.ExitStatus, String)] = [
            (.denied(plan, why: "too fast"), .refused, "was denied: 'too fast'"),
            (.cameToNothing(plan, .lost, times: 3, fault: nil), .refused, "came to nothing 3 times (lost)"),
            (.cameToNothing(plan, .failed, times: 3, fault: 13), .refused, "with fault 13"),
            (.changed(.seed(then: 1, now: 2)), .invalidConfiguration, "has the seed 1, not 2"),
            (.changed(.hash(.envelope, then: plan, now: .zero)), .invalidConfiguration, "the envelope has changed"),
            (.folder(.inUse), .refused, "another learner has the run"),
            (.folder(.damaged("checkpoint")), .integrityFailure, "'checkpoint' of the run"),
            (.record(plan: plan, path: "/a.mcap", .otherPlan), .integrityFailure, "is no evidence"),
            (.call(.call(.missing)), .notReachable, "no guard answers"),
            (.call(.unreadable("state")), .failed, "lacks 'state'"),
            (.noRecording(plan), .failed, "has no recording"),
            (.strangeEpisode(plan), .integrityFailure, "is not what the run asked for"),
            (.checkpoint(.damaged), .integrityFailure, "cannot be gone on from"),
        ]
        for (trouble, status, text) in troubles {
            let outcome = options.outcome(trouble, .plain)
            #expect(outcome.status == status && outcome.errors.contains(text), "\(trouble): \(outcome.errors)")
            #expect(outcome.errors.contains("next:"))
        }
    }

    @Test("what a learner asks for comes back from its file, and is told beside the account")
    func asked() throws {
        let purchase = Purchase(
            .check, taken: 2, of: 6, freePerReal: 0, cost: 6.5, gain: Interval(0.2, low: -0.1, high: 0.5), needed: 3,
            isWorthIt: nil)
        let price = Cost(time: Milliseconds(15_000), wear: Microlives(3), heat: Millijoules(2_000))
        let next = NextPurchase(plan: Digest(of: "a plan"), purchase: purchase, price: price)
        #expect(NextPurchase(next.bytes) == next && NextPurchase(Array("{}".utf8)) == nil)

        let text = BudgetText(path: "L", entries: [], next: next).text(.plain)
        #expect(text.contains("episode 3 of at most 6") && text.contains("enough for 0 like it"), "\(text)")
        #expect(text.contains("15 s of time, 3 ppm of wear, 2 J of heat"))
    }
}
