public import GuardCalls
public import Learning
public import Policies
public import Supervision

/// Why a learner does not go on. What it has stays in its folder.
public enum LearnerTrouble: Error, Equatable, Sendable {
    case folder(FolderError)
    case checkpoint(CheckpointError)
    case changed(RunChange)
    case plan(PlanProblem)
    case policy(PolicyError)
    case beginning(BeginningProblem)
    /// The run was to begin with files that are not named any more, and had not begun.
    case noBeginning
    case call(CallError)
    /// The recording of a plan is none that can be learnt from.
    case record(plan: Digest, path: String, RecordProblem)
    /// The guard says that it flew and has no recording.
    case noRecording(Digest)
    /// A person refused the plan; nothing may be flown in its place.
    case denied(Digest, why: String)
    /// The same plan came to nothing so often, the last time as this with this fault.
    case cameToNothing(Digest, PlanStanding.State, times: Int, fault: UInt16?)
    /// The recording is right, and not what the course asked for.
    case strangeEpisode(Digest)
    /// One of several robots, and what is wrong there.
    indirect case robot(RobotPlace, LearnerTrouble)
    /// It is not of the kind of the first robot.
    case otherKind(RunChange.Part)
    /// It goes by the record of a calibration that is another robot's of the run, or both have none.
    case sameRobot(as: Int)
    /// What another machine's guard has recorded could not be read there.
    case notSent(Digest, recording: String)
}

/// What a learner tells whoever watches.
public enum LearnerEvent: Sendable {
    /// It hands this in; the same again after a kill.
    case proposes(PlanFacts)
    case standing(PlanStanding, robot: Int)
    /// The guard of a robot gives no answer, and is looked for.
    case gone(CallError, robot: Int)
    /// And the learner's own work since the episode before: dossiers, reading, and learning where it was due.
    case took(EpisodeFacts, work: Duration)
    /// What came of a batch, and how long that took.
    case learnt([Course.Note], work: Duration)
}

public struct PlanFacts: Sendable {
    public let plan: Digest
    /// Of the course, counted from one.
    public let number: Int
    public let phase: Course.Phase
    /// Which one of the run is to fly it, counted from zero.
    public let robot: Int
}

public struct EpisodeFacts: Sendable {
    public let number: Int
    public let worth: Double
    public let isSuccess: Bool
    public let isLoss: Bool
    public let ticks: Int
    public let recording: String?
    /// Which one of the run flew it, counted from zero.
    public let robot: Int
}
