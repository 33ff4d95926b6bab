public import Supervision

/// One key that a file may contain: everything that parsing, errors, explanations and the reference say about it.
public struct KeyRow: Equatable, Sendable {
    /// Which object of the file the key belongs to.
    public enum Scope: Equatable, Sendable { case robot, joint }

    public enum Kind: Equatable, Sendable {
        case number(symbol: String, low: Float, high: Float)
        case whole(low: Int32, high: Int32)
        /// A short name of small letters, digits, `_` and `-`.
        case name
        case choice([String])
        /// One object for each joint.
        case joints
        /// What holds for all joints.
        case everyJoint
    }

    public enum Presence: Equatable, Sendable {
        case required
        case optional
        case standard(Float)
        /// Required for joints with this drive, and an error for others.
        case only(DriveName)
    }

    public let name: String
    public let scope: Scope
    public let kind: Kind
    public let presence: Presence
    /// The value of the supervisor's envelope that this key sets.
    public let sets: EnvelopeKey?
    public let help: String

    /// As a reader of the file would point at it.
    public var path: String { scope == .robot ? name : "joints[].\(name)" }

    var isNumber: Bool {
        switch kind {
        case .number, .whole: true
        case .name, .choice, .joints, .everyJoint: false
        }
    }

    func applies(to drive: DriveName) -> Bool {
        if case .only(let other) = presence { other == drive } else { true }
    }
}

/// The three kinds of drive, as a file names them.
public enum DriveName: String, CaseIterable, Sendable { case position, speed, effort }

/// A row whose value has the type `Value` and no other.
struct Key<Value>: Sendable {
    let row: KeyRow

    init(row: KeyRow) { self.row = row }
}

/// Rows that belong together, for the reader of the reference.
public struct KeyGroup: Sendable {
    public let title: String
    public let rows: [KeyRow]
}

/// The one table of keys of an envelope file.
public enum KeyTable {
    public static let groups: [KeyGroup] = [
        FileKeys.group, TimeKeys.group, TogetherKeys.group, LadderKeys.group, DriveKeys.group, PositionKeys.group,
        MotionKeys.group, EffortKeys.group, SupplyKeys.group, MotorKeys.group,
    ]

    public static let rows: [KeyRow] = groups.flatMap(\.rows)

    public static func rows(of scope: KeyRow.Scope) -> [KeyRow] { rows.filter { $0.scope == scope } }

    public static func row(named name: String) -> KeyRow? { rows.first { $0.name == name } }

    static func row(setting key: EnvelopeKey) -> KeyRow? { rows.first { $0.sets == key } }
}
