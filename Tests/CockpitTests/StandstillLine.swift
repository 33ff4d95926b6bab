import Foundation
import Ports
import Quantities
import Synchronization

/// A robot's line in lockstep that can be made to stand still: whoever meddles with the robot does so at an exact moment of
/// its life, however busy the machine is. It can also be held back to the machine's time.
final class StandstillLine: SteppedLine {
    private let line: any SteppedLine
    private let state = Mutex(State())
    private let goingOn = DispatchSemaphore(value: 0)

    private struct State {
        /// Whether to stand still, asked before every sleep of the master; nil when nobody wants that.
        var isReached: (@Sendable () -> Bool)?
        var isStanding = false
        /// A moment of the machine and one of the robot that are to be the same.
        var pace: (wall: MonotonicInstant, own: MonotonicInstant)?

        /// False when nobody wants it any more.
        mutating func stand() -> Bool {
            guard isReached != nil else { return false }
            (isReached, isStanding) = (nil, true)
            return true
        }
    }

    init(_ line: any SteppedLine) { self.line = line }

    /// Time stands still when this is so, before the tick that would come next. It is asked on the master's thread.
    func stand(when isReached: @escaping @Sendable () -> Bool) { state.withLock { $0.isReached = isReached } }

    var isStanding: Bool { state.withLock { $0.isStanding } }

    /// Also where nothing stands still: then nothing will.
    func goOn() {
        let wasStanding = state.withLock { state in
            defer { (state.isStanding, state.isReached) = (false, nil) }
            return state.isStanding
        }
        if wasStanding { goingOn.signal() }
    }

    /// From now on no faster than the machine's clock, or as fast as it can again.
    func keepPace(_ isPaced: Bool) {
        let own = line.now
        state.withLock { $0.pace = isPaced ? (.now(), own) : nil }
    }

    func sleep(until instant: MonotonicInstant) {
        // What is asked looks at the robot and thereby at this line's robot, so no lock is held meanwhile.
        if state.withLock({ $0.isReached })?() == true, state.withLock({ $0.stand() }) { goingOn.wait() }
        line.sleep(until: instant)
        if let pace = state.withLock({ $0.pace }) { MonotonicInstant.sleep(until: pace.wall + (line.now - pace.own)) }
    }

    var now: MonotonicInstant { line.now }
    func setBaudRate(_ rate: BaudRate) { line.setBaudRate(rate) }
    func send(_ bytes: [UInt8]) throws(PortError) { try line.send(bytes) }
    func receive(_ room: Int, by deadline: MonotonicInstant) throws(PortError) -> [UInt8] {
        try line.receive(room, by: deadline)
    }
    func discard() throws(PortError) -> Int { try line.discard() }
}
