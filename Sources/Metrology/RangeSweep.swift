/// What a way by hand from one end of a joint to the other says of zero, gear and encoder.
public struct RangeSweep: Equatable, Sendable {
    /// How a joint is believed to be built, in its own radians.
    public struct Build: Equatable, Sendable {
        public let stops: ClosedRange<Double>
        /// Nil where its encoder knows its turns.
        public let encoder: Encoder?
        /// How far its ends may be beside its stops.
        public let tolerance: Double

        public init(stops: ClosedRange<Double>, encoder: Encoder?, tolerance: Double) {
            self.stops = stops
            self.encoder = encoder
            self.tolerance = tolerance
        }
    }

    /// One that begins anew at a place, and again each turn from there.
    public struct Encoder: Equatable, Sendable {
        public let start: Double
        public let turn: Double

        public init(start: Double, turn: Double) {
            self.start = start
            self.turn = turn
        }
    }

    /// Its ends, as they were reached.
    public let range: ClosedRange<Double>
    public let findings: [JointFinding]
    /// How far outside of the range the encoder begins anew; negative inside. Nil where it knows its turns.
    public let wrapMargin: Double?

    /// - Parameter range: the lowest and the highest position that somebody took it to.
    public init(joint: Int, _ range: ClosedRange<Double>, _ build: Build) {
        self.range = range
        let begin = build.encoder.map { Self.nearest($0, to: range) }
        wrapMargin = begin.map { max(range.lowerBound - $0, $0 - range.upperBound) }
        let isInside = wrapMargin.map { $0 < 0 } ?? false
        let wrap = isInside ? begin.map { JointFinding.wrapInside(joint: joint, at: $0) } : nil
        findings = [Self.misfit(joint, range, build), wrap].compactMap(\.self)
    }

    /// Ends that lie aside together are a zero that is off. A range of another length is another gear, or no whole range.
    private static func misfit(_ joint: Int, _ range: ClosedRange<Double>, _ build: Build) -> JointFinding? {
        let (low, high) = (range.lowerBound - build.stops.lowerBound, range.upperBound - build.stops.upperBound)
        guard abs(high - low) <= 2 * build.tolerance else {
            let built = build.stops.upperBound - build.stops.lowerBound
            return .wrongSpan(joint: joint, ratio: (range.upperBound - range.lowerBound) / max(built, 1e-9))
        }
        let middle = (low + high) / 2
        return abs(middle) > build.tolerance ? .wrongZero(joint: joint, by: middle) : nil
    }

    /// Of all places where the encoder begins anew, the one that is farthest inside of the range, or nearest to it.
    private static func nearest(_ encoder: Encoder, to range: ClosedRange<Double>) -> Double {
        let middle = (range.lowerBound + range.upperBound) / 2
        return encoder.start + ((middle - encoder.start) / encoder.turn).rounded() * encoder.turn
    }

    /// Where the encoder of a joint begins anew in the middle of what it went through; nil where it does not.
    public static func wrap(joint: Int, in positions: [Double]) -> JointFinding? {
        let known = positions.filter(\.isFinite)
        // More than half a turn is what nothing can do in a tick.
        let jump = zip(known, known.dropFirst()).first { abs($1 - $0) > .pi }
        return jump.map { .wrapInside(joint: joint, at: $0.0) }
    }
}
