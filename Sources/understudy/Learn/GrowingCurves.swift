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
            let story = CourseStory(try CourseLog(decoding: bytes))
            guard let trouble = surroundings.replaceBytes(file, story.events) else { return nil }
            return Outcome.Refusal(
                status: .invalidConfiguration, text: "cannot write '\(shown(file))': \(trouble.reason)",
                next: "choose another folder with \(Option.tensorboard.name)")
        } catch { return nil }
    }
}
