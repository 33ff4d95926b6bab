internal import Episodes
internal import Expressions
public import Models
internal import Policies
internal import Quantities
internal import Recordings
public import Robots
internal import Supervision

/// What a policy did and what it got for it, tick by tick: on the robot, or in a model.
public struct EpisodeTrace: Sendable {
    /// By tick, then by joint.
    public private(set) var positions: [[Float]] = []
    public private(set) var speeds: [[Float]] = []
    /// What the policy asked for, in the unit of each joint's drive.
    public private(set) var asked: [[Float]] = []
    public private(set) var rewards: [Float] = []
    /// What it saw and what it drew; the score of a policy is computed from these.
    private(set) var observed: [[Float]] = []
    private(set) var latents: [[Float]] = []
    public private(set) var hasFailed = false
    /// Whether it came to an end that the task knows.
    public private(set) var isWhole = false

    var ticks: Int { rewards.count }

    /// The rewards from each tick on, discounted. Ticks that a failure cost are worth what the task says of them.
    func rewardsToGo(_ horizon: Int, _ robot: RobotFile) -> [Double] {
        let discount = Double(robot.learning.discount)
        var sum = 0.0
        if hasFailed {
            for _ in 0..<max(0, horizon - ticks) { sum = robot.task.failureReward + discount * sum }
        }
        var all = [Double](repeating: 0, count: ticks)
        for tick in rewards.indices.reversed() {
            sum = Double(rewards[tick]) + discount * sum
            all[tick] = sum
        }
        return all
    }

    fileprivate mutating func take(
        _ seen: JointsSeen, _ commands: [Float], _ player: inout PolicyPlayer, horizon: Int
    ) {
        positions.append(seen.positions)
        speeds.append(seen.speeds)
        asked.append(commands)
        observed.append(player.observed)
        latents.append(player.latent)
        let (reward, end) = player.reward(seen)
        rewards.append(reward)
        hasFailed = end == .failure
        isWhole = end != nil || ticks >= horizon
    }
}

extension EpisodeTrace {
    /// Of an episode that was performed in process; joints are not known of it.
    public init(_ performance: Performance) {
        rewards = performance.rewards
        observed = performance.rows(of: performance.observations)
        latents = performance.rows(of: performance.latents)
        (hasFailed, isWhole) = (performance.ending.isLoss, true)
    }

    /// On the robot: the policy once more over what was measured.
    init(recorded episode: FlownEpisode, _ robot: RobotFile) throws(ModelProblem) {
        let log = episode.log
        guard robot.joints.count == log.joints.count else {
            throw .otherJoints(robot: robot.joints.count, recorded: log.joints.count)
        }
        guard !episode.acts.isEmpty else { throw .noEpisode }
        var player = try PolicyPlayer(episode, robot)
        let horizon = Int(episode.plan.horizon.rawValue)
        for place in episode.acts where !isWhole {
            let seen = JointsSeen(log, at: place)
            take(seen, player.act(on: seen), &player, horizon: horizon)
        }
    }

    /// In what stands for the robot, from the same start with the same noise.
    public init(
        played episode: FlownEpisode, _ robot: RobotFile, in standIn: StandIn
    ) throws(ModelProblem) {
        guard let first = episode.acts.first else { throw .noEpisode }
        var player = try PolicyPlayer(episode, robot)
        var seen = JointsSeen(episode.log, at: first)
        let goOn = try standIn(seen)
        let horizon = Int(episode.plan.horizon.rawValue)
        while !isWhole {
            let commands = player.act(on: seen)
            take(seen, commands, &player, horizon: horizon)
            seen = goOn(commands)
        }
    }

    /// In a model, from the same start with the same noise.
    init(
        predicted episode: FlownEpisode, _ robot: RobotFile, _ model: RollingModel
    ) throws(ModelProblem) {
        guard let first = episode.acts.first else { throw .noEpisode }
        var player = try PolicyPlayer(episode, robot)
        var rolling = model.lanes(1)
        var seen = JointsSeen(episode.log, at: first)
        try model.start(&rolling, lane: 0, from: seen)
        let horizon = Int(episode.plan.horizon.rawValue)
        while !isWhole {
            let commands = player.act(on: seen)
            take(seen, commands, &player, horizon: horizon)
            model.command(&rolling, lane: 0, commands)
            rolling.step()
            rolling.measure()
            seen = model.seen(rolling, lane: 0, sent: commands)
        }
    }
}

extension Performance {
    fileprivate func rows(of columns: [Float]) -> [[Float]] {
        (0..<ticks).map { tick in stride(from: tick, to: columns.count, by: ticks).map { columns[$0] } }
    }
}

extension JointsSeen {
    /// What a recording says of one tick.
    init(_ log: EpisodeLog, at place: Int) {
        let rows = log.joints.indices.compactMap { JointIndex(UInt8($0)) }
        let tick = log.ticks[place]
        positions = rows.map { tick.joints[$0].position.value }
        speeds = rows.map { tick.joints[$0].speed.value }
        efforts = rows.map { tick.joints[$0].effort.value }
        let before = log.ticks[max(0, place - 1)]
        sent = rows.map { before.joints[$0].supervised.value }
        for (place, name) in log.sensors.enumerated() { sensors[name] = tick.sensors[place] }
    }
}
