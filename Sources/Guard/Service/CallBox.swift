import JSON
import Ports
import Supervision
import Synchronization
import Varlink

/// Where the server's thread leaves calls for the desk's. Nothing in it waits: as many calls as there are connections,
/// and a bounded count of stops.
final class CallBox: VarlinkHandler {
    /// Somebody has stopped the robot.
    struct Stopped: Equatable {
        let peer: PeerCredentials
        let why: String
        /// How many of the calls that are taken with it came before it.
        let calls: Int
    }

    /// Somebody found no place, or lost theirs in the middle of a call.
    struct CrowdedOut: Equatable {
        let peer: PeerCredentials
        let wasInside: Bool
    }

    /// What has come since it was last taken.
    struct Notes {
        var calls: [VarlinkCall] = []
        /// In the order in which they came.
        var stops: [Stopped] = []
        var crowdedOut: [CrowdedOut] = []
        /// How many stops the robot was told of; each that came over the socket is in these notes or in earlier ones.
        var stopCount: UInt64 = 0
    }

    private let state = Mutex(Notes())
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
        let why = call.parameters["why"]?.text ?? ""
        // Both at once, as the desk sees it: a stop that is counted is noted. The desk holds this only to take the notes.
        state.withLock { notes in
            seat.stop()
            // The last one is what counts: everything that came before it is kept down.
            if notes.stops.count == mostNotes { notes.stops.removeLast() }
            notes.stops.append(Stopped(peer: call.caller, why: why, calls: notes.calls.count))
        }
        let (now, stand) = (MonotonicInstant.now(), GuardState(seat.sight.mode))
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

    func take() -> Notes {
        state.withLock { notes in
            var taken = notes
            notes = Notes()
            taken.stopCount = seat.stopCount
            return taken
        }
    }
}
