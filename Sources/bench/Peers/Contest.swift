import Glibc

/// What ours is to reach against others, and what is to be said when it does not.
struct PeerGoal {
    let what: String
    /// At least so many times the best of the others.
    let least: Double
    let others: [String]
    let reason: String
    let lever: String

    init(_ what: String, least: Double, of others: [String], reason: String, lever: String) {
        self.what = what
        self.least = least
        self.others = others
        self.reason = reason
        self.lever = lever
    }
}

/// How all goals came out, for the end.
struct PeerVerdicts {
    private var lines: [String] = []

    /// - Parameter value: what was reached; nil when the others were not there.
    mutating func note(_ goal: PeerGoal, _ value: Double?, isReached: Bool) {
        guard let value else { return lines.append("  not compared: \(goal.what)") }
        let reached = "\(goal.what): \(PeerNumber.short(value))"
        lines.append(
            isReached
                ? "  reached: \(reached)" : "  MISSED:  \(reached)\n    why: \(goal.reason)\n    next: \(goal.lever)")
    }

    mutating func note(_ goal: PeerGoal, _ value: Double?) {
        note(goal, value, isReached: (value ?? 0) >= goal.least)
    }

    func print() { Swift.print("goals:\n\(lines.joined(separator: "\n"))") }
}

/// One kind of work: ours and the others' in turns, round by round, each round the best of its repetitions.
struct Contest {
    static let rounds = 5
    static let seconds = 0.4

    let title: String
    let unit: String
    /// What one call of ours makes.
    let units: Double
    let others: [String]
    let goals: [PeerGoal]

    func run(_ command: String?, _ verdicts: inout PeerVerdicts, _ ours: () -> Void) {
        print("\(title) (\(unit))")
        let peers = others.compactMap { words in command.map { Peer($0, words) } }
        ours()
        var own: [Double] = []
        var theirs = peers.map { _ in [Double]() }
        for _ in 0..<Self.rounds {
            own.append(best(ours))
            for (place, peer) in peers.enumerated() { theirs[place].append(peer.round().first ?? .nan) }
        }
        print("  ours: \(PeerNumber.line(own))")
        var medians: [String: Double] = [:]
        for (peer, rates) in zip(peers, theirs) {
            guard peer.isThere else {
                print("  \(peer.words): not installable here: \(peer.what)")
                continue
            }
            let ratios = zip(own, rates).map { $0 / $1 }
            medians[peer.words] = Spread(ratios).quantile(0.5)
            print("  \(peer.words) (\(peer.what)): \(PeerNumber.line(rates))")
            print("    ours is \(PeerNumber.line(ratios)) times that")
        }
        for goal in goals { verdicts.note(goal, goal.others.compactMap { medians[$0] }.min()) }
    }

    private func best(_ work: () -> Void) -> Double {
        let began = Stopwatch.nanoseconds()
        var (best, before) = (UInt64.max, began)
        repeat {
            work()
            let now = Stopwatch.nanoseconds()
            best = min(best, now - before)
            before = now
        } while Double(before - began) < Self.seconds * 1e9
        return units / (Double(best) * 1e-9)
    }
}

enum PeerNumber {
    /// The median with the range from the 5th to the 95th percentile.
    static func line(_ numbers: [Double]) -> String {
        let spread = Spread(numbers)
        return "\(short(spread.quantile(0.5))) (\(short(spread.quantile(0.05))) … \(short(spread.quantile(0.95))))"
    }

    /// Three digits or so.
    static func short(_ number: Double) -> String {
        let (scaled, suffix) =
            number >= 1e6 ? (number / 1e6, " M") : number >= 1e4 ? (number / 1e3, " k") : (number, "")
        let steps = scaled >= 100 ? 1.0 : scaled >= 10 ? 10 : scaled >= 1 ? 100 : 1_000
        return "\((scaled * steps).rounded() / steps)\(suffix)"
    }
}
