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
                + (plan.steps == .adam ? "" : " steps \(plan.steps.rawValue)")
                + (plan.reuse == 0 ? "" : " reuse \(plan.reuse)") + (plan.models == 1 ? "" : " models \(plan.models)")
        }
    }

    /// What is left of a run.
    private struct Done: Sendable {
        let curve: [Double]
        let kept: [Int: Double]
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
        var pace = BenchPace(minutes: plan.minutes, runs: open.joined().count)
        Bench.say(
            "learn: \(plan.episodes) real episodes at most, \(plan.seeds.count) seeds; mean worth of a tick over the "
                + "newest \(LearnTable.window) by real episodes; \(pace.left) of \(jobs.joined().count) runs to be done"
        )
        for (cell, open) in zip(cells, open) {
            for (job, run) in done(open, plan, file, &pace) {
                table[job.cell, job.seed] = run.curve
                table.keep(run.kept, job.cell, job.seed)
            }
            Bench.say(table.summary(cell.robot.file.name, cell.gap))
        }
        if pace.left > 0 { Bench.say("learn: \(pace.left) runs are still to be done; the table is of those that were") }
    }

    /// One thread, or two that take the next jobs, pair by pair, and share nothing.
    private static func done(
        _ jobs: [Job], _ plan: LearnPlan, _ file: LearnFile?, _ pace: inout BenchPace
    ) -> [(Job, Done)] {
        @Sendable func work(_ job: Job) -> (Job, Done) {
            let begun = MonotonicInstant.now()
            let run = LearnRun(job.robot, job.gap, job.method, seed: job.seed, plan)
            file?.append(job.key(plan), run.curve)
            let seconds = Int((MonotonicInstant.now() - begun) / .seconds(1))
            Bench.say("    \(job.name): \(LearnTable.row(run.curve))  (\(seconds) s; \(run.work.text))")
            if plan.seeds.count == 1 { Bench.say(LearnNotes.text(run.notes)) }
            return (job, Done(curve: run.curve, kept: run.kept))
        }
        var results: [(Job, Done)] = []
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
}

/// Curves that were run, a line each; what is there is not run again.
private struct LearnFile: Sendable {
    private let path: String
    private var curves: [String: [Double]] = [:]

    init(_ path: String) {
        self.path = path
        for (name, rest) in BenchFile.rows(of: path) {
            curves[name] = rest.split(separator: " ").compactMap { Double($0) }
        }
    }

    /// Of a run with at least so many episodes: nothing in it depends on how many were still to come.
    func curve(_ name: String, _ method: LearnMethod, episodes: Int) -> [Double]? {
        // Who takes few batches and no more is whole with fewer.
        guard let curve = curves[name], method.batches != nil || curve.count >= episodes else { return nil }
        return Array(curve.prefix(episodes))
    }

    func append(_ name: String, _ curve: [Double]) {
        BenchFile.write("\(name): \(curve.map { "\($0)" }.joined(separator: " "))\n", to: path, O_APPEND)
    }
}

/// What a course noted, in a line each: to see what the default does.
private enum LearnNotes {
    static func text(_ notes: [Course.Note]) -> String {
        notes.map { "      \($0.episodes) episodes, worth \(LearnTable.text($0.worth)): \($0.event)" }
            .joined(separator: "\n")
    }
}
