import Learning
import Quantities
import Recordings
import Supervision

/// How the joints moved in one recorded episode.
struct RecordedMotion {
    let episode: UInt64
    let joints: [String]
    let seconds: [Double]
    /// Joint by joint.
    let positions: [[Double]]

    /// Of the first episode, and of the last one that flew what is kept, or of the last of all: of those whose recordings are
    /// there and are whole. What cannot be read is left out: the page is about the course.
    static func firstAndLast(of log: CourseLog, in folder: String) -> (first: RecordedMotion, last: RecordedMotion)? {
        let recorded = log.entries.filter { $0.recording != nil }
        let kept = recorded.filter { $0.policy != nil && $0.policy == log.entries.last?.kept }
        guard let first = recorded.lazy.compactMap({ RecordedMotion($0, in: folder) }).first,
            let last = (recorded + kept).reversed().lazy.compactMap({ RecordedMotion($0, in: folder) }).first,
            first.episode != last.episode, first.joints == last.joints
        else { return nil }
        return (first, last)
    }

    private init?(_ entry: CourseLog.Entry, in folder: String) {
        guard let name = entry.recording,
            let log = try? EpisodeLog(atPath: name.hasPrefix("/") ? name : "\(folder)/\(name)"),
            let begin = log.ticks.first?.hostTime
        else { return nil }
        episode = entry.episode
        joints = log.joints
        seconds = log.ticks.map { $0.hostTime.seconds(since: begin) }
        positions = log.joints.indices.map { place in
            guard let joint = JointIndex(UInt8(place)) else { return [] }
            return log.ticks.map { Double($0.joints[joint].position.value) }
        }
    }
}
