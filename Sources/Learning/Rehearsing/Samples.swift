internal import Expressions
internal import Models
internal import Policies

/// Ticks of many episodes as the kernels read them: column by column, in parts that each have some of every episode.
///
/// Neighbouring ticks are much the same, so only every so-many-th is in it, beginning at another one in each episode.
struct Samples {
    let count: Int
    /// So many ticks lie between two samples of an episode that follow each other.
    let thinning: Int
    /// The parts stand one behind the other.
    let parts: [Range<Int>]
    let observations: [Float]
    let latents: [Float]
    /// Of each sample: the episode and the tick.
    let places: [(episode: Int, tick: Int)]

    init(_ performances: [Performance], parts: Int, most: Int) {
        let ticks = performances.reduce(0) { $0 + $1.ticks }
        let thinning = max(1, ticks / max(most, 1))
        self.thinning = thinning
        var (places, ranges): ([(episode: Int, tick: Int)], [Range<Int>]) = ([], [])
        places.reserveCapacity(ticks / thinning + performances.count)
        for part in 0..<parts {
            let first = places.count
            for (episode, performance) in performances.enumerated() {
                // Episodes begin at different ticks, so that no tick of the clock is left out.
                let offset =
                    (part + episode * parts / max(performances.count, 1)) % parts * thinning + episode % thinning
                for tick in stride(from: offset, to: performance.ticks, by: parts * thinning) {
                    places.append((episode, tick))
                }
            }
            if places.count > first { ranges.append(first..<places.count) }
        }
        counts = performances.enumerated().map { episode, performance in
            let first = episode % thinning
            return performance.ticks > first ? (performance.ticks - first - 1) / thinning + 1 : 0
        }
        self.places = places
        self.parts = ranges
        count = places.count
        observations = Self.columns(places, performances, \.observations)
        latents = Self.columns(places, performances, \.latents)
    }

    private static func columns(
        _ places: [(episode: Int, tick: Int)], _ performances: [Performance], _ numbers: KeyPath<Performance, [Float]>
    ) -> [Float] {
        guard let first = performances.first else { return [] }
        let lists = performances.map { $0[keyPath: numbers] }
        let ticks = performances.map(\.ticks)
        var columns: [Float] = []
        let width = lists[0].count / first.ticks
        columns.reserveCapacity(width * places.count)
        for column in 0..<width {
            for place in places { columns.append(lists[place.episode][column * ticks[place.episode] + place.tick]) }
        }
        return columns
    }

    /// What an array of numbers for each tick of each episode says here.
    func gathered(_ numbers: [[Double]]) -> [Float] { places.map { Float(numbers[$0.episode][$0.tick]) } }

    /// Of one number a sample, those of each episode in the order of its ticks; and back.
    func byEpisode(_ numbers: [Double], episodes: Int) -> [[Double]] {
        var lists = (0..<episodes).map { [Double](repeating: 0, count: counts[$0]) }
        for (place, number) in zip(places, numbers) { lists[place.episode][place.tick / thinning] = number }
        return lists
    }

    func bySample(_ lists: [[Double]]) -> [Double] { places.map { lists[$0.episode][$0.tick / thinning] } }

    /// How many samples each episode has.
    private let counts: [Int]
}

extension PolicyBatch where Vector == FloatLanes {
    /// The logarithms of the densities of what was drawn in one part.
    mutating func logProbabilities(of samples: Samples, _ part: Range<Int>) -> [Float] {
        var logs = [Float](repeating: 0, count: part.count)
        var span = logs.mutableSpan
        logProbabilities(
            lanes: part.count, spacing: samples.count, states: samples.observations.span.extracting(part.lowerBound...),
            latents: samples.latents.span.extracting(part.lowerBound...), into: &span)
        return logs
    }

    /// The sum over one part of a weight times the score of what was drawn.
    ///
    /// - Parameter weigh: the weight of a sample, counted within the part, by the logarithm of its density.
    mutating func gradient(
        of samples: Samples, _ part: Range<Int>, weigh: (_ place: Int, _ logProbability: Float) -> Float
    ) -> [Double] {
        gradient(
            lanes: part.count, spacing: samples.count, states: samples.observations.span.extracting(part.lowerBound...),
            latents: samples.latents.span.extracting(part.lowerBound...), weigh: weigh)
    }

    mutating func gradient(
        lanes: Int, spacing: Int, states: Span<Float>, latents: Span<Float>, weigh: (Int, Float) -> Float
    ) -> [Double] {
        var gradient = [Float](repeating: 0, count: shape.parameterCount)
        var logs = [Float](repeating: 0, count: lanes)
        var gradientSpan = gradient.mutableSpan
        var logSpan = logs.mutableSpan
        score(
            lanes: lanes, spacing: spacing, states: states, latents: latents, logProbabilities: &logSpan,
            gradient: &gradientSpan, weigh: weigh)
        return gradient.map { Double($0) }
    }
}
