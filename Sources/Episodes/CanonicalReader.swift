public import Quantities
public import Supervision

/// Why bytes are no canonical value, and where.
public struct CanonicalError: Error, Equatable, Sendable {
    public enum Problem: Equatable, Sendable {
        case cutShort(missing: Int)
        case trailing(Int)
        case tooLong(Int, most: Int)
        case otherKind
        case otherVersion(UInt16, known: UInt16)
        case notText
        case notFinite
        /// A number that stands for a choice, and for none that is known.
        case noChoice(UInt64)
        /// Each number may be, but not all together.
        case contradiction
    }

    /// Counted in bytes from the start.
    public let position: Int
    public let problem: Problem
}

/// Takes canonical values from bytes, and nothing that any other value could have been written as.
public struct CanonicalReader: Sendable {
    private let bytes: [UInt8]
    public private(set) var position = 0

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public var isAtEnd: Bool { position == bytes.count }

    public func error(_ problem: CanonicalError.Problem) -> CanonicalError {
        CanonicalError(position: position, problem: problem)
    }

    private mutating func take(_ count: Int) throws(CanonicalError) -> ArraySlice<UInt8> {
        let left = bytes.count - position
        guard count <= left else { throw error(.cutShort(missing: count - left)) }
        defer { position += count }
        return bytes[position..<position + count]
    }

    public mutating func integer<Number: FixedWidthInteger>(_: Number.Type) throws(CanonicalError) -> Number {
        var number: UInt64 = 0
        for (place, byte) in try take(Number.bitWidth / 8).enumerated() { number |= UInt64(byte) << (8 * place) }
        return Number(truncatingIfNeeded: number)
    }

    public mutating func float() throws(CanonicalError) -> Float {
        let start = self
        let number = Float(bitPattern: try integer(UInt32.self))
        guard number.isFinite else { throw start.error(.notFinite) }
        return number
    }

    public mutating func quantity<Unit: Quantity>(_: Unit.Type) throws(CanonicalError) -> Unit { Unit(try float()) }

    public mutating func truth() throws(CanonicalError) -> Bool {
        let start = self
        let number = try integer(UInt8.self)
        guard number < 2 else { throw start.error(.noChoice(UInt64(number))) }
        return number == 1
    }

    /// A count of things of which each takes at least one byte, so that a wild count cannot ask for memory.
    public mutating func count(atMost most: Int) throws(CanonicalError) -> Int {
        let start = self
        let count = Int(try integer(UInt32.self))
        guard count <= most else { throw start.error(.tooLong(count, most: most)) }
        return count
    }

    public mutating func blob(atMost most: Int) throws(CanonicalError) -> [UInt8] {
        Array(try take(count(atMost: most)))
    }

    public mutating func text(atMost most: Int) throws(CanonicalError) -> String {
        let start = self
        guard let text = String(validating: try blob(atMost: most), as: UTF8.self) else { throw start.error(.notText) }
        return text
    }

    public mutating func digest() throws(CanonicalError) -> Digest {
        guard let digest = Digest(bytes: try take(32)) else { preconditionFailure("32 bytes are a digest") }
        return digest
    }

    public mutating func limit<Unit: Quantity>(_: Unit.Type) throws(CanonicalError) -> Limit<Unit> {
        let start = self
        let (low, high) = (try quantity(Unit.self), try quantity(Unit.self))
        guard let limit = Limit(low, high) else { throw start.error(.contradiction) }
        return limit
    }

    public mutating func list<Element: Canonical>(
        of _: Element.Type, atMost most: Int
    ) throws(CanonicalError) -> [Element] {
        var list: [Element] = []
        for _ in 0..<(try count(atMost: most)) { list.append(try Element(from: &self)) }
        return list
    }

    public mutating func optional<Value: Canonical>(_: Value.Type) throws(CanonicalError) -> Value? {
        try truth() ? try Value(from: &self) : nil
    }
}
