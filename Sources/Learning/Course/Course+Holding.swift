internal import Models
internal import Policies

/// What was better on the robot stays until something else has shown there that it is better still.
extension Course {
    /// Real episodes of one policy: what each was worth, and what it began with.
    struct Flights: Equatable, Sendable {
        private(set) var worths: [Double] = []
        private(set) var parts: [StagePart] = []

        init() {}

        init(worths: [Double], parts: [StagePart]) { (self.worths, self.parts) = (worths, parts) }

        init(_ performances: [Performance], _ objective: Objective) {
            self.init(worths: performances.map { objective.perTick($0) }, parts: performances.map(\.start))
        }

        func newest(_ count: Int) -> Flights {
            Flights(worths: Array(worths.suffix(count)), parts: Array(parts.suffix(count)))
        }

        func joined(with other: Flights) -> Flights {
            Flights(worths: worths + other.worths, parts: parts + other.parts)
        }
    }

    /// A policy, and its real episodes.
    struct Held: Equatable, Sendable {
        let policy: Policy
        var flights: Flights
        /// As many as are remembered of a robot.
        static let most = 24
    }

    /// What the episodes of two policies were worth, with what the model foretold taken away, as far as it has foretold
    /// earlier ones: of each episode's start and noise, for both policies together. So it is the same for whoever flew it,
    /// and takes no side, whatever the model says; what is left varies by as much less as the model knows more.
    func beside(
        _ one: (policy: Policy, flights: Flights), _ other: (policy: Policy, flights: Flights),
        _ troupe: inout some Troupe
    ) -> ([Double], [Double]) {
        let factor = foresight.factor(ofAtLeast: Coefficient.fewestWorths)
        guard factor != 0 else { return (one.flights.worths, other.flights.worths) }
        let both = one.flights.joined(with: other.flights)
        let (first, second) = (foretold(one.policy, both, &troupe), foretold(other.policy, both, &troupe))
        let rest = both.worths.indices.map { both.worths[$0] + factor * (first[$0] + second[$0]) / 2 }
        let count = one.flights.worths.count
        return (Array(rest.prefix(count)), Array(rest.dropFirst(count)))
    }

    private func foretold(_ policy: Policy, _ flights: Flights, _ troupe: inout some Troupe) -> [Double] {
        let parts = flights.parts.map { $0.again(parameters: belief.values) }
        return troupe.play(policy, parts, isQuiet: false).map { settings.objective.perTick($0) }
    }

    /// Sees how far the model foretold these episodes, which it was not refined by yet.
    mutating func foresee(_ policy: Policy, _ flights: Flights, _ troupe: inout some Troupe) {
        foresight.learn(worths: flights.worths, foretold: foretold(policy, flights, &troupe))
    }

    /// Whether a step may be made from here. What the gradient has made of what is held is compared with it by every episode
    /// that is flown anyway: where it is worse it goes back, and where it is better that is held from now on.
    mutating func isStillGood(_ troupe: inout some Troupe) -> Bool {
        let (flown, flights) = (incumbent, Flights(batch, settings.objective))
        defer { foresee(flown, flights, &troupe) }
        guard let held else { return true }
        guard held.policy != incumbent else {
            self.held?.flights = held.flights.joined(with: flights).newest(Held.most)
            return true
        }
        let (new, old) = beside((incumbent, flights), (held.policy, held.flights), &troupe)
        // How well it is known what is held: within this it may be anywhere, and the gradient is given the doubt.
        let known = Interval(meanOf: old)
        for worth in new {
            above.add(worth - known.high)
            below.add(worth - known.low)
        }
        if below.evidence.down >= 1 / settings.climbError {
            note(.wentBack(evidence: below.evidence.down))
            incumbent = held.policy
            boldness /= 2
        } else if above.evidence.up >= 1 / settings.climbError {
            note(.held(evidence: above.evidence.up))
            self.held = Held(policy: incumbent, flights: flights)
            boldness = min(1, 2 * boldness)
        } else {
            return true
        }
        adam = Self.adam(for: incumbent, settings)
        (above, below) = (Comparison(), Comparison())
        return false
    }
}
