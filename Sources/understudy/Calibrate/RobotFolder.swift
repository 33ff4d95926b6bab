import Episodes
import Guard
import Robots
import Supervision

/// A robot's folder as a calibration needs it: the file, its hash, and the records that there are.
struct RobotFolder {
    struct Record {
        let path: String
        let file: CalibrationFile
    }

    let robot: Robot
    /// The text of its body.
    let mjcf: String
    let path: String
    let folder: String
    /// Of the robot's file: plans name their task by it.
    let digest: Digest
    /// Those of robots of metal, the oldest first.
    let measured: [Record]

    var latest: Record? { measured.last }

    /// The robot with what its last record says of its model.
    var believed: RobotFile { latest.map { robot.file.calibrated(by: $0.file) } ?? robot.file }

    init(_ source: RobotSource, in surroundings: Surroundings) throws(CalibrationStop) {
        let loaded: LoadedRobot
        do throws(RobotSource.Trouble) { loaded = try source.read(in: surroundings) } catch {
            throw CalibrationStop(outcome: GuardTrouble.robot(error).outcome(in: surroundings))
        }
        (robot, mjcf, path, folder) = (loaded.robot, loaded.mjcf, loaded.path, loaded.folder)
        digest = Digest(of: loaded.bytes.span)
        var records: [Record] = []
        for name in surroundings.list(folder) ?? [] where CalibrationFile.isRecord(name) {
            let file = try Self.record("\(folder)/\(name)", in: surroundings)
            if case .measured = file.kind { records.append(Record(path: "\(folder)/\(name)", file: file)) }
        }
        measured = records.sorted { $0.file.made < $1.file.made }
    }

    private static func record(
        _ path: String, in surroundings: Surroundings
    ) throws(CalibrationStop) -> CalibrationFile {
        guard case .success(let bytes) = surroundings.read(path) else {
            throw CalibrationStop(outcome: GuardTrouble.record(path, nil).outcome(in: surroundings))
        }
        do throws(CalibrationProblem) { return try CalibrationFile(parsing: bytes) } catch {
            throw CalibrationStop(outcome: GuardTrouble.record(path, error).outcome(in: surroundings))
        }
    }
}

/// A calibration that does not come to its end, with what there is to say about it.
struct CalibrationStop: Error {
    let outcome: Outcome

    init(outcome: Outcome) { self.outcome = outcome }

    init(_ refusal: Outcome.Refusal, _ style: Style) { outcome = refusal.outcome(style) }
}
