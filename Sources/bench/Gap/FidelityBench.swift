import Glibc
import Hashing
import Learner
import Learning
import Models
import Policies
import Replay
import Robots
import Threads

/// Whether the score that `replay --model` gives a model from few flights is what flights without number come to, and
/// whether a fit raises it.
///
/// Every seed is another robot, as bought, with another first policy. The score is of so few flights as a person has; the
/// correlation that it stands for is counted over two thousand more of the same robot and policy.
enum FidelityBench {
    static let flights = 40
    static let counted = 2_000

    /// - Parameter only: as in `bench fit`.
    static func run(only: String?) {
        let choice = FitBench.Choice(only)
        Bench.say(
            "fidelity: scores of \(flights) flights, and the correlation of \(counted) others; \(choice.seeds.count) robots as "
                + "bought (spread 1), their first policies; before and after fitting")
        for name in choice.robots {
            let robot = GapRobot(name)
            let outcomes = FitBench.together(choice.seeds) { FidelityOutcome(robot, seed: $0) }
            Bench.say("  \(name), model \(robot.model.name), \(outcomes.count) of \(choice.seeds.count) robots fitted")
            for measure in FidelityOutcome.Measure.allCases { Bench.say("    \(text(measure, outcomes))") }
        }
    }

    private static func text(_ measure: FidelityOutcome.Measure, _ outcomes: [FidelityOutcome]) -> String {
        let stages = [\FidelityOutcome.before, \FidelityOutcome.after].map { stage in
            let cases = outcomes.compactMap { $0[keyPath: stage][measure] }
            let held = cases.count { $0.score.interval?.contains($0.truth.value) ?? false }
            let (score, truth) = (mean(cases.map(\.score.value)), mean(cases.map(\.truth.value)))
            return "\(LearnTable.text(score)) of \(LearnTable.text(truth)), held by \(held) of \(cases.count) intervals"
        }
        let rose = outcomes.count { outcome in
            guard let (old, new) = outcome.scores(measure) else { return false }
            return new > old
        }
        return "\(measure.rawValue): \(stages[0]); fitted \(stages[1]); the score rose for \(rose) of \(outcomes.count)"
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
}

/// The scores of one robot's model, and what they stand for.
struct FidelityOutcome: Sendable {
    enum Measure: String, CaseIterable { case returns, toGo = "rewards to go", gradients }

    struct Case {
        let score: Correlation
        let truth: Correlation
    }

    struct Scores {
        private let few: Fidelity
        private let many: Fidelity

        init(few: Fidelity, many: Fidelity) { (self.few, self.many) = (few, many) }

        subscript(measure: Measure) -> Case? {
            guard let score = Self.value(few, measure), let truth = Self.value(many, measure) else { return nil }
            return Case(score: score, truth: truth)
        }

        private static func value(_ fidelity: Fidelity, _ measure: Measure) -> Correlation? {
            switch measure {
            case .returns: fidelity.returns
            case .toGo: fidelity.rewardsToGo
            case .gradients: fidelity.gradients
            }
        }
    }

    let before: Scores
    let after: Scores

    func scores(_ measure: Measure) -> (Double, Double)? {
        guard let old = before[measure]?.score.value, let new = after[measure]?.score.value else { return nil }
        return (old, new)
    }

    /// Nil where nothing was found.
    init?(_ robot: GapRobot, seed: UInt64) {
        guard let fit = FitOutcome.fit(robot, seed: seed) else { return nil }
        let own = robot.model.parameters.count
        let real = RealFlights(
            LearnRobot(robot, seed: seed, spread: 1), count: FidelityBench.flights + FidelityBench.counted)
        before = real.scores(robot.model.parameters)
        after = real.scores(Array(fit.parameters.prefix(own)))
    }
}

/// Flights of the virtual robot with its first policy.
private struct RealFlights {
    private let robot: LearnRobot
    private let policy: Policy
    private let flown: [(trace: EpisodeTrace, start: StagePart)]

    init(_ robot: LearnRobot, count: Int) {
        self.robot = robot
        do throws(PolicyError) {
            let settings = robot.pupil.settings(.real, seed: robot.seed, episodes: count)
            policy = try robot.pupil.course(settings).incumbent
        } catch {
            preconditionFailure("\(robot.robot.file.name): \(error)")
        }
        flown = (0..<UInt32(count)).map { [policy] number in
            let (performance, _) = robot.perform(policy, NoiseKey(run: robot.seed, iteration: 0, episode: number))
            return (EpisodeTrace(performance), performance.start)
        }
    }

    /// From the same measured starts with the same noise, inside the model with these parameters.
    func scores(_ parameters: [Double]) -> FidelityOutcome.Scores {
        let parts = flown.map { $0.start.again(parameters: parameters.map { Float($0) }) }
        var soloist = Soloist(robot.stage)
        let played = soloist.play(policy, parts, isQuiet: false).map { EpisodeTrace($0) }
        let pairs = zip(flown, played).map { (real: $0.trace, model: $1) }
        let horizon = robot.stage.task.horizon
        func fidelity(_ range: Range<Int>) -> Fidelity {
            Fidelity(of: policy, Array(pairs[range]), robot.robot.file, horizon: horizon)
        }
        return FidelityOutcome.Scores(
            few: fidelity(0..<FidelityBench.flights), many: fidelity(FidelityBench.flights..<pairs.count))
    }
}
