public import Quantities
public import Supervision

/// A value with exactly one way to be written as bytes, so that its hash can stand for it.
///
/// Whole numbers are little-endian at their full width, a `Float` is its bits, texts and lists have their count before
/// them. Nothing is skipped, padded or sorted on the way; what is read back is written again as the same bytes.
public protocol Canonical: Equatable, Sendable {
    func write(to writer: inout CanonicalWriter)
    init(from reader: inout CanonicalReader) throws(CanonicalError)
}

/// A canonical value that stands by itself: its bytes begin with what it is and in which version.
public protocol CanonicalDocument: Canonical {
    static var kind: String { get }
    /// The newest version; earlier ones can be read.
    static var version: UInt16 { get }
    /// The oldest version that says all of it, in which it is written: nothing that was hashed once changes its hash.
    var version: UInt16 { get }
    init(from reader: inout CanonicalReader, version: UInt16) throws(CanonicalError)
}

extension CanonicalDocument {
    public var version: UInt16 { 1 }

    public init(from reader: inout CanonicalReader, version: UInt16) throws(CanonicalError) {
        try self.init(from: &reader)
    }
}

/// Collects the bytes of canonical values.
public struct CanonicalWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func append(_ number: some FixedWidthInteger) {
        var rest = UInt64(truncatingIfNeeded: number)
        for _ in 0..<(number.bitWidth / 8) {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    public mutating func append(_ quantity: some Quantity) { append(quantity.value) }

    public mutating func append(_ number: Float) { append(number.bitPattern) }

    public mutating func append(_ truth: Bool) { append(UInt8(truth ? 1 : 0)) }

    public mutating func append(_ text: String) { append(Array(text.utf8)) }

    public mutating func append(_ some: [UInt8]) {
        append(UInt32(some.count))
        bytes += some
    }

    public mutating func append(_ digest: Digest) { bytes += digest.bytes }

    public mutating func append(_ limit: Limit<some Quantity>) {
        append(limit.low)
        append(limit.high)
    }

    public mutating func append(_ list: [some Canonical]) {
        append(UInt32(list.count))
        for element in list { element.write(to: &self) }
    }

    public mutating func append(_ optional: (some Canonical)?) {
        append(optional != nil)
        optional?.write(to: &self)
    }
}

extension CanonicalDocument {
    /// The only bytes that mean this value.
    public var canonicalBytes: [UInt8] {
        var writer = CanonicalWriter()
        writeDocument(to: &writer)
        return writer.bytes
    }

    /// The identity of this value.
    public var digest: Digest { Digest(of: canonicalBytes.span) }

    func writeDocument(to writer: inout CanonicalWriter) {
        writer.append(Self.kind)
        writer.append(version)
        write(to: &writer)
    }

    /// Reads a value that fills all of `bytes`.
    public init(canonical bytes: [UInt8]) throws(CanonicalError) {
        var reader = CanonicalReader(bytes)
        try self.init(documentFrom: &reader)
        guard reader.isAtEnd else { throw reader.error(.trailing(bytes.count - reader.position)) }
    }

    init(documentFrom reader: inout CanonicalReader) throws(CanonicalError) {
        let start = reader
        guard try reader.text(atMost: 64) == Self.kind else { throw start.error(.otherKind) }
        let place = reader
        let version = try reader.integer(UInt16.self)
        guard (1...Self.version).contains(version) else {
            throw place.error(.otherVersion(version, known: Self.version))
        }
        try self.init(from: &reader, version: version)
    }
}
