import Quantities
import Testing

@testable import Supervision

@Suite struct StopTests {
    static let run = Run(horizon: Ticks(100), demandsTube: false)

    /// The actions of as many ticks, the first one first.
    func ticks(_ count: Int, _ stop: inout Stop, _ motion: Motion) -> [Action] {
        (0..<count).map { _ in stop.tick(motion, within: .sample) }
    }

    @Test("a stop begins on its row with every clock at zero")
    func begins() {
        let stop = Stop(.deadManReleased, during: Self.run)
        #expect(stop.cause == .deadManReleased && stop.rung == .hold && stop.clearing == .byOperator && stop.parks)
        #expect(stop.ticksOnRung == .zero && stop.healthyTicks == .zero && stop.restingTicks == .zero)
        #expect(!stop.isStopped && stop.run == Self.run)
    }

    @Test("a latch while off is limp, parks nowhere and needs a person")
    func whileOff() {
        let stop = Stop(whileOff: .verificationFailed)
        #expect(stop.cause == .verificationFailed && stop.rung == .limp && !stop.parks)
        #expect(stop.clearing == .byPersonAndVerification && stop.run == Run(horizon: .zero, demandsTube: false))
    }

    @Test("a hold ends by itself after enough healthy ticks")
    func recovers() {
        var stop = Stop(.lateTicks, during: Self.run)
        #expect(ticks(5, &stop, .moving) == [.none, .none, .none, .none, .proceed])
        #expect(stop.run.ticks == Ticks(5))
    }

    @Test("a fault during a hold starts its recovery again")
    func recoversAgain() {
        var stop = Stop(.lateTicks, during: Self.run)
        _ = ticks(3, &stop, .resting)
        #expect(stop.add(.lateTicks) == .none)
        #expect(ticks(4, &stop, .resting) == [.none, .none, .none, .none])
        #expect(stop.rung == .hold)
        #expect(ticks(1, &stop, .resting) == [.proceed])
    }

    @Test("a hold for an operator waits, but not for ever")
    func holdsNotForEver() {
        var stop = Stop(.deadManReleased, during: Self.run)
        #expect(ticks(7, &stop, .resting) == Array(repeating: .none, count: 7))
        #expect(ticks(1, &stop, .resting) == [.descend(.slowStop)])
        #expect(stop.cause == .deadManReleased && stop.clearing == .byOperator)
    }

    @Test("the episode's own clock goes on while it is held")
    func holdsWithinHorizon() {
        var stop = Stop(.deadManReleased, during: Run(horizon: Ticks(3), demandsTube: false))
        #expect(ticks(4, &stop, .resting) == [.none, .none, .none, .descend(.slowStop)])
        #expect(stop.cause == .horizonExceeded && stop.clearing == .byNewPermit)
    }

    @Test("a slow stop ends only after the joints have rested long enough")
    func slowStops() {
        var stop = Stop(.operatorStop, during: Self.run)
        #expect(ticks(2, &stop, .resting) == [.none, .none])
        #expect(ticks(1, &stop, .moving) == [.none])
        #expect(stop.restingTicks == .zero)
        #expect(ticks(3, &stop, .resting) == [.none, .none, .descend(.park)])
        #expect(stop.ticksOnRung == .zero && stop.restingTicks == .zero)
    }

    @Test("a stop that must not park goes from slow stop to limp")
    func doesNotPark() {
        var stop = Stop(.overspeed, during: Self.run)
        #expect(ticks(3, &stop, .parked) == [.none, .none, .descend(.limp)])
    }

    @Test("a robot that does not come to rest is switched off and latched")
    func doesNotStop() {
        var stop = Stop(.operatorStop, during: Self.run)
        #expect(ticks(127, &stop, .moving) == Array(repeating: .none, count: 127))
        #expect(ticks(1, &stop, .moving) == [.descend(.limp)])
        #expect(stop.cause == .didNotStop && stop.clearing == .byPersonAndVerification && !stop.parks)
    }

    @Test("parking ends at the park position, and resting elsewhere does not count")
    func parks() {
        var stop = Stop(.operatorStop, during: Self.run)
        _ = ticks(3, &stop, .resting)
        #expect(ticks(10, &stop, .resting) == Array(repeating: .none, count: 10))
        #expect(ticks(1, &stop, .parked) == [.descend(.limp)])
    }

