public import Supervision

/// One key that a file may contain: everything that parsing, errors, explanations and the reference say about it.
public struct KeyRow: Equatable, Sendable {
    /// Which object of which file the key belongs to.
    public enum Scope: CaseIterable, Equatable, Sendable {
        /// Of an envelope file.
        case robot, joint
        /// Of a robot file.
        case folder, bus, mount, sensor, task, action, draw, start, reset, step, model, state, parameter
        case body, metal, policy, learning, budget

        /// What stands before the key when a reader of the file points at it; `NAME` is one that the file gives.
        public var prefix: String {
            switch self {
            case .robot, .folder: ""
            case .joint, .mount: "joints[]."
            case .bus: "bus."
            case .sensor: "sensors.NAME."
            case .task: "task."
            case .action: "task.action.JOINT."
            case .draw: "task.draws.NAME."
            case .start: "start.JOINT."
            case .reset: "reset."
            case .step: "reset.steps[]."
            case .model: "models.NAME."
            case .state: "models.NAME.states.NAME."
            case .parameter: "models.NAME.parameters.NAME."
            case .body: "body."
            case .metal: "body.metal.JOINT."
            case .policy: "policy."
            case .learning: "learning."
            case .budget: "budget."
            }
        }
    }

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
        /// A name that expressions can use as well.
        case word
        /// A sentence for people.
        case sentence
        /// A file of the robot's folder.
        case file
        case port
        case flag
        /// A number in the unit that stands beside it.
        case plain
        case unit
        case formula
        case condition
        /// Lines `name = expression`.
        case lines
        case wholes(low: Int32, high: Int32, most: Int)
        /// A number for each joint that is named.
        case byJoint(symbol: String, low: Float, high: Float)
        /// One object, a list of objects, or an object of objects by names that the file gives.
        case object(Scope)
        case objects(Scope)
        case named(Scope)
    }

    public enum Presence: Equatable, Sendable {
        case required
        case optional
        case standard(Float)
        /// Optional, with this word or sentence in its place.
        case usual(String)
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
    public var path: String { scope.prefix + name }

    var isNumber: Bool {
        switch kind {
        case .number, .whole: true
        default: false
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

/// The keys of one kind of file. There is no other list of them: parsing, errors, explanations and the reference use it.
public struct KeyTable: Sendable {
    /// What the file is called in a sentence.
    public let file: String
    public let groups: [KeyGroup]
    public let rows: [KeyRow]

    private init(_ file: String, _ groups: [KeyGroup]) {
        self.file = file
        self.groups = groups
        rows = groups.flatMap(\.rows)
    }

    public static let envelope = KeyTable(
        "an envelope file",
        [
            FileKeys.group, TimeKeys.group, TogetherKeys.group, LadderKeys.group, DriveKeys.group, PositionKeys.group,
            MotionKeys.group, EffortKeys.group, SupplyKeys.group, MotorKeys.group,
        ])

    public static let robot = KeyTable(
        "a robot file",
        [
            FolderKeys.group, BusKeys.group, MountKeys.group, SensorKeys.group, TaskKeys.group, ActionKeys.group,
            DrawKeys.group, StartKeys.group, ResetKeys.group, StepKeys.group, ModelKeys.group, StateKeys.group,
            ParameterKeys.group, BodyKeys.group, MetalKeys.group, PolicyKeys.group, LearningKeys.group,
            BudgetKeys.group,
        ])

    public static let all = [envelope, robot]

    public func rows(of scope: KeyRow.Scope) -> [KeyRow] { rows.filter { $0.scope == scope } }

    public func row(named name: String) -> KeyRow? { rows.first { $0.name == name } }

    func row(setting key: EnvelopeKey) -> KeyRow? { rows.first { $0.sets == key } }
}
