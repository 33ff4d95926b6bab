public import Quantities

/// A stop under way: which rung, since when, and what must happen before the robot may move again.
public struct Stop: Equatable, Sendable {
    /// What decides; nil when the episode ended by itself.
    public private(set) var cause: Fault?
    public private(set) var rung: Rung
    public private(set) var clearing: Clearing
    /// Whether the way down leads over the park position.
    public private(set) var parks: Bool
    public private(set) var ticksOnRung: Ticks
    /// Ticks since the latest fault.
    public private(set) var healthyTicks: Ticks
    /// Ticks in a row on which every joint was read back as resting.
    public private(set) var restingTicks: Ticks
    /// Outputs off, and the joints have been at rest long enough.
    public private(set) var isStopped: Bool
    /// The episode that was interrupted. Its clock goes on while it is held.
    public private(set) var run: Run

    private init(_ cause: Fault?, row: LadderRow, run: Run) {
        self.cause = cause
        rung = row.rung
        clearing = row.clearing
        parks = row.parks
        ticksOnRung = .zero
        healthyTicks = .zero
        restingTicks = .zero
        isStopped = false
        self.run = run
    }

    init(_ fault: Fault, during run: Run) {
        self.init(fault, row: fault.row, run: run)
    }

    init(finishing run: Run) {
        self.init(nil, row: LadderRow(rung: .slowStop, clearing: .byNewPermit, parks: true), run: run)
    }

    init(whileOff fault: Fault) {
        let row = LadderRow(rung: .limp, clearing: .byPersonAndVerification, parks: false)
        self.init(fault, row: row, run: Run(horizon: .zero, demandsTube: false))
    }

    /// One more fault: the stop can only become stricter.
    mutating func add(_ fault: Fault) -> Action {
        let row = fault.row
        if fault.outranks(cause) { cause = fault }
        clearing = max(clearing, row.clearing)
        parks = parks && row.parks
        healthyTicks = .zero
        // On the way to park already: whatever forbids that way, it leads into it.
        return descend(to: rung == .park && !parks ? .limp : row.rung)
    }

    mutating func descend(to wanted: Rung) -> Action {
        guard wanted > rung else { return .none }
        rung = wanted
        ticksOnRung = .zero
        restingTicks = .zero
        return .descend(wanted)
    }

    mutating func tick(_ motion: Motion, within times: LadderTimes) -> Action {
        ticksOnRung = ticksOnRung.next
        healthyTicks = healthyTicks.next
        restingTicks = motion.isResting ? restingTicks.next : .zero
        let isAtRest = restingTicks >= times.rest
        switch rung {
        case .hold: return hold(within: times)
        case .slowStop: return slow(isAtRest, within: times)
        case .park: return park(isAtRest && motion.isParked, within: times)
        case .limp: return settle(isAtRest, within: times)
        }
    }

    private mutating func hold(within times: LadderTimes) -> Action {
        guard run.goesOn() else { return add(.horizonExceeded) }
        if clearing == .whenHealthy && healthyTicks > times.recovery { return .proceed }
        return ticksOnRung >= times.hold ? descend(to: .slowStop) : .none
    }

    private mutating func slow(_ isAtRest: Bool, within times: LadderTimes) -> Action {
        if isAtRest { return descend(to: parks ? .park : .limp) }
        return ticksOnRung >= times.slowStop ? add(.didNotStop) : .none
    }

    private mutating func park(_ isParked: Bool, within times: LadderTimes) -> Action {
        isParked || ticksOnRung >= times.park ? descend(to: .limp) : .none
    }

    private mutating func settle(_ isAtRest: Bool, within times: LadderTimes) -> Action {
        isStopped = isAtRest
        if isStopped { return clearing == .byPersonAndVerification ? .none : .settle }
        guard ticksOnRung == times.limp else { return .none }
        _ = add(.movesWhileOff)
        return .cutPower
    }
}
