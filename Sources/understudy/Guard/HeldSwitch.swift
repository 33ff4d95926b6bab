import Cockpit
import Guard
import Ports
import Synchronization

/// The dead-man switch of a guarded robot, looked at by whichever thread wants to know.
final class HeldSwitch: Sendable {
    private let deadMan: Mutex<DeadMan>

    init(_ settings: DeadMan.Settings) throws(GuardTrouble) {
        do throws(PortError) { deadMan = Mutex(try DeadMan(settings)) } catch { throw .deadManSwitch(settings, error) }
    }

    /// Whoever is not heard counts as having let go.
    var sight: DeadManSight {
        deadMan.withLock { $0.state(at: .now()).isHeld } ? .held : .released
    }
}
