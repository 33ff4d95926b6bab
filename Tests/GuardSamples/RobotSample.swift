public import Episodes
public import Guard
import Hashing
import Policies
public import Quantities
public import Robots
import Supervision

/// A robot of this repository as its files have it, and plans for it as a learner would make them.
public struct RobotSample: Sendable {
    public let robot: Robot
    public let facts: RobotFacts

    /// A record that counts behind `lockstep:` only.
    public static func virtualRecord(of name: String) -> String {
        """
        { "format": 1, "robot": "\(name)", "made": "2026-01-01T00:00:00Z", "valid_days": 1,
          "calibration": "none needed" }
        """
    }

    /// A record of a pendulum whose model was fitted, with the interval of its weight.
    public static func foundRecord(low: Double = 0.1, high: Double = 0.102) -> String {
        """
        { "format": 2, "robot": "pendulum", "made": "2026-11-26T06:00:00Z", "valid_days": 30, "session": 3,
          "calibration": "measured", "plans": [], "clock": null, "conditions": [], "made_by": {},
          "devices": [ { "joint": "swing", "id": 1, "model": "xl330-m288", "serial": null, "firmware": "46",
                         "settings_sha256": null } ],
          "joints": [ { "joint": "swing", "friction_nm": 0.012, "delay_s": null, "play_rad": 0.01 } ],
          "model": { "name": "rod", "ahead_s": 0.5, "converged": true, "not_told_apart": [],
                     "predictions": [ { "name": "position.swing", "before": 0.2, "after": 0.02 } ],
                     "parameters": [ { "name": "mgl", "unit": "N*m", "before": 0.108, "value": 0.101,
                                       "interval_low": \(low), "interval_high": \(high), "learnt": 0.9 } ] } }
        """
    }

    /// - Parameters:
    ///   - text: what is different in the robot's file.
    ///   - record: of its calibration; nil is one that needs none.
    ///   - limits: what is different in its envelope.
    public init(
        _ name: String, record: String? = nil, isVirtual: Bool = true, limits: (String) -> String = { $0 },
        changing text: (String) -> String = { $0 }
    ) throws {
        let words = text(String(decoding: try PlanSamples.bytes(of: "Calibration/\(name)/robot.json5"), as: UTF8.self))
        let allowed = limits(
            String(decoding: try PlanSamples.bytes(of: "safety/envelopes/\(name).json5"), as: UTF8.self))
        let envelope = try EnvelopeFile(parsing: Array(allowed.utf8))
        robot = try Robot(try RobotFile(parsing: Array(words.utf8)), within: envelope)
        let file = try CalibrationFile(parsing: Array((record ?? Self.virtualRecord(of: name)).utf8))
        facts = try RobotFacts(
            robot, bytes: Array(words.utf8), record: (try PlanSamples.name("2026-01-01-virtual"), file),
            isVirtual: isVirtual, needsDeadMan: false)
    }

    /// A policy whose means are nearly nothing: what moves the robot is the noise.
    public func policy(logDeviation: Float = -2) throws -> PolicyPayload {
        let shape = try PolicyShape(
            inputs: robot.file.task.observationCount, hidden: [16, 16], outputs: robot.file.joints.count,
            squashes: true, deviationFloor: 0.01)
        return try payload(of: Policy.orthogonal(shape, seed: 5, logDeviation: logDeviation))
    }

    /// A policy that keeps this robot moving for long, within what its envelope allows. The pendulum has to be pushed the
    /// way it goes already, and first of all to one side, for its gears hold it where it hangs; the leg bears less noise for
    /// long than for a moment.
    public func lively() throws -> PolicyPayload {
        guard facts.name.text == "pendulum" else {
            return try policy(logDeviation: facts.name.text == "leg" ? -2.6 : -2)
        }
        let shape = try PolicyShape(inputs: 3, hidden: [], outputs: 1, squashes: true, deviationFloor: 0.01)
        // The third thing that it sees is its speed, as a part of ten radians a second.
        return try payload(of: Policy(shape, parameters: [0, 0, 8, 1, -1]))
    }

    /// How long a robot that hears nothing may drive on after its watchdog has noticed, in seconds: a board brakes before it
    /// lets go, as quickly as its envelope says from the greatest speed that it bears.
    public var brakingAlone: Double {
        guard robot.file.bus.driver == .board else { return 0 }
        let envelope = facts.envelope
        return (0..<facts.joints.count).map { place in
            let joint = envelope.joints.elements[place]
            return Double(joint.overspeed.value / joint.stoppingDeceleration.value)
        }.max() ?? 0
    }

    private func payload(of policy: Policy) throws -> PolicyPayload {
        guard let payload = PolicyPayload(format: PolicyMeasure.format, bytes: policy.encoded) else {
            throw PlanSamples.Impossible()
        }
        return payload
    }

    /// A proposal with the whole envelope as its band.
    ///
    /// - Parameters:
    ///   - number: of the episode; the same plan twice is one plan.
    ///   - starts: where the joints begin; nil is the start of the task.
    public func proposal(
        _ payload: PolicyPayload, _ horizon: Int32, number: UInt32, from starts: [Radians]? = nil
    ) throws -> Proposal {
        let envelope = facts.envelope
        let count = Int(envelope.count.rawValue)
        let start = (starts ?? robot.file.starts.map(\.position)).map { JointStart(position: $0, speed: .zero) }
        let none = try PlanSamples.name("none")
        let plan = try EpisodePlan(
            robot: facts.name, task: Reference(name: none, digest: facts.digest),
            envelope: Reference(name: none, digest: envelope.identity),
            calibration: Reference(name: none, digest: facts.calibration?.digest ?? .zero), policy: payload,
            noise: NoiseKey(run: 7, iteration: 0, episode: number), start: start, horizon: Ticks(horizon),
            cost: PlanSamples.cost)
        let band = try ApprovedBand(
            stride: Ticks(horizon), joints: envelope.count,
            limits: (0..<count).map { envelope.joints.elements[$0].position })
        let nearest = NearestLimit(joint: .first, rule: .position, margin: 0.25)
        let dossier = try Dossier(
            band: band, joints: [JointForecast](repeating: try PlanSamples.forecast(), count: count), nearest: nearest,
            worst: WorstRollout(rollouts: 64, index: 17, nearest: nearest, crossings: 0), distance: nil,
            thermal: ThermalForecast(joint: .first, peak: Celsius(51), timeLeft: Seconds(90)), wear: Microlives(3))
        return try Proposal(plan: plan, dossier: dossier)
    }
}
