/// What both ends must share before they may talk about motion.
public struct LinkLayout: Equatable, Sendable {
    public internal(set) var protocolVersion: UInt8
    /// FNV-1a over the type, width and scale of every field of every message.
    public internal(set) var hash: UInt32

    @_noAllocation @_noLocks
    public init(protocolVersion: UInt8, hash: UInt32) {
        self.protocolVersion = protocolVersion
        self.hash = hash
    }

    /// The layout that this program was built with. It walks every message: ask once and keep it.
    @_noAllocation @_noLocks
    public static func ofThisBuild() -> LinkLayout {
        var fields = Fields.hashing()
        var number: UInt8 = 0
        while number < .max {
            if let header = Header(numbered: number) {
                header.note(to: &fields)
                var specimen = Message.specimen(of: header.kind)
                specimen.visit(&fields)
            }
            number += 1
        }
        return LinkLayout(protocolVersion: Header.currentVersion, hash: fields.hash)
    }

    /// Why two ends with these layouts refuse each other; nil when they may talk.
    public func refusal(of other: LinkLayout) -> LayoutRefusal? {
        if protocolVersion != other.protocolVersion {
            return .protocolVersion(ours: protocolVersion, theirs: other.protocolVersion)
        }
        return hash == other.hash ? nil : .layout(ours: hash, theirs: other.hash)
    }
}

/// The other end was built from other message definitions.
public enum LayoutRefusal: Error, Equatable, Sendable {
    case protocolVersion(ours: UInt8, theirs: UInt8)
    case layout(ours: UInt32, theirs: UInt32)
}
