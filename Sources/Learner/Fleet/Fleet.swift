public import Learning
public import Models
public import Policies
public import Supervision

/// What is wrong with one of several processes that learn together.
public enum FleetTrouble: Error, Equatable, Sendable {
    /// It has not answered for so long, or said what no program of this version says.
    case lost(rank: Int, host: String, after: Duration)
    /// It has other files than rank 0, or another version of the program.
    case differs(rank: Int, host: String)
}

/// Several processes, on one machine or on many, that share the parts of a rehearsal with rank 0, which owns this.
///
/// Each lane is its own episode with its own noise, and the performances come in the order of the parts: the bits are
/// those of one process, however many there are.
public final class Fleet: Troupe {
    public var stage: Stage { own.stage }
    private var own: Ensemble
    let ranks: any Ranks
    /// Of each rank.
    public let places: [RobotPlace]
    let now: () -> Duration
    /// Is called before each rehearsal: learning takes a while, and somebody may want it to end.
    private let pause: (Fleet) -> Void
    /// Is called when one is lost, and ends the process: what is not written down yet is learnt again.
    let lose: (FleetTrouble) -> Never
    /// How long each has taken for a part, in all, and for how many parts.
    private var paces: [Pace]
    /// When each has said something last, or was told something.
    var heard: [Duration]

    struct Pace {
        var time = Duration.zero
        var parts = 0
    }

    /// Longer than any rehearsal takes that somebody would wait for.
    public static let patience = Duration.seconds(120)

    /// Greets the others; none of them may have other files than these.
    ///
    /// - Parameters:
    ///   - digest: of all that a rehearsal depends on, beside the record.
    ///   - record: of the calibration that the models of everybody go by.
    ///   - now: a clock that only goes on.
    public init(
        _ own: Ensemble, _ ranks: any Ranks, sharing digest: Digest, record: [UInt8] = [],
        now: @escaping () -> Duration, pause: @escaping (Fleet) -> Void = { _ in },
        lose: @escaping (FleetTrouble) -> Never
    ) throws(FleetTrouble) {
        (self.own, self.ranks, self.now, self.pause, self.lose) = (own, ranks, now, pause, lose)
        paces = Array(repeating: Pace(), count: ranks.count)
        heard = Array(repeating: .zero, count: ranks.count)
        var places = [RobotPlace(rank: 0, host: "here", socket: "")]
        for rank in ranks.others {
            let began = now()
            let patient: (Duration) -> Bool = { _ in now() - began < Self.patience }
            guard ranks.send(FleetMessage.greeting(digest, record: record).bytes, to: rank, while: patient),
                let bytes = ranks.receive(from: rank, while: patient),
                case .answer(let isSame, let host, let socket)? = FleetMessage(bytes)
            else { throw .lost(rank: rank, host: "?", after: now() - began) }
            guard isSame else { throw .differs(rank: rank, host: host) }
            places.append(RobotPlace(rank: rank, host: host, socket: socket))
        }
        self.places = places
    }

    public func play(_ policy: Policy, _ parts: [StagePart], isQuiet: Bool) -> [Performance] {
        pause(self)
        let shares = Self.shares(of: parts, among: ranks.count)
        for rank in ranks.others where rank < shares.count {
            hand(.order(StageOrder(policy, shares[rank], isQuiet: isQuiet)), to: rank)
        }
        let started = now()
        var played = own.play(policy, shares.first ?? [], isQuiet: isQuiet)
        note(now() - started, for: shares.first?.count ?? 0, of: 0)
        for rank in ranks.others where rank < shares.count {
            played += take(shares[rank], from: rank)
        }
        return played
    }

    /// The others may go; they end when they hear of it. What they had still to say is heard, and nobody needs it any more.
    public func dismiss() {
        for rank in ranks.others { hand(.end, to: rank) }
        for rank in ranks.others {
            let began = now()
            while let bytes = ranks.receive(from: rank, while: { _ in now() - began < Self.patience }) {
                if case .end? = FleetMessage(bytes) { break }
            }
        }
        ranks.leave()
    }

    /// Who takes more than twice as long for a part as the quicker half of all; empty while too little is known.
    public var slow: [(rank: Int, host: String, times: Double)] {
        Self.slow(paces).map { ($0.rank, places[$0.rank].host, $0.times) }
    }

    static func slow(_ paces: [Pace]) -> [(rank: Int, times: Double)] {
        let known = paces.filter { $0.parts >= 256 }.map { $0.time.seconds / Double($0.parts) }
        guard known.count == paces.count, known.count > 1 else { return [] }
        let usual = known.sorted()[(known.count - 1) / 2]
        return known.enumerated().map { ($0.offset, $0.element / usual) }.filter { $0.times > 2 }
    }

    // MARK: One of the others

    func hand(_ message: FleetMessage, to rank: Int) {
        let began = now()
        heard[rank] = began
        let isSent = ranks.send(message.bytes, to: rank, while: { _ in now() - began < Self.patience })
        guard isSent else { lose(.lost(rank: rank, host: places[rank].host, after: now() - began)) }
    }

    private func take(_ parts: [StagePart], from rank: Int) -> [Performance] {
        let waits = now()
        let bytes = ranks.receive(from: rank, while: { _ in now() - waits < Self.patience })
        guard let bytes, case .played(let answer)? = FleetMessage(bytes), answer.performances.map(\.start) == parts
        else {
            lose(.lost(rank: rank, host: places[rank].host, after: now() - waits))
        }
        note(.nanoseconds(answer.nanoseconds), for: parts.count, of: rank)
        return answer.performances
    }

    private func note(_ time: Duration, for parts: Int, of rank: Int) {
        paces[rank].time += time
        paces[rank].parts += parts
    }

    /// Consecutive shares that differ by one part at most; none is empty.
    static func shares(of parts: [StagePart], among count: Int) -> [[StagePart]] {
        let shares = max(1, min(count, parts.count))
        return (0..<shares).map { Array(parts[(parts.count * $0 / shares)..<(parts.count * ($0 + 1) / shares)]) }
    }
}
