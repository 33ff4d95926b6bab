import FoundationEssentials
import TestSupport
import Testing

@testable import Robots

/// A robot folder that is shipped, and texts that are one mistake away from its file.
struct RobotText {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Calibration")
    static let envelopes = folder.appending(path: "../safety/envelopes")

    var text: String

    init(_ name: String) throws {
        text = String(
            decoding: try Data(contentsOf: RobotText.folder.appending(path: "\(name)/robot.json5")), as: UTF8.self)
    }

    /// The robots that have a folder.
    static var names: [String] {
        let found = try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        return (found ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    static func envelope(_ name: String) throws -> EnvelopeFile {
        try EnvelopeFile(parsing: Array(try Data(contentsOf: envelopes.appending(path: "\(name).json5"))))
    }

    /// The same with one passage changed, which must be there exactly once.
    func replacing(_ passage: String, with other: String) throws -> RobotText {
        var changed = self
        try #require(text.ranges(of: passage).count == 1, "\(passage) is there \(text.ranges(of: passage).count) times")
        changed.text = text.replacing(passage, with: other)
        return changed
    }

    func parse() throws(FileProblems) -> RobotFile { try RobotFile(parsing: Array(text.utf8)) }

    /// What is wrong with it by itself, or beside the pendulum's envelope.
    func problems() throws -> [FileProblem] {
        do throws(FileProblems) {
            let file = try parse()
            _ = try Robot(file, within: EnvelopeText.shipped("pendulum"))
            return []
        } catch {
            return error.all
        }
    }
}

extension EnvelopeText {
    /// Nothing but a file of this house, so it parses.
    static func shipped(_ name: String) throws(FileProblems) -> EnvelopeFile {
        let data = (try? Data(contentsOf: RobotText.envelopes.appending(path: "\(name).json5"))) ?? Data()
        return try EnvelopeFile(parsing: Array(data))
    }
}
