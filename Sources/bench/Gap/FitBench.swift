import Expressions
import Glibc
import Models
import Quantities
import Robots
import Threads

/// What identification gains: the prediction one second ahead of robots as bought, before and after their models were
/// fitted to motion of theirs.
///
/// Every seed is another robot. Ten motions of it, of two seconds each under random outputs of a policy, are what is
/// fitted to, second by second, and a leg's by half seconds; ten other ones of a second judge the model before and after,
/// under the same outputs: where those are ends of springs, the springs pull at the model's own joints, as in a rehearsal.
/// Two more numbers say what there is to gain: what no parameters of the model leave less of, by fitting it to the ten that
/// judge, and what the very robot leaves when it is set down half a step of an encoder beside and does the same once more:
/// no model can be better.
enum FitBench {
    static let robots = 20

    /// Which robots are looked at: `leg:4:101` is four legs, the first of them with seed 101.
    struct Choice {
        let robots: [String]
        let seeds: [UInt64]

        /// - Parameter only: this robot, and not all three; behind a colon so many of its kind, since a leg takes minutes,
        ///   and behind another one the first of them: whoever changes a model looks at others than those that judge it.
        init(_ only: String?) {
            let words = only.map { $0.split(separator: ":").map(String.init) } ?? []
            let count = words.dropFirst().first.flatMap { Int($0) }.map { min(max($0, 1), FitBench.robots) }
            let first = words.dropFirst(2).first.flatMap { UInt64($0) } ?? 1
            seeds = Array(first..<first + UInt64(count ?? FitBench.robots))
            robots = words.first.map { [$0] } ?? ["pendulum", "reacher", "leg"]
        }
    }

    static func run(only: String?) {
        let choice = Choice(only)
        print(
            "fit: predictions one second ahead before and after fitting, \(choice.seeds.count) robots as bought (spread 1); "
                + "rms, and the middle one of all motions")
        for name in choice.robots { measure(GapRobot(name), choice.seeds) }
    }

    private static func measure(_ robot: GapRobot, _ seeds: [UInt64]) {
        let began = Stopwatch.nanoseconds()
        let outcomes = outcomes(robot, seeds)
        let seconds = (Double(Stopwatch.nanoseconds() - began) * 1e-8).rounded() / 10
        print(
            "  \(robot.file.name), model \(robot.model.name), \(outcomes.count) of \(seeds.count) fitted in "
                + "\(seconds) s, \(outcomes.count(where: \.fit.isBetter)) found what is better than believed")
        FitIntervals(robot, outcomes).say()
        // As soon as it is known, also into a file: a leg takes minutes. Nothing is pointed at.
        defer { _ = fflush(nil) }
        for (place, compared) in robot.compared.enumerated() { say(compared.name, place, robot, outcomes) }
    }

    /// Where a foot may as well stick as slip, a motion goes one way or the other; few of such make up most of a mean square,
    /// so the middle one of the motions is said as well.
    private static func say(_ name: String, _ place: Int, _ robot: GapRobot, _ outcomes: [FitOutcome]) {
        func errors(_ judged: FitOutcome.Judged) -> [Double] { outcomes.flatMap { $0.errors[judged.rawValue][place] } }
        func mean(_ judged: FitOutcome.Judged) -> Double {
            let all = errors(judged)
            return (all.reduce(0) { $0 + $1 * $1 } / Double(max(1, all.count))).squareRoot()
        }
        func middle(_ judged: FitOutcome.Judged) -> Double { Bootstrap.middle(errors(judged).map(abs)) }
        print(
            "    \(name): \(text(mean(.before))) becomes \(text(mean(.after))) \(robot.unit(of: name)), "
                + "\(times(mean(.before), mean(.after))) times less; floor of the model \(text(mean(.floor))), of any "
                + "\(text(mean(.twin))); the middle one \(text(middle(.before))) becomes \(text(middle(.after))), "
                + "\(times(middle(.before), middle(.after))) times less")
    }

    private static func times(_ old: Double, _ new: Double) -> Float { Float((old / new * 10).rounded() / 10) }

    private static func text(_ error: Double) -> String { "\(Float((error * 1e5).rounded() / 1e5))" }

    private static func outcomes(_ robot: GapRobot, _ seeds: [UInt64]) -> [FitOutcome] {
        together(seeds) { FitOutcome(robot, seed: $0) }
    }

    /// Two robots at a time; in the order of their seeds, so that no bit of a sum depends on who was first.
    static func together<Outcome: Sendable>(
        _ seeds: [UInt64], _ outcome: @escaping @Sendable (UInt64) -> Outcome?
    ) -> [Outcome] {
        @Sendable func some(_ seeds: [UInt64]) -> [(UInt64, Outcome)] {
            seeds.compactMap { seed in outcome(seed).map { (seed, $0) } }
        }
        let (even, odd) = (seeds.filter { $0 % 2 == 0 }, seeds.filter { $0 % 2 == 1 })
        let thread = HostThread { some(even) }
        let mine = some(odd)
        let others = if let thread = consume thread { thread.join() } else { some(even) }
        return (mine + others).sorted { $0.0 < $1.0 }.map(\.1)
    }
}
