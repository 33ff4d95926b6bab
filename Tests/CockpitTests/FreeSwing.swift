import GuardSamples

/// What a joint does that has come off its gear. Nobody drives it and nobody can brake it: a rod on a good bearing swings for
/// minutes. That nothing feeds its swing shows in that its top speed only ever falls.
struct FreeSwing {
    /// Longer than a rod stands on its head before it falls again.
    private static let window = 5.0
    private var tops: [Float] = []
    private var begun: Double?

    /// - Parameter isDriven: what was before does not count.
    mutating func take(_ line: MetalLog.Line, isDriven: Bool) {
        if isDriven { (tops, begun) = ([], nil) }
        let since = begun ?? line.time
        begun = since
        let place = Int((line.time - since) / Self.window)
        while tops.count <= place { tops.append(0) }
        tops[place] = line.speeds.map(\.magnitude).reduce(tops[place], max)
    }

    /// The log's digits and its milliseconds leave a little less than a hundredth open. The last window is not whole.
    var onlyLoses: Bool { tops.count > 2 && zip(tops, tops.dropFirst()).allSatisfy { $0 * 1.01 >= $1 } }
}
