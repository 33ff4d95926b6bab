public import Supervision

/// A name that can be part of paths, messages and tables: 1 to 64 letters, digits, `.`, `_`, `:` and `-`, in ASCII, a
/// letter or digit first.
public struct Name: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...64).contains(bytes.count), Name.isAlphanumeric(bytes[0]) else { return nil }
        guard bytes.allSatisfy({ Name.isAlphanumeric($0) || Array("._:-".utf8).contains($0) }) else { return nil }
        self.text = text
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    public var description: String { text }
}

extension Name: Canonical {
    public func write(to writer: inout CanonicalWriter) { writer.append(text) }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        let start = reader
        guard let name = Name(try reader.text(atMost: 64)) else { throw start.error(.notText) }
        self = name
    }
}

/// Something that is kept elsewhere: what people call it, and the hash of exactly what was meant.
public struct Reference: Equatable, Sendable {
    public let name: Name
    public let digest: Digest

    public init(name: Name, digest: Digest) {
        self.name = name
        self.digest = digest
    }
}

extension Reference: Canonical {
    public func write(to writer: inout CanonicalWriter) {
        name.write(to: &writer)
        writer.append(digest)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        self.init(name: try Name(from: &reader), digest: try reader.digest())
    }
}

/// Who did something: what the kernel says about the other end of the socket, and how it came.
public struct Author: Hashable, Sendable {
    public let userNumber: UInt32
    public let groupNumber: UInt32
    /// The user's name at that time; numbers are given to somebody else one day.
    public let name: Name
    /// From where: a socket, a terminal, a host.
    public let origin: String

    public init(userNumber: UInt32, groupNumber: UInt32, name: Name, origin: String) {
        self.userNumber = userNumber
        self.groupNumber = groupNumber
        self.name = name
        self.origin = origin
    }

    /// As the supervisor knows a person.
    public var supervised: Operator { Operator(userNumber: userNumber) }
}
