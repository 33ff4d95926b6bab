import Glibc
import Ports
import Simulator
import Threads

/// The published comparison again: Gymnasium's robots on the MuJoCo of the house, the released method with what it does
/// wrong beside ours, at equal steps of the real robot.
///
/// Nothing of Gymnasium is in the house: its files of robots are read where it is installed.
enum PaperBench {
    struct Job: Sendable {
        let task: PaperTask
        let method: PaperMethod
        let seed: UInt64

        func key(_ budget: PaperBudget) -> String { "\(task.name) \(method.rawValue) \(seed) \(budget.name)" }
    }

    static func run(_ words: [String]) {
        guard let plan = PaperPlan(words) else { return print(PaperPlan.usage) }
        guard let texts = PaperFiles.robots(plan) else {
            return print("paper: gymnasium is not there; --gymnasium FOLDER (with hopper.xml) or --python PROGRAM")
        }
        let file = plan.file.map { PaperFile($0) }
        var table = PaperTable(plan)
        var open: [Job] = []
        for job in jobs(plan) {
            if let marks = file?.marks[job.key(plan.budget)] {
                table[job] = marks
            } else {
                open.append(job)
            }
        }
        Bench.say(
            "paper: \(plan.budget.name), \(plan.seeds.count) seeds; published were 1,000,000 real steps, ratio 91, judged by "
                + "10 episodes every 2,000 steps that nobody counted. \(open.count) of \(jobs(plan).count) runs to be done"
        )
        var pace = BenchPace(minutes: plan.minutes, runs: open.count)
        while let job = open.first, pace.goesOn {
            let next = Array(open.prefix(plan.threads))
            for (job, marks) in together(next, plan, texts, file) { table[job] = marks }
            open.removeFirst(next.count)
            pace.took(next.count)
            if open.first?.seed != job.seed { Bench.say(table.whole(plan.tasks.filter { $0.model == .nominal })) }
        }
        for task in plan.tasks { Bench.say(table.summary(task)) }
        Bench.say(table.whole(plan.tasks.filter { $0.model == .nominal }))
        if !open.isEmpty {
            Bench.say("paper: \(open.count) runs are still to be done; the tables are of those that were")
        }
        if let page = plan.page { PaperFiles.write(table.page, to: page) }
    }

    /// Seed by seed, so that whoever breaks it off has all tasks for the seeds that are there. What does not look at the
    /// model is the same with every model, and what looks at nothing else only does what it is told.
    private static func jobs(_ plan: PaperPlan) -> [Job] {
        plan.seeds.flatMap { seed in
            plan.tasks.flatMap { task in
                plan.methods.filter { task.model == .nominal || $0.hasModel && $0 != .low }
                    .map { Job(task: task, method: $0, seed: seed) }
            }
        }
    }

    /// As many threads as jobs; they share nothing.
    private static func together(
        _ jobs: [Job], _ plan: PaperPlan, _ texts: [PublishedRobot: String], _ file: PaperFile?
    ) -> [(Job, [PaperMark])] {
        @Sendable func work(_ job: Job) -> (Job, [PaperMark]) {
            let begun = MonotonicInstant.now()
            let run = PaperRun(job.task, job.method, seed: job.seed, plan.budget, texts[job.task.robot] ?? "")
            file?.append(job.key(plan.budget), run.marks)
            let seconds = Int((MonotonicInstant.now() - begun) / .seconds(1))
            let last = run.marks.last ?? PaperMark()
            Bench.say(
                "    \(job.task.name) \(job.method.rawValue) \(job.seed): "
                    + run.marks.map { "\($0.real): \(PaperTable.text($0.worth))" }.joined(separator: "  ")
                    + "  model \(last.model), factor \(PaperTable.text(last.factor)), "
                    + "gain \(PaperTable.text(last.gain))  (\(seconds) s)")
            return (job, run.marks)
        }
        guard jobs.count > 1, let first = jobs.first else { return jobs.map(work) }
        let rest = Array(jobs.dropFirst())
        guard let thread = HostThread({ together(rest, plan, texts, file) }) else { return jobs.map(work) }
        let own = work(first)
        return [own] + thread.join()
    }
}
