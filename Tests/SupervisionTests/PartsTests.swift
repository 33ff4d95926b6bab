import Quantities
import Testing

@testable import Supervision

@Suite struct BrakingTests {
    let braking = Braking(deceleration: RadiansPerSecondSquared(32), reaction: Seconds(0.125))

    @Test("the stopping distance is the reaction and the even braking after it, in the direction of the speed")
    func distance() {
        #expect(braking.distance(from: RadiansPerSecond(8)) == Radians(2))
        #expect(braking.distance(from: RadiansPerSecond(-8)) == Radians(-2))
        #expect(braking.distance(from: .zero) == .zero)
    }

    @Test("the stoppable speed is the inverse of the stopping distance")
    func speed() {
        #expect(braking.speed(within: Radians(2)) == RadiansPerSecond(8))
        #expect(braking.speed(within: .zero) == .zero)
        #expect(braking.speed(within: Radians(-5)) == .zero)
        for step in 1...64 {
            let speed = RadiansPerSecond(Float(step) / 4)
            let back = braking.speed(within: braking.distance(from: speed))
            #expect((back - speed).magnitude < RadiansPerSecond(1e-4))
        }
    }
}

@Suite struct BucketTests {
    let allowed = Allowance(capacity: 4, drain: PerSecond(2))

    @Test("the level rises by what is added and falls by the drain, never below nothing")
    func level() {
        var bucket = Bucket()
        for (elapsed, amount, overflows, level): (Float, Float, Bool, Float) in [
            (1, 3, false, 3), (0.5, 2, false, 4), (0.5, 1.5, true, 4.5), (10, 0, false, 0),
        ] {
            let answer = bucket.overflows(after: Seconds(elapsed), adding: amount, allowed: allowed)
            #expect(answer == overflows && bucket.level == level)
        }
    }
}

@Suite struct TubeWatchTests {
    let rules = TubeRules(hysteresis: Radians(0.125), patience: Ticks(2))
    let band: Limit<Radians> = limit(-1, 1)

    func answers(_ positions: [Float]) -> [Bool] {
        var watch = TubeWatch()
        return positions.map { watch.hasLeft(band, at: Radians($0), by: rules) }
    }

    @Test("leaving the band past the hysteresis for long enough is noticed on both sides")
    func leaves() {
        #expect(answers([1.25, 1.25]) == [false, true])
        #expect(answers([-1.25, -1.25]) == [false, true])
    }

    @Test("within the hysteresis nothing is counted and nothing forgotten")
    func hysteresis() {
        #expect(answers([1.125, 1.125, 1.125]) == [false, false, false])
        #expect(answers([-1.125, -1.125, -1.125]) == [false, false, false])
        #expect(answers([1.25, 1.125, 1.25]) == [false, false, true])
        #expect(answers([1.25, 1, 1.25]) == [false, false, false])
    }

    @Test("past the patience, being between the band and the hysteresis is still outside")
    func stays() { #expect(answers([1.25, 1.25, 1.0625, 0, 1.0625]) == [false, true, true, false, false]) }
}

@Suite struct CorridorTests {
    @Test("a corridor admits its ends and moves what is outside to the nearest")
    func admits() {
        let corridor = Corridor(Radians(-1), Radians(2), by: .position)
        for (asked, given, rule): (Float, Float, Rule) in [
            (-1.5, -1, .position), (-1, -1, .none), (0, 0, .none), (2, 2, .none), (2.5, 2, .position),
        ] {
            let answer = corridor.admit(Radians(asked))
            #expect(answer.given == Radians(given) && answer.objection == rule)
        }
    }

    @Test("a later rule narrows and gives its name only to the ends that it moves")
    func narrows() {
        var corridor = Corridor(Radians(-2), Radians(2), by: .position)
        corridor.narrow(Radians(-2), Radians(1), by: .speed)
        #expect(corridor.low == Radians(-2) && corridor.high == Radians(1))
        #expect(corridor.admit(Radians(3)).objection == .speed)
        #expect(corridor.admit(Radians(-3)).objection == .position)
        corridor.narrow(to: Radians(0), within: Radians(1), by: .acceleration)
        #expect(corridor.admit(Radians(3)).objection == .speed)
        #expect(corridor.admit(Radians(-3)).objection == .acceleration)
    }

    @Test("where two rules disagree the earlier one wins")
    func disagrees() {
        var above = Corridor(Radians(-1), Radians(1), by: .position)
        above.narrow(Radians(3), Radians(4), by: .speed)
        #expect(above.low == Radians(1) && above.high == Radians(1))
        var below = Corridor(Radians(-1), Radians(1), by: .position)
        below.narrow(Radians(-4), Radians(-3), by: .speed)
        #expect(below.low == Radians(-1) && below.high == Radians(-1))
    }
}

@Suite struct CommandTests {
    @Test("a command says its number and its kind")
    func values() {
        #expect(JointCommand.off.value == 0 && JointCommand.position(Radians(1)).value == 1)
        #expect(JointCommand.speed(RadiansPerSecond(2)).value == 2 && JointCommand.effort(NewtonMetres(3)).value == 3)
    }

    @Test("a command fits only the drive of its kind, and off fits none")
    func fits() {
        let drives: [Drive] = [.position, .sampleSpeed, .sampleEffort]
        let commands: [JointCommand] = [.position(.zero), .speed(.zero), .effort(.zero), .off]
        for (row, command) in commands.enumerated() {
            for (column, drive) in drives.enumerated() { #expect(command.fits(drive) == (row == column)) }
        }
    }

    @Test("only an effort along its motion puts known power in")
    func power() {
        let speed = RadiansPerSecond(2)
        #expect(JointCommand.effort(NewtonMetres(3)).power(at: speed) == Watts(6))
        #expect(JointCommand.effort(NewtonMetres(-3)).power(at: speed) == .zero)
        #expect(JointCommand.position(Radians(3)).power(at: speed) == .zero)
    }

    @Test("travel is counted in full ranges of the drive")
    func travel() {
        #expect(JointEnvelope.sample().travel(from: .position(.zero), to: .position(Radians(1.75))) == 0.5)
        let speed = JointEnvelope.sample(.sampleSpeed)
        #expect(speed.travel(from: .speed(RadiansPerSecond(4)), to: .speed(RadiansPerSecond(-4))) == 0.5)
        let effort = JointEnvelope.sample(.sampleEffort)
        #expect(effort.travel(from: .effort(NewtonMetres(-1)), to: .effort(NewtonMetres(1))) == 0.25)
    }
}
