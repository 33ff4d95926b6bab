import Episodes
import Foundation
import Quantities
import Supervision
import Testing

@Suite("Motions of a plan")
struct MotionScriptTests {
    private let period = Seconds(0.005)

    private func script() throws -> MotionScript {
        let wave = MotionScript.Wave(amplitude: Radians(0.3), rate: RadiansPerSecond(4), phase: Radians(0.5))
        let push = MotionScript.Wave(amplitude: NewtonMetres(0.04), rate: RadiansPerSecond(9))
        return try MotionScript(
            .calibration, followsReset: true,
            steps: [
                .init(ticks: Ticks(100), motions: [.move(to: Radians(1)), .hold]),
                .init(ticks: Ticks(200), fade: Ticks(40), motions: [.swing([wave, wave]), .move(to: Radians(-1))]),
                .init(ticks: Ticks(120), fade: Ticks(20), motions: [.hold, .push(NewtonMetres(0.05), [push])]),
                .init(ticks: Ticks(80), motions: [.hold, .move(to: .zero)]),
            ])
    }

    private func points(_ script: MotionScript) throws -> [[MotionScript.Point?]] {
        var points = [[MotionScript.Point?]](repeating: [], count: 2)
        try script.forEachPoint(from: [.zero, Radians(0.2)], period: period) { _, _, joint, point throws(PlanDefect) in
            points[joint].append(point)
        }
        return points
    }

    private func position(_ point: MotionScript.Point?) -> Float? {
        if case .position(let position)? = point { position.value } else { nil }
    }

    @Test("one way to write it, and nothing else is read")
    func canonical() throws {
        let script = try script()
        #expect(try MotionScript(canonical: script.canonicalBytes) == script)
        #expect(script.payload.format.text == "motions-1" && script.payload.bytes == script.canonicalBytes)
        for end in 0..<script.canonicalBytes.count {
            #expect(throws: CanonicalError.self) { try MotionScript(canonical: Array(script.canonicalBytes[..<end])) }
        }
        #expect(script.ticks == Ticks(500) && script.joints == 2 && script.moved == [0, 1])
    }

