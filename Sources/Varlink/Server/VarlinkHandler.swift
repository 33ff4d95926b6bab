public import Ports

/// What a service says about itself, and the interfaces that it serves beside `org.varlink.service`.
public struct VarlinkService: Sendable {
    public let vendor: String
    public let product: String
    public let version: String
    public let url: String
    public let interfaces: [VarlinkInterface]
    /// The qualified name of the error, with `limit: int`, that a newcomer is told for whom there is no place; nil tells
    /// nothing.
    public let noPlaceError: String?

    public init(
        vendor: String, product: String, version: String, url: String, interfaces: [VarlinkInterface],
        noPlaceError: String? = nil
    ) {
        self.vendor = vendor
        self.product = product
        self.version = version
        self.url = url
        self.interfaces = interfaces
        self.noPlaceError = noPlaceError
    }
}

/// Who answers calls.
///
/// Everything here is called on the server's own thread and must not wait for anything: as long as it takes, nobody is
/// served. A call is answered at once or later, from any thread.
public protocol VarlinkHandler: Sendable {
    /// A call whose parameters are what the interface says. It must be answered; one that is let go of without an
    /// answer ends the connection.
    func handle(_ call: VarlinkCall)

    /// The caller left before this call had its answer.
    func callEnded(_ number: UInt64)

    func connectionEnded(_ caller: PeerCredentials, _ end: ConnectionEnd)

    /// Whether others make room for this caller when every place is taken.
    func isPreferred(_ caller: PeerCredentials) -> Bool
}

extension VarlinkHandler {
    public func callEnded(_ number: UInt64) {}
    public func connectionEnded(_ caller: PeerCredentials, _ end: ConnectionEnd) {}
    public func isPreferred(_ caller: PeerCredentials) -> Bool { false }
}
