import Episodes
import Quantities
import Recordings
import Replay
import Robots
import Supervision

/// A recording that was read, with the robot that it is of.
struct LoadedRun {
    let path: String
    let episode: FlownEpisode
    let robot: RobotFile
}

extension LoadedRun {
    /// - Parameter source: the robot that counts in the place of the recording's own.
    init(
        _ path: String, robot source: RobotSource?, robots: String?, in surroundings: Surroundings
    ) throws(Outcome.Refusal) {
        let log = try EpisodeLog(atPath: path)
        let flown: FlownEpisode
        do throws(FlownProblem) { flown = try FlownEpisode(log) } catch {
            throw Outcome.Refusal(
                status: .invalidConfiguration, text: "'\(shown(path))' \(error.text)",
                next: "run 'understudy recording info \(shown(path))'")
        }
        let name = flown.plan.robot.text
        let carried = log.files["robot.json5"]
        let bytes: [UInt8]
        let place: String
        if source == nil, let carried {
            (bytes, place) = (carried, "\(path): robot.json5")
        } else {
            place = (source ?? RobotSource(name, robots: robots)).path(in: surroundings)
            guard case .success(let read) = surroundings.read(place) else {
                throw Outcome.Refusal(
                    status: .invalidConfiguration, text: "cannot read the robot '\(shown(place))'",
                    next: "say with --as or --robots where it is")
            }
            bytes = read
        }
        let file: RobotFile
        do throws(FileProblems) { file = try RobotFile(parsing: bytes) } catch {
            throw .robot(place, error)
        }
        guard file.joints.map(\.name) == log.joints else {
            throw Outcome.Refusal(
                status: .invalidConfiguration,
                text: "'\(shown(path))' is of a robot with other joints than '\(shown(place))'",
                next: "say with --as which robot it is")
        }
        self.init(path: path, episode: flown, robot: file)
    }
}

extension Outcome.Refusal {
    fileprivate static func robot(_ place: String, _ problems: FileProblems) -> Outcome.Refusal {
        let first = problems.all.first.map { "line \($0.position.line): \($0.problem)" } ?? ""
        return Outcome.Refusal(
            status: .invalidConfiguration, text: "'\(shown(place))' is not valid: \(first)",
            next: "say with --as which file is")
    }
}

extension EpisodeLog {
    /// Reads a file, or says why it is no episode.
    init(atPath path: String) throws(Outcome.Refusal) {
        switch Self.read(path) {
        case .success(let log): self = log
        case .failure(let error): throw Outcome.Refusal(path, error)
        }
    }

    /// The same of bytes that were read already.
    init(ofBytes bytes: [UInt8], at path: String) throws(Outcome.Refusal) {
        let read: Result<EpisodeLog, EpisodeLogError> = Self.read { () throws(RecordingError) in
            try RecordingReader(MemorySource(bytes))
        }
        switch read {
        case .success(let log): self = log
        case .failure(let error): throw Outcome.Refusal(path, error)
        }
    }

    private static func read<Source: ByteSource & ~Copyable>(
        _ open: () throws(RecordingError) -> RecordingReader<Source>
    ) -> Result<EpisodeLog, EpisodeLogError> {
        do throws(RecordingError) {
            let reader = try open()
            do throws(EpisodeLogError) {
                return .success(try EpisodeLog(reader, words: HouseWords.episode))
            } catch { return .failure(error) }
        } catch { return .failure(.recording(error)) }
    }

    private static func read(_ path: String) -> Result<EpisodeLog, EpisodeLogError> {
        read { () throws(RecordingError) in try RecordingReader(FileSource(opening: path)) }
    }
}
