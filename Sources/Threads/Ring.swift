internal import Synchronization

/// A fixed queue from one thread to one other. Nobody waits, nothing is allocated, and what does not fit is counted.
///
/// Appending belongs to one thread and taking to one other; who breaks that breaks the ring.
@safe public final class Ring<Element: Sendable>: @unchecked Sendable {
    // SAFETY: a place is written only by the producer before it publishes `appended`, and read only by the consumer
    // before it publishes `taken`; both ends see each other's writes through these counters (release and acquire).
    private let places: UnsafeMutablePointer<Element>
    private let mask: Int
    private let appended = Atomic(0)
    private let taken = Atomic(0)
    private let lost = Atomic<UInt64>(0)

    /// Room for at least so many elements, rounded up to a power of two.
    public init(capacity: Int) {
        guard capacity > 0, capacity <= 1 << 24 else { preconditionFailure("a ring has 1 to 16,777,216 places") }
        let size = 1 << (Int.bitWidth - (capacity - 1).leadingZeroBitCount)
        unsafe places = .allocate(capacity: size)
        mask = size - 1
    }

    public var capacity: Int { mask + 1 }

    /// How many elements were refused because the other end was too slow.
    public var lostCount: UInt64 { lost.load(ordering: .relaxed) }

    /// The producer's: false, and counted, when there is no room.
    public func append(_ element: consuming Element) -> Bool {
        let end = appended.load(ordering: .relaxed)
        guard end &- taken.load(ordering: .acquiring) <= mask else {
            lost.wrappingAdd(1, ordering: .relaxed)
            return false
        }
        unsafe (places + (end & mask)).initialize(to: element)
        appended.store(end &+ 1, ordering: .releasing)
        return true
    }

    /// The consumer's: the oldest element, or nil when there is none.
    public func takeFirst() -> Element? {
        let start = taken.load(ordering: .relaxed)
        guard start != appended.load(ordering: .acquiring) else { return nil }
        let element = unsafe (places + (start & mask)).move()
        taken.store(start &+ 1, ordering: .releasing)
        return element
    }

    deinit {
        while takeFirst() != nil { continue }
        unsafe places.deallocate()
    }
}
