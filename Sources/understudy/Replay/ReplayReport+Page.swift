import Episodes
import Quantities
import Recordings
import Replay
import Reports
import Robots
import Supervision

extension ReplayReport {
    /// The same as a page with plots.
    var page: Page {
        var page = Page("Replay of \(runs.count == 1 ? runs[0].path : "\(runs.count) recordings")")
        model?.add(to: &page)
        body?.add(to: &page)
        for run in runs { run.add(to: &page) }
        return page
    }
}

extension ReplayReport.Model {
    fileprivate func add(to page: inout Page) {
        page.add(heading: title.prefix(1).uppercased() + title.dropFirst())
        page.add(
            table: [["of", "correlation with the robot"]]
                + [
                    ("returns", fidelity.returns), ("rewards to go", fidelity.rewardsToGo),
                    ("gradients", fidelity.gradients),
                ].map { [$0, $1?.text ?? "needs three episodes of one policy"] })
        for joint in joints.indices {
            if let traces { page.add(chart(of: joint, traces)) }
            let error = { (values: [Double]) in zip(growth.horizons, values).map { (x: $0, y: $1) } }
            page.add(
                Chart(
                    "\(joints[joint]): error of predictions", x: "ahead, s", y: "rad, root mean square",
                    lines: [
                        .init(name == nil ? "virtual robot" : "model", error(growth.positions[joint]), .model),
                        .init("no motion", error(growth.still[joint]), .still, isDashed: true),
                    ]))
        }
    }

    private func chart(of joint: Int, _ traces: Traces) -> Chart {
        let points = { (values: [Float]) in zip(traces.times, values).map { (x: $0, y: Double($1)) } }
        return Chart(
            "\(joints[joint]), first recording", x: "since the policy was in command, s", y: "rad",
            lines: [
                .init("robot", points(traces.real[joint]), .real),
                .init(name == nil ? "virtual robot" : "model", points(traces.model[joint]), .model),
            ], bands: [band(joint, traces)])
    }

    /// Around the model's line: as far as its predictions usually are from the robot by then.
    private func band(_ joint: Int, _ traces: Traces) -> Chart.Band {
        let points = zip(traces.times, traces.model[joint]).map { time, value in
            let mark = growth.horizons.firstIndex { $0 >= time } ?? growth.horizons.count - 1
            let error = growth.positions[joint][mark]
            return (x: time, low: Double(value) - error, high: Double(value) + error)
        }
        return Chart.Band("usual error", points.filter { $0.low.isFinite }, .model)
    }
}

extension ReplayReport.Run {
    fileprivate func add(to page: inout Page) {
        page.add(heading: path)
        let log = episode.log
        let times = log.ticks.map { $0.hostTime.seconds(since: log.ticks[0].hostTime) }
        if let safety {
            page.add(
                text: safety.replay.isIdentical
                    ? "All \(log.ticks.count) verdicts are as they were recorded, bit by bit."
                    : "\(log.ticks.count - safety.replay.identical) of \(log.ticks.count) verdicts differ from the recorded ones."
            )
            page.add(safety.timeline)
        }
        for (place, name) in log.joints.enumerated() {
            guard let joint = JointIndex(UInt8(place)) else { continue }
            let line = { (value: (JointTick) -> Float) in
                zip(times, log.ticks).map { (x: $0, y: Double(value($1.joints[joint]))) }
            }
            page.add(
                Chart(
                    "\(name): position", x: "s", y: "rad", lines: [.init("measured", line { $0.position.value }, .real)]
                ))
            page.add(
                Chart(
                    "\(name): command", x: "s", y: "by its kind",
                    lines: [
                        .init("asked", line { $0.requested.value }, .still),
                        .init("let through", line { $0.supervised.value }, .real),
                    ]))
        }
        let span = { (value: (TimingTick) -> Seconds) in
            zip(times, log.ticks).map { (x: $0, y: Double(value($1.timing).value) * 1_000) }
        }
        page.add(
            Chart(
                "bus and loop", x: "s", y: "ms",
                lines: [
                    .init("late", span(\.lateness), .stopped), .init("reading", span(\.reading), .real),
                    .init("writing", span(\.writing), .model), .init("whole tick", span(\.work), .still),
                ]))
    }
}

extension ReplayReport.Safety {
    /// What the supervisor made of every tick.
    fileprivate var timeline: Chart {
        let kinds: [(UInt8, Chart.Colour, String)] = [
            (0, .still, "watched"), (1, .good, "let through"), (2, .clamped, "clamped"), (3, .stopped, "stopped"),
        ]
        let spans = kinds.flatMap { ruling, colour, words in
            replay.spans(of: ruling).map { span in
                let last = min(span.upperBound + 1, replay.inputs.ticks.count - 1)
                return Chart.Span(
                    from: replay.time(at: span.lowerBound), to: replay.time(at: last), colour, words)
            }
        }
        return Chart("verdicts: green let through, yellow clamped, red stopped", x: "s", y: "", spans: spans)
    }
}
