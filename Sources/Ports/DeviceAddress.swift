/// Where a device is, as a person writes it down.
public enum DeviceAddress: Hashable, Sendable {
    case serial(SerialIdentity)
    /// The terminal or the socket of a virtual robot, or a link that leads there.
    case path(String)
    /// The socket of a virtual robot whose time its master brings along.
    case lockstep(String)

    private static let lockstepPrefix = "lockstep:"

    /// Reads an identity of a serial port, a path, or `lockstep:` with the path of a socket. A name under `/dev` that is neither stable nor a pseudo terminal
    /// is refused: it may be another device tomorrow.
    public init(_ text: String) throws(AddressProblem) {
        if let identity = SerialIdentity(text) {
            self = .serial(identity)
        } else if text.hasPrefix(Self.lockstepPrefix), text.dropFirst(Self.lockstepPrefix.count).contains("/") {
            self = .lockstep(String(text.dropFirst(Self.lockstepPrefix.count)))
        } else if text.hasPrefix("/dev/") && !Self.isPseudoTerminal(text) {
            throw .unstable
        } else if text.contains("/") && !text.hasPrefix("usb:") {
            self = .path(text)
        } else {
            throw .noAddress
        }
    }

    static func isPseudoTerminal(_ path: String) -> Bool {
        let number = path.dropFirst("/dev/pts/".count)
        return path.hasPrefix("/dev/pts/") && !number.isEmpty && number.allSatisfy(\.isWholeNumber)
    }
}

/// Why a text is no address of a device.
public enum AddressProblem: Error, Equatable, Sendable {
    /// Whatever was plugged in first gets this name.
    case unstable
    /// Neither an identity nor a path.
    case noAddress
}

extension DeviceAddress: CustomStringConvertible {
    public var description: String {
        switch self {
        case .serial(let identity): identity.description
        case .path(let path): path
        case .lockstep(let path): Self.lockstepPrefix + path
        }
    }
}
