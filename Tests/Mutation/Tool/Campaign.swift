import Foundation

/// Runs the tests once for every mutant.
struct Campaign {
    let executable: Executable
    let jobs: Int
    /// Where the record of reached roots goes.
    let folder: URL
    /// How often the unchanged program is timed.
    let runs: Int
    /// How many times as long a mutant may take.
    let patience: Int

    /// What the unchanged program did.
    struct Baseline {
        let time: Duration
        /// The roots that some test runs.
        let reached: Set<Int>
    }

    /// The tests must pass, and there must be some, before it says anything that they fail.
    func baseline() throws -> Baseline {
        let map = folder.appending(path: "reached").path
        try? FileManager.default.removeItem(atPath: map)
        let said = try passingRun(reached: map).said
        guard said.contains(/Test run with [1-9][0-9]* tests? .*passed/) else {
            throw ToolError.baseline("there are none:\n\(said.suffix(4_000))")
        }
        let bytes = try Data(contentsOf: URL(filePath: map))
        let times = try (0..<runs).map { _ in try passingRun(reached: nil).time }
        let reached = Set(bytes.indices.filter { bytes[$0] != 0 }.map { $0 - bytes.startIndex })
        return Baseline(time: times.max() ?? .zero, reached: reached)
    }

    private func passingRun(reached: String?) throws -> (time: Duration, said: String) {
        let start = ContinuousClock.now
        var child = try executable.start(mutant: 0, reached: reached, limit: .seconds(600))
        while true {
            if let outcome = child.poll() {
                let said = String(decoding: child.said, as: UTF8.self)
                guard outcome == .survived else {
                    throw ToolError.baseline("\(outcome.rawValue):\n\(failures(in: said))")
                }
                return (.now - start, said)
            }
            usleep(1_000)
        }
    }

    private func failures(in said: String) -> String {
        let lines = said.split(separator: "\n").filter { $0.hasPrefix("✘") || $0.hasPrefix("↳") }
        return (lines.isEmpty ? said.split(separator: "\n") : lines).suffix(40).joined(separator: "\n")
    }

    /// How often a mutant is tried again after its process was ended from outside.
    private static let secondChances = 2

    /// Calls `finished` with each result as it comes.
    func run(_ mutants: [Mutant], _ baseline: Baseline, finished: (Mutant, Outcome) throws -> Void) throws {
        let limit = max(baseline.time * patience, .seconds(2))
        var waiting = mutants[...]
        var running: [(mutant: Mutant, child: Child)] = []
        var disturbances: [Int: Int] = [:]
        while !waiting.isEmpty || !running.isEmpty {
            while running.count < jobs, let mutant = waiting.popFirst() {
                if baseline.reached.contains(mutant.root) {
                    running.append((mutant, try executable.start(mutant: mutant.number, limit: limit)))
                } else {
                    try finished(mutant, .unreached)
                }
            }
            let before = running.count
            running = try running.compactMap { mutant, child in
                var child = child
                guard let outcome = child.poll() else { return (mutant, child) }
                if outcome == .disturbed {
                    try record(mutant, in: &disturbances)
                    waiting.append(mutant)
                } else {
                    try finished(mutant, outcome)
                }
                return nil
            }
            if running.count == before { usleep(1_000) }
        }
    }

    /// A mutant that never is left in peace has no result, and without it the campaign has none.
    private func record(_ mutant: Mutant, in disturbances: inout [Int: Int]) throws {
        disturbances[mutant.number, default: 0] += 1
        let place = "\(mutant.file):\(mutant.line)"
        guard disturbances[mutant.number, default: 0] <= Self.secondChances else { throw ToolError.disturbed(place) }
        note("the tests of \(place) were ended from outside; they run again")
    }
}
