public import Hashing
public import Expressions
internal import Policies

/// Where episodes begin, and what a task draws for each: all of it from the episode's key.
public struct StageStarts: Equatable, Sendable {
    public enum Draw: Equatable, Sendable {
        case even(low: Double, high: Double)
        case normal(mean: Double, deviation: Double)
    }

    /// A measured number that follows from the joints' positions, such as the height of what stands on its feet.
    public struct Follower: Equatable, Sendable {
        let place: Int
        let joints: Int
        let formula: Program

        /// - Parameters:
        ///   - place: of the number among the measured ones.
        ///   - joints: how many positions, the first measured numbers, the formula reads.
        public init(place: Int, of joints: Int, by formula: Program) {
            (self.place, self.joints, self.formula) = (place, joints, formula)
        }

        func follow(_ measured: inout [Float]) {
            let value = formula.values(states: measured.prefix(joints).map(Double.init)).first ?? 0
            measured[place] = Float(value)
        }
    }

    /// Of the measured numbers: the middle, and how far beside it they may be, anywhere alike.
    public let middles: [Float]
    public let spreads: [Float]
    /// For each joint the measured number that is also its command at the start; nil for a command of zero.
    public let commanded: [Int?]
    public let followers: [Follower]
    public let draws: [Draw]

    public init(
        middles: [Float], spreads: [Float], commanded: [Int?], followers: [Follower] = [], draws: [Draw] = []
    ) {
        guard middles.count == spreads.count, commanded.allSatisfy({ $0.map(middles.indices.contains) ?? true }) else {
            preconditionFailure("a start without a middle or a spread")
        }
        var placed = middles
        for follower in followers { follower.follow(&placed) }
        self.middles = placed
        self.spreads = spreads
        self.commanded = commanded
        self.followers = followers
        self.draws = draws
    }

    /// The same, with these measured numbers anywhere so far beside their middles.
    public func spread(_ wider: [Int: Float]) -> StageStarts {
        StageStarts(
            middles: middles, spreads: spreads.enumerated().map { wider[$0.offset] ?? $0.element },
            commanded: commanded, followers: followers, draws: draws)
    }

    public func part(_ key: NoiseKey, parameters: [Float]? = nil) -> StagePart {
        let stream = NoiseStream(key, for: .start)
        var measured = middles.indices.map { place in
            let share = Float(stream.bits(tick: 1, block: UInt32(place)).0 >> 8) * 0x1p-23 - 1
            return middles[place] + spreads[place] * share
        }
        for follower in followers { follower.follow(&measured) }
        return StagePart(
            measured: measured, commands: commanded.map { place in place.map { measured[$0] } ?? 0 },
            draws: drawn(key), noise: key, parameters: parameters)
    }

    /// An episode that begins as one of these has begun, and is another one apart from that; one of them for each key.
    public func part(like begun: [StagePart], _ key: NoiseKey, parameters: [Float]? = nil) -> StagePart {
        guard !begun.isEmpty else { return part(key, parameters: parameters) }
        let number = NoiseStream(key, for: .start).bits(tick: 2, block: 0).0
        let like = begun[Int(number % UInt32(begun.count))]
        return StagePart(
            measured: like.measured, commands: like.commands, draws: drawn(key), noise: key, parameters: parameters)
    }

    /// What the task draws for the episode of this key.
    public func drawn(_ key: NoiseKey) -> [Float] { draws.drawn(for: key) }
}

extension [StageStarts.Draw] {
    /// The numbers that a task draws for an episode: they follow from its key, so that who proposes it, the guard and every
    /// model draw the same.
    public func drawn(for key: NoiseKey) -> [Float] {
        let stream = NoiseStream(key, for: .start)
        return enumerated().map { place, draw in
            switch draw {
            case .even(let low, let high):
                // 32 bits as a share of the range, both ends included.
                let share = Double(stream.bits(tick: 0, block: UInt32(place)).0) / Double(UInt32.max)
                return Float(low + share * (high - low))
            case .normal(let mean, let deviation):
                return Float(mean + deviation * Double(stream.normals(tick: 0, block: UInt32(place))[0]))
            }
        }
    }
}
