import Hashing
import Episodes
import Glibc
import Ledger
import Quantities
import Supervision

/// What durability costs: entries that are on the disk before the call returns, in real time, on this machine's disk.
enum LedgerBench {
    private static let episodes = 150

    static func run() {
        let folder = "\(environment("TMPDIR") ?? "/tmp")/understudy-bench-\(getpid())"
        defer { remove(folder) }
        do {
            try measure(in: folder)
        } catch {
            print("ledger: cannot be measured in \(folder): \(error)")
        }
    }

    private static func measure(in folder: String) throws {
        // SAFETY: the path is only read during the call.
        _ = unsafe mkdir(folder, 0o700)
        let now = WallInstant(milliseconds: 0)
        var ledger = try Ledger.open(at: "\(folder)/ledger.sqlite", program: "bench", now: now)
        guard let author = BenchPlan.author else { return }
        var times: [String: [Double]] = [:]
        var approvals: [UInt64] = []
        for number in 0..<episodes {
            guard let proposal = BenchPlan.proposal(number) else { return }
            try time("proposal with dossier, 12 KiB", &times) { _ = try ledger.propose(proposal, by: author, at: now) }
            try time("approval", &times) {
                approvals.append(try ledger.approve(proposal.digest, by: author, at: now).serial)
            }
            guard let approval = approvals.last else { return }
            try time("permit issued, 2 entries", &times) { try ledger.issuePermit(approval, at: now) }
            try time("permit used, 2 entries", &times) { try ledger.usePermit(approval, at: now) }
            let end = EpisodeEnd(outcome: .finished(Ticks(400)), recording: nil, spent: .zero, verdicts: [])
            try time("end of an episode, 2 entries", &times) { try ledger.end(approval, end, at: now) }
        }
        report(times, entries: ledger.head.serial)
        let start = nanoseconds()
        let report = try LedgerReader(at: folder).verify()
        let span = Double(nanoseconds() - start)
        print("  verify: \(Int(Double(report.entries) / span * 1e9)) entries a second, \(report.entries) in all")
    }

    private static func time(_ what: String, _ times: inout [String: [Double]], _ body: () throws -> Void) rethrows {
        let start = nanoseconds()
        try body()
        times[what, default: []].append(Double(nanoseconds() - start) / 1_000)
    }

    private static func report(_ times: [String: [Double]], entries: UInt64) {
        print("ledger: \(episodes) episodes, each call returns when its entries are on the disk; real time,")
        print("each figure is the median call")
        for (what, values) in times.sorted(by: { $0.key < $1.key }) { print("  \(what): \(Spread(values).line("µs"))") }
        let total = times.values.joined().reduce(0, +)
        print("  all together: \(Int(Double(entries) / total * 1e6)) durable entries a second")
    }

    /// Real time: what is measured is mostly waiting.
    private static func nanoseconds() -> UInt64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    private static func environment(_ name: String) -> String? {
        // SAFETY: nothing in this process changes the environment, and the text is copied at once.
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    private static func remove(_ folder: String) {
        // SAFETY: the paths are only read during the calls.
        for end in ["", "-wal", "-shm", ".lock", ".head"] { _ = unsafe unlink("\(folder)/ledger.sqlite\(end)") }
        _ = unsafe rmdir(folder)
    }
}

/// A plan of the size that a small policy has: 3072 weights.
private enum BenchPlan {
    static var author: Author? {
        Name("bench").map { Author(userNumber: 0, groupNumber: 0, name: $0, origin: "") }
    }

    static func proposal(_ number: Int) -> Proposal? {
        guard let name = Name("bench"), let joints = JointCount(6), let joint = JointIndex(0) else { return nil }
        let reference = Reference(name: name, digest: Digest(of: "bench"))
        let weights = (0..<12_288).map { UInt8(truncatingIfNeeded: $0 &+ number) }
        guard let policy = PolicyPayload(format: name, bytes: weights), let band = Limit(Radians(-1), Radians(1)),
            let speed = Limit(RadiansPerSecond(-1), RadiansPerSecond(1)),
            let effort = Limit(NewtonMetres(-1), NewtonMetres(1)), let heat = Limit(Celsius(20), Celsius(50))
        else { return nil }
        let start = JointStart(position: Radians(0), speed: RadiansPerSecond(0))
        let nearest = NearestLimit(joint: joint, rule: .position, margin: 0.2)
        do {
            let plan = try EpisodePlan(
                robot: name, task: reference, envelope: reference, calibration: reference, policy: policy,
                noise: NoiseKey(run: 0, iteration: 0, episode: UInt32(number)),
                start: Array(repeating: start, count: 6),
                horizon: Ticks(400), cost: .zero)
            let dossier = try Dossier(
                band: ApprovedBand(stride: Ticks(40), joints: joints, limits: Array(repeating: band, count: 60)),
                joints: Array(repeating: JointForecast(speed: speed, effort: effort, temperature: heat), count: 6),
                nearest: nearest, worst: WorstRollout(rollouts: 64, index: 0, nearest: nearest, crossings: 0),
                distance: nil, thermal: ThermalForecast(joint: joint, peak: Celsius(60), timeLeft: Seconds(100)),
                wear: .zero)
            return try Proposal(plan: plan, dossier: dossier)
        } catch {
            return nil
        }
    }
}
