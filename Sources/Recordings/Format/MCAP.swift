/// The container format of recordings, version 0: a magic, records, and the magic again. Everything is little-endian; a
/// record is an operation code, the length of its content in eight bytes, and the content.
enum MCAP {
    static let magic: [UInt8] = [0x89, 0x4D, 0x43, 0x41, 0x50, 0x30, 0x0D, 0x0A]
    /// Operation code and length.
    static let headSize = 9
    /// A footer's content never grows, so it is found from the end of the file.
    static let footerSize = 20
    /// What stands in front of a message's own bytes.
    static let messageHeadSize = 22

    enum Opcode: UInt8, Equatable, Sendable {
        case header = 0x01
        case footer = 0x02
        case schema = 0x03
        case channel = 0x04
        case message = 0x05
        case chunk = 0x06
        case messageIndex = 0x07
        case chunkIndex = 0x08
        case attachment = 0x09
        case attachmentIndex = 0x0A
        case statistics = 0x0B
        case metadata = 0x0C
        case metadataIndex = 0x0D
        case summaryOffset = 0x0E
        case dataEnd = 0x0F
    }

    /// Codes from here on belong to those who write them; readers pass over them.
    static let firstPrivate: UInt8 = 0x80
}

/// A moment in a recording, in nanoseconds since an epoch that the recording's metadata names.
@frozen public struct Timestamp: Comparable, Hashable, Sendable {
    public let nanoseconds: UInt64

    @inlinable public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    @inlinable public static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }

    public static let zero = Timestamp(nanoseconds: 0)

    /// How much later than another moment it is; negative where it is earlier.
    public func seconds(since start: Timestamp) -> Double {
        Double(Int64(bitPattern: nanoseconds &- start.nanoseconds)) * 1e-9
    }
}
