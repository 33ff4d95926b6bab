import Foundation
import Synchronization

/// What one flight of a campaign came to; one line of its file.
struct CampaignEntry: Codable {
    let row: String
    let moment: Int
    var outcome = ""
    /// In seconds: for how long a motor was driven and a joint moved, and for how long they might.
    var (driven, moved) = (0.0, 0.0)
    var (drivenBound, movedBound) = (0.0, 0.0)
    var isReadBack = false
    /// How fast the fastest joint was when it went wrong.
    var speed = 0.0
    var wrong: [String] = []

    init(row: String, moment: Int) {
        self.row = row
        self.moment = moment
    }

    mutating func take(_ course: FaultCourse) {
        outcome = course.cause.map { "\($0)" } ?? "\(course.state)"
        (driven, moved) = (course.driven, course.moved)
        if course.cause != nil { (drivenBound, movedBound) = course.bounds }
        isReadBack = course.isReadBack
        speed = course.speed
    }
}

/// The flights of a campaign, kept in a file where one is named; several threads add to it.
final class CampaignTable: Sendable {
    private let path: String?
    private let state: Mutex<[CampaignEntry]>

    init(at path: String?) {
        self.path = path
        let bytes = path.flatMap { try? Data(contentsOf: URL(filePath: $0)) } ?? Data()
        // The last line may be half of one, of a campaign that was killed.
        let kept = bytes.split(separator: 0x0A).compactMap { try? JSONDecoder().decode(CampaignEntry.self, from: $0) }
        state = Mutex(kept)
    }

    func entry(_ row: String, _ moment: Int) -> CampaignEntry? {
        state.withLock { $0.first { $0.row == row && $0.moment == moment } }
    }

    func entries(_ row: String) -> [CampaignEntry] { state.withLock { $0.filter { $0.row == row } } }

    func add(_ entry: CampaignEntry) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let line = Data([0x0A]) + (try encoder.encode(entry)) + Data([0x0A])
        try state.withLock { entries in
            entries.append(entry)
            guard let path else { return }
            if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(filePath: path)) }
            let file = try FileHandle(forWritingTo: URL(filePath: path))
            try file.seekToEnd()
            try file.write(contentsOf: line)
            try file.close()
        }
    }
}

/// All flights of one fault and one robot.
struct CampaignLine {
    private let entries: [CampaignEntry]

    init(_ entries: [CampaignEntry]) { self.entries = entries }

    var wrong: [String] { entries.flatMap { entry in entry.wrong.map { "moment \(entry.moment): \($0)" } } }

    var text: String {
        let name = (entries.first?.row ?? "").padding(toLength: 34, withPad: " ", startingAt: 0)
        let counts = Dictionary(grouping: entries, by: \.outcome).mapValues(\.count)
        let outcomes = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
        let back = "read back \(entries.count(where: \.isReadBack))/\(entries.count)"
        let moving = "\(entries.count { $0.speed > 0.1 }) in motion"
        let times = "driven \(span(\.driven, \.drivenBound)), moved \(span(\.moved, \.movedBound))"
        let stopped = entries.contains { $0.movedBound > 0 } ? times : "not stopped"
        let all = "\(stopped), \(back), \(moving): \(outcomes.joined(separator: ", "))"
        guard !wrong.isEmpty else { return "\(name) ok   \(all)" }
        return "\(name) FAIL \(all)  <- \(wrong.prefix(3).joined(separator: "; "))"
    }

    /// The longest that it took of those that were stopped, and the longest that it might have taken.
    private func span(
        _ took: KeyPath<CampaignEntry, Double>, _ allowed: KeyPath<CampaignEntry, Double>
    ) -> String {
        let stopped = entries.filter { $0.movedBound > 0 }
        let most = stopped.map { $0[keyPath: took] }.max() ?? 0
        return "\(Int(most * 1_000)) of \(Int((stopped.map { $0[keyPath: allowed] }.max() ?? 0) * 1_000)) ms"
    }
}
