public import Metrology
internal import Models
public import Quantities
internal import Recordings
public import Robots
internal import Supervision

/// What the flights of a calibration have told so far, and what that comes to.
public struct CalibrationFindings: Sendable {
    /// Under which a joint was measured; nil where nothing was said.
    public struct Conditions: Equatable, Sendable {
        public let joint: String
        public let temperature: Celsius?
        public let voltage: Volts?
    }

    public let robot: Robot
    /// How far each joint went for a radian that it was told, and what went in its place.
    public private(set) var directions: DirectionCheck?
    /// By place, those that were measured.
    public private(set) var joints: [Int: JointReport.Joint] = [:]
    /// By place, those that somebody took to their ends.
    public private(set) var ends: [Int: RangeSweep] = [:]
    public private(set) var skew: ClockSkew?
    public private(set) var conditions: [Conditions] = []
    public private(set) var model: RecordedFit?
    /// What predictions of the joints' own motions are off by with what was found, by the name of what is predicted. A check
    /// makes such motions; and of what stands on a foot, and falls in the best of models when its torques are played again,
    /// they are not predicted as well as other motions.
    public private(set) var inTurns: [String: Double] = [:]
    /// What an ampere or the full duty comes to, by place; of joints that carry enough to tell.
    public private(set) var torques: [Int: TorqueScale] = [:]
    private var strays: [JointFinding] = []
    private var episodes: [FlownEpisode] = []
    /// Those of them in which one joint moved.
    private var turns: [FlownEpisode] = []

    public init(_ robot: Robot) { self.robot = robot }

    /// All that is wrong, joint by joint, each thing once.
    public var findings: [JointFinding] {
        let all =
            ends.sorted { $0.key < $1.key }.flatMap(\.value.findings) + (directions?.findings ?? []) + strays
            + joints.sorted { $0.key < $1.key }.flatMap(\.value.findings)
        return all.enumerated().filter { all.firstIndex(of: $0.element) == $0.offset }.map(\.element)
    }

    /// A robot with one of these must not be flown: there is no record of it.
    public var faults: [JointFinding] { findings.filter(\.isFault) }

    /// Takes in how far somebody has taken a joint by hand; of one that turns without end it says nothing.
    public mutating func take(_ range: ClosedRange<Double>, of place: Int) {
        ends[place] = RangeSweep.Build(of: place, in: robot).map { RangeSweep(joint: place, range, $0) }
    }

    /// Takes in what was flown, be it to its end or not.
    public mutating func take(_ step: CalibrationStep, _ episode: FlownEpisode) throws(JointReportProblem) {
        let report = try JointReport(episode, robot.file, JointReport.Tolerances(robot.envelope.envelope, robot.file))
        switch step {
        case .directions:
            directions = report.directions
            strays += report.joints.flatMap { $0.delay?.findings ?? [] }
        case .joint(let place):
            joints[place] = joints[place].map(report.joints[place].completed) ?? report.joints[place]
            strays += report.directions.findings.filter { $0.joint == place }
        case .experiment: break
        case .check:
            for (place, joint) in report.joints.enumerated() { joints[place] = joint }
            strays += report.directions.findings
        }
        if let found = report.skew, found.rate.uncertainty < skew?.rate.uncertainty ?? .infinity { skew = found }
        conditions = Self.conditions(of: episode)
        // Small motions in which a joint hardly gets going tell a model little.
        guard step != .directions, episode.end?.fault == 0 else { return }
        episodes.append(episode)
        if case .joint = step { turns.append(episode) }
    }

    /// Holds what joints carried against what they should carry by the weights of the robot's links.
    ///
    /// - Parameter expected: newton metres of every joint in a pose, as an actuator pushes that holds it.
    public mutating func weigh(by expected: (_ pose: [Double]) -> [Double]) {
        let rest = robot.file.starts.map { Double($0.position.value) }
        let sweeps = joints.sorted { $0.key < $1.key }.compactMap { place, joint in
            joint.friction.map { LoadCheck.Sweep(joint: place, $0, rest: rest) }
        }
        let check = LoadCheck(sweeps, expected: expected)
        strays += check.findings
        for (place, scale) in check.scales {
            let believed: NewtonMetres? =
                switch robot.file.joints[place].torque {
                case .perAmpere(let torque), .atFullDuty(let torque): torque
                case .known: nil
                }
            torques[place] = believed.flatMap {
                TorqueScale(scale, believed: Double($0.value), doubt: Self.weightDoubt)
            }
        }
    }

    /// How well the weights of links are known that nobody has put on a scale, as a share of them.
    private static let weightDoubt = 0.05

    /// What all recordings together say of the robot's first model, beside what is believed of it now.
    ///
    /// - Parameter believed: the robot with the parameters of its last record, so that better means better than those.
    public mutating func identify(believing believed: RobotFile) throws(RecordedFitProblem) {
        let fit = try RecordedFit(episodes, believed)
        model = fit
        guard !turns.isEmpty else { return }
        inTurns = try RecordedFit.errors(
            turns, believed, named: fit.model, parameters: fit.values, ahead: fit.ahead
        ).filter(\.value.isFinite)
    }

    /// How far predictions of what was flown are off with these parameters, by the name of what is predicted; nil where
    /// nothing was flown or the record is of no model of this robot.
    public func predictions(by record: CalibrationFile) throws(RecordedFitProblem) -> [String: Double]? {
        guard let ahead = record.ahead, record.model != nil, !episodes.isEmpty else { return nil }
        return try RecordedFit.errors(
            episodes, robot.file.calibrated(by: record), named: record.model, ahead: ahead)
    }

    private static func conditions(of episode: FlownEpisode) -> [Conditions] {
        let log = episode.log
        return log.joints.enumerated().compactMap { place, name in
            guard let joint = JointIndex(UInt8(clamping: place)) else { return nil }
            let rows = log.ticks.suffix(400).map { $0.joints[joint] }
            return Conditions(
                joint: name, temperature: rows.last { $0.temperature.isFinite }?.temperature,
                voltage: rows.last { $0.voltage.isFinite }?.voltage)
        }
    }
}
