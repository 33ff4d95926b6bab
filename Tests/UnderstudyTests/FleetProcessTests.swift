import Foundation
import Glibc
import TestSupport
import Testing

@testable import understudy

@Suite("Processes that learn together", .serialized, .enabled(if: getuid() == 0, "only root can make networks"))
struct FleetProcessTests {
    private static let rights = ["OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"]
    private static let rehearsal =
        "./understudy learn pendulum --dry-run --episodes 7 --json --seed 5 "
        + "--robots \(Household.root)/Calibration \(Household.envelopes)"

    private static func together(_ count: Int, _ command: String) throws -> ProcessRun {
        try ProcessRun.shell("mpirun --oversubscribe -n \(count) \(command)", environment: rights)
    }

    @Test("a rehearsal says the same in one process, in two and in four")
    func rehearsal() throws {
        let alone = try ProcessRun.shell(Self.rehearsal)
        #expect(alone.status == 0 && alone.output.split(separator: "\n").count > 2, "\(alone.errors)")
        for count in [2, 4] {
            let run = try Self.together(count, Self.rehearsal)
            #expect(run.status == 0 && run.output == alone.output, "\(count): \(run.errors)")
        }
    }

    @Test("on two machines with a network between them it says the same")
    func machines() throws {
        let alone = try ProcessRun.shell(Self.rehearsal)
        let pair = try TwoMachines()
        let run = try pair.run(
            "mpirun \(pair.options) -n 2 bash -c 'hostname >&2; exec \(Self.rehearsal)'", environment: Self.rights)
        #expect(run.status == 0 && run.output == alone.output, "\(run.errors)")
        for name in pair.names { #expect(run.errors.contains(name), "\(run.errors)") }
    }

    @Test("when one is killed all end; what goes on with another number learns the bits of one process")
    func killed() throws {
        let school = try School(episodes: 17)
        defer { try? school.end() }
        let folder = school.house.folder
        let words = school.words("fleet", method: "rehearse")
        // Each says who it is before it becomes the learner.
        let named = "bash -c 'echo $$ > \(folder)/rank-$OMPI_COMM_WORLD_RANK; exec ./understudy learn \(words)'"
        let killer = Thread {
            let log = "\(folder)/fleet/course.jsonl"
            while ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").count < 5 {
                usleep(5_000)
            }
            let text = (try? String(contentsOfFile: "\(folder)/rank-1", encoding: .utf8)) ?? ""
            if let process = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) { kill(process, SIGKILL) }
        }
        killer.start()
        let first = try Self.together(2, named)
        #expect(first.status != 0 && first.errors.contains("rank 1"), "\(first)")
        #expect(try school.policy("fleet") == nil, "it had not ended")
        let second = try Self.together(4, "./understudy learn \(words)")
        #expect(second.status == 0, "\(second.errors)")
        let alone = try ProcessRun.shell("./understudy learn \(school.words("alone", method: "rehearse"))")
        #expect(alone.status == 0, "\(alone.errors)")
        let policy = try #require(try school.policy("alone"))
        #expect(try school.policy("fleet") == policy, "the same bits")
        #expect(try school.flown() == school.episodes, "each was flown once")
    }

    @Test("one that has another robot's file is named, and nothing is learnt")
    func stranger() throws {
        let house = try Robots()
        let run = try Self.together(
            2,
            "bash -c 'exec ./understudy learn pendulum --dry-run --episodes 8 \(Household.envelopes) "
                + "--robots \(house.folder)/$OMPI_COMM_WORLD_RANK'")
        #expect(run.status != 0 && run.errors.contains("rank 1 on"), "\(run.errors)")
        #expect(run.errors.contains("has another robot's file"), "\(run.errors)")
    }
}

/// The same robot twice, but for a character.
private struct Robots: ~Copyable {
    let folder = "/tmp/robots-\(UUID().uuidString.prefix(8))"

    init() throws {
        for (rank, more) in [(0, ""), (1, " ")] {
            let run = try ProcessRun.shell(
                "mkdir -p \(folder)/\(rank) && cp -r \(Household.root)/Calibration/pendulum \(folder)/\(rank)/ && "
                    + "printf '\(more)' >> \(folder)/\(rank)/pendulum/robot.json5")
            try #require(run.status == 0, "\(run.errors)")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}

/// Two machines of this one: a network and a name for each, and a wire between them.
private struct TwoMachines: ~Copyable {
    let names: [String]
    private let agent: String

    init() throws {
        let mark = UUID().uuidString.prefix(4).lowercased()
        names = ["near-\(mark)", "far-\(mark)"]
        agent = "/tmp/agent-\(mark)"
        // What mpirun would do by ssh.
        try Data("#!/bin/sh\nhost=$1; shift; exec \(Self.at("$host", "$*"))\n".utf8).write(to: URL(filePath: agent))
        let run = try ProcessRun.shell(
            """
            chmod +x \(agent) && ip netns add \(names[0]) && ip netns add \(names[1]) &&
            ip link add wire netns \(names[0]) type veth peer name wire netns \(names[1]) &&
            for place in 0:\(names[0]) 1:\(names[1]); do
                ip -n ${place#*:} addr add 10.77.0.$((1 + ${place%%:*}))/24 dev wire &&
                ip -n ${place#*:} link set lo up && ip -n ${place#*:} link set wire up || exit
            done
            """, environment: ["PATH": Self.path])
        try #require(run.status == 0, "\(run.errors)")
    }

    deinit {
        for name in names { _ = try? ProcessRun.shell("ip netns del \(name)", environment: ["PATH": Self.path]) }
        try? FileManager.default.removeItem(atPath: agent)
    }

    private static let path = "/usr/sbin:/usr/bin:/sbin:/bin"

    private static func at(_ host: String, _ command: String) -> String {
        "ip netns exec \(host) unshare --uts sh -c \"hostname \(host); \(command)\""
    }

    var options: String {
        "--mca plm_rsh_agent \(agent) --mca oob_tcp_if_include wire --mca btl_tcp_if_include wire --mca btl self,tcp "
            + "-H \(names[0]):1,\(names[1]):1"
    }

    func run(_ command: String, environment: [String: String]) throws -> ProcessRun {
        let run = Self.at(names[0], command)
        return try ProcessRun.shell(run, environment: environment.merging(["PATH": Self.path]) { $1 })
    }
}
