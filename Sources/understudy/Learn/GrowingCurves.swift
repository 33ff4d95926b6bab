import Learning
import Robots

/// The curves of a run for TensorBoard, written anew whenever the run's log has grown: what was there stays, byte by byte.
final class GrowingCurves {
    private let log: String
    private let file: String
    private let surroundings: Surroundings
    private var length = -1

    /// - Parameter log: the run's.
    init(log: String, folder: String, in surroundings: Surroundings) {
        self.log = log
        // TensorBoard takes every file for one of its own that has this in its name.
        file = "\(folder)/\(CourseStory.eventsFile)"
        self.surroundings = surroundings
    }

    /// Says why the curves cannot be written, if they cannot.
    func grow() -> Outcome.Refusal? {
        guard case .success(let bytes) = surroundings.read(log), bytes.count != length else { return nil }
        length = bytes.count
        do throws(CourseLog.Problem) {
            return Self.leave(try CourseLog(decoding: bytes), at: file, in: surroundings)
        } catch {
            return nil
        }
    }

    /// The curves of a run that nobody keeps.
    static func leave(_ log: CourseLog, in folder: String, _ surroundings: Surroundings) -> Outcome.Refusal? {
        leave(log, at: "\(folder)/\(CourseStory.eventsFile)", in: surroundings)
    }

    private static func leave(_ log: CourseLog, at file: String, in surroundings: Surroundings) -> Outcome.Refusal? {
        guard let trouble = surroundings.replaceBytes(file, CourseStory(log).events) else { return nil }
        return Outcome.Refusal(
            status: .invalidConfiguration, text: "cannot write '\(shown(file))': \(trouble.reason)",
            next: "choose another folder with \(Option.tensorboard.name)")
    }
}
