internal import CLinux
public import Synchronization

// A ring between two threads: one puts in, one takes out, nobody waits and nobody locks.

/// Both ends of a new ring, to be taken apart: each end belongs to one thread.
@frozen public struct Ring<Element: Sendable>: ~Copyable, Sendable {
    public var producer: RingProducer<Element>
    public var consumer: RingConsumer<Element>

    /// With room for so many elements: a power of two.
    public init(capacity: Int) {
        let memory = RingMemory<Element>(capacity: capacity)
        producer = RingProducer(memory)
        consumer = RingConsumer(memory)
    }
}

/// The end that puts in.
@frozen public struct RingProducer<Element: Sendable>: ~Copyable, Sendable {
    @usableFromInline let memory: RingMemory<Element>
    @usableFromInline var tail = 0
    /// How far the other end was when this one last had to look.
    @usableFromInline var knownHead = 0

    @inlinable init(_ memory: RingMemory<Element>) { self.memory = memory }

    @inlinable deinit { memory.letGo() }

    /// Puts in one element. false when the ring is full: the element is dropped, and counted.
    ///
    /// A few nanoseconds and a copy; for an element without references no allocation and no reference count.
    @inlinable public mutating func append(_ element: Element) -> Bool {
        if tail &- knownHead == memory.capacity {
            knownHead = memory.head
            if tail &- knownHead == memory.capacity {
                memory.countDropped()
                return false
            }
        }
        memory.put(element, at: tail)
        tail &+= 1
        memory.publish(tail: tail)
        return true
    }

    /// Whether so many elements would find room now.
    @inlinable public mutating func hasRoom(for count: Int) -> Bool {
        if memory.capacity - (tail &- knownHead) >= count { return true }
        knownHead = memory.head
        return memory.capacity - (tail &- knownHead) >= count
    }

    /// The same, and waits at most so long of the machine's time for it: for whoever loses nothing by waiting, such as a
    /// robot whose own time stands still meanwhile.
    public mutating func hasRoom(for count: Int, waiting patience: Duration) -> Bool {
        if hasRoom(for: count) { return true }
        guard patience > .zero else { return false }
        let end = clinux_monotonic_nanoseconds() + Int64(patience / .nanoseconds(1))
        while !hasRoom(for: count) {
            let now = clinux_monotonic_nanoseconds()
            guard now < end else { return false }
            clinux_sleep(min(now + Self.pause, end))
        }
        return true
    }

    /// Puts in one element, and waits at most so long for its room before it is dropped.
    @inlinable public mutating func append(_ element: Element, waiting patience: Duration) -> Bool {
        _ = hasRoom(for: 1, waiting: patience)
        return append(element)
    }

    /// Between two looks, in nanoseconds: what waits has hundreds of elements to go.
    private static var pause: Int64 { 500_000 }

    @inlinable public var capacity: Int { memory.capacity }

    /// How many elements found the ring full.
    @inlinable public var dropped: UInt64 { memory.dropped }
}

/// The end that takes out.
@frozen public struct RingConsumer<Element: Sendable>: ~Copyable, Sendable {
    @usableFromInline let memory: RingMemory<Element>
    @usableFromInline var head = 0

    @inlinable init(_ memory: RingMemory<Element>) { self.memory = memory }

    @inlinable deinit { memory.letGo() }

    /// The oldest element, or nil when there is none.
    @inlinable public mutating func next() -> Element? {
        guard head != memory.tail else { return nil }
        let element = memory.take(at: head)
        head &+= 1
        memory.publish(head: head)
        return element
    }

    /// How many elements wait.
    @inlinable public var count: Int { memory.tail &- head }

    /// How many elements found the ring full.
    @inlinable public var dropped: UInt64 { memory.dropped }
}

/// What the ends share besides the elements. Each counter has a cache line of its own.
@usableFromInline struct RingCounters: ~Copyable {
    @usableFromInline let tail = Atomic<Int>(0)
    @usableFromInline let dropped = Atomic<UInt64>(0)
    @usableFromInline let space = InlineArray<14, UInt64>(repeating: 0)
    @usableFromInline let head = Atomic<Int>(0)
    @usableFromInline let ends = Atomic<Int>(2)

    @inlinable init() {}
}

/// The memory of a ring, freed by the end that lets go last.
///
/// `@unchecked` stands for this: an element between head and tail belongs to the consumer, every other place to the
/// producer; they hand over with a releasing store and an acquiring load; and the ends cannot be copied, so there is one of
/// each. Nothing but the two ends has this memory.
@usableFromInline @frozen @safe struct RingMemory<Element: Sendable>: @unchecked Sendable {
    @usableFromInline let counters: UnsafeMutablePointer<RingCounters>
    @usableFromInline let slots: UnsafeMutablePointer<Element>
    @usableFromInline let capacity: Int

    @inlinable init(capacity: Int) {
        guard capacity > 0, capacity & (capacity - 1) == 0 else { preconditionFailure("no power of two") }
        unsafe counters = .allocate(capacity: 1)
        unsafe counters.initialize(to: RingCounters())
        unsafe slots = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    @inlinable var head: Int { unsafe counters.pointee.head.load(ordering: .acquiring) }
    @inlinable var tail: Int { unsafe counters.pointee.tail.load(ordering: .acquiring) }
    @inlinable var dropped: UInt64 { unsafe counters.pointee.dropped.load(ordering: .relaxed) }

    @inlinable func publish(head: Int) { unsafe counters.pointee.head.store(head, ordering: .releasing) }
    @inlinable func publish(tail: Int) { unsafe counters.pointee.tail.store(tail, ordering: .releasing) }

    /// Only the producer counts here, so that a load and a store are enough.
    @inlinable func countDropped() { unsafe counters.pointee.dropped.store(dropped &+ 1, ordering: .relaxed) }

    @inlinable func put(_ element: Element, at place: Int) {
        unsafe (slots + (place & (capacity - 1))).initialize(to: element)
    }

    @inlinable func take(at place: Int) -> Element { unsafe (slots + (place & (capacity - 1))).move() }

    @inlinable func letGo() {
        guard unsafe counters.pointee.ends.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 else {
            return
        }
        for place in head..<tail { _ = take(at: place) }
        unsafe slots.deallocate()
        unsafe counters.deinitialize(count: 1)
        unsafe counters.deallocate()
    }
}
