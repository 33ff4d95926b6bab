import Foundation
import Episodes
import Guard
import GuardSamples
import Robots
import Testing

@Suite("Records of calibrations")
struct CalibrationFolderTests {
    private func problem(_ change: (String) -> String) -> CalibrationProblem? {
        do throws(CalibrationProblem) {
            _ = try CalibrationFile(parsing: Array(change(PlanSamples.calibration).utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test("everything in a record is there, known and in range, or it is named")
    func strict() throws {
        #expect(problem { $0 } == nil)
        let changes = [
            ("\"format\": 1", "\"format\": 2", "format"), ("\"pendulum\"", "\"\"", "robot"),
            ("2026-11-26T06:00:00Z", "2026-11-31T06:00:00Z", "made"),
            ("\"valid_days\": 30", "\"valid_days\": 0", "valid_days"),
            ("\"valid_days\": 30", "\"valid_days\": 366", "valid_days"), ("\"measured\"", "\"guessed\"", "calibration"),
            ("\"measured\"", "\"none needed\"", "devices"), ("\"id\": 1", "\"id\": 254", "devices[0].id"),
            ("\"id\": 1", "\"id\": 1.5", "devices[0].id"), ("\"serial\": null, ", "", "devices[0].serial"),
            ("\"serial\"", "\"serail\"", "devices[0].serail"), ("\"46\"", "\"\"", "devices[0].firmware"),
            ("\"settings_sha256\": null", "\"settings_sha256\": \"12\"", "devices[0].settings_sha256"),
        ]
        for (old, new, key) in changes {
            #expect(problem { $0.replacingOccurrences(of: old, with: new) }?.key == key, "\(old) → \(new)")
        }
        #expect(problem { _ in "[]" }?.key == "" && problem { _ in "{" }?.key == "")
    }

    @Test("the newest record counts, and a broken one is not passed over")
    func newest() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "records-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        #expect(try CalibrationFolder.newest(in: folder)?.name == nil)
        try write("2026-11-26-a.json", PlanSamples.calibration)
        let later = PlanSamples.calibration.replacingOccurrences(of: "11-26T", with: "11-27T")
        try write("2026-01-01-b.json", later)
        try write("notes.json", "not a record")
        #expect(try CalibrationFolder.newest(in: folder)?.name.text == "2026-01-01-b")
        try write("2026-01-02-c.json", "{")
        #expect(throws: BrokenRecord.self) { try CalibrationFolder.newest(in: folder) }
    }

    @Test("a record of another robot, device or joint is no record of this one")
    func fitting() throws {
        let record = PlanSamples.calibration
        for (old, new) in [("\"pendulum\"", "\"leg\""), ("\"id\": 1", "\"id\": 2"), ("\"swing\"", "\"knee\"")] {
            #expect(throws: FactsProblem.self) {
                try PlanSamples.facts(record.replacingOccurrences(of: old, with: new))
            }
        }
        #expect(try PlanSamples.facts().devices.first?.firmware == "46")
        #expect(try PlanSamples.facts(nil).calibration == nil)
    }
}
