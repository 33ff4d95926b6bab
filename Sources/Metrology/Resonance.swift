internal import Expressions

/// How a joint swings after a sudden command: the frequency at which its drive, load and links ring, and how soon that
/// dies away.
public struct Resonance: Equatable, Sendable {
    /// Hertz.
    public let frequency: Measured
    /// Of the critical damping: above 1 nothing would ring.
    public let damping: Double

    /// Nil where nothing rings, which most joints are glad of.
    ///
    /// - Parameters:
    ///   - rests: the joint alone after each sudden command, which stays the same meanwhile.
    ///   - floor: a swing of less than this is noise, in radians.
    public init?(_ rests: [JointTrack], floor: Double) {
        let swings = rests.compactMap { Self.swing($0, floor) }
        let frequencies = swings.map(\.frequency)
        guard swings.count >= 2, let mean = Measured(mean: frequencies), mean.uncertainty < 0.3 * mean.value,
            let damping = median(swings.map(\.damping))
        else { return nil }
        frequency = mean
        self.damping = damping
    }

    /// By the turning points: they are half a swing apart, and each is smaller than the one before.
    private static func swing(_ track: JointTrack, _ floor: Double) -> (frequency: Double, damping: Double)? {
        let tail = track.positions.suffix(max(track.count / 10, 1)).filter(\.isFinite)
        guard track.count > 20, let rest = median(tail) else { return nil }
        let turns = turningPoints(track, around: rest, floor)
        guard turns.count >= 3, let first = turns.first, let last = turns.last, last.time > first.time else {
            return nil
        }
        let halves = Double(turns.count - 1)
        let frequency = halves / (2 * (last.time - first.time))
        // What is left after half a swing, on the average: exp(-π ζ / √(1 - ζ²)).
        let shares = zip(turns, turns.dropFirst()).map { $1.size / $0.size }.filter { $0 < 1 }
        guard shares.count >= turns.count / 2, let share = median(shares), share > 0 else { return nil }
        return (frequency, dampingRatio(leaving: share))
    }

    /// The farthest place of every stay on one side of the rest; a stay within the noise ends the swinging.
    private static func turningPoints(
        _ track: JointTrack, around rest: Double, _ floor: Double
    ) -> [(time: Double, size: Double)] {
        var turns: [(time: Double, size: Double)] = []
        var side = 0.0
        for place in track.positions.indices where track.positions[place].isFinite {
            let away = track.positions[place] - rest
            guard abs(away) > floor else { continue }
            let sign = away < 0 ? -1.0 : 1.0
            if sign != side {
                turns.append((track.times[place], abs(away)))
                side = sign
            } else if let last = turns.last, abs(away) > last.size {
                turns[turns.count - 1] = (track.times[place], abs(away))
            }
        }
        // On its way to the rest a joint is farthest at the beginning, and that is no turning point.
        return Array(turns.dropFirst())
    }

    /// From the logarithm of what is left, which is π ζ / √(1 - ζ²) below zero.
    private static func dampingRatio(leaving share: Double) -> Double {
        let decrement = -DoubleLanes(repeating: share).logarithm[0]
        return decrement / (.pi * .pi + decrement * decrement).squareRoot()
    }
}
