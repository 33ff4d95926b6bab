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
            ("\"format\": 1", "\"format\": 3", "format"), ("\"format\": 1", "\"format\": 2", "joints"),
            ("\"pendulum\"", "\"\"", "robot"),
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

    private static let found = RobotSample.foundRecord()

    @Test("what was found of a model counts in the place of the robot's file, and a robot without it stays as it is")
    func found() throws {
        let file = try CalibrationFile(parsing: Array(Self.found.utf8))
        #expect(file.session == 3 && file.joints.map(\.name) == ["swing"])
        #expect(file.joints[0].friction == 0.012 && file.joints[0].delay == nil)
        #expect(file.parameters.map(\.name) == ["mgl"] && file.parameters[0].interval == 0.1...0.102)
        #expect(file.predictions.map(\.after) == [0.02] && file.ahead == 0.5)
        let sample = try RobotSample("pendulum", record: Self.found, isVirtual: false)
        let robot = sample.robot.file.calibrated(by: file)
        func weight(_ robot: RobotFile) -> RobotFile.Model.Parameter? {
            robot.models[0].parameters.first { $0.name == "mgl" }
        }
        #expect(weight(robot)?.value == 0.101 && weight(robot)?.interval == 0.1...0.102)
        #expect(weight(sample.robot.file)?.value == 0.108)
        #expect(sample.robot.file.missingModel(of: file) == nil)
        let old = Self.found.replacingOccurrences(of: "\"name\": \"rod\"", with: "\"name\": \"stick\"")
        let gone = try CalibrationFile(parsing: Array(old.utf8))
        #expect(sample.robot.file.missingModel(of: gone) == "stick")
        #expect(weight(sample.robot.file.calibrated(by: gone))?.value == 0.108)
        // Beyond what the robot's file says can be, it is not believed.
        let wild = Self.found.replacingOccurrences(of: "\"value\": 0.101", with: "\"value\": 7")
        let other = sample.robot.file.calibrated(by: try CalibrationFile(parsing: Array(wild.utf8)))
        #expect(weight(other)?.value == 0.108)
        for (old, key) in [("\"session\": 3,", "session"), ("\"value\": 0.101,", "model.parameters[0].value")] {
            let broken = Self.found.replacingOccurrences(of: old, with: "")
            let error = #expect(throws: CalibrationProblem.self) {
                _ = try CalibrationFile(parsing: Array(broken.utf8))
            }
            #expect(error?.key == key, "\(old)")
        }
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
