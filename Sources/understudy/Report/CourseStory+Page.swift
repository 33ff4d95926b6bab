import Learning
import Reports

extension CourseStory {
    /// All of it, with plots.
    func page(motions: (first: RecordedMotion, last: RecordedMotion)?) -> Page {
        var page = Page("\(log.head.robot): \(entries.count) real episodes")
        page.add(table: summary)
        page.add(heading: "What a tick is worth")
        page.add(curve("real episodes") { Double($0.realEpisodes) })
        page.add(curve("minutes of the robot's motion") { $0.robotSeconds / 60 })
        addBudget(to: &page)
        addEstimates(to: &page)
        addFidelity(to: &page)
        page.add(heading: "Episodes and stops")
        page.add(verdicts)
        addMotions(motions, to: &page)
        page.add(heading: "What happened")
        page.add(table: [["real episodes", "mean worth", "what"]] + happenings)
        return page
    }

    private var summary: [[String]] {
        var rows = [
            ["what", "value"], ["method", log.head.method.word], ["run", "\(log.head.run)"],
            ["real episodes", "\(entries.count)"], ["robot's motion", "\(inWords(robotSeconds / 60)) min"],
            ["stopped by a fault", "\(stopped)"], ["spent", inWords(spent)],
        ]
        if let ends {
            rows.append(["a tick at first", ends.first.words])
            rows.append(["a tick at last", ends.last.words])
        }
        return rows
    }

    private func curve(_ label: String, _ place: (CourseLog.Entry) -> Double) -> Chart {
        let means = means
        return Chart(
            "worth of a tick", x: label, y: "mean reward",
            lines: [
                .init("each episode", entries.map { (x: place($0), y: $0.worth) }, .still),
                .init("mean of \(Self.window)", means.map { (x: place($0.entry), y: $0.worth.value) }, .real),
            ],
            bands: [
                .init(
                    "95 %", means.map { (x: place($0.entry), low: $0.worth.low, high: $0.worth.high) }, .real)
            ])
    }

    private func addBudget(to page: inout Page) {
        let bought = entries.compactMap { entry in entry.purchase.map { (Double(entry.realEpisodes), $0) } }
        guard !bought.isEmpty else { return }
        page.add(heading: "Budget")
        var total = 0.0
        let spent = bought.map { place, purchase -> (x: Double, y: Double) in
            total += purchase.cost
            return (place, total)
        }
        page.add(Chart("spent", x: "real episodes", y: "credits", lines: [.init("spent", spent, .real)]))
        let gains = bought.compactMap { place, purchase in purchase.gain.map { (place, $0) } }
        if !gains.isEmpty {
            page.add(
                Chart(
                    "what the batch was expected to bring, before it was bought", x: "real episodes", y: "a tick",
                    lines: [.init("gain", gains.map { (x: $0.0, y: $0.1.value) }, .good)],
                    bands: [.init("95 %", gains.map { (x: $0.0, low: $0.1.low, high: $0.1.high) }, .good)]))
        }
        if let last = bought.last { page.add(text: "The last purchase: \(last.1.words).") }
    }

    private func addEstimates(to page: inout Page) {
        guard !steps.isEmpty else { return }
        page.add(heading: "What the model did for the gradient")
        page.add(
            Chart(
                "variance by real episodes alone, over that of the estimate", x: "real episodes", y: "ratio",
                lines: [
                    .init("ratio", steps.map { (x: Double($0.episodes), y: $0.ratio) }, .model),
                    .init(
                        "no gain", steps.map { (x: Double($0.episodes), y: 1) }, .still, isDashed: true),
                ]))
        let known = steps.compactMap { step in step.correlation.map { (Double(step.episodes), $0) } }
        guard !known.isEmpty else { return }
        page.add(
            Chart(
                "correlation of the gradients of a pair", x: "real episodes", y: "−1 to 1",
                lines: [
                    .init("correlation", known.map { (x: $0.0, y: $0.1.value) }, .model),
                    .init("factor", steps.map { (x: Double($0.episodes), y: $0.coefficient) }, .still),
                ], bands: [.init("95 %", known.map { (x: $0.0, low: $0.1.low, high: $0.1.high) }, .model)]))
        page.add(
            Chart(
                "how many real episodes a batch was worth", x: "real episodes", y: "effective episodes",
                lines: [.init("effective", estimates.map { (x: Double($0.episodes), y: $0.effective) }, .real)]))
    }

    private func addFidelity(to page: inout Page) {
        let known = refinements.filter { $0.before > 0 }
        guard !known.isEmpty else { return }
        page.add(heading: "How well the model predicts")
        page.add(
            Chart(
                "error of predictions of half a second, on episodes that nothing was learnt from", x: "real episodes",
                y: "part of the motion",
                lines: [
                    .init("before", known.map { (x: Double($0.episodes), y: $0.before) }, .still, isDashed: true),
                    .init("after", known.map { (x: Double($0.episodes), y: $0.after) }, .model),
                ]))
    }

    private var verdicts: Chart {
        let spans = entries.map { entry -> Chart.Span in
            let place = Double(entry.realEpisodes)
            let (colour, words): (Chart.Colour, String) =
                if let fault = entry.fault {
                    (.stopped, "stopped by fault \(fault)")
                } else if entry.isCandidate { (.model, "checked a rehearsed policy") } else {
                    (.good, "ran to its end")
                }
            return Chart.Span(from: place - 1, to: place, colour, "episode \(entry.episode): \(words)")
        }
        return Chart(
            "green ran to its end, orange checked a rehearsed policy, red was stopped", x: "real episodes", y: "",
            spans: spans)
    }

    private func addMotions(_ motions: (first: RecordedMotion, last: RecordedMotion)?, to page: inout Page) {
        guard let (first, last) = motions else { return }
        page.add(heading: "Before and after")
        for (place, name) in first.joints.enumerated() {
            let points = { (motion: RecordedMotion) in
                zip(motion.seconds, motion.positions[place]).map { (x: $0, y: $1) }
            }
            page.add(
                Chart(
                    name, x: "s", y: "rad",
                    lines: [
                        .init("episode \(first.episode)", points(first), .still, isDashed: true),
                        .init("episode \(last.episode)", points(last), .real),
                    ]))
        }
    }

    var happenings: [[String]] { notes.map { ["\($0.episodes)", inWords($0.worth), $0.event.words] } }
}

extension Interval {
    var words: String { "\(inWords(value)) [\(inWords(low)), \(inWords(high))]" }
}
