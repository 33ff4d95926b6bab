import Glibc
import Learning
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
    }

    static func run(_ words: [String]) {
        guard let plan = LearnPlan(words) else { return print(LearnPlan.usage) }
        var table = LearnTable()
        let file = plan.file.map { LearnFile($0) }
        print(
            "learn: \(plan.episodes) real episodes at most, \(plan.seeds.count) seeds; mean worth of a tick over the "
                + "newest \(LearnTable.window) by real episodes")
        for name in plan.robots {
            let robot = GapRobot(name)
            for gap in plan.gaps {
                let jobs = plan.seeds.flatMap { seed in
                    plan.methods.map { Job(robot: robot, gap: gap, method: $0, seed: seed) }
                }
                let rest = jobs.filter { job in
                    guard let curve = file?.curves[job.name] else { return true }
                    table[job.cell, job.seed] = curve
                    return false
                }
                for (job, curve) in done(rest, plan, file) { table[job.cell, job.seed] = curve }
                say(table.summary(name, gap))
            }
        }
    }

    /// One thread, or two that each take every other job and share nothing.
    private static func done(_ jobs: [Job], _ plan: LearnPlan, _ file: LearnFile?) -> [(Job, [Double])] {
        let threads = min(plan.threads, 2)
        @Sendable func work(_ first: Int) -> [(Job, [Double])] {
            var results: [(Job, [Double])] = []
            for place in stride(from: first, to: jobs.count, by: threads) {
                let job = jobs[place]
                let begun = Stopwatch.nanoseconds()
                let run = LearnRun(job.robot, job.gap, job.method, seed: job.seed, plan)
                file?.append(job.name, run.curve)
                say(
                    "    \(job.name): \(LearnTable.row(run.curve))  (\((Stopwatch.nanoseconds() - begun) / 1_000_000_000) s)"
                )
                if plan.seeds.count == 1 { say(LearnNotes.text(run.notes)) }
                results.append((job, run.curve))
            }
            return results
        }
        guard threads > 1 else { return work(0) }
        guard let other = HostThread({ work(1) }) else { return work(0) + work(1) }
        return work(0) + other.join()
    }

    static func say(_ text: String) {
        print(text)
        fflush(nil)
    }
}

/// Curves that were run, a line each; what is there is not run again.
private struct LearnFile: Sendable {
    private let path: String
    private(set) var curves: [String: [Double]] = [:]

    init(_ path: String) {
        self.path = path
        guard unsafe access(path, R_OK) == 0 else { return }
        for line in String(decoding: GapRobot.bytes(of: path), as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ":")
            guard parts.count == 2 else { continue }
            curves[String(parts[0])] = parts[1].split(separator: " ").compactMap { Double($0) }
        }
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
