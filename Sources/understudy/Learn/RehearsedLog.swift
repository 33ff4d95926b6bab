import Learner
import Learning
import Quantities
import Robots

/// What a dry run would have written down of its episodes, for its curves.
struct RehearsedLog {
    private(set) var log: CourseLog
    private let period: Double

    init(_ pupil: Pupil, _ identity: RunIdentity) {
        period = Double(pupil.robot.file.period.value)
        log = CourseLog(
            CourseLog.Head(
                robot: identity.robot, run: identity.seed, method: identity.method, tickSeconds: period,
                horizon: pupil.objective.horizon))
    }

    /// What the next episode is for, before it is played.
    struct Asked {
        let phase: Course.Phase
        let isCandidate: Bool
        let purchase: Purchase?
    }

    func asks(_ course: Course) -> Asked {
        Asked(phase: course.phase, isCandidate: course.candidate != nil, purchase: course.purchase)
    }

    mutating func add(_ taken: TakenEpisode, of course: Course, _ asked: Asked, _ notes: [Course.Note]) {
        let before = log.entries.last?.robotSeconds ?? 0
        let entry = CourseLog.Entry(
            episode: taken.permit, realEpisodes: log.entries.count + 1,
            robotSeconds: before + Double(taken.flightTicks) * period,
            worth: course.settings.objective.perTick(taken.performance), phase: asked.phase,
            isCandidate: asked.isCandidate, notes: notes, purchase: asked.purchase)
        log = CourseLog(log.head, log.entries + [entry])
    }
}
