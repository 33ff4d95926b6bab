/// What all runs come to: curves by cell, and how many times fewer real episodes the default takes.
struct LearnTable {
    struct Cell: Hashable {
        let robot: String
        let gap: LearnGap
        let method: LearnMethod
    }

    /// By cell and seed.
    private(set) var curves: [Cell: [UInt64: [Double]]] = [:]
    /// What the kept policy is worth after so many real episodes, by cell and seed.
    private(set) var kept: [Cell: [UInt64: [Int: Double]]] = [:]
    /// Worth is the mean of so many of the newest episodes that were bought.
    static let window = 8
    static let marks = [6, 12, 18, 24, 36, 60, 120, 240, 480]

    subscript(cell: Cell, seed: UInt64) -> [Double]? {
        get { curves[cell]?[seed] }
        set { curves[cell, default: [:]][seed] = newValue }
    }

    mutating func keep(_ worths: [Int: Double], _ cell: Cell, _ seed: UInt64) {
        if !worths.isEmpty { kept[cell, default: [:]][seed] = worths }
    }

    static func worth(_ curve: [Double], after count: Int) -> Double {
        let bought = curve.prefix(count).suffix(window)
        return bought.reduce(0, +) / Double(max(bought.count, 1))
    }

    /// The first number of episodes after which so much is reached; nil where it never was.
    static func needed(_ curve: [Double], for goal: Double) -> Int? {
        guard curve.count >= 6 else { return nil }
        return (6...curve.count).first { worth(curve, after: $0) >= goal }
    }

    static func row(_ curve: [Double]) -> String {
        marks.filter { $0 <= curve.count }.map { "\($0): \(text(worth(curve, after: $0)))" }.joined(separator: "  ")
    }

    /// All that was run of one robot and gap.
    func summary(_ robot: String, _ gap: LearnGap) -> String {
        var lines = ["  \(robot), gap \(gap.rawValue): median worth of a tick over seeds [95 % of bootstraps]"]
        for method in LearnMethod.allCases {
            guard let found = curves[Cell(robot: robot, gap: gap, method: method)], !found.isEmpty else { continue }
            // By seed: what is drawn again is then the same in every run.
            let all = found.keys.sorted().compactMap { found[$0] }
            let cells = Self.marks.compactMap { mark -> String? in
                let there = all.filter { $0.count >= mark }
                guard there.count == all.count else { return nil }
                return "\(mark): \(Bootstrap.text(Bootstrap.interval(there.map { Self.worth($0, after: mark) })))"
            }
            lines.append("    \(method.rawValue.padded(to: 11))\(cells.joined(separator: "  "))")
            lines += keptLines(Cell(robot: robot, gap: gap, method: method))
        }
        guard lines.count > 1 else { return lines[0] + ": nothing yet" }
        return (lines + [LearnMethod.real, .released].compactMap { ratio(robot, gap, $0) }).joined(separator: "\n")
    }

    /// What is kept, and by how much less that is worth in the end than it was worth after 24 episodes.
    private func keptLines(_ cell: Cell) -> [String] {
        guard let found = kept[cell] else { return [] }
        let all = found.keys.sorted().compactMap { found[$0] }
        let cells = Self.marks.compactMap { mark -> String? in
            let there = all.compactMap { $0[mark] }
            return there.count == all.count ? "\(mark): \(Bootstrap.text(Bootstrap.interval(there)))" : nil
        }
        var lines = ["      kept     \(cells.joined(separator: "  "))"]
        let changes = all.compactMap { worths in
            worths.keys.max().flatMap { last in worths[24].flatMap { early in worths[last].map { $0 - early } } }
        }
        if let least = changes.min() {
            let change = Bootstrap.text(Bootstrap.interval(changes))
            lines.append(
                "      kept in the end beside what was kept after 24: \(change), the least \(Self.text(least))")
        }
        return lines
    }

    /// How many times fewer episodes the default took to be where another ended.
    private func ratio(_ robot: String, _ gap: LearnGap, _ other: LearnMethod) -> String? {
        guard let own = curves[Cell(robot: robot, gap: gap, method: .usual)],
            let theirs = curves[Cell(robot: robot, gap: gap, method: other)]
        else { return nil }
        let seeds = own.keys.filter { theirs[$0] != nil }.sorted()
        guard !seeds.isEmpty else { return nil }
        var (ratios, ends, censored): ([Double], [Double], Int) = ([], [], 0)
        for seed in seeds {
            guard let mine = own[seed], let their = theirs[seed] else { continue }
            let goal = Self.worth(their, after: their.count)
            ends.append(Self.worth(mine, after: mine.count) - goal)
            if let needed = Self.needed(mine, for: goal) {
                ratios.append(Double(their.count) / Double(needed))
            } else {
                // It may be less than this; as a median has it, that is all that matters.
                ratios.append(min(1, Double(their.count) / Double(mine.count)))
                censored += 1
            }
        }
        let (ratio, end) = (Bootstrap.interval(ratios), Bootstrap.interval(ends))
        let line =
            "    where \(other.rawValue) ended, default was with so many times fewer real episodes: "
            + "\(Bootstrap.text(ratio)), never in \(censored) of \(seeds.count); "
            + "it ended higher by \(Bootstrap.text(end))"
        return ([line] + verdicts(gap, other, ratio, end))
            .joined(separator: "\n")
    }

    /// What was to be reached: the median, and no less with the robots drawn again than it says.
    private func verdicts(
        _ gap: LearnGap, _ other: LearnMethod, _ ratio: Bootstrap.Interval, _ end: Bootstrap.Interval
    ) -> [String] {
        var lines: [String] = []
        if gap == .small || gap == .medium {
            let goal = other == .real ? 5.0 : 2.0
            let word = ratio.low >= goal ? "reached" : ratio.middle >= goal ? "reached by the median only" : "missed"
            lines.append("      goal of \(Int(goal)) times fewer than \(other.rawValue): \(word)")
        }
        if other == .real {
            lines.append("      significantly worse than \(other.rawValue) in the end: \(end.high < 0 ? "YES" : "no")")
        }
        return lines
    }

    static func text(_ number: Double) -> String { "\((number * 1_000).rounded() / 1_000)" }
}

/// The median of a few numbers, with how far it would be elsewhere if the numbers had been drawn again from themselves.
enum Bootstrap {
    typealias Interval = (low: Double, middle: Double, high: Double)

    static func text(_ found: Interval) -> String {
        "\(LearnTable.text(found.middle)) [\(LearnTable.text(found.low)), \(LearnTable.text(found.high))]"
    }

    static func interval(_ numbers: [Double]) -> Interval { interval([numbers]) { middle($0.flatMap(\.self)) } }

    /// Of any statistic of numbers in strata, each of which is drawn again from itself.
    static func interval(_ strata: [[Double]], _ statistic: ([[Double]]) -> Double) -> Interval {
        var chance = GapChance(seed: 20)
        let drawn = (0..<2_000).map { _ in
            statistic(strata.map { numbers in numbers.map { _ in numbers[index(&chance, numbers.count)] } })
        }.sorted()
        return (drawn[50], statistic(strata), drawn[1_949])
    }

    private static func index(_ chance: inout GapChance, _ count: Int) -> Int {
        min(count - 1, max(0, Int((Double(chance.next()) + 1) / 2 * Double(count))))
    }

    static func middle(_ numbers: [Double]) -> Double {
        let sorted = numbers.sorted()
        guard !sorted.isEmpty else { return .nan }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
