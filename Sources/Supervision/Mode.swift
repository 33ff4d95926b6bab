public import Quantities

/// Where the guard stands. Outputs can be on only in `running`, and in `held` and `latched` above rung `limp`.
public enum Mode: Equatable, Sendable {
    case unknown
    /// The expected devices answered.
    case identified
    /// Calibration, temperatures, voltages and watchdogs were checked.
    case verified
    /// The robot is watched on every tick, outputs off.
    case observing
    /// A permit has been given and waits to be used.
    case permitted(age: Ticks)
    case running(Run)
    /// On the stop ladder; no person is needed to come back to `observing`.
    case held(Stop)
    /// On the stop ladder or stopped; leaves only by a person's act, and then everything is verified anew.
    case latched(Stop)
}

/// An episode under way: how long it has run and may run, and what its approval demands.
public struct Run: Equatable, Sendable {
    public private(set) var ticks: Ticks = .zero
    public let horizon: Ticks
    public let demandsTube: Bool

    init(horizon: Ticks, demandsTube: Bool) {
        self.horizon = horizon
        self.demandsTube = demandsTube
    }

    /// Counts one tick; false when the horizon has been reached and none is left.
    mutating func goesOn() -> Bool {
        ticks = ticks.next
        return ticks <= horizon
    }
}

/// A person, by the user number that the socket's peer credentials gave.
public struct Operator: Equatable, Sendable {
    public let userNumber: UInt32
    public init(userNumber: UInt32) { self.userNumber = userNumber }
}

/// How a joint or a robot moves, as read back.
public struct Motion: Equatable, Sendable {
    public let isResting: Bool
    /// At rest at the park position.
    public let isParked: Bool

    /// Also when a sensor cannot tell.
    public static var moving: Motion { Motion(isResting: false, isParked: false) }
    public static var resting: Motion { Motion(isResting: true, isParked: false) }
    public static var parked: Motion { Motion(isResting: true, isParked: true) }

    /// What holds for two joints together.
    func and(_ other: Motion) -> Motion {
        Motion(isResting: isResting && other.isResting, isParked: isParked && other.isParked)
    }
}

/// What happens to the guard from outside. To permit and to start are not events: they need an approval and a permit;
/// and only the supervisor's own tick says how the robot moves.
public enum Event: Equatable, Sendable {
    case identified
    case verified
    case observe
    case finish
    case fault(Fault)
    case resume(by: Operator)
    case clear(by: Operator)
}

/// What the shell has to do after an event, beside sending the commands of the verdict.
public enum Action: Equatable, Sendable {
    case none
    /// The event does not fit the mode; nothing changed.
    case refuse
    /// The permit was not used in time.
    case expire
    /// The stop ladder was entered or went one or more rungs down.
    case descend(Rung)
    /// The episode goes on after a hold.
    case proceed
    /// The robot has been read back as stopped and is watched again.
    case settle
    /// The robot moves though its outputs are off: cut the supply where a relay allows it.
    case cutPower
    /// A person cleared the latch: identify and verify from the start.
    case verifyAgain
}

extension Mode {
    /// The mode's number on the wire and in recordings.
    public var number: UInt8 {
        switch self {
        case .unknown: 0
        case .identified: 1
        case .verified: 2
        case .observing: 3
        case .permitted: 4
        case .running: 5
        case .held: 6
        case .latched: 7
        }
    }

    /// Whether any output may be on.
    public var isPowered: Bool { if let rung { rung != .limp } else { false } }

    var isRunning: Bool { if case .running = self { true } else { false } }

    /// The rung of the stop under way. An episode that goes on after a hold still holds for the rest of that tick; where
    /// nothing drives and nothing is being stopped there is none.
    public var rung: Rung? {
        switch self {
        case .unknown, .identified, .verified, .observing, .permitted: nil
        case .running: .hold
        case .held(let stop), .latched(let stop): stop.rung
        }
    }

    /// Whether the robot's motion is judged: from the moment that its readings have been verified.
    public var isWatched: Bool {
        switch self {
        case .unknown, .identified, .verified: false
        case .observing, .permitted, .running, .held, .latched: true
        }
    }

    @_noAllocation @_noLocks
    public mutating func handle(_ event: Event) -> Action {
        switch event {
        case .identified: advance(to: .identified)
        case .verified: advance(to: .verified)
        case .observe: advance(to: .observing)
        case .finish: finish()
        case .fault(let fault): enter(fault)
        case .resume: resume()
        case .clear: clear()
        }
    }

    /// The only way up goes one step at a time, in the order of the numbers.
    private mutating func advance(to next: Mode) -> Action {
        guard number + 1 == next.number else { return .refuse }
        self = next
        return .none
    }

    /// Only `Supervisor.grant` calls this, after it has checked an approval.
    mutating func permit() -> Action { advance(to: .permitted(age: .zero)) }

    /// Only `Supervisor.begin` calls this, with a permit in its hand.
    mutating func start(_ run: Run) -> Action { advance(to: .running(run)) }
}

extension Mode {
    private mutating func finish() -> Action {
        switch self {
        case .running(let run):
            self = .held(Stop(finishing: run))
            return .descend(.slowStop)
        case .held(var stop) where stop.rung == .hold:
            let action = stop.descend(to: .slowStop)
            self = .held(stop)
            return action
        case .unknown, .identified, .verified, .observing, .permitted, .held, .latched:
            return .refuse
        }
    }

    private mutating func resume() -> Action {
        guard case .held(let stop) = self, stop.rung == .hold, stop.clearing == .byOperator else { return .refuse }
        self = .running(stop.run)
        return .proceed
    }

    private mutating func clear() -> Action {
        guard case .latched(let stop) = self, stop.isStopped else { return .refuse }
        self = .unknown
        return .verifyAgain
    }

    private mutating func enter(_ fault: Fault) -> Action {
        if case .permitted = self { self = .observing }
        switch self {
        case .unknown, .identified, .verified, .observing, .permitted:
            return latchWhileOff(fault)
        case .running(let run):
            self.settle(on: Stop(fault, during: run))
            return .descend(fault.row.rung)
        case .held(var stop), .latched(var stop):
            let action = stop.add(fault)
            settle(on: stop)
            return action
        }
    }

    /// With the outputs off there is no motion to stop, and a person may move the robot by hand. Only what makes the
    /// robot itself doubtful latches; anything else just keeps permits from being given while it lasts.
    private mutating func latchWhileOff(_ fault: Fault) -> Action {
        guard fault.row.rung == .limp else { return .none }
        self = .latched(Stop(whileOff: fault))
        return .descend(.limp)
    }

    private mutating func settle(on stop: Stop) {
        self = stop.clearing == .byPersonAndVerification ? .latched(stop) : .held(stop)
    }

    /// Only `Supervisor.tick` calls this, with what it has read back.
    mutating func tick(_ motion: Motion, within times: LadderTimes) -> Action {
        switch self {
        case .unknown, .identified, .verified, .observing:
            return .none
        case .permitted(let age):
            guard age >= times.permit else {
                self = .permitted(age: age.next)
                return .none
            }
            self = .observing
            return .expire
        case .running(var run):
            guard run.goesOn() else { return enter(.horizonExceeded) }
            self = .running(run)
            return .none
        case .held(var stop), .latched(var stop):
            let action = stop.tick(motion, within: times)
            leave(stop, after: action)
            return action
        }
    }

    private mutating func leave(_ stop: Stop, after action: Action) {
        if action == .proceed {
            self = .running(stop.run)
        } else if action == .settle {
            self = .observing
        } else {
            settle(on: stop)
        }
    }
}
