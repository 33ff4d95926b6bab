/// What a sweep from one stop to the other says of zero, gear and encoder.
public struct RangeSweep: Equatable, Sendable {
    public let low: Double
    public let high: Double
    public let findings: [JointFinding]
    /// How far the encoder's own beginning is outside of the range; negative inside. Nil where nobody knows where it is.
    public let wrapMargin: Double?

    /// - Parameters:
    ///   - positions: all that was measured on the way.
    ///   - stops: where the stops are, as the robot was built.
    ///   - wrap: where the encoder begins anew, and the positions a turn from there; nil for those that count turns.
    ///   - tolerance: how far zero may be off.
    public init(
        joint: Int, _ positions: [Double], stops: ClosedRange<Double>, wrap: Double? = nil, tolerance: Double
    ) {
        var findings: [JointFinding] = []
        let jump = Self.jump(positions)
        if let jump { findings.append(.wrapInside(joint: joint, at: jump)) }
        let whole = Self.unwrapped(positions)
        let (low, high) = (whole.min() ?? 0, whole.max() ?? 0)
        (self.low, self.high) = (low, high)
        let built = stops.upperBound - stops.lowerBound
        let ratio = built > 0 ? (high - low) / built : 1
        let middle = (high + low) / 2 - (stops.upperBound + stops.lowerBound) / 2
        if abs(ratio - 1) > max(0.1, 2 * tolerance / max(built, 1e-9)) {
            findings.append(.wrongGear(joint: joint, ratio: ratio))
        } else if abs(middle) > tolerance {
            findings.append(.wrongZero(joint: joint, by: middle))
        }
        self.findings = findings
        wrapMargin = wrap.map { Self.margin($0, low, high) }
    }

    /// Where the encoder of a joint begins anew in the middle of what it went through; nil where it does not.
    public static func wrap(joint: Int, in positions: [Double]) -> JointFinding? {
        jump(positions.filter(\.isFinite)).map { .wrapInside(joint: joint, at: $0) }
    }

    /// The last position before one that is more than half a turn away, which nothing can do in a tick.
    private static func jump(_ positions: [Double]) -> Double? {
        zip(positions, positions.dropFirst()).first { abs($1 - $0) > .pi }?.0
    }

    private static func unwrapped(_ positions: [Double]) -> [Double] {
        var (turns, last) = (0.0, positions.first ?? 0)
        return positions.map { position in
            if position - last > .pi { turns -= 1 } else if last - position > .pi { turns += 1 }
            last = position
            return position + turns * 2 * .pi
        }
    }

    /// From the range to the nearest place where the encoder begins anew.
    private static func margin(_ wrap: Double, _ low: Double, _ high: Double) -> Double {
        let turn = 2 * Double.pi
        let below = wrap + ((low - wrap) / turn).rounded(.down) * turn
        let next = below + turn
        return next <= high ? -min(high - next, next - low) : min(low - below, next - high)
    }
}
