public import Simulator
internal import Synchronization

/// What can be seen of a virtual robot from outside of its thread.
public struct RobotSnapshot: Equatable, Sendable {
    public var instant: BusInstant
    public var states: [MotorState]
    public var drives: [MotorDrive]
    public var outline: BodyOutline
    public var faults: [Fault]
    public var isPlugged: Bool
    public var isEmergencyStopped: Bool
    public var isDeadManHeld: Bool

    public init(
        instant: BusInstant, states: [MotorState], drives: [MotorDrive], outline: BodyOutline, faults: [Fault],
        isPlugged: Bool, isEmergencyStopped: Bool, isDeadManHeld: Bool
    ) {
        self.instant = instant
        self.states = states
        self.drives = drives
        self.outline = outline
        self.faults = faults
        self.isPlugged = isPlugged
        self.isEmergencyStopped = isEmergencyStopped
        self.isDeadManHeld = isDeadManHeld
    }
}

extension VirtualBus {
    public var snapshot: RobotSnapshot {
        let body = body
        let states = (0..<body.jointCount).map { body.state(of: $0) }
        let outline = (body as? any OutlinedBody)?.outline ?? BodyOutline(dials: states.map(\.position))
        return RobotSnapshot(
            instant: now, states: states, drives: wire.drives, outline: outline, faults: activeFaults,
            isPlugged: isPlugged, isEmergencyStopped: isEmergencyStopped, isDeadManHeld: isDeadManHeld)
    }
}

/// The handle by which people look at a running virtual robot and meddle with it, from any thread.
///
/// The robot's thread looks here between two steps; while nobody asks for anything that costs it two loads.
public final class HostControl: Sendable {
    private struct State {
        var commands: [LiveCommand] = []
        var snapshot: RobotSnapshot?
    }

    private let state = Mutex(State())
    private let hasCommands = Atomic(false)
    private let wantsSnapshot = Atomic(false)

    public init() {}

    public func ask(_ command: LiveCommand) {
        state.withLock { $0.commands.append(command) }
        hasCommands.store(true, ordering: .releasing)
    }

    /// What the robot has shown since the last look, and a request for the next picture; nil when it has shown nothing:
    /// what hangs must not look as if it went on.
    public func look() -> RobotSnapshot? {
        let snapshot = state.withLock { state in
            defer { state.snapshot = nil }
            return state.snapshot
        }
        wantsSnapshot.store(true, ordering: .releasing)
        return snapshot
    }

    /// Between two steps: does what was asked and shows what was wanted.
    func serve(_ bus: inout VirtualBus<some VirtualWire, some VirtualBody>) {
        if hasCommands.exchange(false, ordering: .acquiring) {
            let commands = state.withLock { state in
                defer { state.commands = [] }
                return state.commands
            }
            for command in commands { bus.obey(command) }
        }
        guard wantsSnapshot.exchange(false, ordering: .acquiring) else { return }
        let snapshot = bus.snapshot
        state.withLock { $0.snapshot = snapshot }
    }
}
