import Glibc
import Learning
import Ports
import Robots
import Threads

/// How many real episodes a way of learning takes: on a virtual robot whose body and metal are what they are, with the
/// reduced model of its folder, the learner's only idea of it.
///
/// Every seed is another robot, as bought, with another first policy; the ways of learning get the same ones. Worth is
/// the mean reward of a tick over the newest episodes that were bought; nothing is evaluated that was not paid for.
enum LearnBench {
    /// A run that is still to be done, or was.
    private struct Job: Sendable {
        let robot: GapRobot
        let gap: LearnGap
        let method: LearnMethod
        let seed: UInt64

        var cell: LearnTable.Cell { LearnTable.Cell(robot: robot.file.name, gap: gap, method: method) }
        var name: String { "\(robot.file.name) \(gap.rawValue) \(method.rawValue) \(seed)" }

        /// In a file: with what is not as usual, so that nothing passes for what it is not.
        func key(_ plan: LearnPlan) -> String {
            name + (plan.rate.map { " rate \($0)" } ?? "") + (plan.limit.map { " limit \($0)" } ?? "")
        }
    }

    static func run(_ words: [String]) {
        guard let plan = LearnPlan(words) else { return print(LearnPlan.usage) }
        let file = plan.file.map { LearnFile($0) }
        let cells = plan.robots.flatMap { name in
            let robot = GapRobot(name)
            return plan.gaps.map { (robot: robot, gap: $0) }
        }
        let jobs = cells.map { cell in
            // Seed by seed, so that whoever breaks it off has all methods for the seeds that are there.
            plan.seeds.flatMap { seed in
                plan.methods.map { Job(robot: cell.robot, gap: cell.gap, method: $0, seed: seed) }
            }
        }
        var table = LearnTable()
        let open = jobs.map { jobs in
            jobs.filter { job in
                let known = file?.curve(job.key(plan), job.method, episodes: plan.episodes)
                if let known { table[job.cell, job.seed] = known }
                return known == nil
            }
        }
        var pace = LearnPace(plan, runs: open.joined().count)
        say(
            "learn: \(plan.episodes) real episodes at most, \(plan.seeds.count) seeds; mean worth of a tick over the "
                + "newest \(LearnTable.window) by real episodes; \(pace.left) of \(jobs.joined().count) runs to be done"
        )
        for (cell, open) in zip(cells, open) {
            for (job, curve) in done(open, plan, file, &pace) {
                table[job.cell, job.seed] = curve
            }
            say(table.summary(cell.robot.file.name, cell.gap))
        }
        if pace.left > 0 { say("learn: \(pace.left) runs are still to be done; the table is of those that were") }
    }

    /// One thread, or two that take the next jobs, pair by pair, and share nothing.
    private static func done(
        _ jobs: [Job], _ plan: LearnPlan, _ file: LearnFile?, _ pace: inout LearnPace
    ) -> [(Job, [Double])] {
        @Sendable func work(_ job: Job) -> (Job, [Double]) {
            let begun = MonotonicInstant.now()
            let run = LearnRun(job.robot, job.gap, job.method, seed: job.seed, plan)
            file?.append(job.key(plan), run.curve)
            let seconds = Int((MonotonicInstant.now() - begun) / .seconds(1))
            say("    \(job.name): \(LearnTable.row(run.curve))  (\(seconds) s)")
            if plan.seeds.count == 1 { say(LearnNotes.text(run.notes)) }
            return (job, run.curve)
        }
        var results: [(Job, [Double])] = []
        var rest = jobs[...]
        while let job = rest.popFirst(), pace.goesOn {
            let other = plan.threads > 1 ? rest.popFirst() : nil
            let thread = other.flatMap { other in HostThread { work(other) } }
            results.append(work(job))
            if let thread = consume thread {
                results.append(thread.join())
            } else if let other {
                results.append(work(other))
            }
            pace.took(other == nil ? 1 : 2)
        }
        return results
    }

    static func say(_ text: String) {
        print(text)
        fflush(nil)
    }
}

/// How far it is, and how long it will take.
private struct LearnPace {
    private(set) var left: Int
    private var done = 0
    private let begun = MonotonicInstant.now()
    private let minutes: Double

    init(_ plan: LearnPlan, runs: Int) { (left, minutes) = (runs, plan.minutes) }

    private var passed: Double { (MonotonicInstant.now() - begun) / .seconds(60) }
    var goesOn: Bool { passed < minutes }

    mutating func took(_ runs: Int) {
        (left, done) = (left - runs, done + runs)
        let rest = passed / Double(done) * Double(left)
        LearnBench.say("      \(done) of \(done + left) runs, about \(Int(rest.rounded(.up))) minutes for the rest")
    }
}

/// Curves that were run, a line each; what is there is not run again.
private struct LearnFile: Sendable {
    private let path: String
    private var curves: [String: [Double]] = [:]

    init(_ path: String) {
        self.path = path
        guard unsafe access(path, R_OK) == 0 else { return }
        for line in String(decoding: GapRobot.bytes(of: path), as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ":")
            guard parts.count == 2 else { continue }
            curves[String(parts[0])] = parts[1].split(separator: " ").compactMap { Double($0) }
        }
    }

    /// Of a run with at least so many episodes: nothing in it depends on how many were still to come.
    func curve(_ name: String, _ method: LearnMethod, episodes: Int) -> [Double]? {
        // Who takes few batches and no more is whole with fewer.
        guard let curve = curves[name], method.batches != nil || curve.count >= episodes else { return nil }
        return Array(curve.prefix(episodes))
    }

    func append(_ name: String, _ curve: [Double]) {
        let line = Array("\(name): \(curve.map { "\($0)" }.joined(separator: " "))\n".utf8)
        // SAFETY: a string lends its bytes for the call.
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        guard descriptor >= 0 else { return }
        // SAFETY: the array outlives the call, and the count is its own.
        _ = unsafe write(descriptor, line, line.count)
        close(descriptor)
    }
}

/// What a course noted, in a line each: to see what the default does.
private enum LearnNotes {
    static func text(_ notes: [Course.Note]) -> String {
        notes.map { "      \($0.episodes) episodes, worth \(LearnTable.text($0.worth)): \($0.event)" }
            .joined(separator: "\n")
    }
}
