/// The kinds of messages. Bit 7 is set in what a board sends. Numbers are never reused.
public enum MessageKind: UInt8, Equatable, Sendable {
    case identify = 0x01
    case configure = 0x02
    case askToArm = 0x03
    case arm = 0x04
    case disarm = 0x05
    case command = 0x06
    case clear = 0x07
    case echo = 0x08
    case askTime = 0x09

    case identification = 0x81
    case answer = 0x82
    case challenge = 0x83
    case state = 0x84
    case event = 0x85
    case faultReport = 0x86
    case echoed = 0x88
    case time = 0x89

    public var comesFromBoard: Bool { rawValue & 0x80 != 0 }

    /// Identification is version 0 for ever, so that two programs of different versions can tell each other so.
    public var version: UInt8 {
        switch self {
        case .identify, .identification: 0
        default: Header.currentVersion
        }
    }
}

/// The first bytes of every payload: version, kind, sequence number with the low byte first.
struct Header {
    let kind: MessageKind
    let sequence: UInt16

    static var length: Int { @_noAllocation @_noLocks get { 4 } }

    /// Raised when a field changes its meaning though its layout stays; a changed layout changes the hash by itself.
    static var currentVersion: UInt8 { @_noAllocation @_noLocks get { 1 } }

    @_noAllocation @_noLocks
    init(_ kind: MessageKind, sequence: UInt16) {
        self.kind = kind
        self.sequence = sequence
    }

    @_noAllocation @_noLocks
    init(from fields: inout Fields) throws(LinkError) {
        var version: UInt8 = 0
        var number: UInt8 = 0
        var sequence: UInt16 = 0
        fields.byte(&version)
        fields.byte(&number)
        fields.half(&sequence)
        let kind = MessageKind(rawValue: number)
        guard version == kind?.version ?? Self.currentVersion else { throw .unknownVersion(version) }
        guard let kind else { throw .unknownType(number) }
        self.init(kind, sequence: sequence)
    }

    /// The header of the kind with this number, for a walk over all kinds.
    @_noAllocation @_noLocks
    init?(numbered number: UInt8) {
        guard let kind = MessageKind(rawValue: number) else { return nil }
        self.init(kind, sequence: 0)
    }

    @_noAllocation @_noLocks
    func note(to fields: inout Fields) {
        fields.note(.message, UInt32(kind.rawValue) | UInt32(kind.version) << 8)
    }

    @_noAllocation @_noLocks
    func write(to fields: inout Fields) {
        var version = kind.version
        var number = kind.rawValue
        var sequence = sequence
        fields.byte(&version)
        fields.byte(&number)
        fields.half(&sequence)
    }
}
