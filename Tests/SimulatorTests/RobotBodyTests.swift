import CAllocationCounter
import Foundation
import Quantities
import Testing

@testable import Simulator
import Simulator

@Suite("a robot body is a value")
struct RobotBodyTests {
    private func settings(of robot: String) throws -> BodySettings {
        switch robot {
        case "pendulum": try Workshop.pendulum()
        case "reacher": try Workshop.reacher()
        default: try Workshop.leg()
        }
    }

    /// Drives that pull here and there, and what became of everything in so many milliseconds.
    private func fingerprint(_ body: inout RobotBody, ticks: Int = 2_000) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        let take = { (bits: UInt64) in hash = (hash ^ bits) &* 0x0000_0100_0000_01B3 }
        for tick in 0..<ticks {
            let drives = (0..<body.jointCount).map { joint -> MotorDrive in
                let pull = Float((tick / 250 + joint) % 4 - 1) * 0.3
                return tick / 500 % 2 == 0 ? .duty(Duty(pull)) : .current(Amperes(pull))
            }
            body.advance(by: Seconds(0.001), drives: drives.span)
            for joint in 0..<body.jointCount {
                let state = body.state(of: joint)
                take(UInt64(state.position.value.bitPattern) << 32 | UInt64(state.speed.value.bitPattern))
                take(UInt64(state.current.value.bitPattern) << 32 | UInt64(state.temperature.value.bitPattern))
                take(body.links.positions[joint].bitPattern)
                take(body.axles[joint].winding.bitPattern)
            }
        }
        return hash
    }

    // Whether two builds agree to the bit the gate finds out by comparing what both record: MuJoCo takes sine and cosine
    // from the C library, whose last bit is another one on another processor. What is written here is coarser.
    @Test(
        "after two seconds a robot is where it always was, and the same bits again",
        arguments: [
            ("pendulum", [1.422_152_664]), ("reacher", [1.616_941_691, 1.087_787_509, 0.293_208_651]),
            ("leg", [0.311_474_428, -1.902_670_763]),
        ] as [(String, [Double])])
    func golden(robot: String, expected: [Double]) throws {
        var settings = try settings(of: robot)
        settings.seed = 7
        settings.spread = 1
        var (first, second) = (try RobotBody(settings), try RobotBody(settings))
        #expect(fingerprint(&first) == fingerprint(&second))
        #expect(first.end == nil)
        let found = (0..<first.jointCount).map { first.links.positions[first.plan.joints[$0]] }
        #expect(found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(found)")
    }

    @Test("one seed is one robot, another seed another", arguments: ["pendulum", "reacher", "leg"])
    func seeds(robot: String) throws {
        var settings = try settings(of: robot)
        settings.spread = 1
        let found = try ([1, 1, 2] as [UInt64]).map { seed in
            settings.seed = seed
            var body = try RobotBody(settings)
            return fingerprint(&body, ticks: 300)
        }
        #expect(found[0] == found[1] && found[0] != found[2])
    }

    @Test("every parameter of a robot differs by no more than its spread, and most differ", arguments: [0, 0.5, 1])
    func spread(share: Float) throws {
        let label = ServoProduct.sts3215.metal
        for seed in 1...20 as ClosedRange<UInt64> {
            let own = label.picked(by: Chance(seed: seed), spread: share)
            #expect(own.fault == nil)
            for parameter in MetalParameter.allCases {
                let most =
                    switch parameter.spread {
                    case .share(let most): most * abs(label[parameter])
                    case .amount(let most): most
                    }
                let difference = abs(own[parameter] - label[parameter])
                #expect(difference <= share * most * 1.000_1)
                if share > 0 && most > 0 && label[parameter] > 0 { #expect(difference > 0) }
            }
        }
    }

    @Test("links have masses of their own as well")
    func masses() throws {
        var settings = Workshop.swing(mass: 0.05, length: 0.2)
        settings.joints[0].start = Radians(1)
        settings.joints[0].metal = .ideal
        let weights = try ([0, 1] as [Float]).map { spread in
            settings.spread = spread
            return try RobotBody(settings).energy().potential.value
        }
        #expect(weights[0] != weights[1] && abs(weights[1] / weights[0] - 1) <= 0.03)
    }

    @Test("a copy goes its own way, and the same way when it is driven the same")
    func copies() throws {
        var body = try RobotBody(try Workshop.leg())
        body.run(.current(Amperes(1)), seconds: 0.2)
        var copy = body
        let (place, shapes, contacts) = (body.links.positions, body.shapes(), body.contacts())
        copy.run(.current(Amperes(-2)), seconds: 0.3)
        #expect(body.links.positions == place && body.shapes() == shapes && body.contacts() == contacts)
        #expect(copy.links.positions != place)
        var twin = body
        let found = fingerprint(&body, ticks: 500)
        #expect(fingerprint(&twin, ticks: 500) == found)
        #expect(twin.shapes() == body.shapes())
    }

    @Test("looking does not touch", arguments: ["pendulum", "leg"])
    func looking(robot: String) throws {
        var seen = try RobotBody(try settings(of: robot))
        var unseen = seen
        for _ in 0..<20 {
            _ = (seen.energy(), seen.shapes(), seen.contacts(), seen.position(ofBody: "thigh"))
            #expect(fingerprint(&seen, ticks: 10) == fingerprint(&unseen, ticks: 10))
        }
    }

    @Test("a step asks for no memory", arguments: ["pendulum", "reacher", "leg"])
    func allocations(robot: String) throws {
        guard callocationcounter_counts() else { return }
        var body = try RobotBody(try settings(of: robot))
        let drives = [MotorDrive](repeating: .duty(Duty(0.1)), count: body.jointCount)
        body.set(.stuck, of: 0)
        for _ in 0..<10 { body.advance(by: Seconds(0.001), drives: drives.span) }
        let before = callocationcounter_of_this_thread()
        for _ in 0..<500 { body.advance(by: Seconds(0.001), drives: drives.span) }
        #expect(callocationcounter_of_this_thread() == before)
    }

    @Test("a leg that falls never gets more energy than it had")
    func falling() throws {
        var body = try RobotBody(try Workshop.leg())
        let stand = body.energy().total
        var (most, least) = (stand, stand)
        for _ in 0..<60 {
            body.run(.off, seconds: 0.02)
            most = max(most, body.energy().total)
            least = min(least, body.energy().total)
        }
        #expect(most <= stand + Joules(0.001))
        #expect(stand - least > Joules(0.5))
    }

    @Test("long spans of time are cut into steps")
    func steps() throws {
        var (one, many) = (try RobotBody(try Workshop.pendulum()), try RobotBody(try Workshop.pendulum()))
        let drives = [MotorDrive.current(Amperes(0.2))]
        for _ in 0..<40 { one.advance(by: Seconds(0.005), drives: drives.span) }
        many.run(.current(Amperes(0.2)), seconds: 0.2)
        #expect(one.links.positions == many.links.positions && one.age == many.age)
        #expect(one.links.positions[0] > 0.1)
    }

    @Test("what is no number ends a body by name, and it stays where it was")
    func divergence() throws {
        var body = try RobotBody(try Workshop.pendulum())
        body.run(.current(Amperes(0.2)), seconds: 0.1)
        let (state, metal) = (body.state(of: 0), body.metal(of: 0))
        body.run(.current(Amperes(.nan)), seconds: 0.001)
        #expect(body.end == .diverged(after: Seconds(0.101)))
        body.run(.current(Amperes(0.2)), seconds: 0.1)
        #expect(body.state(of: 0) == state && body.metal(of: 0) == metal)
        var pushed = try Workshop.pendulum()
        pushed.pushes = [Push(on: "weight", from: Seconds(0.01), for: Seconds(1), force: SIMD3(1e12, 0, 0))]
        body = try RobotBody(pushed)
        body.run(.off, seconds: 0.1)
        guard case .diverged = body.end else {
            Issue.record("\(String(describing: body.end))")
            return
        }
        #expect(body.links.positions[0].isFinite && body.energy().total.isFinite)
    }
}

