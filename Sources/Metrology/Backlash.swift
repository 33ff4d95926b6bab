/// The play of a gear: how far what a joint is told has to turn back before the joint follows, from slow motions over the
/// same places in both directions.
public struct Backlash: Equatable, Sendable {
    /// Radians between going up and going down at the same command.
    public let width: Measured

    /// Nil when the motion does not come by the same commands both ways.
    public init?(_ track: JointTrack, pieces: Int = 20) {
        guard let low = track.commands.filter(\.isFinite).min(), let high = track.commands.filter(\.isFinite).max(),
            high > low
        else { return nil }
        var sums = [[(sum: Double, count: Double)]](repeating: [(0, 0), (0, 0)], count: pieces)
        for place in track.commands.indices.dropFirst() {
            let turn = track.commands[place] - track.commands[place - 1]
            guard turn != 0, turn.isFinite, track.positions[place].isFinite else { continue }
            let share = (track.commands[place] - low) / (high - low)
            let piece = min(max(Int(share * Double(pieces)), 0), pieces - 1)
            let side = turn > 0 ? 0 : 1
            sums[piece][side].sum += track.positions[place] - track.commands[place]
            sums[piece][side].count += 1
        }
        // Near the ends the play is only being taken up.
        let inner = sums.dropFirst(pieces / 5).dropLast(pieces / 5).filter { $0.allSatisfy { $0.count > 0 } }
        let widths = inner.map { $0[1].sum / $0[1].count - $0[0].sum / $0[0].count }
        guard widths.count >= pieces / 4, let mean = Measured(mean: widths) else { return nil }
        width = mean
    }
}

/// How well a joint comes back to the same place.
public struct Repeatability: Equatable, Sendable {
    /// The standard deviation over all returns, in radians.
    public let deviation: Double
    /// From the lowest to the highest of them.
    public let spread: Double
    public let findings: [JointFinding]

    /// - Parameters:
    ///   - places: where the joint came to rest, each time that it was sent to the same place.
    ///   - tolerance: how far apart they may lie.
    public init?(joint: Int, _ places: [Double], tolerance: Double) {
        guard places.count > 2, let low = places.min(), let high = places.max() else { return nil }
        let mean = places.reduce(0, +) / Double(places.count)
        let squares = places.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        deviation = (squares / Double(places.count - 1)).squareRoot()
        spread = high - low
        findings = spread > tolerance ? [.notRepeatable(joint: joint, spread: spread)] : []
    }

    /// In the smallest steps that an encoder tells apart.
    public func ticks(of resolution: Double) -> Double { deviation / resolution }
}

/// What an ampere, or the full duty, comes to at a joint, from a load that is known: a weight on an arm.
public struct TorqueScale: Equatable, Sendable {
    /// Newton metres for an ampere or for the full duty.
    public let torque: Measured

    /// Nil when the load does not show.
    ///
    /// - Parameters:
    ///   - scale: how many times the true load was seen, in efforts that were computed with what was believed.
    ///   - believed: newton metres, by which they were computed.
    ///   - doubt: of the true load, as a share of it.
    public init?(_ scale: Measured, believed: Double, doubt: Double) {
        guard scale.value > 3 * scale.uncertainty, scale.value > 0, believed > 0 else { return nil }
        let share = (scale.uncertainty / scale.value) * (scale.uncertainty / scale.value) + doubt * doubt
        torque = Measured(believed / scale.value, uncertainty: believed / scale.value * share.squareRoot())
    }
}
