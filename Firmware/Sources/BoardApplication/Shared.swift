import BoardFirmware
import CPU
import Synchronization

/// Bytes from one interrupt to the loop, or back: one puts in, one takes out.
public struct ByteRing: ~Copyable, @unchecked Sendable {
    // SAFETY: the producer alone writes `head`, the consumer alone `tail`, and a byte is written before `head` moves past.
    private let head = Atomic<UInt32>(0)
    private let tail = Atomic<UInt32>(0)
    private let number: UInt32

    init(_ number: UInt32) { self.number = number }

    /// Bytes that found no room are lost; the line's checksums find the hole.
    public func push(_ byte: UInt8) {
        let place = head.load(ordering: .relaxed)
        guard place &- tail.load(ordering: .acquiring) < 2_048 else { return }
        unsafe cpu_ring(number)[Int(place & 2_047)] = byte
        head.store(place &+ 1, ordering: .releasing)
    }

    func pop() -> UInt8? {
        let place = tail.load(ordering: .relaxed)
        guard place != head.load(ordering: .acquiring) else { return nil }
        let byte = unsafe cpu_ring(number)[Int(place & 2_047)]
        tail.store(place &+ 1, ordering: .releasing)
        return byte
    }

    var isEmpty: Bool { head.load(ordering: .acquiring) == tail.load(ordering: .relaxed) }

    var free: UInt32 { 2_048 - (head.load(ordering: .relaxed) &- tail.load(ordering: .acquiring)) }
}

/// What came over the line and is not heard yet.
public let lineIn = ByteRing(0)
/// What goes out.
let lineOut = ByteRing(1)

/// The ticks of the timer's interrupt, and the last one in which the loop came round.
public enum TickClock {
    /// In the interrupt. A loop that has not come round for so long is not waited for.
    public static func pass() {
        let now = ticks.load(ordering: .relaxed) &+ 1
        ticks.store(now, ordering: .relaxed)
        let silent = now &- beat.load(ordering: .relaxed)
        if silent > patience { cpu_die(UInt32(ResetCause.loopHung.rawValue), silent) }
    }

    static var patience: UInt32 { 20 }
    static var now: UInt32 { ticks.load(ordering: .relaxed) }
    static func comeRound() { beat.store(now, ordering: .relaxed) }
}

private let ticks = Atomic<UInt32>(0)
private let beat = Atomic<UInt32>(0)
