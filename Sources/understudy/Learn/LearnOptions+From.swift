import Episodes
import Learner
import Policies
import Robots
import Supervision

// What a run begins with, where somebody has more than chance.
extension LearnOptions {
    /// What it begins with, and its hash into the identity. Of a run that has begun only the hash is wanted.
    func beginning(
        _ pupil: Pupil, _ identity: inout RunIdentity, hasBegun: Bool, in surroundings: Surroundings
    ) throws(LearnerTrouble) -> Beginning? {
        guard let first = from.first else { return nil }
        do throws(BeginningProblem) {
            let bytes = try policy(first, in: surroundings)
            guard !hasBegun else {
                if let bytes {
                    identity.way.from = Digest(of: bytes.span)
                } else {
                    identity.way.from = try Beginning.digest(ofRecordings: from)
                }
                return nil
            }
            let found: Beginning
            if let bytes {
                found = try pupil.beginning(withPolicy: bytes, at: first)
            } else {
                found = try pupil.beginning(like: from, pupil.settings(identity))
                surroundings.devices.tell(Self.words(found, recordings: from.count))
            }
            identity.way.from = found.digest
            return found
        } catch { throw .beginning(error) }
    }

    /// The bytes of the only file where that is a policy; nil where there are recordings.
    private func policy(_ first: String, in surroundings: Surroundings) throws(BeginningProblem) -> [UInt8]? {
        guard from.count == 1, !first.hasSuffix(".mcap") else { return nil }
        switch surroundings.read(first) {
        case .success(let bytes): return bytes
        case .failure(let trouble): throw .unreadable(first, reason: trouble.reason)
        }
    }

    /// How like it is, as far as that can be said.
    static func words(_ beginning: Beginning, recordings: Int) -> String {
        let share = beginning.explained.map {
            ", and would explain \(decimal(100 * $0, 0)) % of what was asked in the last of them from the others"
        }
        return "begins like \(recordings) \(recordings == 1 ? "recording" : "recordings")\(share ?? "")\n"
    }
}

extension Outcome.Refusal {
    init(_ problem: BeginningProblem, robot: String) {
        switch problem {
        case .unreadable(let path, let reason):
            self.init(
                status: .invalidConfiguration, text: "cannot read '\(shown(path))': \(reason)",
                next: Self.separation(path) ?? "check the path, and who may read the file")
        case .noPolicy(let path, let error):
            self.init(
                status: .invalidConfiguration, text: "'\(shown(path))' is no policy: \(error)",
                next: "name the 'policy' of a run's folder, an .npz of NumPy, or recordings, whose names end in .mcap")
        case .otherForm(let path, let found, let needed):
            self.init(
                status: .invalidConfiguration,
                text: "the policy '\(shown(path))' \(found.words); this robot's \(needed.words)",
                next: "name a policy of this task, or recordings of episodes that it should be like")
        case .record(let path, let problem):
            self.init(
                status: .invalidConfiguration,
                text: "'\(shown(path))' is no episode of this task that can be imitated: \(problem)",
                next: Self.separation(path) ?? "understudy recording info '\(shown(path))'")
        case .diverged(let error):
            self.init(
                status: .failed, text: "what was recorded leads out of the numbers: \(error)",
                next: "leave out recordings, one after the other, until it does not")
        }
    }

    /// Whoever gave several files at once.
    private static func separation(_ path: String) -> String? {
        path.contains(",") ? "check the path; several files are given as --from FILE --from FILE" : nil
    }
}

extension PolicyShape {
    fileprivate var words: String {
        "sees \(inputs) numbers, asks for \(outputs) and \(squashes ? "squashes" : "clips") them"
    }
}
