public import Episodes
public import Foundation
import Hashing
public import Guard
import Policies
import Quantities
public import Robots
public import Supervision

/// The pendulum of this repository, and plans for it as a learner would make them.
public enum PlanSamples {
    public struct Impossible: Error {
        public init() {}
    }

    public static let root = URL(filePath: #filePath).appending(path: "../../..").standardized

    public static func name(_ text: String) throws -> Name {
        guard let name = Name(text) else { throw Impossible() }
        return name
    }

    /// 2026-11-27 06:00 in UTC, and so many seconds.
    public static func instant(_ seconds: Int64 = 0) -> WallInstant {
        WallInstant(milliseconds: 1_795_759_200_000 + seconds * 1_000)
    }

    public static func bytes(of path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: root.appending(path: path)))
    }

    public static func envelope() throws -> EnvelopeFile {
        try EnvelopeFile(parsing: try bytes(of: "safety/envelopes/pendulum.json5"))
    }

    public static let calibration = """
        { "format": 1, "robot": "pendulum", "made": "2026-11-26T06:00:00Z", "valid_days": 30,
          "calibration": "measured",
          "devices": [ { "joint": "swing", "id": 1, "model": "xl330-m288", "serial": null, "firmware": "46",
                         "settings_sha256": null } ] }
        """

    public static func facts(_ record: String? = calibration, isVirtual: Bool = false) throws -> RobotFacts {
        let file = try bytes(of: "Calibration/pendulum/robot.json5")
        let robot = try Robot(try RobotFile(parsing: file), within: try envelope())
        let calibration = try record.map {
            (name: try name("2026-11-26-a"), file: try CalibrationFile(parsing: Array($0.utf8)))
        }
        return try RobotFacts(robot, bytes: file, record: calibration, isVirtual: isVirtual, needsDeadMan: false)
    }

    /// One layer: a weight for each of three observations, a bias, and the logarithm of the deviation.
    public static func policy(bias: Float = 0) throws -> PolicyPayload {
        let shape = try PolicyShape(inputs: 3, hidden: [], outputs: 1, squashes: false, deviationFloor: 0)
        let policy = try Policy(shape, parameters: [0.1, 0.2, 0.3, bias, -1])
        guard let payload = PolicyPayload(format: PolicyMeasure.format, bytes: policy.encoded) else {
            throw Impossible()
        }
        return payload
    }

    /// Of a robot whose directions nobody asks for: most tests are about something else.
    public static var rules: VerificationRules {
        var rules = VerificationRules()
        rules.demandsDirection = false
        return rules
    }

    public static let cost = Cost(
        time: Milliseconds(5_000), wear: Microlives(3), heat: Millijoules(12_000), attention: Milliseconds(6_000))

    /// What can be different about a plan.
    public struct Change: Sendable {
        public var number: UInt32 = 0
        public var bias: Float = 0
        public var robot = "pendulum"
        public var horizon: Int32 = 40
        public var position: Float = 0
        public var speed: Float = 0
        public var band: (low: Float, high: Float) = (-1, 1)
        public var envelope: Digest?
        public var calibration: Digest?
        public var task: Digest?
        public var format: Name?
        public var policyBytes: [UInt8]?
        public var joints = 1
        public var distance: PolicyDistance?
        public var crossings: UInt32 = 0

        public init() {}
    }

    public static func proposal(
        _ facts: RobotFacts, _ change: (inout Change) -> Void = { _ in }
    ) throws -> Proposal {
        var wish = Change()
        change(&wish)
        let own = try policy(bias: wish.bias)
        let policy = PolicyPayload(format: wish.format ?? own.format, bytes: wish.policyBytes ?? own.bytes)
        guard let policy else { throw Impossible() }
        let none = try name("none")
        let start = JointStart(position: Radians(wish.position), speed: RadiansPerSecond(wish.speed))
        let plan = try EpisodePlan(
            robot: try name(wish.robot), task: Reference(name: none, digest: wish.task ?? facts.digest),
            envelope: Reference(name: none, digest: wish.envelope ?? facts.envelope.identity),
            calibration: Reference(
                name: none, digest: wish.calibration ?? facts.calibration?.digest ?? .zero), policy: policy,
            noise: NoiseKey(run: 7, iteration: 0, episode: wish.number),
            start: [JointStart](repeating: start, count: wish.joints), horizon: Ticks(wish.horizon), cost: cost)
        return try Proposal(plan: plan, dossier: try dossier(wish))
    }

    private static func limit<Unit: Quantity>(_ low: Float, _ high: Float) throws -> Limit<Unit> {
        guard let limit = Limit(Unit(low), Unit(high)) else { throw Impossible() }
        return limit
    }

    private static func dossier(_ wish: Change) throws -> Dossier {
        guard let joints = JointCount(UInt8(wish.joints)) else { throw Impossible() }
        let steps = max(1, (Int(wish.horizon) + 9) / 10)
        let limits = try (0..<steps * wish.joints).map { _ in
            try limit(wish.band.low, wish.band.high) as Limit<Radians>
        }
        let band = try ApprovedBand(stride: Ticks(10), joints: joints, limits: limits)
        let forecast = try forecast()
        let nearest = NearestLimit(joint: .first, rule: .position, margin: 0.25)
        return try Dossier(
            band: band, joints: [JointForecast](repeating: forecast, count: wish.joints), nearest: nearest,
            worst: WorstRollout(rollouts: 64, index: 17, nearest: nearest, crossings: wish.crossings),
            distance: wish.distance,
            thermal: ThermalForecast(joint: .first, peak: Celsius(51), timeLeft: Seconds(90)), wear: Microlives(3))
    }

    static func forecast() throws -> JointForecast {
        JointForecast(speed: try limit(-2, 2), effort: try limit(-0.1, 0.1), temperature: try limit(25, 48))
    }

    public static func caller(_ role: Role, _ user: UInt32 = 1_000, _ text: String = "ada") throws -> Caller {
        let author = Author(
            userNumber: user, groupNumber: 100, name: try name(text), origin: "unix:/run/understudy/guard.sock")
        return Caller(author: author, roles: [.anyone, role])
    }

    public static func itself() throws -> Author {
        Author(userNumber: 990, groupNumber: 990, name: try name("understudy"), origin: "guard")
    }
}
