internal import Expressions

/// Whether one thing is better than another, asked after every single episode without spending its certainty.
///
/// If both were equal, the difference of two episodes would as often be up as down, whatever its size. Against that
/// a capital bets on up: what it has won is evidence, at any time and however often somebody looks, because a fair game
/// multiplies a capital by 40 no more than once in 40 times (Ville's inequality). Nothing is assumed about how the
/// episodes are distributed.
public struct Comparison: Equatable, Sendable {
    /// Logarithms of the capitals that bet boldly or carefully, for up and for down.
    private var capitals = [Double](repeating: 0, count: 2 * boldness.count)
    private var squares = 0.0
    public private(set) var count = 0
    public private(set) var sum = 0.0
    private static let boldness = [0.25, 0.5, 1, 2]

    public enum Verdict: Equatable, Sendable { case better, worse, open }

    public init() {}

    init(state: [Double]) {
        let ways = 2 * Self.boldness.count
        guard state.count == ways + 3 else { preconditionFailure("\(state.count) numbers of a comparison") }
        capitals = Array(state.prefix(ways))
        (squares, sum, count) = (state[ways], state[ways + 1], Int(state[ways + 2]))
    }

    var state: [Double] { capitals + [squares, sum, Double(count)] }

    /// - Parameter difference: of one episode of each; a number that is none says nothing.
    public mutating func add(_ difference: Double) {
        guard difference.isFinite else { return }
        count += 1
        sum += difference
        squares += difference * difference
        guard squares > 0 else { return }
        // Sizes may be looked at before betting on the sign: given the sizes, signs are fair.
        let unit = (squares / Double(count)).squareRoot()
        for (place, boldness) in Self.boldness.enumerated() {
            let stake = boldness * difference / unit
            let fair = Self.logarithmOfCosh(stake)
            capitals[2 * place] += stake - fair
            capitals[2 * place + 1] += -stake - fair
        }
    }

    /// How strong the evidence is that differences are rather up, and rather down: what a capital of 1 has become.
    public var evidence: (up: Double, down: Double) {
        func mean(_ first: Int) -> Double {
            let all = stride(from: first, to: capitals.count, by: 2).map { Self.exponential(capitals[$0]) }
            return all.reduce(0, +) / Double(all.count)
        }
        return (mean(0), mean(1))
    }

    /// - Parameter error: how often, at most, it says better or worse where there is no difference; half each.
    public func verdict(error: Double = 0.05) -> Verdict {
        let (up, down) = evidence
        return up >= 2 / error ? .better : down >= 2 / error ? .worse : .open
    }

    private static func logarithmOfCosh(_ number: Double) -> Double {
        let size = abs(number)
        return size + logarithm(1 + exponential(-2 * size)) - logarithm(2)
    }

    // Those of the house, which are the same on every machine.
    private static func exponential(_ number: Double) -> Double { DoubleLanes(repeating: number).exponential[0] }
    private static func logarithm(_ number: Double) -> Double { DoubleLanes(repeating: number).logarithm[0] }
}