    @Test("courses are smooth: they begin and end where they should, and no step jumps")
    func courses() throws {
        let all = try points(script())
        #expect(all[0].count == 500 && all[1].count == 500)
        let first = all[0].compactMap(position)
        #expect(
            first.count == 500 && abs(first[99] - 1) < 1e-6 && abs(first[299] - 1) < 1e-6 && first[499] == first[299])
        // The swing of 2 · 0.3 rad turns with 4 rad/s and fades in over 40 ticks, at most 15/8 / 40 of it on one tick.
        let fastest: Float = 0.6 * (4 * 0.005 + 1.875 / 40)
        #expect(zip(first, first.dropFirst()).allSatisfy { abs($1 - $0) < fastest })
        #expect(first[100..<300].contains { $0 > 1.5 } && first[100..<300].contains { $0 < 0.75 })
        let second = all[1]
        #expect(second[..<300].allSatisfy { position($0) != nil } && position(second[299]) == -1)
        guard case .effort(let last)? = second[419] else {
            Issue.record("no push: \(String(describing: second[419]))")
            return
        }
        #expect(last == .zero)
        // Nobody knows where a push has led.
        #expect(second[420...].allSatisfy { $0 == nil })
    }

    @Test("a course by places goes through each of them, evenly and smoothly, and rests at both ends")
    func follows() throws {
        let places: [Float] = [0.2, 0.25, 0.4, 0.3, -0.1, -0.2, -0.2]
        let script = try MotionScript(
            .replay, followsReset: true,
            steps: [.init(ticks: Ticks(120), motions: [.follow(places.map { Radians($0) })])])
        #expect(try MotionScript(canonical: script.canonicalBytes) == script && script.moved.isEmpty)
        var course = [places[0]]
        try script.forEachPoint(from: [Radians(0.2)], period: period) { _, _, _, point throws(PlanDefect) in
            course.append(position(point) ?? .nan)
        }
        for (number, place) in places.enumerated() { #expect(abs(course[number * 20] - place) < 1e-6, "\(number)") }
        let steps = zip(course.dropFirst(), course).map { $0 - $1 }
        #expect(
            zip(steps.dropFirst(), steps).allSatisfy { abs($0 - $1) < 0.006 } && steps.allSatisfy { abs($0) < 0.03 })
        #expect(abs(steps[0]) < 0.002 && abs(steps[119]) < 0.002)
        for count in [1, MotionScript.mostPlaces + 1] {
            let motion = MotionScript.Motion.follow([Radians](repeating: .zero, count: count))
            #expect(throws: ScriptDefect.places(step: 0)) {
                try MotionScript(.replay, steps: [.init(ticks: Ticks(9), motions: [motion])])
            }
        }
        #expect(throws: ScriptDefect.notFinite(step: 0)) {
            try MotionScript(.replay, steps: [.init(ticks: Ticks(9), motions: [.follow([.zero, Radians(.nan)])])])
        }
    }

    @Test("the sine is that of mathematics, whatever the angle")
    func sine() throws {
        var worst = 0.0
        for phase in stride(from: -30.0, through: 30, by: 0.37) {
            let wave = MotionScript.Wave(
                amplitude: Radians(1), rate: RadiansPerSecond(100), phase: Radians(Float(phase)))
            let step = MotionScript.Step(ticks: Ticks(1_000), fade: Ticks(1), motions: [.swing([wave])])
            for tick in [0, 1, 57, 500, 997] as [Int32] {
                let point = step.point(of: 0, at: Ticks(tick), from: .zero, period: period)
                let angle = 100 * Double(tick + 1) * Double(period.value) + Double(Float(phase))
                worst = max(worst, abs(Double(position(point) ?? .nan) - sin(angle)))
            }
        }
        #expect(worst < 1.5e-7, "\(worst)")
    }

    @Test("the band holds the course with its margin, never leads out, and is free where somebody is pushed")
    func band() throws {
        let script = try script()
        let free = try (0..<2).map { _ in try #require(Limit(Radians(-1.55), Radians(1.55))) }
        let margins = [Radians(0.1), Radians(0.2)]
        let starts = [Radians.zero, Radians(0.2)]
        let band = try script.band(from: starts, margins: margins, free: free, stride: Ticks(10), period: period)
        #expect(band.end >= script.ticks)
        try script.forEachPoint(from: starts, period: period) { _, tick, joint, point throws(PlanDefect) in
            guard let tube = band.tube(at: tick)?.elements[joint] else { throw .notFinite }
            if let position = position(point), position < 1.4 {
                #expect(tube.contains(Radians(position)))
                #expect(tube.high - tube.low < Radians(1))
            }
            if case .effort? = point { #expect(tube == free[joint]) }
            #expect(tube.low >= free[joint].low && tube.high <= free[joint].high)
        }
    }

    private func defect(_ steps: [MotionScript.Step]) -> ScriptDefect? {
        do throws(ScriptDefect) {
            let script = try MotionScript(.direction, steps: steps)
            #expect(script.steps == steps)
            return nil
        } catch {
            return error
        }
    }

    @Test("what is no script says which step and why")
    func defects() throws {
        typealias Step = MotionScript.Step
        let good = Step(ticks: Ticks(10), motions: [.hold])
        #expect(defect([good]) == nil)
        #expect(defect([]) == .steps(0))
        #expect(defect([Step](repeating: good, count: 257)) == .steps(257))
        #expect(defect([good, Step(ticks: Ticks(10), motions: [.hold, .hold])]) == .joints(2, step: 1))
        #expect(defect([Step(ticks: Ticks(0), motions: [.hold])]) == .time(Ticks(0), fade: Ticks(1), step: 0))
        let wave = MotionScript.Wave(amplitude: Radians(0.1), rate: RadiansPerSecond(1))
        #expect(
            defect([Step(ticks: Ticks(10), fade: Ticks(6), motions: [.swing([wave])])])
                == .time(Ticks(10), fade: Ticks(6), step: 0))
        let many = [MotionScript.Wave<Radians>](repeating: wave, count: 65)
        #expect(defect([Step(ticks: Ticks(10), motions: [.swing(many)])]) == .waves(step: 0))
        #expect(defect([Step(ticks: Ticks(10), motions: [.move(to: Radians(.nan))])]) == .notFinite(step: 0))
        #expect(defect([Step(ticks: Ticks(.max), motions: [.hold]), good]) == .steps(2))
    }

    @Test("a check of directions goes there and back with each joint alone")
    func directions() throws {
        let script = try MotionScript.directions(
            from: [.zero, Radians(1)], distances: [Radians(0.2), Radians(-0.1)], moving: Ticks(50), resting: Ticks(20))
        #expect(script.purpose == .direction && script.moved == [0, 1] && script.steps.count == 9)
        let all = try points(script)
        #expect(position(all[0][69]) == 0.2 && position(all[0][139]) == 0)
        #expect(
            script.steps.allSatisfy { step in step.motions.count { $0 != .hold } <= 1 })
    }
}
