import Foundation
import Guard
import GuardSamples
import JSON
import TestSupport
import Testing
import Varlink

@Suite("Metrics")
struct MetricsTests {
    @Test("the official parser of OpenMetrics reads every sample, with the numbers of the guard")
    func read() throws {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized.path
        let surroundings = ProcessInfo.processInfo.environment.merging(["ROOT": root]) { $1 }
        let python = try ProcessRun.shell(
            "\"$ROOT/.ci/python-peers\" prometheus prometheus-client==0.22.1", environment: surroundings)
        try #require(python.status == 0, "no environment for prometheus: \(python.errors)")
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
        let interpreter = python.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let run = try ProcessRun.shell("'\(interpreter)' '\(root)/Tests/Peers/openmetrics_read.py' '\(file)'")
        #expect(run.status == 0, "\(run.errors.suffix(1_000))\(text)")
        for line in [
            "stateset understudy_state{understudy_state=observing} 1.0",
            "counter understudy_episodes_total{end=finished} 1.0",
            "gauge understudy_temperature_celsius{joint=swing} 30.0",
            "gauge understudy_budget{currency=time_seconds} 995.0", "gauge understudy_faults_open{} 0.0",
        ] {
            #expect(run.output.contains(line), "\(line) in \(run.output)")
        }
    }
}