    @Test("parking needs rest at the park position, not a passage through it")
    func parksAtRest() {
        var stop = Stop(.operatorStop, during: Self.run)
        _ = ticks(3, &stop, .resting)
        #expect(ticks(3, &stop, .parked) == [.none, .none, .descend(.limp)])
    }

    @Test("parking that takes too long ends limp, without a fault")
    func parksNotForEver() {
        var stop = Stop(.operatorStop, during: Self.run)
        _ = ticks(3, &stop, .resting)
        #expect(ticks(1023, &stop, .moving) == Array(repeating: .none, count: 1023))
        #expect(ticks(1, &stop, .moving) == [.descend(.limp)])
        #expect(stop.cause == .operatorStop)
    }

    @Test("a fault that must not park ends parking at once, one that may goes on")
    func parksNoLonger() {
        for (fault, action, rung): (Fault, Action, Rung) in [
            (.trackingError, .descend(.limp), .limp), (.overEffort, .descend(.limp), .limp),
            (.overTemperature, .none, .park),
        ] {
            var stop = Stop(.operatorStop, during: Self.run)
            _ = ticks(3, &stop, .resting)
            #expect(stop.add(fault) == action && stop.rung == rung && stop.cause == fault, "\(fault)")
        }
    }

    @Test("a robot that is limp and at rest settles, unless it is latched")
    func settles() {
        var stop = Stop(finishing: Self.run)
        _ = stop.descend(to: .limp)
        #expect(ticks(3, &stop, .resting) == [.none, .none, .settle])
        #expect(stop.isStopped)
        var latched = Stop(.emergencyStop, during: Self.run)
        #expect(ticks(5, &latched, .resting) == Array(repeating: .none, count: 5))
        #expect(latched.isStopped)
        #expect(ticks(1, &latched, .moving) == [.none])
        #expect(!latched.isStopped)
    }

    @Test("a robot that moves while its outputs are off has its supply cut, once")
    func movesWhileOff() {
        var stop = Stop(finishing: Self.run)
        _ = stop.descend(to: .limp)
        #expect(ticks(15, &stop, .moving) == Array(repeating: .none, count: 15))
        #expect(ticks(1, &stop, .moving) == [.cutPower])
        #expect(stop.cause == .movesWhileOff && stop.clearing == .byPersonAndVerification)
        #expect(ticks(3, &stop, .moving) == [.none, .none, .none])
    }

    @Test("a latched robot at rest may be moved by hand without a new fault")
    func movedByHand() {
        var stop = Stop(.emergencyStop, during: Self.run)
        _ = ticks(17, &stop, .resting)
        #expect(ticks(20, &stop, .moving) == Array(repeating: .none, count: 20))
        #expect(stop.cause == .emergencyStop)
    }

    @Test("a stop only goes down")
    func goesDown() {
        var stop = Stop(.operatorStop, during: Self.run)
        #expect(stop.descend(to: .hold) == .none && stop.descend(to: .slowStop) == .none)
        #expect(stop.rung == .slowStop)
        #expect(stop.add(.overspeed) == .none)
        #expect(stop.cause == .overspeed && !stop.parks)
        #expect(stop.add(.operatorStop) == .none)
        #expect(stop.cause == .overspeed && !stop.parks && stop.clearing == .byPersonAndVerification)
        #expect(stop.add(.deviceLost) == .descend(.limp))
    }

    @Test("a run counts its ticks up to its horizon")
    func runs() {
        var run = Run(horizon: Ticks(2), demandsTube: false)
        #expect(run.goesOn() && run.goesOn() && !run.goesOn())
        #expect(run.ticks == Ticks(3) && run.horizon == Ticks(2))
    }

    @Test("two joints together rest or are parked only when both are")
    func motions() {
        let all: [Motion] = [.moving, .resting, .parked]
        for (left, first) in all.enumerated() {
            for (right, second) in all.enumerated() { #expect(first.and(second) == all[min(left, right)]) }
        }
        #expect(all.map(\.isResting) == [false, true, true] && all.map(\.isParked) == [false, false, true])
    }
}
