import Glibc
import Policies

/// The same work by ours and by the libraries that somebody would take instead, in turns in the same run, on one core.
/// The figures are processor time: of this thread here, of the whole process there. Each peer has its best settings:
/// compiled where it can be, several batch sizes, memory that is kept.
///
/// Ours is what the learner runs: `Rehearsal` also asks after every tick whether an episode has ended, and its noise
/// follows from a key. Products are rounded before they are added, so that every machine has the same bits; the kernels
/// in C are there with fused products and, to compare what is the same arithmetic, without.
enum PeersBench {
    /// - Parameter peer: a command that takes the words of a peer; nil measures ours alone.
    static func run(peer: String?) {
        signal(SIGPIPE, SIG_IGN)
        if peer == "alone" { return PeerMemory.ours() }
        do {
            print("peers: \(Contest.rounds) rounds in turns, median (5 % … 95 %) of each round's best repetition")
            print(
                "  \(processor), pinned to core \(line(of: "/proc/self/status", "Cpus_allowed_list")), registers \(Registers.widest)"
            )
            var verdicts = PeerVerdicts()
            try rollouts(peer, &verdicts)
            try samples(peer, &verdicts)
            try forward(peer, &verdicts)
            try iteration(peer, &verdicts)
            try stepping(peer, &verdicts)
            try inference(peer, &verdicts)
            PeerMemory.compare(peer, &verdicts)
            verdicts.print()
        } catch {
            preconditionFailure("\(error)")
        }
    }

    private static func rollouts(_ peer: String?, _ verdicts: inout PeerVerdicts) throws {
        let jax = [256, 1_024, 4_096, 16_384].map { "jax rollouts \($0)" }
        let contest = Contest(
            title: "rollouts of a pendulum, 64 × 64, 200 ticks; all that is seen, drawn and paid is kept",
            unit: "ticks/s", units: Double(4_096 * PeerPendulum.ticks),
            others: jax + [
                "torch rollouts 4096", "numpy rollouts 1024", "envpool 1024", "gymnasium loop 8", "gymnasium sb3 8",
                "unfused rollouts", "kernels rollouts",
            ], goals: PeerGoals.rollouts(jax))
        var pendulum = try PeerPendulum()
        contest.run(peer, &verdicts) { pendulum.play(4_096) }
    }

    private static func samples(_ peer: String?, _ verdicts: inout PeerVerdicts) throws {
        var samples = try PeerSamples()
        Contest(
            title: "pooled gradient, 102,400 samples, 11-64-64-3", unit: "samples/s", units: Double(PeerSamples.count),
            others: [
                "torch gradient 4096", "torch gradient whole", "jax gradient", "unfused gradient", "kernels gradient",
            ], goals: PeerGoals.pooled
        ).run(peer, &verdicts) { samples.pooled() }
        Contest(
            title: "a gradient of each trajectory, 512 × 200 samples, 11-64-64-3", unit: "samples/s",
            units: Double(PeerSamples.count), others: ["torch trajectories", "jax trajectories"],
            goals: PeerGoals.trajectories
        ).run(peer, &verdicts) { samples.each() }
    }

    private static func forward(_ peer: String?, _ verdicts: inout PeerVerdicts) throws {
        for (registers, peak, goals) in [
            (Registers.widestKnown, "kernels peak512", PeerGoals.forward512),
            (.wide, "kernels peak256", PeerGoals.forward256),
        ] where Registers.present.contains(registers) {
            var samples = try PeerSamples(in: registers)
            Contest(
                title: "means of 11-64-64-3 in \(registers) registers; the peak is nothing but fused products",
                unit: "10⁹ operations/s", units: 4_096 * PeerSamples.operations / 1e9, others: [peak], goals: goals
            ).run(peer, &verdicts) { samples.forward() }
        }
    }

    private static func iteration(_ peer: String?, _ verdicts: inout PeerVerdicts) throws {
        var pendulum = try PeerPendulum()
        Contest(
            title: "a whole iteration: 1,024 episodes, sums to go, baseline, gradient, Adam", unit: "iterations/s",
            units: 1, others: ["torch iteration 1024", "jax iteration 1024"], goals: PeerGoals.iteration
        ).run(peer, &verdicts) {
            guard let worth = try? pendulum.improve(1_024), worth.isFinite else { preconditionFailure("no number") }
        }
    }

    /// The robot's file is Gymnasium's, which only a peer can have.
    private static func stepping(_ peer: String?, _ verdicts: inout PeerVerdicts) throws {
        let file = peer.map { Peer($0, "hopper") }
        guard let file, file.isThere else {
            print("stepping MuJoCo: not without Gymnasium's hopper: \(file?.what ?? "no peers")")
            return PeerGoals.stepping.forEach { verdicts.note($0, nil) }
        }
        var robot = try PeerStepping(file.what)
        Contest(
            title: "Gymnasium's hopper with a policy of 64 × 64, four steps of MuJoCo for each tick", unit: "ticks/s",
            units: Double(PeerStepping.ticks),
            others: ["steps \(PeerStepping.commands)", "mujoco rollout 64", "mujoco batch 64", "envpool 64 Hopper-v4"],
            goals: PeerGoals.stepping
        ).run(peer, &verdicts) { robot.play() }
    }

    private static func inference(_ peer: String?, _ verdicts: inout PeerVerdicts) throws {
        print("one action, 11-64-64-3 (µs: median, 99th percentile)")
        let samples = try PeerSamples()
        let words = ["numpy inference", "torch inference plain", "torch inference script", "jax inference"]
        let peers = words.compactMap { words in peer.map { Peer($0, words) } }
        var times = ([nil] + peers).map { ($0, [[Double]]()) }
        for _ in 0..<Contest.rounds {
            for place in times.indices { times[place].1.append(times[place].0.map { $0.round() } ?? samples.latency()) }
        }
        for (peer, rounds) in times {
            let whole = rounds.filter { $0.count == 2 }
            guard !whole.isEmpty else {
                print("  \(peer?.words ?? "ours"): not installable here: \(peer?.what ?? "")")
                continue
            }
            let (median, last) = (whole.map { $0[0] }, whole.map { $0[1] })
            print(
                "  \(peer.map { "\($0.words) (\($0.what))" } ?? "ours"): \(PeerNumber.line(median)), \(PeerNumber.line(last))"
            )
            guard peer == nil else { continue }
            let worst = Spread(last).quantile(0.5)
            verdicts.note(PeerGoals.inference, worst, isReached: worst <= 1)
        }
    }

    private static var processor: String { line(of: "/proc/cpuinfo", "model name") }

    /// What stands behind a name in one of the kernel's lists.
    static func line(of path: String, _ name: String) -> String {
        // SAFETY: the strings outlive the calls; the stream is closed by the call that opened its kind.
        guard let stream = unsafe fopen(path, "r") else { return "unknown" }
        defer { unsafe fclose(stream) }
        var line = [CChar](repeating: 0, count: 4_096)
        while unsafe fgets(&line, Int32(line.count), stream) != nil {
            let bytes = line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
            let words = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1)
            if words.count == 2, words[0].hasPrefix(name) { return String(words[1].drop { $0 == " " || $0 == "\t" }) }
        }
        return "unknown"
    }
}
