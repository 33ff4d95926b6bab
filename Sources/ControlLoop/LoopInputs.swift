public import Ports
internal import Synchronization

/// What other threads may say at any moment, without a queue that could be full: single numbers.
public final class LoopInputs: Sendable {
    private let stops = Atomic<UInt64>(0)
    private let heldUntil = Atomic<Int64>(.min)
    private let beats = Atomic<UInt64>(0)
    private let turns = Atomic<UInt64>(0)

    public init() {}

    /// Whoever can reach the guard may stop the robot.
    public func stop() { stops.wrappingAdd(1, ordering: .releasing) }

    /// The dead-man switch is held now, and counts as held up to this moment; silence lets it go.
    public func hold(until instant: MonotonicInstant) { heldUntil.store(instant.nanoseconds, ordering: .releasing) }

    public func letGo() { heldUntil.store(.min, ordering: .releasing) }

    /// How many ticks have been supervised; a watchdog outside is fed only while this rises.
    public var supervisedTicks: UInt64 { beats.load(ordering: .acquiring) }

    /// How often the loop came round, whether or not there was a robot to be watched.
    public var rounds: UInt64 { turns.load(ordering: .acquiring) }

    /// How many stops there were so far.
    public var stopCount: UInt64 { stops.load(ordering: .acquiring) }

    @_noAllocation @_noLocks
    func isHeld(at instant: MonotonicInstant) -> Bool { instant.nanoseconds < heldUntil.load(ordering: .acquiring) }

    @_noAllocation @_noLocks
    func comeRound() { turns.wrappingAdd(1, ordering: .releasing) }

    @_noAllocation @_noLocks
    func beat() { beats.wrappingAdd(1, ordering: .releasing) }
}
