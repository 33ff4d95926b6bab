/// Why a frame was not taken.
public enum LinkError: Error, Equatable, Sendable {
    /// Longer than any frame of ours.
    case overflow
    /// The zeros do not lie where the stuffing says.
    case stuffing
    /// Too short for a header and a checksum.
    case truncated
    case checksum
    /// The frame is sound, but written in another version of the protocol.
    case unknownVersion(UInt8)
    case unknownType(UInt8)
    /// A message of this kind has another length.
    case wrongLength(MessageKind)
    /// A value that this field cannot have.
    case illegalValue(Field)
}

/// The fields that can be illegal.
public enum Field: UInt8, Equatable, Sendable {
    case jointCount = 1
    case joint = 2
    /// Two joints of a board stand for the same joint of the robot.
    case jointMap = 3
    case mode = 4
    case fault = 5
    case flags = 6
    case drive = 7
    /// A time-out of zero ticks.
    case lifetime = 8
    case outcome = 9
    case event = 10
    case request = 11
    /// An empty range, or a bound that is not above zero.
    case limit = 12
    /// A number is needed and the sender had none.
    case missingNumber = 13
    case byteCount = 14
    case inputCount = 15
    /// A joint is to brake with nothing, or with no number.
    case braking = 16
}

/// How often each thing happened since the link was opened. All counts wrap around.
public struct LinkCounters: Equatable, Sendable {
    public internal(set) var accepted: UInt32 = 0
    public internal(set) var overflow: UInt32 = 0
    public internal(set) var stuffing: UInt32 = 0
    public internal(set) var truncated: UInt32 = 0
    public internal(set) var checksum: UInt32 = 0
    public internal(set) var unknownVersion: UInt32 = 0
    public internal(set) var unknownType: UInt32 = 0
    public internal(set) var wrongLength: UInt32 = 0
    public internal(set) var illegalValue: UInt32 = 0

    @_noAllocation @_noLocks
    public init() {}

    /// Damaged on the way.
    public var damaged: UInt32 { overflow &+ stuffing &+ truncated &+ checksum }

    /// Sound frames that this side does not understand: the sender has another program or a bug.
    public var misunderstood: UInt32 { unknownVersion &+ unknownType &+ wrongLength &+ illegalValue }

    @_noAllocation @_noLocks
    mutating func count(_ error: LinkError) {
        switch error {
        case .overflow: overflow &+= 1
        case .stuffing: stuffing &+= 1
        case .truncated: truncated &+= 1
        case .checksum: checksum &+= 1
        case .unknownVersion: unknownVersion &+= 1
        case .unknownType: unknownType &+= 1
        case .wrongLength: wrongLength &+= 1
        case .illegalValue: illegalValue &+= 1
        }
    }
}
