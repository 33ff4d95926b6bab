import BoardLink
import Ports

// What is left of an earlier conversation with a board, and what a new one goes on from.
extension Board.Master where Port: ~Copyable {
    /// Another board may be there from now on: what the last one said counts no more.
    mutating func startOver() {
        receiver = afterLeftovers
        taken = exchange.received.count
        if receiver.isWithinFrame { receiver.skipFrame() }
        askedTime = .past
        newest = nil
        reported = nil
        hasRestarted = false
        clock = Board.Clock()
        receiver.peerRestarted()
    }

    /// The receiver behind all that has arrived and that nobody has looked at yet.
    private var afterLeftovers: Receiver {
        var receiver = receiver
        for place in taken..<max(taken, exchange.received.count) { _ = try? receiver.receive(exchange.received[place]) }
        return receiver
    }

    /// The number of the next message, and whether one of the board's is under way.
    var rotation: UInt32 {
        get { UInt32(sender.nextSequence) | (afterLeftovers.isWithinFrame ? Self.isWithinFrame : 0) }
        set {
            sender = Sender(nextSequence: UInt16(truncatingIfNeeded: newValue))
            if newValue & Self.isWithinFrame != 0 { receiver.skipFrame() }
        }
    }

    private static var isWithinFrame: UInt32 { 0x1_0000 }

    /// Asks for the board's time now and then; the answer is noted whenever it comes.
    mutating func keepTime(by deadline: MonotonicInstant) throws(MasterFailure) {
        let now = exchange.now
        guard now >= askedTime + .milliseconds(500) else { return }
        askedTime = now
        let stamp = HostStamp(DoubleWord(UInt64(bitPattern: now.nanoseconds)))
        try send(.askTime(AskTime(stamp: stamp)), by: deadline)
    }
}
