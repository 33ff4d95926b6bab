/// What a value may be, as an interface describes it.
public indirect enum VarlinkType: Equatable, Sendable {
    case boolean, integer, float, string
    /// Any JSON value.
    case object
    case optional(VarlinkType)
    case list(VarlinkType)
    /// Keys that nobody knows before, each with one such value.
    case map(VarlinkType)
    case structure([VarlinkField])
    case enumeration([String])
    /// A type of the same interface by its name.
    case named(String)
}

public struct VarlinkField: Equatable, Sendable {
    public let name: String
    public let type: VarlinkType

    public init(name: String, type: VarlinkType) {
        self.name = name
        self.type = type
    }
}

/// One member of an interface, with the lines of comment above it.
public enum VarlinkMember: Equatable, Sendable {
    /// A structure or an enumeration.
    case type(VarlinkType)
    case method(input: [VarlinkField], output: [VarlinkField])
    case error([VarlinkField])
}

/// An interface as its `.varlink` text describes it. One that exists is consistent: every name in it is defined once,
/// and no value would have to contain itself.
public struct VarlinkInterface: Sendable {
    public let name: String
    /// The text as it was, for whoever asks.
    public let description: String
    public let comment: String
    public let members: [Named]
    private let places: [String: Int]

    public struct Named: Equatable, Sendable {
        public let name: String
        public let comment: String
        public let member: VarlinkMember
    }

    init(name: String, description: String, comment: String, members: [Named]) {
        self.name = name
        self.description = description
        self.comment = comment
        self.members = members
        places = Dictionary(members.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    public subscript(member: String) -> VarlinkMember? { places[member].map { members[$0].member } }

    func type(_ name: String) -> VarlinkType? { if case .type(let type) = self[name] { type } else { nil } }

    /// The parameters of a call and of its replies; nil when there is no such method.
    public func method(_ name: String) -> (input: [VarlinkField], output: [VarlinkField])? {
        if case .method(let input, let output) = self[name] { (input, output) } else { nil }
    }

    public func error(_ name: String) -> [VarlinkField]? {
        if case .error(let fields) = self[name] { fields } else { nil }
    }

    /// The names of all methods, in the order of the text.
    public var methods: [String] { members.compactMap { if case .method = $0.member { $0.name } else { nil } } }
}
