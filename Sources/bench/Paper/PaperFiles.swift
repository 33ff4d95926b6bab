import Glibc
import Simulator

/// Runs that were made, a line each.
struct PaperFile: Sendable {
    private let path: String
    private(set) var marks: [String: [PaperMark]] = [:]

    init(_ path: String) {
        self.path = path
        for (name, rest) in BenchFile.rows(of: path) {
            let found = rest.split(separator: ";").compactMap { PaperMark($0) }
            if !found.isEmpty { marks[name] = found }
        }
    }

    func append(_ name: String, _ marks: [PaperMark]) {
        PaperFiles.write("\(name): \(marks.map(\.text).joined(separator: "; "))\n", to: path, O_APPEND)
    }
}

extension PaperMark {
    fileprivate var text: String { "\(learning) \(judging) \(model) \(worth) \(factor) \(gain)" }

    fileprivate init?(_ text: Substring) {
        let numbers = text.split(separator: " ").compactMap { Double($0) }
        guard numbers.count == 6 else { return nil }
        self.init(
            learning: Int(numbers[0]), judging: Int(numbers[1]), model: Int(numbers[2]), worth: numbers[3],
            factor: numbers[4], gain: numbers[5])
    }
}

enum PaperFiles {
    /// The texts of the robots' files, from where Gymnasium is.
    static func robots(_ plan: PaperPlan) -> [PublishedRobot: String]? {
        let folder = plan.gymnasium ?? installed(plan.python)
        var texts: [PublishedRobot: String] = [:]
        for robot in PublishedRobot.allCases {
            let path = "\(folder)/\(robot.file)"
            guard unsafe access(path, R_OK) == 0 else { return nil }
            texts[robot] = String(decoding: GapRobot.bytes(of: path), as: UTF8.self)
        }
        return texts
    }

    /// What Python says; empty where it says nothing.
    private static func installed(_ python: String) -> String {
        let words =
            "'\(python)' -c 'import importlib.util as u; s = u.find_spec(\"gymnasium\"); "
            + "print(s.submodule_search_locations[0] + \"/envs/mujoco/assets\")' 2>/dev/null"
        // SAFETY: both strings lend their bytes for the call; the stream is closed here and used nowhere else.
        guard let stream = unsafe popen(words, "r") else { return "" }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe fread(&bytes, 1, bytes.count, stream)
        unsafe pclose(stream)
        return String(String(decoding: bytes.prefix(count), as: UTF8.self).prefix { $0 != "\n" })
    }

    static func write(_ text: String, to path: String, _ how: Int32 = O_TRUNC) {
        if !BenchFile.write(text, to: path, how) { Bench.say("paper: \(path) cannot be written") }
    }
}
