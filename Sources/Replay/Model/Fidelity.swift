internal import Episodes
internal import Expressions
public import Policies
internal import Quantities
internal import Recordings
public import Robots
internal import Supervision

/// How much of what the robot does a model knows beforehand: what a learner gains by rehearsing in it.
///
/// Every episode is repeated in the model from its measured start, with the noise of its plan and its policy inside. An
/// episode that was stopped is left out: it did not end by itself.
public struct Fidelity: Sendable {
    /// Of the discounted sums of all rewards.
    public let returns: Correlation?
    /// Of what was still to come, on every tick.
    public let rewardsToGo: Correlation?
    /// Of what each episode says about how the policy should change.
    public let gradients: Correlation?
    public let used: Int
    public let stopped: Int
    /// What the robot got and what the model got in its place, for every episode that was used.
    public let pairs: [Pair]

    public struct Pair: Equatable, Sendable {
        public let real: Double
        public let model: Double
        /// Of the ticks that policy and robot had in common: on how many it asked once more for what it asked then.
        public let repeatedRequests: Int
        public let ticks: Int
    }

    public init(_ episodes: [FlownEpisode], _ robot: RobotFile, _ model: RollingModel) throws(ModelProblem) {
        try self.init(episodes, robot) { episode throws(ModelProblem) in
            try EpisodeTrace(predicted: episode, robot, model)
        }
    }

    /// - Parameter predict: what something that stands for the robot makes of an episode.
    public init(
        _ episodes: [FlownEpisode], _ robot: RobotFile, predict: (FlownEpisode) throws(ModelProblem) -> EpisodeTrace
    ) throws(ModelProblem) {
        var gathered = Gathered(robot)
        var stopped = 0
        for episode in episodes where episode.policy != nil {
            guard !episode.acts.isEmpty else {
                stopped += 1
                continue
            }
            let real = try EpisodeTrace(recorded: episode, robot)
            guard real.isWhole, episode.end?.fault ?? 0 == 0 else {
                stopped += 1
                continue
            }
            guard let policy = episode.policy else { continue }
            gathered.add(
                policy, horizon: Int(episode.plan.horizon.rawValue), real, try predict(episode),
                repeatedRequests: real.repeatedRequests(in: episode))
        }
        self.init(gathered, stopped: stopped)
    }

    /// Of episodes of one policy that were performed twice, without a recording.
    public init(
        of policy: Policy, _ pairs: [(real: EpisodeTrace, model: EpisodeTrace)], _ robot: RobotFile, horizon: Int
    ) {
        var gathered = Gathered(robot)
        for (real, model) in pairs { gathered.add(policy, horizon: horizon, real, model, repeatedRequests: 0) }
        self.init(gathered, stopped: 0)
    }

    private init(_ gathered: Gathered, stopped: Int) {
        self.stopped = stopped
        used = gathered.pairs.count
        pairs = gathered.pairs
        let groups = gathered.groups
        returns = Correlation(gathered.real.map { [$0[0]] }, gathered.model.map { [$0[0]] }, groups: groups)
        rewardsToGo = Correlation(gathered.real, gathered.model, groups: groups)
        gradients = gathered.gradients()
    }
}

/// What has been computed of each episode.
private struct Gathered {
    private let robot: RobotFile
    private(set) var pairs: [Fidelity.Pair] = []
    /// By episode: rewards to go, up to the longest horizon of its policy.
    private(set) var real: [[Double]] = []
    private(set) var model: [[Double]] = []
    private(set) var groups: [Int] = []
    private var traces: [(policy: Policy, real: EpisodeTrace, model: EpisodeTrace)] = []
    private var policies: [Policy] = []

    init(_ robot: RobotFile) { self.robot = robot }

    mutating func add(
        _ policy: Policy, horizon: Int, _ real: EpisodeTrace, _ predicted: EpisodeTrace, repeatedRequests: Int
    ) {
        let togo = [real, predicted].map { trace in
            let rewards = trace.rewardsToGo(horizon, robot)
            let rest = trace.hasFailed ? robot.task.failureReward : 0
            // Behind its end every episode is worth the same from tick to tick.
            return rewards + lost(from: rewards.count, horizon, rest)
        }
        pairs.append(
            Fidelity.Pair(
                real: togo[0][0], model: togo[1][0], repeatedRequests: repeatedRequests, ticks: real.ticks))
        self.real.append(togo[0])
        model.append(togo[1])
        if let known = policies.firstIndex(of: policy) {
            groups.append(known)
        } else {
            groups.append(policies.count)
            policies.append(policy)
        }
        traces.append((policy, real, predicted))
    }

    private func lost(from ticks: Int, _ horizon: Int, _ reward: Double) -> [Double] {
        let discount = Double(robot.learning.discount)
        var (sum, all) = (0.0, [Double]())
        for _ in ticks..<max(ticks, horizon) {
            sum = reward + discount * sum
            all.append(sum)
        }
        return all.reversed()
    }

    /// The sum over the ticks of score times what was still to come, less what usually was at that tick.
    func gradients() -> Correlation? {
        let widths = Set(policies.map(\.shape.parameterCount))
        guard widths.count == 1, real.allSatisfy({ $0.count == real[0].count }) else { return nil }
        let bases = [baseline(real), baseline(model)]
        let contributions = traces.indices.map { place in
            let group = groups[place]
            return [
                traces[place].real.contribution(traces[place].policy, real[place], bases[0][group] ?? []),
                traces[place].model.contribution(traces[place].policy, model[place], bases[1][group] ?? []),
            ]
        }
        return Correlation(contributions.map { $0[0] }, contributions.map { $0[1] }, groups: groups)
    }

    private func baseline(_ values: [[Double]]) -> [Int: [Double]] {
        var sums: [Int: (sum: [Double], count: Double)] = [:]
        for (place, value) in values.enumerated() {
            let old = sums[groups[place]]
            sums[groups[place]] = (old.map { zip($0.sum, value).map(+) } ?? value, (old?.count ?? 0) + 1)
        }
        return sums.mapValues { entry in entry.sum.map { $0 / entry.count } }
    }
}

extension EpisodeTrace {
    /// On how many ticks the policy asked for the very bits that the loop has recorded.
    fileprivate func repeatedRequests(in episode: FlownEpisode) -> Int {
        zip(episode.acts, asked).count { place, commands in
            commands.indices.allSatisfy { joint in
                guard let index = JointIndex(UInt8(clamping: joint)) else { return false }
                return episode.log.ticks[place].joints[index].requested.value.bitPattern == commands[joint].bitPattern
            }
        }
    }

    fileprivate func contribution(_ policy: Policy, _ values: [Double], _ base: [Double]) -> [Double] {
        var batch = PolicyBatch<DoubleLanes>(policy)
        let columns = { (rows: [[Float]]) -> [Double] in
            guard let width = rows.first?.count else { return [] }
            return (0..<width).flatMap { column in rows.map { Double($0[column]) } }
        }
        var densities = [Double](repeating: 0, count: ticks)
        var gradient = [Double](repeating: 0, count: policy.shape.parameterCount)
        let weights = (0..<ticks).map { values[$0] - ($0 < base.count ? base[$0] : 0) }
        let (states, drawn) = (columns(observed), columns(latents))
        var densitySpan = densities.mutableSpan
        var gradientSpan = gradient.mutableSpan
        batch.score(
            lanes: ticks, spacing: ticks, states: states.span, latents: drawn.span, weights: weights,
            logProbabilities: &densitySpan, gradient: &gradientSpan)
        return gradient
    }
}
