import Quantities
import Simulator
import Testing

@Suite("what bodies look like") struct BodyOutlineTests {
    private func tips(_ outline: BodyOutline) -> [(x: Float, z: Float)] {
        outline.segments.filter { $0.joint != nil }.map { ($0.to.x - $0.from.x, $0.to.z - $0.from.z) }
    }

    @Test("hands of dials hang down at zero and turn to the right")
    func dials() {
        let outline = BodyOutline(dials: [0, .pi / 2, .pi, -.pi / 2].map { Radians($0) })
        let expected: [(x: Float, z: Float)] = [(0, -1), (1, 0), (0, 1), (-1, 0)]
        for (tip, wanted) in zip(tips(outline), expected) {
            #expect(abs(tip.x - wanted.x) < 1e-5 && abs(tip.z - wanted.z) < 1e-5)
        }
        #expect(outline.segments.compactMap(\.joint) == [0, 1, 2, 3])
        let ends = outline.segments.flatMap { [$0.from, $0.to] }
        #expect(ends.allSatisfy { (outline.low.x...outline.high.x).contains($0.x) })
        #expect(ends.allSatisfy { (outline.low.z...outline.high.z).contains($0.z) })
    }

    @Test("a joint that is nowhere is left out, and no joints are an empty picture")
    func nowhere() {
        let outline = BodyOutline(dials: [Radians(.nan), Radians(1)])
        #expect(outline.segments.compactMap(\.joint) == [1])
        #expect(BodyOutline(dials: []).segments.isEmpty)
    }

    @Test("loose joints are drawn where they are")
    func loose() {
        var body = LooseJoints.xl330(2)
        for _ in 0..<50 { body.advance(by: Seconds(0.001), drives: [.off, .duty(Duty(1))].span) }
        #expect(body.outline == BodyOutline(dials: [body.state(of: 0).position, body.state(of: 1).position]))
        #expect(body.outline != BodyOutline(dials: [.zero, .zero]))
    }
}

@Suite("motors of a kind differ") struct MotorSpreadTests {
    @Test("by at most the share, the same for the same seed and number, in every figure that wear and makers change")
    func spread() {
        let motor = MotorSettings.xl330
        #expect(motor.varied(by: 0, seed: 1, number: 0) == motor)
        #expect(motor.varied(by: 0.1, seed: 1, number: 2) == motor.varied(by: 0.1, seed: 1, number: 2))
        #expect(motor.varied(by: 0.1, seed: 1, number: 2) != motor.varied(by: 0.1, seed: 1, number: 3))
        #expect(motor.varied(by: 0.1, seed: 1, number: 2) != motor.varied(by: 0.1, seed: 2, number: 2))
        let factors = (0..<200).map { motor.varied(by: 0.1, seed: 7, number: $0).winding / motor.winding }
        #expect(factors.allSatisfy { (0.899_99...1.100_01).contains($0) })
        #expect(abs(factors.reduce(0, +) / 200 - 1) < 0.02)
        #expect((factors.max() ?? 0) > 1.08 && (factors.min() ?? 2) < 0.92)
    }
}
