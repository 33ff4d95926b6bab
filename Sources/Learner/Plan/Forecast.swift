internal import Learning
internal import Models
internal import Policies
internal import Quantities
internal import Robots
internal import Supervision

/// What a model expects of one episode, over rollouts with other parameters, starts and noise: what a person decides by.
struct Forecast {
    let pupil: Pupil
    /// Rollout by rollout: where the joints are and what they are told, tick by tick.
    private(set) var paths: [Path] = []
    private(set) var performances: [Performance] = []

    struct Path: Sendable {
        let measurements: [Float]
        let commands: [Float]
        let ticks: Int
    }

    init(_ pupil: Pupil, _ policy: Policy, _ parts: [StagePart], threads: Int = 1) {
        self.pupil = pupil
        let played = Ensemble.together(parts, threads) { [stage = pupil.stage] share in
            Self.played(stage, policy, share)
        }
        (performances, paths) = (played.map(\.performance), played.map(\.path))
    }

    private static func played(
        _ stage: Stage, _ policy: Policy, _ parts: [StagePart]
    ) -> [(performance: Performance, path: Path)] {
        var played: [(performance: Performance, path: Path)] = []
        var rehearsal = Rehearsal(stage, lanes: min(32, parts.count), keepsPaths: true)
        for first in stride(from: 0, to: parts.count, by: rehearsal.lanes) {
            let count = min(rehearsal.lanes, parts.count - first)
            rehearsal.play(policy, Array(parts[first..<first + count]))
            for lane in 0..<count {
                let performance = rehearsal.performance(lane)
                let (measurements, commands) = rehearsal.path(lane)
                let path = Path(measurements: measurements, commands: commands, ticks: performance.ticks)
                played.append((performance, path))
            }
        }
        return played
    }

    var joints: Int { pupil.stage.joints }
    private var numbers: Int { pupil.stage.task.measured }

    func position(_ path: Path, _ tick: Int, _ joint: Int) -> Float { path.measurements[tick * numbers + joint] }

    func speed(_ path: Path, _ tick: Int, _ joint: Int) -> Float { path.measurements[tick * numbers + joints + joint] }

    /// What a joint's motor has to give; nil where neither the command nor the model says it.
    func effort(_ path: Path, _ tick: Int, _ joint: Int) -> Float? {
        if pupil.robot.file.joints[joint].drive == .effort { return path.commands[tick * joints + joint] }
        guard pupil.stage.says(2 * joints + joint) else { return nil }
        return path.measurements[tick * numbers + 2 * joints + joint]
    }

    /// The least range that holds a number of all rollouts; nil when one of them is no number.
    func hull(_ number: (Path, Int) -> Float?) -> (low: Float, high: Float)? {
        var (low, high) = (Float.infinity, -Float.infinity)
        for path in paths {
            for tick in 0..<path.ticks {
                guard let value = number(path, tick), value.isFinite else { return nil }
                (low, high) = (min(low, value), max(high, value))
            }
        }
        return low <= high ? (low, high) : nil
    }

    /// The limit that a rollout comes nearest to, of those that a model speaks of.
    func nearest(_ path: Path) -> NearestLimitFound {
        var found = NearestLimitFound(joint: 0, rule: .position, margin: .infinity)
        for joint in 0..<joints {
            let limits = pupil.robot.envelope.envelope.joints.elements[joint]
            let (low, high) = (limits.position.low.value, limits.position.high.value)
            for tick in 0..<path.ticks {
                let place = position(path, tick, joint)
                found.take(joint, .position, min(place - low, high - place) / (high - low))
                let room = limits.speed.value - abs(speed(path, tick, joint))
                found.take(joint, .speed, room / (2 * limits.speed.value))
                if let effort = effort(path, tick, joint) {
                    found.take(joint, .effort, (limits.effort.value - abs(effort)) / (2 * limits.effort.value))
                }
            }
        }
        return found
    }
}

/// Which limit, and what is left to it.
struct NearestLimitFound {
    private(set) var joint: Int
    private(set) var rule: Rule
    private(set) var margin: Float

    init(joint: Int, rule: Rule, margin: Float) { (self.joint, self.rule, self.margin) = (joint, rule, margin) }

    /// A number that is none is as near as can be.
    mutating func take(_ joint: Int, _ rule: Rule, _ margin: Float) {
        let margin = margin.isFinite ? margin : -1
        if margin < self.margin { (self.joint, self.rule, self.margin) = (joint, rule, margin) }
    }
}
