public import Synchronization

// One thread writes what many may read: the latest value, whole, and nobody waits for anybody.

/// The end that writes, and a reading end to be copied to whoever wants it.
///
/// The value must be plain: no references, nothing to count. The writer is never held up: it stores a few hundred words
/// and goes on. A reader that was overtaken reads again.
@frozen public struct Bulletin<Value: Sendable>: ~Copyable, Sendable {
    public var writer: BulletinWriter<Value>
    public let reader: BulletinReader<Value>

    public init(_ value: Value) {
        let memory = BulletinMemory(value)
        writer = BulletinWriter(memory)
        reader = BulletinReader(memory)
    }
}

@frozen public struct BulletinWriter<Value: Sendable>: ~Copyable, Sendable {
    @usableFromInline let memory: BulletinMemory<Value>

    @inlinable init(_ memory: BulletinMemory<Value>) { self.memory = memory }

    /// Replaces the value. Allocates nothing and takes no lock.
    @inlinable public mutating func publish(_ value: borrowing Value) { memory.write(copy value) }
}

@frozen public struct BulletinReader<Value: Sendable>: Sendable {
    @usableFromInline let memory: BulletinMemory<Value>

    @inlinable init(_ memory: BulletinMemory<Value>) { self.memory = memory }

    /// The latest value that was published completely.
    @inlinable public var latest: Value { memory.read() }
}

/// A value as words that are each read and written in one piece, and a number that is odd while they change.
///
/// `@unchecked` stands for this: the words are atomics; there is one writer, which cannot be copied; and a reader takes
/// a value only when the number was even and the same before and after.
@usableFromInline @safe final class BulletinMemory<Value: Sendable>: @unchecked Sendable {
    @usableFromInline let version = Atomic<UInt64>(0)
    @usableFromInline let words: UnsafeMutablePointer<Atomic<UInt64>>
    /// The writer's own copy, from which the words are taken: a whole number of words, whatever the value's size.
    @usableFromInline let draft: UnsafeMutableRawPointer
    @usableFromInline let count: Int

    @usableFromInline init(_ value: Value) {
        guard _isPOD(Value.self) else { preconditionFailure("a bulletin holds plain values") }
        count = (MemoryLayout<Value>.size + 7) / 8
        unsafe words = .allocate(capacity: count)
        for place in 0..<count { unsafe (words + place).initialize(to: Atomic(0)) }
        unsafe draft = .allocate(byteCount: 8 * count, alignment: max(8, MemoryLayout<Value>.alignment))
        unsafe draft.initializeMemory(as: UInt64.self, repeating: 0, count: count)
        write(value)
    }

    deinit {
        unsafe words.deinitialize(count: count)
        unsafe words.deallocate()
        unsafe draft.deallocate()
    }

    @inlinable func write(_ value: Value) {
        // SAFETY: the draft has room for the value, is touched by the one writer only, and all its words are set.
        unsafe draft.storeBytes(of: value, as: Value.self)
        let number = version.load(ordering: .relaxed)
        version.store(number &+ 1, ordering: .relaxed)
        atomicMemoryFence(ordering: .releasing)
        var place = 0
        while place < count {
            unsafe words[place].store(draft.load(fromByteOffset: 8 * place, as: UInt64.self), ordering: .relaxed)
            place += 1
        }
        version.store(number &+ 2, ordering: .releasing)
    }

    @inlinable func read() -> Value {
        // SAFETY: as many bytes as the words have, aligned like the value; it is taken only when no word was changed
        // while they were copied, so that its bytes are those of one value that was stored.
        unsafe withUnsafeTemporaryAllocation(
            byteCount: 8 * count, alignment: max(8, MemoryLayout<Value>.alignment)
        ) { copy in
            while true {
                let before = version.load(ordering: .acquiring)
                guard before & 1 == 0 else { continue }
                for place in 0..<count {
                    unsafe copy.storeBytes(
                        of: words[place].load(ordering: .relaxed), toByteOffset: 8 * place, as: UInt64.self)
                }
                atomicMemoryFence(ordering: .acquiring)
                if version.load(ordering: .relaxed) == before { return unsafe copy.load(as: Value.self) }
            }
        }
    }
}
