/// Up to 124 bytes without a heap: what one frame needs on the wire.
@frozen public struct Bytes: Equatable, Sendable {
    @usableFromInline var storage: InlineArray<124, UInt8>
    @usableFromInline var used: Int

    @inlinable @_noAllocation @_noLocks
    public init() {
        storage = InlineArray(repeating: 0)
        used = 0
    }

    @inlinable public var count: Int { @_noAllocation @_noLocks get { used } }

    /// Adds one byte at the end; false, and nothing changed, when there is no room.
    @inlinable @discardableResult @_noAllocation @_noLocks
    public mutating func append(_ byte: UInt8) -> Bool {
        guard used < 124 else { return false }
        storage[used] = byte
        used += 1
        return true
    }

    /// A byte that was written before; any other position stops the program.
    @inlinable public subscript(position: Int) -> UInt8 {
        @_noAllocation @_noLocks get {
            guard position < used else { preconditionFailure() }
            return storage[position]
        }
        @_noAllocation @_noLocks set {
            guard position < used else { preconditionFailure() }
            storage[position] = newValue
        }
    }

    @inlinable @_noAllocation @_noLocks
    public mutating func removeAll() { used = 0 }

    @inlinable public static func == (left: Self, right: Self) -> Bool {
        guard left.used == right.used else { return false }
        var position = 0
        while position < left.used {
            guard left.storage[position] == right.storage[position] else { return false }
            position += 1
        }
        return true
    }
}

/// A message with its header, before framing: at most `payloadCapacity` bytes.
public typealias Payload = Bytes

/// What goes over the wire: the payload with two bytes of checksum, one of stuffing, and the zero that ends it.
public typealias Frame = Bytes

/// The most bytes that one message can have with its header. Below 254, so that stuffing adds exactly one byte.
@inlinable public var payloadCapacity: Int { @_noAllocation @_noLocks get { 120 } }
