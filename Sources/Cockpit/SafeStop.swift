import Actuators
public import Ports
import Quantities

/// What a safe stop came to.
public enum SafeStopOutcome: Equatable, Sendable {
    /// Every motor was read back as off.
    case off
    /// They were told, and could not be read back as off: why.
    case unknown(String)
}

extension SeatMaker {
    /// Switches every motor off and reads that back, without a guard, a loop or a ledger: for when those are gone.
    public func safeStop(_ line: consuming sending DeviceLine, within patience: Duration = .seconds(5))
        throws(SeatProblem)
        -> SafeStopOutcome
    {
        var stop = SafeStopPilot(patience: patience)
        try BusMaker(robot).withBus(line, &stop)
        return stop.outcome
    }
}

/// Something that is done with whatever bus a robot has.
protocol BusVisitor {
    mutating func visit<Robot: Bus & ~Copyable>(_ bus: consuming sending Robot)
}

private struct SafeStopPilot: BusVisitor {
    let patience: Duration
    var outcome = SafeStopOutcome.unknown("nothing was told")

    mutating func visit<Robot: Bus & ~Copyable>(_ bus: consuming sending Robot) {
        do throws(BusError) {
            try bus.disarm(by: bus.now + patience)
            outcome = .off
        } catch {
            outcome = .unknown("\(error)")
        }
    }
}

/// Puts a loop over the bus.
struct SeatPilot: BusVisitor {
    let maker: SeatMaker
    let deadMan: @Sendable () -> DeadManSight
    /// What the port of the bus writes to; nil where its bytes are not kept.
    let tape: LineTape?
    private(set) var seat: LoopSeat?

    init(_ maker: SeatMaker, _ deadMan: @escaping @Sendable () -> DeadManSight, _ tape: LineTape?) {
        self.maker = maker
        self.deadMan = deadMan
        self.tape = tape
    }

    mutating func visit<Robot: Bus & ~Copyable>(_ bus: consuming sending Robot) {
        if let tape {
            seat = LoopSeat(
                WitnessedBus(bus, tape), of: maker.facts, maker.robot, settings: maker.settings, tape: tape,
                deadMan: deadMan)
        } else {
            seat = LoopSeat(bus, of: maker.facts, maker.robot, settings: maker.settings, deadMan: deadMan)
        }
    }
}
