import Foundation

/// What the coverage export of llvm-cov says about one file.
struct CoverageReport: Decodable {
    struct Export: Decodable { let files: [File] }

    struct File: Decodable {
        let filename: String
        let segments: [Segment]
        let summary: Summary
    }

    struct Summary: Decodable {
        struct Share: Decodable {
            let count: Int
            let covered: Int
        }
        let lines: Share
        let regions: Share
    }

    /// `[line, column, count, hasCount, isRegionEntry, isGap]`, where the region that starts there ran `count` times.
    struct Segment: Decodable {
        let line: Int
        let column: Int
        let startsRegionThatNeverRan: Bool

        init(from decoder: any Decoder) throws {
            var parts = try decoder.unkeyedContainer()
            line = try parts.decode(Int.self)
            column = try parts.decode(Int.self)
            let count = try parts.decode(Int.self)
            let hasCount = try parts.decode(Bool.self)
            let isRegionEntry = try parts.decode(Bool.self)
            startsRegionThatNeverRan = count == 0 && hasCount && isRegionEntry
        }
    }

    let data: [Export]
}

/// Whether the tests ran every line and every region of a folder.
struct CoverageJudgement: Equatable {
    private(set) var lines = Count()
    private(set) var regions = Count()
    private(set) var complaints: [String] = []

    struct Count: Equatable {
        var covered = 0
        var all = 0
        var text: String { "\(covered) of \(all)" }
    }

    var passes: Bool { complaints.isEmpty }

    /// Judges the files under `folder`, which is given from the root of the checkout, such as `Sources/Supervision`.
    init(of json: Data, folder: String) throws {
        let files = try JSONDecoder().decode(CoverageReport.self, from: json).data.flatMap(\.files)
        for file in files {
            guard let start = file.filename.range(of: folder + "/")?.lowerBound else { continue }
            add(file, as: String(file.filename[start...]))
        }
        if regions.all == 0 { complaints.append("\(folder): the report says nothing about this folder") }
    }

    private mutating func add(_ file: CoverageReport.File, as path: String) {
        let (line, region) = (file.summary.lines, file.summary.regions)
        lines = Count(covered: lines.covered + line.covered, all: lines.all + line.count)
        regions = Count(covered: regions.covered + region.covered, all: regions.all + region.count)
        let places = file.segments.filter(\.startsRegionThatNeverRan)
        complaints += places.map { "\(path):\($0.line):\($0.column): no test runs this" }
        // The summary also counts what no segment shows, such as a second instance of a generic function.
        if places.isEmpty, line.covered < line.count || region.covered < region.count {
            complaints.append(
                "\(path):1: \(line.count - line.covered) lines, \(region.count - region.covered) regions never ran")
        }
    }
}
