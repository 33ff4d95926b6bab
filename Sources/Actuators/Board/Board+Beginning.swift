import BoardLink
import Ports

// What is left of an earlier conversation with a board, and what a new one goes on from.
extension Board.Master where Port: ~Copyable {
    /// Another board may be there from now on: what the last one said counts no more.
    mutating func startOver() {
        isWithinFrame = isWithinFrameBehindAll
        taken = exchange.received.count
        receiver = Receiver()
        isSkipping = isWithinFrame
        askedTime = .past
        newest = nil
        reported = nil
        hasRestarted = false
        clock = Board.Clock()
    }

    /// Whether a frame of the board has begun and not ended in all that has arrived, looked at or not. A frame ends with
    /// a zero and has no other.
    private var isWithinFrameBehindAll: Bool {
        let count = exchange.received.count
        return taken < count ? exchange.received[count - 1] != 0 : isWithinFrame
    }

    /// The number of the next message, and whether one of the board's is under way.
    var rotation: UInt32 {
        get { UInt32(sender.nextSequence) | (isWithinFrameBehindAll ? Self.withinFrame : 0) }
        set {
            sender = Sender(nextSequence: UInt16(truncatingIfNeeded: newValue))
            isWithinFrame = newValue & Self.withinFrame != 0
        }
    }

    private static var withinFrame: UInt32 { 0x1_0000 }

    /// Asks for the board's time now and then; the answer is noted whenever it comes.
    mutating func keepTime(by deadline: MonotonicInstant) throws(MasterFailure) {
        let now = exchange.now
        guard now >= askedTime + .milliseconds(500) else { return }
        askedTime = now
        let stamp = HostStamp(DoubleWord(UInt64(bitPattern: now.nanoseconds)))
        try send(.askTime(AskTime(stamp: stamp)), by: deadline)
    }
}
