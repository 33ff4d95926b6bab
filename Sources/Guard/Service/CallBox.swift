import JSON
import Ports
import Supervision
import Synchronization
import Varlink

/// Where the server's thread leaves calls for the desk's. Nothing in it waits: as many calls as there are connections,
/// and a bounded count of stops.
final class CallBox: VarlinkHandler {
    /// Somebody has stopped the robot, so many times since it was last asked.
    struct Stopped: Equatable {
        let peer: PeerCredentials
        let why: String
    }

    /// Somebody found no place, or lost theirs in the middle of a call.
    struct CrowdedOut: Equatable {
        let peer: PeerCredentials
        let wasInside: Bool
    }

    private struct State {
        var calls: [VarlinkCall] = []
        var stops: [Stopped] = []
        var crowdedOut: [CrowdedOut] = []
    }

    private let state = Mutex(State())
    private let seat: any RobotSeat
    private let bell: Bell
    /// More than that say nothing new within one turn of the desk.
    private let mostNotes = 64
    private let roles: @Sendable (PeerCredentials) -> Set<Role>

    init(_ seat: any RobotSeat, _ bell: Bell, roles: @escaping @Sendable (PeerCredentials) -> Set<Role>) {
        self.seat = seat
        self.bell = bell
        self.roles = roles
    }

    /// A stop is ordered here and now, whatever the desk is doing; everything else is the desk's.
    func handle(_ call: VarlinkCall) {
        if call.method == "Stop" {
            stop(call)
        } else {
            state.withLock { $0.calls.append(call) }
        }
        bell.ring()
    }

    private func stop(_ call: VarlinkCall) {
        seat.stop()
        let (now, stand) = (MonotonicInstant.now(), GuardState(seat.sight.mode))
        let stopped = Stopped(peer: call.caller, why: call.parameters["why"]?.text ?? "")
        state.withLock { if $0.stops.count < mostNotes { $0.stops.append(stopped) } }
        do throws(ReplyRefusal) {
            try call.reply(["state": .text(stand.rawValue), "ordered_at_ns": .integer(now.nanoseconds)])
        } catch {
            // Who does not wait for the answer has stopped the robot all the same.
        }
    }

    func callEnded(_ number: UInt64) { bell.ring() }

    /// Who is there to stop the robot gets in, whoever holds the places.
    func isPreferred(_ caller: PeerCredentials) -> Bool { roles(caller).contains(.operator) }

    func connectionEnded(_ caller: PeerCredentials, _ end: ConnectionEnd) {
        guard end == .noPlace || end == .displaced else { return }
        state.withLock { state in
            guard state.crowdedOut.count < mostNotes else { return }
            state.crowdedOut.append(CrowdedOut(peer: caller, wasInside: end == .displaced))
        }
        bell.ring()
    }

    func take() -> (calls: [VarlinkCall], stops: [Stopped], crowdedOut: [CrowdedOut]) {
        state.withLock { state in
            defer { state = State() }
            return (state.calls, state.stops, state.crowdedOut)
        }
    }
}
