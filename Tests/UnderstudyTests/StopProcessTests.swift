import Foundation
import Glibc
import GuardSamples
import JSON
import Ledger
import Ports
import TestSupport
import Testing
import Varlink

@testable import understudy

@Suite("A stop", .serialized, .enabled(if: getuid() == 0, "only root can become others"))
struct StopProcessTests {
    enum Silent: CaseIterable, Sendable {
        case socketIsGone, hangs, isCrowded, isDead

        /// What the answer begins with.
        var words: String {
            switch self {
            case .socketIsGone, .hangs: "the guard did not answer, was asked to end, and ended"
            case .isCrowded: "the guard had no place left for this user, was asked to end, and ended"
            case .isDead: "no guard runs"
            }
        }
    }

    @Test(
        "that no guard answers ends one that lives, switches the robot itself off, and reads that back; the next one keeps down what was approved, and loses none",
        arguments: Silent.allCases)
    func stop(silent: Silent) throws {
        let house = try Household(more: "--record HERE/run")
        defer { try? house.end() }
        var learner = try house.client()
        let (first, second) = try learner.oneFlies(in: house)
        let crowd = silent == .isCrowded ? try Crowd(at: house.socket) : nil
        defer { withExtendedLifetime(crowd) {} }
        switch silent {
        case .socketIsGone: try FileManager.default.removeItem(atPath: house.socket)
        case .hangs: try house.keeper.signal(SIGSTOP)
        case .isCrowded: #expect(try Crowd.isThere(at: house.socket))
        case .isDead:
            try house.keeper.signal(SIGKILL)
            _ = try? house.keeper.end()
        }
        let run = try house.stop()
        let words = """
            \(silent.words); every motor was read back as off
            what was allowed before does not fly until an operator lets it
              next: understudy resume pendulum, when a guard runs again

            """
        #expect(run.status == 0 && run.output == words && run.errors.isEmpty, "\(run)")
        if silent != .isDead { #expect(try house.keeper.end().status == 0) }
        #expect(try !isPulling(in: house))
        // A stop is no end of what waits: the next guard keeps down what was approved until somebody lets it fly, and never
        // flies what was begun.
        try house.restart()
        var again = try house.client()
        try again.wait(for: ["resume"], before: second)
        #expect(try again.ask("Status")["stopped"]?.object?["by"]?.integer == 0)
        let resumed = try house.operate("resume pendulum --why 'nobody is near'")
        #expect(resumed.status == 0, "\(resumed)")
        #expect(try again.ask("Status")["stopped"] == nil)
        try again.wait(for: ["finished", "stopped", "failed"], of: second)
        let story = try again.state(of: first)
        #expect(silent == .isDead ? story == "lost" : ["stopped", "failed"].contains(story), "\(story)")
        #expect(try house.dismiss().status == 0)
        let report = try LedgerReader(at: house.state).verify()
        #expect(report.isSound, "\(report.findings)")
    }

    /// Whether the metal gives any motor anything to do, by its own log.
    ///
    /// Its time stands still with the last answer that the stop has waited for, and what it does is written down once a
    /// millisecond: so three pass first, in which no watchdog of a servo expires.
    private func isPulling(in house: Household) throws -> Bool {
        // Whoever comes finds everything written down that was.
        try house.live(for: .zero)
        let before = try #require(try lastState(in: house)).time
        try house.live(for: .milliseconds(3))
        let after = try house.robot.waited {
            try lastState(in: house).flatMap { $0.time > before + 0.0015 ? $0 : nil }
        }
        return after.isPulling
    }

    private func lastState(in house: Household) throws -> MetalLog.Line? {
        try house.log(last: 60_000).filter { $0.kind == .state }.last
    }

    @Test("that a guard answers says what is next, and what was approved before waits until an operator resumes")
    func answered() throws {
        let house = try Household()
        defer { try? house.end() }
        var learner = try house.client()
        let (first, second) = try learner.oneFlies(in: house)
        // Whoever comes by, and is nobody to this robot.
        let stop = try ProcessRun.shell(
            "setpriv --reuid=3 --regid=3 --clear-groups ./understudy stop pendulum --why 'a hand' "
                + "--socket \(house.socket)")
        let words = """
            what was allowed before does not fly until an operator lets it
              next: understudy resume pendulum, or approve a plan anew

            """
        #expect(stop.status == 0 && stop.output.hasPrefix("stop ordered; the robot was "), "\(stop)")
        #expect(stop.output.hasSuffix("\n" + words), "\(stop)")
        try learner.wait(for: ["stopped", "failed"], of: first)
        try learner.wait(for: ["resume"], before: second)
        let status = try house.operate("status pendulum")
        #expect(status.output.contains("  stopped by user 3 at "), "\(status)")
        #expect(status.output.contains(": a hand; what was allowed before does not fly"), "\(status)")
        #expect(status.output.contains("  next: understudy resume pendulum, or approve a plan anew"), "\(status)")
        // Whoever is about to approve something new sees it as well.
        _ = try learner.propose(3, horizon: 60, to: house)
        let pending = try house.operate("approve pendulum")
        #expect(pending.output.hasPrefix("  stopped by user 3 at "), "\(pending)")
        #expect(try house.operate("resume pendulum --why 'nobody is near'").status == 0)
        try learner.wait(for: ["finished"], of: second)
        #expect(try learner.ask("Status")["stopped"] == nil)
        #expect(try house.dismiss().status == 0)
        #expect(try LedgerReader(at: house.state).verify().isSound)
    }

    @Test("whoever may not end a guard that does not answer is told so, at once")
    func notPermitted() throws {
        let house = try Household()
        defer { try? house.end() }
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        try FileManager.default.removeItem(atPath: house.socket)
        let run = try house.stop(as: "setpriv --reuid=2 --regid=2 --clear-groups")
        #expect(run.status == ExitStatus.refused.rawValue && run.errors.contains("sudo understudy stop"), "\(run)")
        #expect(try learner.state() == "observing")
        #expect(try house.dismiss().status == 0)
    }
}

extension VarlinkClient {
    /// One plan that flies, and another that was approved and waits.
    fileprivate mutating func oneFlies(in house: Household) throws -> (first: String, second: String) {
        try wait(for: ["observing"])
        try house.grant()
        let (first, second) = (
            try approved(1, horizon: 5_000, in: house), try approved(2, horizon: 60, in: house)
        )
        try wait(for: ["running"], of: first)
        return (first, second)
    }

    /// Until a plan waits for exactly this.
    fileprivate mutating func wait(for words: [String], before plan: String) throws {
        let end = MonotonicInstant.now() + .seconds(180)
        while true {
            let summary = try ask("Await", ["sha256": .text(plan)])["summary"]?.object
            let waits = (summary?["waits_for"]?.list ?? []).compactMap(\.text)
            if waits == words { return }
            try #require(MonotonicInstant.now() < end, "\(waits)")
            usleep(5_000)
        }
    }
}
