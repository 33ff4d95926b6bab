import Glibc
import Learning
import Models
import Policies
import Robots

/// How many real episodes a way of learning takes: on a virtual robot whose body and metal are what they are, with the
/// reduced model of its folder, the learner's only idea of it.
///
/// Every seed is another robot, as bought, with another first policy; the ways of learning get the same ones. Worth is
/// the mean reward of a tick over the newest episodes that were bought; nothing is evaluated that was not paid for.
enum LearnBench {
    private static let episodes = 160
    private static let seeds: [UInt64] = [1, 2, 3, 4, 5]

    static func run(_ choice: String?) {
        let name = choice ?? "pendulum"
        let robot = GapRobot(name)
        print(
            "learn: \(name), \(episodes) real episodes at most, seeds \(seeds), mean worth of a tick by real episodes")
        for gap in LearnGap.allCases {
            print("  gap \(gap)")
            var curves: [Course.Settings.Method: [[Double]]] = [:]
            for method in [Course.Settings.Method.real, .released, .unbiased, .rehearse] {
                let all = seeds.map { LearnRun(robot, gap, method, seed: $0, episodes: episodes).curve }
                curves[method] = all
                print("    \(method)".padded(to: 16) + row(all))
            }
            compare(curves)
        }
    }

    /// The median over the seeds after some numbers of episodes, and the least and most at the end.
    private static func row(_ curves: [[Double]]) -> String {
        let marks = [5, 10, 20, 40, 80, episodes]
        let cells = marks.map { mark in "\(mark): \(text(median(curves.map { worth($0, after: mark) })))" }
        let ends = curves.map { worth($0, after: episodes) }
        return cells.joined(separator: "  ") + "  [\(text(ends.min() ?? 0)), \(text(ends.max() ?? 0))]"
    }

    /// The mean of the newest eight that had been bought by then.
    static func worth(_ curve: [Double], after count: Int) -> Double {
        let bought = curve.prefix(count).suffix(8)
        return bought.reduce(0, +) / Double(max(bought.count, 1))
    }

    private static func compare(_ curves: [Course.Settings.Method: [[Double]]]) {
        guard let best = curves[.rehearse] else { return }
        for other in [Course.Settings.Method.real, .released] {
            guard let theirs = curves[other] else { continue }
            let factors = zip(best, theirs).map { own, other -> Double in
                let goal = worth(other, after: other.count)
                let needed = (5...own.count).first { worth(own, after: $0) >= goal }
                return needed.map { Double(other.count) / Double($0) } ?? 0
            }
            print(
                "    rehearse reaches what \(other) has at the end with so many times fewer episodes: median "
                    + "\(text(median(factors))) [\(text(factors.min() ?? 0)), \(text(factors.max() ?? 0))]")
        }
    }

    static func median(_ numbers: [Double]) -> Double {
        let sorted = numbers.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    private static func text(_ number: Double) -> String { "\((number * 1_000).rounded() / 1_000)" }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

/// How wrong the model is that the learner begins with.
enum LearnGap: CaseIterable {
    /// As in the robot's folder, for a robot as bought.
    case written
    /// Every parameter a standard deviation and a half away from what the folder says, and certain of it.
    case wrong
    /// The model's motors turn the other way round, and it is certain of that.
    case harmful

    /// - Parameter names: of the parameters in their order.
    func belief(_ model: RobotFile.Model) -> Belief {
        Belief(
            model.parameters.enumerated().map { place, parameter in
                let deviation = parameter.prior?.deviation ?? 0
                switch self {
                case .written:
                    return Belief.Parameter(parameter.value, deviation: deviation, in: parameter.prior?.range)
                case .wrong:
                    let side = place.isMultiple(of: 2) ? 1.5 : -1.5
                    let range = parameter.prior?.range ?? parameter.value...parameter.value
                    let value = min(max(parameter.value + side * deviation, range.lowerBound), range.upperBound)
                    return Belief.Parameter(value)
                case .harmful:
                    let isMotor = ["kt", "strength", "stiffness"].contains(parameter.name)
                    return Belief.Parameter(isMotor ? -parameter.value : parameter.value)
                }
            })
    }
}
