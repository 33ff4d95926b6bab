import Robots

/// Where a guard keeps the recordings of its robot, for whoever has episodes flown in order to read them.
///
/// It is looked at before anything is proposed: an episode that wore the robot and cannot be read is paid for nothing.
struct RecordingsFolder {
    let path: String
    /// The option that names it.
    let option: String

    /// Why they cannot be read, if so. A recording that is there already tells of those to come.
    var refusal: Outcome.Refusal? {
        guard let names = namesInFolder(path) else { return isThere(path) ? unreadable : missing }
        guard let newest = names.last(where: { $0.hasSuffix(".mcap") }) else { return nil }
        return mayRead("\(path)/\(newest)") ? nil : unreadable
    }

    private var missing: Outcome.Refusal {
        Outcome.Refusal(
            status: .invalidConfiguration,
            text: "the folder '\(shown(path))', where the guard is to keep its recordings, is not there",
            next: "say with \(option) where this robot's guard keeps them: what it was given with --state")
    }

    private var unreadable: Outcome.Refusal {
        Outcome.Refusal(
            status: .invalidConfiguration, text: "this user may not read the recordings in '\(shown(path))'",
            next: "'ls -l' says which group may; sudo usermod -aG understudy-recordings USER   # then log in again")
    }
}
