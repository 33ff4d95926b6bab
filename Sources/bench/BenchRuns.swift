import Glibc
import Ports

// What benches of many long runs have in common: each run is told and written down at once.

extension Bench {
    static func say(_ text: String) {
        print(text)
        fflush(nil)
    }
}

/// How far it is, and how long it will take.
struct BenchPace {
    private(set) var left: Int
    private var done = 0
    private let begun = MonotonicInstant.now()
    private let minutes: Double

    init(minutes: Double, runs: Int) { (left, self.minutes) = (runs, minutes) }

    private var passed: Double { (MonotonicInstant.now() - begun) / .seconds(60) }
    var goesOn: Bool { passed < minutes }

    mutating func took(_ runs: Int) {
        (left, done) = (left - runs, done + runs)
        let rest = passed / Double(done) * Double(left)
        Bench.say("      \(done) of \(done + left) runs, about \(Int(rest.rounded(.up))) minutes for the rest")
    }
}

/// Files with a line for each run: its name, a colon, and what it came to.
enum BenchFile {
    /// None where there is no such file.
    static func rows(of path: String) -> [(name: String, rest: Substring)] {
        // SAFETY: a string lends its bytes for the call.
        guard unsafe access(path, R_OK) == 0 else { return [] }
        return String(decoding: GapRobot.bytes(of: path), as: UTF8.self).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: ":")
            return parts.count == 2 ? (String(parts[0]), parts[1]) : nil
        }
    }

    /// Says whether the file could be opened.
    @discardableResult
    static func write(_ text: String, to path: String, _ how: Int32) -> Bool {
        let bytes = Array(text.utf8)
        // SAFETY: a string lends its bytes for the call.
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | how, 0o644)
        guard descriptor >= 0 else { return false }
        // SAFETY: the array outlives the call, and the count is its own.
        _ = unsafe Glibc.write(descriptor, bytes, bytes.count)
        close(descriptor)
        return true
    }
}
