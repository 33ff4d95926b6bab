import Foundation
import Quantities
import Testing

@testable import Simulator
import Simulator

@Suite("servos see through their sensors")
struct SensesTests {
    @Test("positions are steps of the encoder, the same step however a register rounds")
    func steps() throws {
        var body = try RobotBody(Workshop.wheel(.ideal))
        body.run(.current(Amperes(0.05)), seconds: 0.4)
        var seen: Set<Int> = []
        for _ in 0..<200 {
            body.run(.off, seconds: 0.001)
            let steps = Double(body.state(of: 0).position.value) / (2 * .pi) * 4_096
            let truth = (body.links.positions[0] / (2 * .pi) * 4_096).rounded(.down)
            #expect(steps.rounded() == truth && steps.rounded(.down) == truth)
            seen.insert(Int(steps.rounded()))
        }
        #expect(seen.count > 50)
    }

    @Test("a servo knows where it was a while ago", arguments: [0, 3, 12])
    func delay(milliseconds: Int) throws {
        let metal = ServoMetal.ideal.with([.encoderDelay: Float(milliseconds) / 1_000, .encoderSteps: 1_048_576])
        var body = try RobotBody(Workshop.wheel(metal))
        var truths: [Double] = [0]
        for _ in 0..<300 {
            body.run(.current(Amperes(0.1)), seconds: 0.001)
            truths.append(body.links.positions[0])
        }
        let expected = truths[truths.count - 1 - milliseconds]
        #expect(abs(Double(body.state(of: 0).position.value) - expected) < 1e-5)
        #expect(truths[300] - truths[299] > 1e-3)
    }

    @Test("noise is as wide as it is said to be, and comes from the seed")
    func noise() throws {
        let metal = ServoMetal.ideal.with([.encoderNoise: 0.01, .encoderSteps: 1_048_576, .currentNoise: 0.02])
        var settings = Workshop.wheel(metal)
        var readings: [[Float]] = []
        for seed in [1, 1, 2] as [UInt64] {
            settings.seed = seed
            var body = try RobotBody(settings)
            readings.append(
                (0..<2_000).map { _ in
                    body.run(.off, seconds: 0.001)
                    return body.state(of: 0).position.value
                })
        }
        let mean = readings[0].reduce(0, +) / 2_000
        let deviation = (readings[0].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2_000).squareRoot()
        #expect(abs(mean) < 0.001 && abs(deviation / 0.01 - 1) < 0.05)
        #expect(readings[0] == readings[1] && readings[0] != readings[2])
    }

    @Test("a servo mounted the other way sees and drives everything the other way")
    func reversed() throws {
        let settings = Workshop.wheel(.ideal)
        var mirrored = settings
        mirrored.joints[0].isReversed = true
        var (one, other) = (try RobotBody(settings), try RobotBody(mirrored))
        one.run(.current(Amperes(0.1)), seconds: 0.3)
        other.run(.current(Amperes(0.1)), seconds: 0.3)
        #expect(one.links.positions[0] == -other.links.positions[0])
        let (seen, back) = (one.state(of: 0), other.state(of: 0))
        #expect(abs((seen.position - back.position).value) < 0.002 && back.position > .zero)
        #expect(seen.speed == back.speed && seen.current == back.current && back.current > .zero)
    }

    @Test("an encoder on the rotor does not see the backlash; an offset shifts what is seen")
    func places() throws {
        let metal = ServoMetal.ideal.with([.backlash: 0.1, .encoderRotorShare: 1, .encoderOffset: 0.2])
        var body = try RobotBody(Workshop.wheel(metal))
        body.run(.current(Amperes(0.02)), seconds: 0.1)
        #expect(body.axles[0].angle > 0.02 && body.links.positions[0] == 0)
        #expect(abs(Double(body.state(of: 0).position.value) - 0.2 - body.axles[0].angle) < 0.002)
    }

    @Test("a current sensor may be wrong by its gain, a speed is behind by its filter")
    func gains() throws {
        let metal = ServoMetal.ideal.with([.currentGain: 1.04, .speedFilter: 0.02, .gearDamping: 0.1])
        var body = try RobotBody(Workshop.wheel(metal, inertia: 0.01))
        body.run(.current(Amperes(0.5)), seconds: 0.5)
        #expect(abs(body.state(of: 0).current.value - 0.52) < 1e-5)
        // At a constant acceleration a filter is behind by its time constant.
        let behind = (body.links.speeds[0] - Double(body.state(of: 0).speed.value)) / (0.5 * 0.366 / 0.011_81)
        #expect(abs(behind - 0.02) < 0.001)
    }
}

@Suite("chance of the house")
struct ChanceTests {
    @Test("has the same numbers for ever")
    func known() {
        let chance = Chance(seed: 1).of("name")
        #expect(chance.bits(0) != chance.bits(1) && chance.bits(0) != Chance(seed: 2).of("name").bits(0))
        #expect(chance == Chance(seed: 1).of("name") && chance != Chance(seed: 1).of("nama"))
    }

    @Test("is even, and normal")
    func moments() {
        let chance = Chance(seed: 7)
        let even = (0..<20_000).map { chance.even($0) }
        let normal = (0..<20_000).map { chance.normal($0) }
        let mean = { (numbers: [Double]) in numbers.reduce(0, +) / 20_000 }
        #expect(abs(mean(even)) < 0.01 && abs(mean(even.map { $0 * $0 }) - 1.0 / 3) < 0.01)
        #expect(abs(mean(normal)) < 0.02 && abs(mean(normal.map { $0 * $0 }) - 1) < 0.03)
        #expect(even.allSatisfy { -1 <= $0 && $0 < 1 } && normal.allSatisfy { abs($0) < 3.5 })
    }

    @Test("exponential and logarithm of the house are those of mathematics")
    func mathematics() {
        for step in -700...700 {
            let power = Double(step) * 1.003
            #expect(abs(exponential(power) / exp(power) - 1) < 2e-15 || power < -706)
            let number = exp(Double(step))
            #expect(abs(logarithm(number) - log(number)) <= 2e-15 * max(1, abs(log(number))))
        }
        #expect(exponential(-800) == 0 && exponential(800) == .infinity && exponential(.nan).isNaN)
        #expect(exponential(-.infinity) == 0 && logarithm(0) == -.infinity && logarithm(-1).isNaN)
        #expect(exponential(0) == 1 && logarithm(1) == 0)
    }
}
