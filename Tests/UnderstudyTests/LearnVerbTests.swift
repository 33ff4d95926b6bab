import Episodes
import Foundation
import Glibc
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
        (options.steps, options.reuse, options.models, options.events) = (.natural, 2, 3, "/t")
        options.isDryRun = false
        let words =
            "--run /x --episodes 60 --method unbiased --seed 4 --steps natural --reuse 2 --models 3 --tensorboard /t"
        #expect(try parse("learn arm --robots /r \(words)") == .learn(options))
    }

    @Test(
        "a way of making steps is as it began, as far as nobody says otherwise, and is told when it is not the usual one"
    )
    func ways() {
        var begun = RunIdentity.Way()
        (begun.steps, begun.reuse) = (.natural, 2)
        let identity = RunIdentity(
            robot: "arm", file: .zero, envelope: .zero, calibration: .zero, method: .unbiased, seed: 1, episodes: 9,
            way: begun)
        var options = LearnOptions(source: RobotSource("arm"))
        #expect(options.way(of: identity) == begun && options.way(of: nil) == RunIdentity.Way())
        (options.steps, options.models) = (.adam, 4)
        var other = begun
        (other.steps, other.models) = (.adam, 4)
        #expect(options.way(of: identity) == other)
        #expect(LearnView.words(of: begun) == ", steps natural, reuse 2" && LearnView.words(of: .init()).isEmpty)
    }

    @Test("who ends a dry run hears that nothing was kept, and who ends a run that it goes on")
    func interruption() {
        let (dry, other) = (LearnOptions.interruption(isDryRun: true), LearnOptions.interruption(isDryRun: false))
        #expect(dry.contains("keeps nothing") && dry.contains("begins anew") && !dry.contains("goes on"))
        #expect(other.contains("nothing is lost") && other.contains("the same command goes on"))
    }

    @Test("a dry run that is interrupted, at whatever moment, says that it kept nothing and nothing else")
    func interrupted() throws {
        let words = "pendulum --dry-run --episodes 100000 --robots \(Household.root)/Calibration \(Household.envelopes)"
        let learner = try VirtualProcess(words, verb: "learn")
        _ = try learner.waited { learner.said.contains("saw what the first policy does") ? true : nil }
        try learner.signal(SIGINT)
        let run = try learner.end()
        #expect(run.status == 0 && run.errors.contains("stopped; a dry run keeps nothing"), "\(run.errors)")
        #expect(!run.errors.contains("nothing is lost"))
    }

    @Test("curves for TensorBoard grow with the log, byte by byte, and say when they cannot be written")
    func curves() throws {
        let pretended = Pretended()
        var surroundings = pretended.surroundings(with: pretended.surroundings.devices, read: readFile)
        let folder = FileManager.default.temporaryDirectory.appending(path: "curves-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let log = folder.appending(path: CourseLog.fileName)
        let head = CourseLog.Head(robot: "arm", run: 1, method: .real, tickSeconds: 0.005, horizon: 10)
        let entries = (1...3).map { number in
            CourseLog.Entry(
                episode: UInt64(number), realEpisodes: number, robotSeconds: Double(number), worth: -1 / Double(number),
                phase: .climb, isCandidate: false, purchase: nil, recording: nil, fault: nil)
        }
        let curves = GrowingCurves(log: log.path, folder: folder.appending(path: "deep/in").path, in: surroundings)
        var last = Data()
        for count in 0...3 {
            try Data(CourseLog(head, Array(entries.prefix(count))).encoded).write(to: log)
            #expect(curves.grow() == nil)
            let bytes = try Data(contentsOf: folder.appending(path: "deep/in/\(CourseStory.eventsFile)"))
            #expect(bytes.starts(with: last) && (count == 0 || bytes.count > last.count))
            #expect(Array(bytes) == CourseStory(CourseLog(head, Array(entries.prefix(count)))).events)
            last = bytes
        }
        surroundings.replaceBytes = { _, _ in FileTrouble(code: 28, reason: "No space left on device") }
        let full = GrowingCurves(log: log.path, folder: folder.path, in: surroundings)
        let refusal = try #require(full.grow())
        #expect(refusal.text.contains("No space left") && refusal.next.contains("--tensorboard"))
        #expect(full.grow() == nil, "it says so once as long as nothing is new")
    }

    @Test(
        "what is not",
        arguments: [
            "learn", "learn arm more", "learn arm --from", "learn arm --method best", "learn arm --episodes 0",
            "learn arm --seed -1",
            "learn arm --port x", "learn arm --steps big", "learn arm --reuse -1", "learn arm --models 0",
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
            (
                .changed(.way("reuse", then: "0", now: "2")), .invalidConfiguration,
                "begun with --reuse 0, not with --reuse 2"
            ),
            (.changed(.hash(.envelope, then: plan, now: .zero)), .invalidConfiguration, "the envelope has changed"),
            (.folder(.inUse), .refused, "another learner has the run"),
            (.folder(.damaged("checkpoint")), .integrityFailure, "'checkpoint' of the run"),
            (.record(plan: plan, path: "/a.mcap", .otherPlan), .integrityFailure, "is no evidence"),
            (.call(.call(.missing)), .notReachable, "no guard answers"),
            (.call(.unreadable("state")), .failed, "lacks 'state'"),
            (.noRecording(plan), .failed, "has no recording"),
            (.strangeEpisode(plan), .integrityFailure, "is not what the run asked for"),
            (.checkpoint(.damaged), .integrityFailure, "cannot be gone on from"),
            (
                .folder(.otherVersion("checkpoint", 1, written: 2)), .invalidConfiguration,
                "was begun by an older version of understudy (version 1, this one writes 2)"
            ),
            (
                .folder(.otherVersion("run.json", 3, written: 1)), .invalidConfiguration,
                "was begun by a newer version of understudy (version 3, this one writes 1)"
            ),
            (
                .checkpoint(.otherVersion(2, written: 3)), .invalidConfiguration,
                "older version of understudy (version 2, this one writes 3)"
            ),
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
        var next = NextPurchase(plan: Digest(of: "a plan"), purchase: purchase, price: price)
        #expect(NextPurchase(next.bytes) == next && NextPurchase(Array("{}".utf8)) == nil)

        let text = BudgetText(path: "L", entries: [], next: next).text(.plain)
        #expect(text.contains("episode 3 of at most 6") && text.contains("enough for 0 like it"), "\(text)")
        #expect(text.contains("15 s of time, 3 ppm of wear, 2 J of heat"))
        #expect(text.contains("asks for plan \(next.plan.start): "), "\(text)")
        next.others = [Digest(of: "another plan")]
        #expect(NextPurchase(next.bytes) == next)
        let both = BudgetText(path: "L", entries: [], next: next).text(.plain)
        let plans = "the plans \(next.plan.start) of robot 1, \(next.others[0].start) of robot 2: "
        #expect(both.contains("asks for \(plans)") && both.contains("Each is expected to take 15 s"), "\(both)")
    }
}
