import Foundation
import Glibc
import GuardSamples
import Ledger
import TestSupport
import Testing

@testable import understudy

@Suite("A stop that no guard answers", .serialized, .enabled(if: getuid() == 0, "only root can become others"))
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
        "ends a guard that lives, switches the robot itself off, and reads that back; nothing that was approved is lost",
        arguments: Silent.allCases)
    func stop(silent: Silent) throws {
        let house = try Household(more: "--record HERE/run")
        defer { try? house.end() }
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        try house.grant()
        let (first, second) = (
            try learner.approved(1, horizon: 5_000, in: house), try learner.approved(2, horizon: 60, in: house)
        )
        try learner.wait(for: ["running"], of: first)
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
        #expect(run.status == 0 && run.output == "\(silent.words); every motor was read back as off\n", "\(run)")
        if silent != .isDead { #expect(try house.keeper.end().status == 0) }
        #expect(try !isPulling(in: house))
        // A stop is no end of what waits: the next guard flies what was approved, and never what was begun.
        try house.restart()
        var again = try house.client()
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

    @Test("whoever may not end the guard is told so, at once")
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
