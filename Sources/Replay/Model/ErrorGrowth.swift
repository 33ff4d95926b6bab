internal import Expressions
internal import Models
public import Quantities
internal import Recordings
internal import Robots

/// How far a model comes from the robot when it is told where the robot was and what it was told from there on.
///
/// Predictions begin again and again along the recording, and all of them together say how the error grows.
public struct ErrorGrowth: Sendable {
    /// Seconds after which predictions were compared.
    public let horizons: [Double]
    /// By joint, then by horizon: the root of the mean square.
    public let positions: [[Double]]
    public let speeds: [[Double]]
    /// The same for who says that nothing will change: what a model has to be better than.
    public let still: [[Double]]
    /// How many predictions there are at each horizon.
    public let counts: [Int]

    /// - Parameters:
    ///   - longest: how far ahead.
    ///   - every: ticks from one prediction to the next.
    public init(
        _ episodes: [FlownEpisode], _ model: RollingModel, period: Seconds, longest: Double = 1, every: Int = 20
    ) throws(ModelProblem) {
        let ticks = max(1, Int((longest / Double(period.value)).rounded()))
        let marks = Self.marks(ticks)
        var sums = Sums(joints: model.joints, marks: marks.count)
        for episode in episodes {
            for stretch in Self.stretches(of: episode.log) {
                try sums.add(stretch, of: episode.log, model, marks: marks, every: every)
            }
        }
        horizons = marks.map { Double($0) * Double(period.value) }
        (positions, speeds, still, counts) = (
            sums.roots(sums.positions), sums.roots(sums.speeds),
            sums.roots(sums.still), sums.counts
        )
    }

    /// Of what stands for the robot and can be put only where it rests: one prediction an episode, from its start on.
    public init(
        _ episodes: [FlownEpisode], period: Seconds, longest: Double = 1, from standIn: StandIn
    ) throws(ModelProblem) {
        let marks = Self.marks(max(1, Int((longest / Double(period.value)).rounded())))
        var sums = Sums(joints: episodes.first?.log.joints.count ?? 0, marks: marks.count)
        for episode in episodes where !episode.acts.isEmpty { try sums.add(episode, standIn, marks: marks) }
        horizons = marks.map { Double($0) * Double(period.value) }
        (positions, speeds, still, counts) = (
            sums.roots(sums.positions), sums.roots(sums.speeds),
            sums.roots(sums.still), sums.counts
        )
    }

    /// Ticks after which errors are looked at: the first, and then in even steps.
    private static func marks(_ ticks: Int) -> [Int] {
        let steps = min(20, ticks)
        return [1] + (1...steps).map { max(1, $0 * ticks / steps) }.filter { $0 > 1 }
    }

    /// Ticks in a row on which the robot was driven.
    static func stretches(of log: EpisodeLog) -> [Range<Int>] {
        var all: [Range<Int>] = []
        for place in log.ticks.indices where log.ticks[place].verdict.mode == HouseWords.running {
            let isNext = place > 0 && log.ticks[place].tick - log.ticks[place - 1].tick == Ticks(1)
            if isNext, let last = all.last, last.upperBound == place {
                all[all.count - 1] = last.lowerBound..<place + 1
            } else {
                all.append(place..<place + 1)
            }
        }
        return all
    }
}

/// Squares that are added up, by joint and horizon.
private struct Sums {
    var positions: [[Double]]
    var speeds: [[Double]]
    var still: [[Double]]
    var counts: [Int]

    init(joints: Int, marks: Int) {
        positions = [[Double]](repeating: [Double](repeating: 0, count: marks), count: joints)
        (speeds, still) = (positions, positions)
        counts = [Int](repeating: 0, count: marks)
    }

    /// Predictions from many places of a stretch at once; each is a lane.
    mutating func add(
        _ stretch: Range<Int>, of log: EpisodeLog, _ model: RollingModel, marks: [Int], every: Int
    ) throws(ModelProblem) {
        let starts = Array(stride(from: stretch.lowerBound, to: stretch.upperBound - 1, by: every))
        guard !starts.isEmpty, let longest = marks.last else { return }
        var rolling = model.lanes(starts.count)
        for (lane, start) in starts.enumerated() {
            try model.start(&rolling, lane: lane, from: JointsSeen(log, at: start))
        }
        let commands = stretch.map { JointsSeen.told(log, at: $0) }
        var mark = 0
        for step in 1...longest {
            for (lane, start) in starts.enumerated() where start + step <= stretch.upperBound {
                model.command(&rolling, lane: lane, commands[start + step - 1 - stretch.lowerBound])
            }
            rolling.step()
            guard marks[mark] == step else { continue }
            rolling.measure()
            for (lane, start) in starts.enumerated() where start + step < stretch.upperBound {
                compare(
                    mark, positions.indices.map { model.position($0, rolling, lane: lane) },
                    positions.indices.map { model.speed($0, rolling, lane: lane) }, JointsSeen(log, at: start + step),
                    JointsSeen(log, at: start))
            }
            mark += 1
        }
    }

    /// Under the commands that were recorded.
    mutating func add(_ episode: FlownEpisode, _ standIn: StandIn, marks: [Int]) throws(ModelProblem) {
        let (log, acts) = (episode.log, episode.acts)
        let start = JointsSeen(log, at: acts[0])
        let goOn = try standIn(start)
        var mark = 0
        for tick in acts.indices.dropFirst() where mark < marks.count {
            let predicted = goOn(JointsSeen.told(log, at: acts[tick - 1]))
            guard tick == marks[mark] else { continue }
            compare(
                mark, predicted.positions.map { Double($0) }, predicted.speeds.map { Double($0) },
                JointsSeen(log, at: acts[tick]), start)
            mark += 1
        }
    }

    private mutating func compare(
        _ mark: Int, _ places: [Double], _ quick: [Double], _ seen: JointsSeen, _ start: JointsSeen
    ) {
        counts[mark] += 1
        for joint in positions.indices {
            let error = places[joint] - Double(seen.positions[joint])
            positions[joint][mark] += error * error
            let faster = quick[joint] - Double(seen.speeds[joint])
            speeds[joint][mark] += faster * faster
            let moved = Double(seen.positions[joint] - start.positions[joint])
            still[joint][mark] += moved * moved
        }
    }

    func roots(_ sums: [[Double]]) -> [[Double]] {
        sums.map { zip($0, counts).map { $1 > 0 ? ($0 / Double($1)).squareRoot() : .nan } }
    }
}

extension JointsSeen {
    /// What the joints were told on a tick; nothing for a joint that was switched off.
    static func told(_ log: EpisodeLog, at place: Int) -> [Float] {
        log.joints.indices.compactMap { JointIndex(UInt8($0)) }.map { joint in
            let value = log.ticks[place].joints[joint].supervised.value
            return value.isFinite ? value : 0
        }
    }
}
