public import Episodes
public import Supervision

/// What `Calibration/ROBOT/DATE-SERIAL.json` says, checked: which devices were measured, when, and how long that holds.
///
/// Format 1 is the least that motion depends on: of what, and when. `understudy calibrate` writes format 2, which says what
/// was found as well; the parameters of its model count in the place of those in the robot's file.
public struct CalibrationFile: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        /// A robot of metal: these devices, and no others.
        case measured([Device])
        /// A robot that only exists as a program: its numbers are what its body says. A guard takes this only on a line
        /// that no real robot can be on.
        case noneNeeded
    }

    public struct Device: Equatable, Sendable {
        public let joint: String
        public let id: UInt8
        public let model: String
        /// Nil where this kind of device has none.
        public let serial: String?
        public let firmware: String?
        /// The hash over the settings that the device keeps; nil where nobody has read them.
        public let settings: Digest?
    }

    /// A parameter of a model, as it was identified.
    public struct Parameter: Equatable, Sendable {
        public let name: String
        public let value: Double
        /// With 95 % confidence.
        public let interval: ClosedRange<Double>
    }

    /// What was measured of a joint, as far as a later look compares it; nil where it could not be measured.
    public struct Joint: Equatable, Sendable {
        public let name: String
        /// Newton metres.
        public let friction: Double?
        /// Seconds.
        public let delay: Double?
    }

    /// How well the model predicted what it had not learnt from.
    public struct Prediction: Equatable, Sendable {
        public let name: String
        public let after: Double
        /// The same of motions as a check makes them; nil of what is no position, and in older records.
        public let inTurns: Double?
    }

    public let robot: Name
    public let made: WallInstant
    public let validDays: Int
    public let kind: Kind
    /// Which of the robot's models the parameters are of; nil where none was fitted.
    public let model: String?
    public let parameters: [Parameter]
    public let predictions: [Prediction]
    /// How far ahead those are, in seconds.
    public let ahead: Double?
    public let joints: [Joint]
    /// The number of the calibration among those of this robot; nil in a record that somebody wrote by hand.
    public let session: Int?
    /// The hash of the file's bytes: what plans are bound to.
    public let digest: Digest

    /// Reads a file. Throws the first thing that is wrong with it.
    public init(parsing bytes: [UInt8]) throws(CalibrationProblem) {
        let file = try CalibrationSection(parsing: bytes)
        let wanted = try file.choice("calibration", ["measured", "none needed"])
        let isMeasured = wanted == "measured"
        let format = try file.whole("format", 1...2)
        let found = format == 2 ? Self.keysOfFindings : []
        try file.refuseStrangers(
            to: ["format", "robot", "made", "valid_days", "calibration"] + (isMeasured ? ["devices"] : []) + found)
        robot = try file.text("robot", expected: "the name of a robot") { Name($0) }
        made = try file.text("made", expected: "a moment in UTC like 2026-11-27T06:00:00Z") { WallInstant(text: $0) }
        validDays = try file.whole("valid_days", 1...365)
        kind = isMeasured ? .measured(try file.sections("devices").map(CalibrationFile.device)) : .noneNeeded
        let fitted = format == 2 ? try file.optionalSection("model") : nil
        model = try fitted?.text("name", expected: "the name of a model") { $0.isEmpty ? nil : $0 }
        parameters = try fitted?.sections("parameters").map(CalibrationFile.parameter) ?? []
        predictions = try fitted?.sections("predictions").map(CalibrationFile.prediction) ?? []
        ahead = try fitted?.number("ahead_s")
        joints = format == 2 ? try file.sections("joints").map(CalibrationFile.joint) : []
        session = format == 2 ? try file.whole("session", 1...1_000_000) : nil
        digest = Digest(of: bytes.span)
    }

    private static func joint(_ section: CalibrationSection) throws(CalibrationProblem) -> Joint {
        Joint(
            name: try section.text("joint", expected: "the name of a joint") { $0.isEmpty ? nil : $0 },
            friction: try section.optionalNumber("friction_nm"), delay: try section.optionalNumber("delay_s"))
    }

    private static func prediction(_ section: CalibrationSection) throws(CalibrationProblem) -> Prediction {
        Prediction(
            name: try section.text("name", expected: "what is predicted") { $0.isEmpty ? nil : $0 },
            after: try section.number("after"), inTurns: try section.optionalNumber("after_in_turns", mayLack: true))
    }

    /// What format 2 says beside. Only the model is for programs to go by; the rest is for people and for comparison.
    private static let keysOfFindings = [
        "made_by", "session", "plans", "conditions", "joints", "clock", "model",
    ]

    private static func parameter(_ section: CalibrationSection) throws(CalibrationProblem) -> Parameter {
        try section.refuseStrangers(to: ["name", "unit", "before", "value", "interval_low", "interval_high", "learnt"])
        let (low, high) = (try section.number("interval_low"), try section.number("interval_high"))
        guard low <= high else { throw section.problem("interval_high", expected: "at least interval_low") }
        return Parameter(
            name: try section.text("name", expected: "the name of a parameter") { $0.isEmpty ? nil : $0 },
            value: try section.number("value"), interval: low...high)
    }

    private static func device(_ section: CalibrationSection) throws(CalibrationProblem) -> Device {
        try section.refuseStrangers(to: ["joint", "id", "model", "serial", "firmware", "settings_sha256"])
        let settings = try section.optionalText("settings_sha256")
        let hash = settings.flatMap { Digest(text: $0) }
        guard (settings == nil) == (hash == nil) else {
            throw section.problem("settings_sha256", expected: "64 hexadecimal digits, or null")
        }
        return Device(
            joint: try section.text("joint", expected: "the name of a joint") { $0.isEmpty ? nil : $0 },
            id: UInt8(try section.whole("id", 0...253)),
            model: try section.text("model", expected: "a model") { $0.isEmpty ? nil : $0 },
            serial: try section.optionalText("serial"), firmware: try section.optionalText("firmware"), settings: hash)
    }

    /// Whether a file of this name in a robot's folder is a record: a day, then the serial number or `virtual`.
    public static func isRecord(_ name: String) -> Bool {
        guard name.hasSuffix(".json") else { return false }
        let parts = name.dropLast(5).split(separator: "-", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count == 4 && WallInstant(text: "\(parts[0])-\(parts[1])-\(parts[2])T00:00:00Z") != nil
            && Name(String(parts[3])) != nil
    }
}

/// What is wrong with a record, and where.
public struct CalibrationProblem: Error, Equatable, Sendable {
    public let position: TextPosition
    /// Empty for the file as a whole.
    public let key: String
    public let expected: String

    init(_ position: TextPosition, _ key: String, expected: String) {
        self.position = position
        self.key = key
        self.expected = expected
    }
}
