import Quantities
import Testing

@testable import Supervision

@Suite struct ModeTests {
    static let run = Run(horizon: Ticks(5), demandsTube: true)
    static let held = Mode.held(Stop(.operatorStop, during: run))
    static let holding = Mode.held(Stop(.deadManReleased, during: run))
    static let recovering = Mode.held(Stop(.lateTicks, during: run))
    static let latched = Mode.latched(Stop(.overspeed, during: run))
    static let all: [Mode] = [
        .unknown, .identified, .verified, .observing, .permitted(age: .zero), .running(run), held, latched,
    ]

    @Test("modes are numbered in the order of the way up")
    func numbers() { #expect(Self.all.map(\.number) == [0, 1, 2, 3, 4, 5, 6, 7]) }

    @Test("outputs can be on only while running or above limp on the ladder")
    func power() {
        #expect(Self.all.map(\.isPowered) == [false, false, false, false, false, true, true, true])
        #expect(!Mode.latched(Stop(whileOff: .deviceLost)).isPowered)
    }

    @Test("the robot is judged from observing on")
    func watched() { #expect(Self.all.map(\.isWatched) == [false, false, false, true, true, true, true, true]) }

    @Test("only running counts as running")
    func running() { #expect(Self.all.map(\.isRunning) == [false, false, false, false, false, true, false, false]) }

    @Test("a mode without stop or drive has no rung")
    func rungs() {
        #expect(Self.all.map(\.rung) == [nil, nil, nil, nil, nil, .hold, .slowStop, .slowStop])
    }

    @Test("the way up goes one step at a time", arguments: [Event.identified, .verified, .observe])
    func wayUp(event: Event) {
        for (position, mode) in Self.all.enumerated() {
            var next = mode
            let action = next.handle(event)
            if position == [.identified, .verified, .observe].firstIndex(of: event) {
                #expect(action == .none && next == Self.all[position + 1])
            } else {
                #expect(action == .refuse && next == mode)
            }
        }
    }

    @Test("a permit leads from observing to permitted and nowhere else")
    func permits() {
        for mode in Self.all {
            var next = mode
            let action = next.permit()
            #expect(action == (mode == .observing ? .none : .refuse))
            #expect(next == (mode == .observing ? .permitted(age: .zero) : mode))
        }
    }

    @Test("a start leads from permitted to running and nowhere else")
    func starts() {
        for mode in Self.all {
            var next = mode
            let action = next.start(Self.run)
            let isPermitted = mode == .permitted(age: .zero)
            #expect(action == (isPermitted ? .none : .refuse))
            #expect(next == (isPermitted ? .running(Self.run) : mode))
        }
    }

    @Test("an unused permit expires")
    func expiry() {
        var mode = Mode.permitted(age: .zero)
        for _ in 0..<4 { #expect(mode.tick(.resting, within: .sample) == .none) }
        #expect(mode == .permitted(age: Ticks(4)))
        #expect(mode.tick(.resting, within: .sample) == .expire)
        #expect(mode == .observing)
    }

    @Test("an episode ends by itself at its horizon")
    func horizon() {
        var mode = Mode.running(Self.run)
        for _ in 0..<5 { #expect(mode.tick(.moving, within: .sample) == .none) }
        #expect(mode.isRunning)
        #expect(mode.tick(.moving, within: .sample) == .descend(.slowStop))
        guard case .held(let stop) = mode else { return unexpected(mode) }
        #expect(stop.cause == .horizonExceeded)
    }

    @Test(
        "nothing happens in a tick of a mode that waits", arguments: [Mode.unknown, .identified, .verified, .observing])
    func waits(mode: Mode) {
        var next = mode
        #expect(next.tick(.moving, within: .sample) == .none)
        #expect(next == mode)
    }

    @Test("an episode that finishes slows down, parks and settles without a fault")
    func finishes() {
        var mode = Mode.running(Self.run)
        #expect(mode.handle(.finish) == .descend(.slowStop))
        guard case .held(let stop) = mode else { return unexpected(mode) }
        #expect(stop.cause == nil && stop.parks && stop.clearing == .byNewPermit && stop.run == Self.run)
    }

    @Test("a held episode can finish, one that is being stopped cannot")
    func finishesFromHold() {
        var holding = Self.holding
        #expect(holding.handle(.finish) == .descend(.slowStop))
        #expect(holding.rung == .slowStop)
        #expect(holding.handle(.finish) == .refuse)
        for mode in Self.all where !mode.isRunning {
            var next = mode
            #expect(next.handle(.finish) == .refuse && next == mode)
        }
    }

    @Test("an operator resumes only what an operator may, and only from a hold")
    func resumes() {
        var holding = Self.holding
        #expect(holding.handle(.resume(by: alice)) == .proceed)
        #expect(holding == .running(Self.run))
        for mode in Self.all + [Self.recovering] {
            var next = mode
            #expect(next.handle(.resume(by: alice)) == .refuse && next == mode)
        }
        var late = Stop(.deadManReleased, during: Self.run)
        _ = late.descend(to: .slowStop)
        var stopping = Mode.held(late)
        #expect(stopping.handle(.resume(by: alice)) == .refuse)
    }

    @Test("a latch is cleared only by a person and only once the robot is read back as stopped")
    func clears() {
        for mode in Self.all {
            var next = mode
            #expect(next.handle(.clear(by: alice)) == .refuse && next == mode)
        }
        var mode = Mode.latched(Stop(whileOff: .deviceLost))
        for _ in 0..<2 { _ = mode.tick(.resting, within: .sample) }
        #expect(mode.handle(.clear(by: alice)) == .refuse)
        _ = mode.tick(.resting, within: .sample)
        #expect(mode.handle(.clear(by: alice)) == .verifyAgain)
        #expect(mode == .unknown)
    }

    @Test("with the outputs off, only what makes the robot itself doubtful latches", arguments: allFaults)
    func faultsWhileOff(fault: Fault) {
        for mode in Self.all[0..<5] {
            var next = mode
            let action = next.handle(.fault(fault))
            if fault.row.rung == .limp {
                #expect(action == .descend(.limp) && next == .latched(Stop(whileOff: fault)))
            } else {
                #expect(action == .none)
                #expect(next == (mode == .permitted(age: .zero) ? .observing : mode))
            }
        }
    }

    @Test("a fault while running enters the ladder at its row", arguments: allFaults)
    func faultsWhileRunning(fault: Fault) {
        var mode = Mode.running(Self.run)
        #expect(mode.handle(.fault(fault)) == .descend(fault.row.rung))
        let stop = Stop(fault, during: Self.run)
        #expect(mode == (fault.row.latches ? .latched(stop) : .held(stop)))
    }

    @Test("a fault during a stop makes it stricter, never milder", arguments: allFaults)
    func faultsWhileStopping(fault: Fault) {
        for before in [Self.held, Self.holding, Self.recovering, Self.latched] {
            var mode = before
            let action = mode.handle(.fault(fault))
            guard case .held(let old) = before, case .held(let new) = mode else {
                guard case .latched(let new) = mode else { return unexpected(mode) }
                #expect(new.clearing == .byPersonAndVerification)
                continue
            }
            #expect(new.rung == max(old.rung, fault.row.rung))
            #expect(new.clearing == max(old.clearing, fault.row.clearing))
            #expect(action == (new.rung > old.rung ? .descend(new.rung) : .none))
        }
    }
}
