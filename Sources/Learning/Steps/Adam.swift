/// Adam (Kingma and Ba, 2015), upwards, with the gradient's length bounded first.
public struct Adam: Equatable, Sendable {
    public var rate: Double
    public let longestGradient: Double
    /// What is added to the root of the squares, so that nothing is divided by zero.
    let smallest: Double
    private(set) var first: [Double]
    private(set) var second: [Double]
    private(set) var steps: Int
    /// The variance of `first`, the sum over its components.
    private(set) var doubt = 0.0

    public init(count: Int, rate: Double, longestGradient: Double = .infinity, smallest: Double = 1e-8) {
        self.rate = rate
        self.longestGradient = longestGradient
        self.smallest = smallest
        first = [Double](repeating: 0, count: count)
        second = first
        steps = 0
    }

    init(rate: Double, longestGradient: Double, first: [Double], second: [Double], doubt: Double, steps: Int) {
        self.rate = rate
        self.longestGradient = longestGradient
        smallest = 1e-8
        (self.first, self.second, self.doubt, self.steps) = (first, second, doubt, steps)
    }

    /// How much of the way that the newest gradients go together is theirs, and not chance.
    public var certainty: Double { Vectors.certainty(of: first, variance: doubt) }

    /// What to add to the parameters. A gradient that is no number changes nothing.
    ///
    /// - Parameter variance: of the gradient, the sum over its components, for whoever asks how certain the step is.
    public mutating func step(_ gradient: [Double], variance: Double = 0) -> [Double] {
        guard gradient.count == first.count else { preconditionFailure("a derivative for each parameter") }
        let length = Vectors.dot(gradient, gradient).squareRoot()
        guard length.isFinite else { return [Double](repeating: 0, count: gradient.count) }
        let factor = length > longestGradient ? longestGradient / length : 1
        steps += 1
        doubt = 0.81 * doubt + 0.01 * factor * factor * variance
        let (decayed, decayedSquare) = (1 - power(0.9, steps), 1 - power(0.999, steps))
        return gradient.indices.map { place in
            let part = factor * gradient[place]
            first[place] = 0.9 * first[place] + 0.1 * part
            second[place] = 0.999 * second[place] + 0.001 * part * part
            return rate * (first[place] / decayed) / ((second[place] / decayedSquare).squareRoot() + smallest)
        }
    }

    /// By multiplying: the system's own power is not the same on every machine.
    private func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}
