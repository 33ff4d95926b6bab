import Episodes
import Foundation
import Guard
import GuardSamples
import JSON
import Ledger
import Ports
import Quantities
import Supervision
import TestSupport
import Testing
import Varlink

/// SplitMix, so that a seed means the same bytes on every machine.
private struct Chance: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite("The guard's service and those who mean it ill", .serialized)
struct HostileServiceTests {
    @Test("after thousands of hostile messages it answers, observes, and its ledger is sound and has not exploded")
    func messages() throws {
        let bench = try ServiceBench()
        defer { bench.end() }
        bench.become(.learner)
        var person = try bench.client()
        try person.expectState("observing")
        var chance = Chance(state: 5)
        let methods = GuardInterface.interface.methods
        for number in 0..<1_000 {
            var link = try hostile(bench.socket)
            let method = methods[Int.random(in: 0..<methods.count, using: &chance)]
            let text = Self.message(number % 5, method, &chance)
            var bytes = Array(text.utf8)
            if number % 3 == 0, !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &chance)] = UInt8.random(in: 0...255, using: &chance)
            }
            try? link.write((bytes + [0]).span, by: soon())
        }
        try person.expectState("observing")
        let entries = try LedgerReader(at: bench.folder).verify()
        #expect(entries.isSound && entries.entries < 100, "\(entries.entries)")
    }

    private func hostile(_ path: String) throws -> SocketLink {
        for _ in 0..<60_000 {
            do throws(PortError) { return try SocketLink(to: path) } catch {
                guard error == .busy else { throw error }
                MonotonicInstant.sleep(until: .now() + .milliseconds(1))
            }
        }
        throw PortError.busy
    }

    private static func message(_ kind: Int, _ method: String, _ chance: inout Chance) -> String {
        let name = "\(GuardInterface.name).\(method)"
        switch kind {
        case 0: return "{\"method\":\"\(name)\"}"
        case 1:
            return
                "{\"method\":\"\(name)\",\"parameters\":{\"sha256\":\"\(UInt64.random(in: 0...9, using: &chance))\",\"why\":\"x\",\"mode\":\"each\"}}"
        case 2: return "{\"method\":\"\(name)\",\"more\":true,\"oneway\":true}"
        case 3: return String(repeating: "[", count: 100) + name
        default:
            return
                "{\"method\":\"\(name)\",\"parameters\":{\"sha256\":\"\",\"proposal_base64\":\"\(String(repeating: "A", count: 4_000))\"}}"
        }
    }

    @Test("idle connections of others do not keep a person out")
    func idle() throws {
        let bench = try ServiceBench()
        defer { bench.end() }
        let held = try (0..<200).map { _ in Held(try hostile(bench.socket)) }
        var person = try bench.client()
        try person.expectState("observing")
        #expect((try person.ask("Stop")["ordered_at_ns"]?.integer ?? 0) > 0)
        withExtendedLifetime(held) {}
    }
}

/// A connection that somebody keeps and never uses.
private final class Held {
    private let link: SocketLink
    init(_ link: consuming SocketLink) { self.link = link }
}

extension HostileServiceTests {
    /// Users that every Debian has, each in no group but its own: daemon proposes, bin approves, sys only looks.
    @Test(
        "users of the system get their role by the kernel's word; root has none",
        .enabled(if: getuid() == 0, "only root can become others"))
    func users() throws {
        let bench = try ServiceBench(roles: RoleRules(learners: 1, operators: 2))
        defer { bench.end() }
        let root = PlanSamples.root.path
        let surroundings = ProcessInfo.processInfo.environment.merging(["ROOT": root]) { $1 }
        let python = try ProcessRun.shell(
            "\"$ROOT/.ci/python-peers\" varlink varlink==31.0.0", environment: surroundings)
        try #require(python.status == 0, "no environment for varlink: \(python.errors)")
        let proposal = try PlanSamples.proposal(bench.facts)
        let file = "\(bench.folder)/proposal"
        try Data(Data(proposal.canonicalBytes).base64EncodedString().utf8).write(to: URL(filePath: file))
        let interpreter = python.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let run = try ProcessRun.shell(
            "'\(interpreter)' '\(root)/Tests/Peers/guard_roles.py' '\(bench.socket)' '\(file)' "
                + "\(proposal.digest.text)")
        #expect(run.status == 0, "\(run.output.suffix(2_000))\(run.errors.suffix(2_000))")
        #expect(run.output.split(separator: "\n").count { $0.hasPrefix("ok ") } >= 30, "\(run.output)")
        let report = try LedgerReader(at: bench.folder).verify()
        #expect(report.isSound && (report.counts[.refusal] ?? 0) >= 10)
    }

    /// daemon and sys take every place and call from each; bin is an operator, and lp nobody.
    @Test(
        "a stop gets through while learners hold every place with a call; who is turned away is told so, and it is noted",
        .enabled(if: getuid() == 0, "only root can become others"))
    func crowd() throws {
        let bench = try ServiceBench(roles: RoleRules(learners: 1, operators: 2))
        defer { bench.end() }
        let script = PlanSamples.root.appending(path: "Tests/Peers/guard_crowd.py").path
        let run = try ProcessRun.shell("timeout 120 python3 '\(script)' '\(bench.socket)'")
        #expect(run.status == 0 && run.output.hasSuffix("all as promised\n"), "\(run)")
        // An answer of the desk: what was before it is written down.
        var person = try bench.client()
        _ = try person.state()
        let report = try LedgerReader(at: bench.folder).verify()
        // Of two users one came too many, and one was in the way, each noted once.
        #expect(report.isSound && report.counts[.refusal] ?? 0 >= 3 && report.counts[.fault] == 2, "\(report.counts)")
    }
}
