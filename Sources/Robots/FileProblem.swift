public import Expressions

/// One thing that is wrong with a file, and where.
public struct FileProblem: Equatable, Sendable {
    public let position: TextPosition
    /// The full path of the key, as in `joints[0].speed_limit_rad_s`; empty for the file as a whole.
    public let key: String
    public let complaint: FileComplaint

    public init(_ position: TextPosition, _ key: String, _ complaint: FileComplaint) {
        self.position = position
        self.key = key
        self.complaint = complaint
    }
}

/// What is wrong. Cases hold values; the words are made where a person reads them.
public enum FileComplaint: Equatable, Sendable {
    case notJSON5(JSON5Error.Problem)
    case notAnObject(ValueKind)
    case wrongKind(ValueKind, wanted: KeyRow.Kind)
    case unknownKey(String, nearest: String?)
    /// A key that would be known with a unit at its end.
    case unitMissing(String, known: [String])
    case missing(KeyRow)
    case outside(Double, KeyRow)
    /// JSON5 can spell NaN; no limit can be that.
    case notANumber(KeyRow)
    case notWhole(Double, KeyRow)
    case badName(String)
    case unknownChoice(String, choices: [String], nearest: String?)
    /// The key is for joints with another drive.
    case otherDrive(wanted: DriveName, actual: DriveName)
    /// Given both for every joint and for this one.
    case givenTwice(everyJoint: TextPosition)
    case sameJointName(String, first: TextPosition)
    case jointCount(Int)
    /// The value must be below, or at most, the value of another key.
    case notBelow(QuotedValue, QuotedValue)
    case above(QuotedValue, QuotedValue)
    case parkOutside(QuotedValue, low: Float, high: Float)
    case softeningTooWide(QuotedValue, span: Float)
    case noTick(QuotedValue, period: Float)
    case motorTooQuick(windingTime: Float, deadline: Float)

    /// Of robot files only.
    case robot(RobotComplaint)
    case fitting(FittingComplaint)
}

/// What is wrong with a robot file by itself, beside what any file can have wrong.
public enum RobotComplaint: Equatable, Sendable {
    case expression(ExpressionError.Problem)
    /// A list or object that must hold something.
    case empty(KeyRow)
    case notALine(ValueKind)
    /// A rate or what follows, where only names can be.
    case markedName(String)
    case sameName(String, first: TextPosition)
    case sameID(String, first: TextPosition)
    /// A name that expressions could not use.
    case badWord(String)
    case badFileName(String)
    case unknownJoint(String, nearest: String?)
    case noneForJoint(String)
    case otherDriver(DriverName)
    case lineTooSlow(needed: Float, baud: Int, period: Float)
    /// Only this key or the other.
    case oneOf(String)
    case alone(without: String)
    case inverted(Double, Double, highKey: String)
    case outsideOwn(Double, low: Double, high: Double)
    case notPositive(Double)
    case tooMany(Int, KeyRow)
    case uselessIn(String)
    case noEquation(String)
    case equationOfNothing(String, nearest: String?)
    case unmeasured(String)
    case notMeasured(String, nearest: String?)
}

/// What is wrong with a robot beside its envelope, its body or its servos.
public enum FittingComplaint: Equatable, Sendable {
    case otherEnvelope(asked: String, found: String)
    case otherPeriod(Float, envelope: Float)
    case outsideEnvelope(Float, low: Float, high: Float, String)
    case notInEnvelope(String, nearest: String?)
    case lacksJoint(String)
    case otherOrder(String, wanted: String)
    case otherEnvelopeDrive(DriveName, envelope: DriveName)
    case stopInside(Float, low: Float, high: Float)
    case notInBody(String, file: String, nearest: String?)
    case brokenBody(String, reason: String)
    case otherLanguage(String, speaks: DriverName, bus: DriverName)
}

/// A value of the file, for a sentence about it.
public struct QuotedValue: Equatable, Sendable {
    /// The full path of its key.
    public let key: String
    public let value: Float
    public let row: KeyRow
}

/// What stands in a file where something else was wanted.
public enum ValueKind: Equatable, Sendable {
    case null, boolean, number, text, list, object

    init(_ content: JSON5Value.Content) {
        switch content {
        case .null: self = .null
        case .boolean: self = .boolean
        case .number: self = .number
        case .text: self = .text
        case .list: self = .list
        case .object: self = .object
        }
    }
}

/// Everything that is wrong with a file, in the order of the file. One that exists holds at least one problem.
public struct FileProblems: Error, Equatable, Sendable {
    public let all: [FileProblem]

    /// Nil when nothing is wrong. Problems that were found twice are kept once.
    init?(_ found: [FileProblem]) {
        var all: [FileProblem] = []
        for problem in found where !all.contains(problem) { all.append(problem) }
        guard !all.isEmpty else { return nil }
        self.all = all.sorted { ($0.position, $0.key) < ($1.position, $1.key) }
    }

    public init(_ problem: FileProblem) { all = [problem] }

    init(_ error: JSON5Error) {
        all = [FileProblem(error.position, "", .notJSON5(error.problem))]
    }
}
