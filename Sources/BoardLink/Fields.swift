/// One walk over the fields of a message, in wire order.
///
/// Each message lists its fields once, in `visit`. Writing, reading and hashing the layout are three purposes of that
/// one list, so they cannot disagree about it. What a reader refuses is kept, and the walk goes on over zeros: so no
/// field needs a way out of its own.
struct Fields: ~Copyable {
    private enum Purpose {
        case write
        case read
        case hashLayout
    }

    private let purpose: Purpose
    private(set) var payload: Payload
    private var position = 0
    private var refusedField: Field?
    private var isTooShort = false
    /// FNV-1a, 32 bits.
    private(set) var hash: UInt32 = 2_166_136_261

    private init(_ purpose: Purpose, _ payload: Payload) {
        self.purpose = purpose
        self.payload = payload
    }

    @_noAllocation @_noLocks
    static func writing() -> Fields { Fields(.write, Payload()) }

    @_noAllocation @_noLocks
    static func reading(_ payload: Payload) -> Fields { Fields(.read, payload) }

    @_noAllocation @_noLocks
    static func hashing() -> Fields { Fields(.hashLayout, Payload()) }

    /// Whether the walk took every byte and no more; asked when no field was refused.
    var hasRightLength: Bool { @_noAllocation @_noLocks get { !isTooShort && position == payload.count } }

    /// The first field that held something illegal; nil when the payload had already ended before it.
    var refused: Field? { @_noAllocation @_noLocks get { refusedField } }

    /// Every field comes down to bytes: a writer copies the byte out, a reader replaces it.
    @_noAllocation @_noLocks
    mutating func byte(_ value: inout UInt8) {
        switch purpose {
        case .write: payload.append(value)
        case .read: value = nextByte()
        case .hashLayout: mix(0xB1)
        }
    }

    /// Refuses the message that is being read; a writer's own values are legal by their types.
    @_noAllocation @_noLocks
    mutating func refuse(_ field: Field) {
        guard !isTooShort, case nil = refusedField else { return }
        refusedField = field
    }

    /// What the next bytes mean, for the layout hash.
    @_noAllocation @_noLocks
    mutating func note(_ meaning: Meaning, _ number: UInt32) {
        guard case .hashLayout = purpose else { return }
        mix(meaning.number)
        mix(UInt8(truncatingIfNeeded: number))
        mix(UInt8(truncatingIfNeeded: number >> 8))
        mix(UInt8(truncatingIfNeeded: number >> 16))
        mix(UInt8(truncatingIfNeeded: number >> 24))
    }

    private mutating func mix(_ byte: UInt8) { hash = (hash ^ UInt32(byte)) &* 16_777_619 }

    private mutating func nextByte() -> UInt8 {
        guard position < payload.count else {
            if case nil = refusedField { isTooShort = true }
            return 0
        }
        position += 1
        return payload[position - 1]
    }
}

/// What a field means; part of the layout hash, so numbers are never reused.
struct Meaning {
    let number: UInt8

    private init(_ number: UInt8) { self.number = number }

    static var message: Meaning { @_noAllocation @_noLocks get { Meaning(1) } }
    static var plain: Meaning { @_noAllocation @_noLocks get { Meaning(2) } }
    static var choice: Meaning { @_noAllocation @_noLocks get { Meaning(3) } }
    static var scaled: Meaning { @_noAllocation @_noLocks get { Meaning(4) } }
    static var joint: Meaning { @_noAllocation @_noLocks get { Meaning(5) } }
    static var robotJoint: Meaning { @_noAllocation @_noLocks get { Meaning(6) } }
    static var jointCount: Meaning { @_noAllocation @_noLocks get { Meaning(7) } }
    static var flags: Meaning { @_noAllocation @_noLocks get { Meaning(8) } }
    static var fault: Meaning { @_noAllocation @_noLocks get { Meaning(9) } }
    static var moment: Meaning { @_noAllocation @_noLocks get { Meaning(10) } }
    static var span: Meaning { @_noAllocation @_noLocks get { Meaning(11) } }
    static var byteCount: Meaning { @_noAllocation @_noLocks get { Meaning(12) } }
    static var inputCount: Meaning { @_noAllocation @_noLocks get { Meaning(13) } }
    static var counts: Meaning { @_noAllocation @_noLocks get { Meaning(14) } }
}
