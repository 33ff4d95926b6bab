import GuardSamples
import Metrology
import Quantities
import Recordings
import Robots
import Supervision
import Testing

@testable import Replay

@Suite("How the motors of a robot warm, by its recordings") struct HeatReportTests {
    private static func envelope() throws -> Envelope { try GoldenFlights.envelope() }

    /// What a housing of this kind would have told in an hour of work and rest, each minute another load.
    private static func works(capacity: Double, resistance: Double) -> [Warming.Work] {
        var (warmth, clock) = (25.0, 0.0)
        func second(_ watts: Double) { warmth += (watts - (warmth - 25) / resistance) / capacity }
        return (0..<12).map { number in
            for _ in 0..<(number % 3) * 60 { second(0) }
            clock += Double(number % 3) * 60
            var work = Warming.Work(begin: clock, powers: [], temperatures: [])
            for minute in 0..<150 {
                let watts = (number + minute / 60) % 2 == 0 ? 1.2 : 0.2
                second(watts)
                work.powers.append(watts)
                work.temperatures.append(warmth)
            }
            clock += 150
            return work
        }
    }

    private static func verdict(capacity: Double, resistance: Double) throws -> HeatReport.Verdict? {
        let works = works(capacity: capacity, resistance: resistance)
        return try HeatReport(recordings: 12, GoldenFlights.robot(), within: envelope()) { _, _, _ in works }
            .joints[0].verdict
    }

    @Test("an envelope that takes a motor to be colder than it becomes is told so, by either of its numbers")
    func verdicts() throws {
        let motor = try Self.envelope().joints[.first].motor
        let (capacity, resistance) = (Double(motor.housingCapacity.value), Double(motor.housingToAmbient.value))
        #expect(try Self.verdict(capacity: 1.3 * capacity, resistance: 0.7 * resistance) == .safe)
        #expect(try Self.verdict(capacity: 1.3 * capacity, resistance: 1.4 * resistance) == .unsafe)
        #expect(try Self.verdict(capacity: 0.6 * capacity, resistance: 0.7 * resistance) == .unsafe)
    }

    @Test("a recording is taken second by second: its current's heat, and what its sensor said")
    func seconds() throws {
        let episode = try #require(try GoldenFlights.episodes().first)
        let (log, torque, winding) = (episode.log, 0.366, 2.8)
        let work = HeatReport.work(log, .first, torque, winding)
        let first = try #require(log.ticks.first), last = try #require(log.ticks.last)
        let seconds = Double(last.hostTime.nanoseconds - first.hostTime.nanoseconds) * 1e-9
        #expect(work.powers.count == Int(seconds) && work.powers.count >= 2)
        let inside = log.ticks.filter { Double($0.hostTime.nanoseconds - first.hostTime.nanoseconds) < 1e9 }
        let efforts = inside.map { Double($0.joints[.first].effort.value) / torque }.filter(\.isFinite)
        let heat = winding * efforts.reduce(0) { $0 + $1 * $1 } / Double(efforts.count)
        #expect(abs(work.powers[0] - heat) < 1e-9 * max(heat, 1), "\(work.powers[0]), \(heat)")
        let told = inside.map { Double($0.joints[.first].temperature.value) }.filter(\.isFinite)
        #expect(work.temperatures[0] == told.reduce(0, +) / Double(told.count))
    }

    @Test("recordings of a few seconds say that they warm nothing")
    func cold() throws {
        let logs = try GoldenFlights.episodes().map(\.log)
        let report = try HeatReport(logs, GoldenFlights.robot(), within: Self.envelope())
        guard case .failure(.tooCold(let kelvins))? = report.joints[0].warming else {
            Issue.record("\(report)")
            return
        }
        #expect(kelvins < Warming.leastSpan && report.joints[0].verdict == nil && report.recordings == 5)
    }
}
