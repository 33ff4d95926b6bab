/// What goes over the socket of a virtual robot in lockstep, version 2. Numbers have their low byte first.
///
/// Both sides begin with a greeting of 16 bytes. Then the master sends requests of 16 bytes, some with bytes behind
/// them, in the order in which they happen; the robot answers those that ask for something with 32 bytes and the bytes
/// that arrived. Time passes only while the robot works on a request. A master that will not speak before it has heard so
/// many bytes says so in its read, and gets them in one answer: in pieces, as they came one after the other.
///
///     greeting  "USLOCK\r\n" · version u16 · zero u16 · longest piece of bytes u32
///     request   kind u8 · zero u8 · bytes behind it u16 · number u32 · instant i64
///               number of a read: most bytes u16 · bytes to wait for u16
///     answer    kind u8 · inputs u8 · bytes behind it u16 · bytes left u32 · now i64 · discarded u32 · pieces u32 ·
///               zero u64 · the bytes · for each piece, if there are several: when i64 · bytes u32
public enum LockstepFormat {
    public static let version: UInt16 = 2
    /// The most bytes that one request or answer carries.
    public static let longest = 4_096
    /// The most pieces of one answer.
    public static let mostPieces = 32
    public static let pieceSize = 12
    static let magic: [8 of UInt8] = [0x55, 0x53, 0x4C, 0x4F, 0x43, 0x4B, 0x0D, 0x0A]
    public static let greetingSize = 16

    public static func putGreeting(into bytes: inout MutableSpan<UInt8>) {
        for place in 0..<8 { bytes[place] = magic[place] }
        bytes.put(UInt64(version) | UInt64(longest) << 32, count: 8, at: 8)
    }

    /// Whether the other side speaks this language.
    public static func checkGreeting(_ bytes: Span<UInt8>) throws(LockstepProblem) {
        guard bytes.count == greetingSize, (0..<8).allSatisfy({ bytes[$0] == magic[$0] }) else { throw .notLockstep }
        let other = UInt16(bytes.number(count: 2, at: 8))
        guard other == version else { throw .version(other) }
        guard bytes.number(count: 2, at: 10) == 0, bytes.number(count: 4, at: 12) == UInt64(longest) else {
            throw .contents
        }
    }
}

/// Why what came over a lockstep socket was refused. The connection ends with it.
public enum LockstepProblem: Error, Equatable, Sendable {
    /// The other side is something else altogether.
    case notLockstep
    /// It speaks this version.
    case version(UInt16)
    case unknownKind(UInt8)
    /// More bytes than are allowed, or than were asked for.
    case tooLong(Int)
    /// A field holds what it cannot hold.
    case contents
    /// It left in the middle of a frame, of which so many bytes were there.
    case truncated(Int)
    /// The virtual time of an answer lies before that of the last one.
    case backwards
    /// It has said nothing for much longer than it may.
    case silent
}

/// What the master's side asks.
public struct LockstepRequest: Equatable, Sendable {
    public enum Kind: UInt8, Sendable {
        /// These bytes leave now. Not answered.
        case write = 1
        /// Time passes until bytes are there, at the latest until the instant; `number` says how many.
        case read = 2
        /// Time passes until the instant; what arrives stays for the next read.
        case sleep = 3
        /// What has arrived is thrown away; the answer says how much that was.
        case discard = 4
        /// The master sends at `number` bits per second from now on. Not answered.
        case rate = 5

        public var isAnswered: Bool { self != .write && self != .rate }
    }

    public static let size = 16

    public let kind: Kind
    /// How many bytes are behind it.
    public let length: Int
    public let number: UInt32
    public let instant: MonotonicInstant

    public static func write(_ length: Int) -> LockstepRequest {
        LockstepRequest(kind: .write, length: length, number: 0, instant: MonotonicInstant(nanoseconds: 0))
    }

    public static func ask(
        _ kind: Kind, number: UInt32 = 0, until instant: MonotonicInstant = MonotonicInstant(nanoseconds: 0)
    ) -> LockstepRequest {
        LockstepRequest(kind: kind, length: 0, number: number, instant: instant)
    }

    /// At most so many bytes, and not before so many are there or the instant has come.
    public static func read(atMost room: Int, least: Int, until instant: MonotonicInstant) -> LockstepRequest {
        let number = UInt32(min(room, LockstepFormat.longest)) | UInt32(min(least, room, LockstepFormat.longest)) << 16
        return LockstepRequest(kind: .read, length: 0, number: number, instant: instant)
    }

    /// Of a read.
    public var room: Int { Int(number & 0xFFFF) }
    public var least: Int { Int(number >> 16) }

    private init(kind: Kind, length: Int, number: UInt32, instant: MonotonicInstant) {
        self.kind = kind
        self.length = length
        self.number = number
        self.instant = instant
    }