@Suite("the three bodies can do what they are for")
struct ReferenceBodyTests {
    /// What makes 0.1 N·m in the motor, a little less than the weight needs.
    private static let current = Amperes(0.1 / 0.366)

    @Test(
        "the pendulum's servo cannot lift the weight, but it can swing it up", arguments: 1...5 as ClosedRange<UInt64>)
    func pendulum(seed: UInt64) throws {
        var settings = try Workshop.pendulum()
        settings.seed = seed
        settings.spread = 1
        var body = try RobotBody(settings)
        var highest = 0.0
        for _ in 0..<3_000 {
            body.run(.current(Self.current), seconds: 0.001)
            highest = max(highest, abs(body.links.positions[0]))
        }
        #expect(highest > 0.3 && highest < 1.6)
        var ticks = 0
        while abs(body.links.positions[0]) < 3, ticks < 20_000 {
            body.run(.current(body.links.speeds[0] < 0 ? -Self.current : Self.current), seconds: 0.001)
            ticks += 1
        }
        #expect(ticks < 20_000)
        #expect(abs(body.links.speeds[0]) < 12)
    }

    @Test("the reacher hangs on its gears without power, and lifts itself with a third of it")
    func reacher() throws {
        var settings = try Workshop.reacher()
        settings.joints[1].start = Radians(1)
        var body = try RobotBody(settings)
        body.run(.off, seconds: 1)
        let fallen = body.links.positions[1]
        #expect(fallen > 1.02)
        body.run(.duty(Duty(-0.3)), seconds: 0.8)
        #expect(body.links.positions[1] < fallen - 0.3)
        #expect(body.shapes().map(\.name).contains("tip"))
    }

    @Test("the leg stands under control, and hops")
    func leg() throws {
        var body = try RobotBody(try Workshop.leg())
        let stand = { (body: inout RobotBody, knee: Float) in
            let (hip, shin) = (body.state(of: 0), body.state(of: 1))
            let efforts = [
                30 * (-0.5 * knee - hip.position.value) - 0.8 * hip.speed.value,
                30 * (knee - shin.position.value) - 0.8 * shin.speed.value,
            ].map { min(max($0, -2), 2) / 0.147 }
            let drives = efforts.map { MotorDrive.current(Amperes($0)) }
            body.advance(by: Seconds(0.001), drives: drives.span)
        }
        for _ in 0..<1_500 { stand(&body, -1.0) }
        #expect(abs(try #require(body.motion(ofJoint: "boom")).speed) < 0.01)
        let foot = try #require(body.contacts().first)
        #expect(body.contacts().count == 1 && foot.first == "ground" && foot.second == "foot")
        #expect(abs(foot.force.value / (0.85 * 9.81) - 1) < 0.02)
        for _ in 0..<400 { stand(&body, -1.7) }
        var (airborne, highest) = (0, Float(0))
        for tick in 0..<500 {
            stand(&body, tick < 120 ? -0.3 : -1.0)
            airborne += body.contacts().isEmpty ? 1 : 0
            highest = max(highest, try #require(body.position(ofBody: "foot")).z)
        }
        #expect(airborne > 50)
        #expect(highest > 0.05)
        #expect(body.end == nil)
    }
}
