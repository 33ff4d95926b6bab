internal import Episodes
public import Supervision

/// What `Calibration/ROBOT/ends.json` says: how far somebody has taken each joint by hand, for the calibration that follows.
///
/// It counts for one calibration of the robot as its file has it, with the same devices in it: whose zero was mended is
/// taken to its ends once more.
public struct EndsFile: Equatable, Sendable {
    public struct Joint: Equatable, Sendable {
        public let name: String
        /// In radians.
        public let range: ClosedRange<Double>

        public init(name: String, range: ClosedRange<Double>) {
            self.name = name
            self.range = range
        }
    }

    /// The name of the file in the robot's folder.
    public static let name = "ends.json"

    /// The hash of the robot's file.
    public let robot: Digest
    /// The number of the calibration that it is for.
    public let session: Int
    /// Of the devices that have one, in the order of the joints.
    public let serials: [String]
    public let joints: [Joint]

    public init(robot: Digest, session: Int, serials: [String], joints: [Joint]) {
        self.robot = robot
        self.session = session
        self.serials = serials
        self.joints = joints
    }

    /// Reads a file. Throws the first thing that is wrong with it.
    public init(parsing bytes: [UInt8]) throws(CalibrationProblem) {
        let file = try CalibrationSection(parsing: bytes)
        try file.refuseStrangers(to: ["format", "robot_sha256", "session", "serials", "joints"])
        _ = try file.whole("format", 1...1)
        robot = try file.text("robot_sha256", expected: "64 hexadecimal digits") { Digest(text: $0) }
        session = try file.whole("session", 1...1_000_000)
        serials = try file.texts("serials")
        joints = try file.sections("joints").map(EndsFile.joint)
    }

    private static func joint(_ section: CalibrationSection) throws(CalibrationProblem) -> Joint {
        try section.refuseStrangers(to: ["joint", "low_rad", "high_rad"])
        let (low, high) = (try section.number("low_rad"), try section.number("high_rad"))
        guard low <= high else { throw section.problem("high_rad", expected: "at least low_rad") }
        let name = try section.text("joint", expected: "the name of a joint") { $0.isEmpty ? nil : $0 }
        return Joint(name: name, range: low...high)
    }
}
