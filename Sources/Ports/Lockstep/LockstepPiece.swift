/// Bytes that reached the master's side at once, when several such pieces travel in one answer.
public struct LockstepPiece: Equatable, Sendable {
    public let instant: MonotonicInstant
    public let count: Int

    public init(_ instant: MonotonicInstant, _ count: Int) {
        self.instant = instant
        self.count = count
    }

    init(parsing bytes: Span<UInt8>, at place: Int) {
        instant = MonotonicInstant(nanoseconds: Int64(bitPattern: bytes.number(count: 8, at: place)))
        count = Int(bytes.number(count: 4, at: place + 8))
    }

    public func put(into bytes: inout MutableSpan<UInt8>, at place: Int) {
        bytes.put(UInt64(bitPattern: instant.nanoseconds), count: 8, at: place)
        bytes.put(UInt64(UInt32(clamping: count)), count: 4, at: place + 8)
    }
}

// Numbers with their low byte first.
extension Span<UInt8> {
    func number(count: Int, at place: Int) -> UInt64 {
        var number: UInt64 = 0
        for offset in 0..<count { number |= UInt64(self[place + offset]) << UInt64(8 * offset) }
        return number
    }
}

extension MutableSpan<UInt8> {
    mutating func put(_ number: UInt64, count: Int, at place: Int) {
        for offset in 0..<count { self[place + offset] = UInt8(truncatingIfNeeded: number >> UInt64(8 * offset)) }
    }
}
