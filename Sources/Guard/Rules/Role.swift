public import Episodes
public import Ports

/// What a caller may do, from little to much. The order is that of the rights, not of the interface.
public enum Role: String, Comparable, CaseIterable, Sendable {
    /// Reads and stops.
    case anyone
    /// Proposes and reads.
    case learner
    /// Approves, denies, resumes, clears; never proposes.
    case `operator`

    private var rank: Int { self == .anyone ? 0 : self == .learner ? 1 : 2 }

    public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }
}

/// Which groups of the system make which role. A group that does not exist gives nobody anything.
public struct RoleRules: Equatable, Sendable {
    public let learners: UInt32?
    public let operators: UInt32?

    public init(learners: UInt32?, operators: UInt32?) {
        self.learners = learners
        self.operators = operators
    }

    /// Every role that the caller has.
    ///
    /// Root has none by its number: only the system's group data make anybody anything. Who is in both groups is a
    /// learner only, because nobody shall approve what he proposed.
    public func roles(of peer: PeerCredentials) -> Set<Role> {
        let proposes = learners.map { peer.isMember(of: $0) } ?? false
        let approves = operators.map { peer.isMember(of: $0) } ?? false
        if proposes { return [.anyone, .learner] }
        return approves ? [.anyone, .operator] : [.anyone]
    }
}

/// Who calls, as far as the guard goes by it.
public struct Caller: Equatable, Sendable {
    public let author: Author
    public let roles: Set<Role>

    public init(author: Author, roles: Set<Role>) {
        self.author = author
        self.roles = roles
    }

    /// The greatest role, for messages.
    public var role: Role { roles.max() ?? .anyone }
}