    /// Takes the first 16 bytes of a request apart; what its kind has no use for must be zero.
    public init(parsing bytes: Span<UInt8>) throws(LockstepProblem) {
        guard bytes.count == Self.size else { throw .truncated(bytes.count) }
        guard let kind = Kind(rawValue: bytes[0]) else { throw .unknownKind(bytes[0]) }
        let length = Int(bytes.number(count: 2, at: 2))
        let number = UInt32(bytes.number(count: 4, at: 4))
        let nanoseconds = Int64(bitPattern: bytes.number(count: 8, at: 8))
        guard length <= LockstepFormat.longest else { throw .tooLong(length) }
        let hasLength = kind == .write
        let hasNumber = kind == .read || kind == .rate
        let hasInstant = kind == .read || kind == .sleep
        guard bytes[1] == 0, hasLength == (length > 0), hasNumber == (number > 0), hasInstant || nanoseconds == 0 else {
            throw .contents
        }
        let room = Int(number & 0xFFFF)
        if kind == .read, room > LockstepFormat.longest { throw .tooLong(room) }
        guard kind != .read || room > 0 && number >> 16 <= room else { throw .contents }
        self.init(kind: kind, length: length, number: number, instant: MonotonicInstant(nanoseconds: nanoseconds))
    }

    public func put(into bytes: inout MutableSpan<UInt8>, at place: Int = 0) {
        bytes.put(UInt64(kind.rawValue) | UInt64(length) << 16 | UInt64(number) << 32, count: 8, at: place)
        bytes.put(UInt64(bitPattern: instant.nanoseconds), count: 8, at: place + 8)
    }
}

/// What the robot says to a request that asks for something.
public struct LockstepAnswer: Equatable, Sendable {
    /// What people and plugs do, beside the line.
    public struct Inputs: OptionSet, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The adapter is where it should be.
        public static let plugged = Inputs(rawValue: 1)
        public static let deadManHeld = Inputs(rawValue: 2)
        public static let emergencyStop = Inputs(rawValue: 4)
        static let all: Inputs = [.plugged, .deadManHeld, .emergencyStop]
    }

    public static let size = 32

    /// Of the request.
    public let kind: LockstepRequest.Kind
    public let inputs: Inputs
    /// How many bytes are behind it.
    public let length: Int
    /// What has arrived beside them and waits.
    public let left: UInt32
    public let now: MonotonicInstant
    public let discarded: UInt32
    /// In how many pieces the bytes came; 0 for one or none.
    public let pieces: Int

    public init(
        to kind: LockstepRequest.Kind, _ inputs: Inputs, length: Int, left: Int, now: MonotonicInstant,
        discarded: Int = 0, pieces: Int = 0
    ) {
        self.pieces = pieces
        self.kind = kind
        self.inputs = inputs
        self.length = length
        self.left = UInt32(clamping: left)
        self.now = now
        self.discarded = UInt32(clamping: discarded)
    }

    public init(parsing bytes: Span<UInt8>) throws(LockstepProblem) {
        guard bytes.count == Self.size else { throw .truncated(bytes.count) }
        guard let kind = LockstepRequest.Kind(rawValue: bytes[0]), kind.isAnswered else {
            throw .unknownKind(bytes[0])
        }
        let inputs = Inputs(rawValue: bytes[1])
        let length = Int(bytes.number(count: 2, at: 2))
        guard length <= LockstepFormat.longest else { throw .tooLong(length) }
        let pieces = Int(bytes.number(count: 4, at: 20))
        guard inputs.isSubset(of: .all), kind == .read || length == 0, bytes.number(count: 8, at: 24) == 0,
            pieces == 0 || pieces > 1 && pieces <= min(length, LockstepFormat.mostPieces)
        else { throw .contents }
        self.pieces = pieces
        self.kind = kind
        self.inputs = inputs
        self.length = length
        left = UInt32(bytes.number(count: 4, at: 4))
        now = MonotonicInstant(nanoseconds: Int64(bitPattern: bytes.number(count: 8, at: 8)))
        discarded = UInt32(bytes.number(count: 4, at: 16))
    }

    public func put(into bytes: inout MutableSpan<UInt8>) {
        let head = UInt64(kind.rawValue) | UInt64(inputs.rawValue) << 8 | UInt64(length) << 16 | UInt64(left) << 32
        bytes.put(head, count: 8, at: 0)
        bytes.put(UInt64(bitPattern: now.nanoseconds), count: 8, at: 8)
        bytes.put(UInt64(discarded) | UInt64(pieces) << 32, count: 8, at: 16)
        bytes.put(0, count: 8, at: 24)
    }

    /// Everything behind the answer itself.
    public var sizeBehind: Int { length + pieces * LockstepFormat.pieceSize }
}
