import Foundation
import Guard
import GuardSamples
import JSON
import Ports
import TestSupport
import Testing
import Varlink

@Suite("Metrics")
struct MetricsTests {
    private static let root = PlanSamples.root.path

    /// What the official parser makes of the text, a sample a line.
    private static func parsed(_ words: String) throws -> ProcessRun {
        let surroundings = ProcessInfo.processInfo.environment.merging(["ROOT": root]) { $1 }
        let python = try ProcessRun.shell(
            "\"$ROOT/.ci/python-peers\" prometheus prometheus-client==0.22.1", environment: surroundings)
        try #require(python.status == 0, "no environment for prometheus: \(python.errors)")
        let interpreter = python.output.trimmingCharacters(in: .whitespacesAndNewlines)
        return try ProcessRun.shell("'\(interpreter)' '\(root)/Tests/Peers/openmetrics_read.py' \(words)")
    }

    @Test("the official parser of OpenMetrics reads every sample, with the numbers of the guard")
    func read() throws {
        let bench = try ServiceBench()
        defer { bench.end() }
        var client = try bench.client()
        try client.expectState("observing")
        try client.grant()
        bench.become(.learner)
        let hash = try client.propose(try PlanSamples.proposal(bench.facts))
        bench.become(.operator)
        _ = try client.ask("Approve", ["sha256": .text(hash), "mode": "each"])
        while try client.ask("Await", ["sha256": .text(hash)])["summary"]?.object?["state"] != "finished" { continue }
        let text = try client.ask("Metrics")["openmetrics"]?.text ?? ""
        let file = "\(bench.folder)/metrics"
        try Data(text.utf8).write(to: URL(filePath: file))
        let run = try Self.parsed("'\(file)'")
        #expect(run.status == 0, "\(run.errors.suffix(1_000))\(text)")
        for line in [
            "stateset understudy_state{understudy_state=observing} 1.0",
            "counter understudy_episodes_total{end=finished} 1.0",
            "gauge understudy_temperature_celsius{joint=swing} 30.0",
            "gauge understudy_budget{currency=time_seconds} 995.0", "gauge understudy_faults_open{} 0.0",
            "gauge understudy_stopped_by_person{} 0.0",
        ] {
            #expect(run.output.contains(line), "\(line) in \(run.output)")
        }
    }

    @Test(
        "who scrapes by HTTP gets the same; who says nothing, or nonsense, or too much, holds up neither him nor the guard"
    )
    func scraped() throws {
        let bench = try ServiceBench(scraped: true)
        defer { bench.end() }
        var client = try bench.client()
        try client.expectState("observing")
        let silent = try SocketLink(to: bench.metrics)
        var rude = try SocketLink(to: bench.metrics)
        try rude.write([UInt8](repeating: 0x41, count: 5_000).span, by: soon())
        let run = try Self.parsed("--socket '\(bench.metrics)'")
        #expect(run.status == 0, "\(run.errors.suffix(1_000))")
        for line in [
            "stateset understudy_state{understudy_state=observing} 1.0",
            "histogram understudy_lateness_seconds_bucket{le=+Inf}",
            "histogram understudy_lateness_seconds_count{}", "gauge understudy_temperature_celsius{joint=swing} 30.0",
        ] {
            #expect(run.output.contains(line), "\(line) in \(run.output)")
        }
        #expect(run.output.components(separatedBy: "lateness_seconds_bucket").count == 4, "\(run.output)")
        let areGone = [rude.isHungUp, silent.isHungUp]
        #expect(areGone == [true, true])
        try client.expectState("observing")
    }
}
