import Reports

/// What all runs come to: medians and means of the middle half, with how far they would be elsewhere if the seeds had
/// been drawn again from themselves, task by task.
struct PaperTable {
    private var found: [PaperTask: [PaperMethod: [UInt64: [PaperMark]]]] = [:]
    private let plan: PaperPlan

    init(_ plan: PaperPlan) { self.plan = plan }

    subscript(job: PaperBench.Job) -> [PaperMark]? {
        get { marks(job.task, job.method)[job.seed] }
        set { found[job.task, default: [:]][job.method, default: [:]][job.seed] = newValue }
    }

    /// What needs no model is taken from the task with the model as it is.
    private func marks(_ task: PaperTask, _ method: PaperMethod) -> [UInt64: [PaperMark]] {
        var own = task
        if !method.hasModel { own.model = .nominal }
        return found[own]?[method] ?? [:]
    }

    private func worths(_ task: PaperTask, _ method: PaperMethod) -> [UInt64: Double] {
        marks(task, method).compactMapValues { $0.last?.worth }
    }

    static func text(_ number: Double) -> String {
        number.magnitude < 10 ? "\((number * 1_000).rounded() / 1_000)" : "\((number * 10).rounded() / 10)"
    }

    private static func text(_ found: Bootstrap.Interval) -> String {
        "\(text(found.middle)) [\(text(found.low)), \(text(found.high))]"
    }

    func summary(_ task: PaperTask) -> String {
        var lines = ["  \(task.name): return of the mean action in the end; median and mean of the middle half [95 %]"]
        for method in plan.methods {
            let all = marks(task, method)
            let last = all.values.compactMap(\.last)
            guard !last.isEmpty else { continue }
            let worths = all.keys.sorted().compactMap { all[$0]?.last?.worth }
            let mean = { (part: (PaperMark) -> Double) in last.reduce(0) { $0 + part($1) } / Double(last.count) }
            lines.append(
                "    \(method.rawValue.padded(to: 9)) \(last.count) seeds  "
                    + Self.text(Bootstrap.interval([worths], Resampling.median)).padded(to: 30)
                    + Self.text(Bootstrap.interval([worths], Resampling.middleMean)).padded(to: 30)
                    + "real steps \(Int(mean { Double($0.learning) })) + \(Int(mean { Double($0.judging) })) judging, "
                    + "model \(Int(mean { Double($0.model) })), factor \(Self.text(mean(\.factor))), gain \(Self.text(mean(\.gain)))"
            )
        }
        for other in [PaperMethod.released, .high, .more] {
            let rest = differences(task, other)
            guard !rest.isEmpty else { continue }
            let gap = Bootstrap.interval([rest], Resampling.median)
            lines.append(
                "      ours less \(other.rawValue), seed by seed: median \(Self.text(gap)): "
                    + Self.verdict(gap, seeds: rest.count))
        }
        return lines.count > 1 ? lines.joined(separator: "\n") : lines[0] + ": nothing yet"
    }

    /// Fewer seeds than these say nothing.
    private static func verdict(_ gap: Bootstrap.Interval, seeds: Int) -> String {
        guard seeds >= 5 else { return "too few seeds" }
        return gap.low > 0 ? "better" : gap.high < 0 ? "WORSE" : "equal within the interval"
    }

    private func differences(_ task: PaperTask, _ other: PaperMethod) -> [Double] {
        let (own, theirs) = (worths(task, .ours), worths(task, other))
        return own.keys.sorted().compactMap { seed in
            guard let mine = own[seed], let their = theirs[seed] else { return nil }
            return mine - their
        }
    }

    /// All tasks together: 0 is the worst of all runs of a task, 1 the best, whoever made them.
    func whole(_ tasks: [PaperTask]) -> String {
        var lines = ["  \(tasks.count) tasks together; 0 is the worst run of a task, 1 the best"]
        let spans = tasks.map { task -> (low: Double, size: Double) in
            let all = plan.methods.flatMap { worths(task, $0).values }
            let (low, high) = (all.min() ?? 0, all.max() ?? 1)
            return (low, max(high - low, 1e-9))
        }
        for method in plan.methods {
            let strata = zip(tasks, spans).map { task, span in
                worths(task, method).sorted { $0.key < $1.key }.map { ($0.value - span.low) / span.size }
            }.filter { !$0.isEmpty }
            guard !strata.isEmpty else { continue }
            lines.append(
                "    \(method.rawValue.padded(to: 9)) \(strata.count) tasks  "
                    + Self.text(Bootstrap.interval(strata, Resampling.median)).padded(to: 30)
                    + Self.text(Bootstrap.interval(strata, Resampling.middleMean)))
        }
        for other in [PaperMethod.released, .high, .more] {
            let strata = zip(tasks, spans).map { task, span in differences(task, other).map { $0 / span.size } }
                .filter { !$0.isEmpty }
            guard !strata.isEmpty else { continue }
            lines.append(
                "      ours less \(other.rawValue): median \(Self.text(Bootstrap.interval(strata, Resampling.median))), "
                    + "mean of the middle half \(Self.text(Bootstrap.interval(strata, Resampling.middleMean)))")
        }
        return lines.joined(separator: "\n")
    }

    /// Learning curves, one chart a task.
    var page: String {
        var page = Page("Published tasks: \(plan.budget.name)")
        page.add(text: "Return of the mean action by all steps of the real robot so far; medians over seeds.")
        for task in plan.tasks where found[task] != nil {
            page.add(heading: task.name)
            page.add(chart(task))
            page.add(
                table: [["method", "result"]] + summary(task).split(separator: "\n").dropFirst().map { ["", "\($0)"] })
        }
        return page.html
    }

    private static let colours: [PaperMethod: Chart.Colour] = [
        .high: .real, .low: .still, .more: .limit, .released: .model, .unbiased: .clamped, .ours: .good,
    ]

    private func chart(_ task: PaperTask) -> Chart {
        let lines = plan.methods.compactMap { method -> Chart.Line? in
            let all = Array(marks(task, method).values)
            guard let count = all.map(\.count).min(), count > 0 else { return nil }
            let colour = Self.colours[method] ?? .still
            let points = (0..<count).map { place in
                (
                    x: Resampling.median(all.map { [Double($0[place].real)] }),
                    y: Resampling.median(all.map { [$0[place].worth] })
                )
            }
            // Neither is on the scale of the others: where they end is what they are there for.
            guard method == .low || method == .more else { return Chart.Line(method.rawValue, points, colour) }
            let end = points[count - 1].y
            return Chart.Line(method.rawValue, [(0, end), (Double(plan.budget.real), end)], colour, isDashed: true)
        }
        return Chart(task.name, x: "steps of the real robot", y: "return", lines: lines)
    }
}

/// Statistics of numbers in strata.
enum Resampling {
    static func median(_ strata: [[Double]]) -> Double { Bootstrap.middle(strata.flatMap { $0 }) }

    /// The mean of what is left without the lowest and the highest quarter, fractions of a number included.
    static func middleMean(_ strata: [[Double]]) -> Double {
        let sorted = strata.flatMap { $0 }.sorted()
        let quarter = Double(sorted.count) / 4
        var (sum, weight) = (0.0, 0.0)
        for (place, number) in sorted.enumerated() {
            let share = max(0, min(Double(place + 1), 3 * quarter) - max(Double(place), quarter))
            (sum, weight) = (sum + share * number, weight + share)
        }
        return weight > 0 ? sum / weight : .nan
    }
}
