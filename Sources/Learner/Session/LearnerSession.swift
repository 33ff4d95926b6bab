internal import Episodes
internal import GuardCalls
public import Learning
internal import Models
internal import Policies
internal import Quantities
internal import Robots
internal import Supervision

/// A learner on its way: proposes what its course wants next, waits, reads, learns, and writes down where it stands
/// before anything else happens.
///
/// It may die at any instruction. What it goes on from makes the same plan again, which the guard knows by its hash; a
/// plan that has ended is read again; what was learnt since the last checkpoint is learnt again with the same bits.
public struct LearnerSession: ~Copyable {
    public let identity: RunIdentity
    public private(set) var course: Course
    private let writer: PlanWriter
    private let reader: RecordReader
    private let folder: LearnerFolder
    private let head: CourseLog.Head
    private let period: Double
    private var state: RunState
    private var troupe: any Troupe
    private let now: () -> Duration
    /// The learner's own work since it took an episode last.
    private var work = Duration.zero
    /// The same plan may come to nothing so often: lost with its guard, or not begun.
    private static let patience = 3

    /// Goes on with what is in the folder, or begins there.
    ///
    /// - Parameters:
    ///   - now: a clock that only goes on.
    ///   - troupe: plays what is rehearsed. It may end the process: what is not written down yet is learnt again.
    ///   - beginning: what it begins with, where the identity names something.
    ///   - threads: for what is foretold of a plan.
    ///   - adjust: what is different in the settings of a course; the same whenever it goes on.
    public init(
        _ pupil: Pupil, _ identity: RunIdentity, in folder: consuming LearnerFolder, with troupe: any Troupe,
        beginningWith beginning: Beginning? = nil, threads: Int, now: @escaping () -> Duration,
        adjust: (inout Course.Settings) -> Void = { _ in }
    ) throws(LearnerTrouble) {
        var settings = pupil.settings(identity)
        adjust(&settings)
        let period = Double(pupil.robot.file.period.value)
        let head = CourseLog.Head(
            robot: identity.robot, run: identity.seed, method: identity.method, tickSeconds: period,
            horizon: pupil.objective.horizon)
        let begun = try Self.begun(folder, identity)
        if begun == nil, identity.way.from != beginning?.digest { throw .noBeginning }
        let course = try Self.course(pupil, settings, begun, beginning)
        var state = begun ?? RunState(course: course.checkpoint)
        if begun == nil {
            do throws(FolderError) { try folder.keep(&state, head.encoded) } catch { throw .folder(error) }
        }
        self.identity = identity
        (self.head, self.period, self.course, self.state, self.now) = (head, period, course, state, now)
        writer = PlanWriter(
            pupil, envelope: identity.envelope, calibration: identity.calibration, threads: threads)
        reader = RecordReader(pupil)
        self.troupe = troupe
        self.folder = folder
    }

    private static func begun(
        _ folder: borrowing LearnerFolder, _ identity: RunIdentity
    ) throws(LearnerTrouble) -> RunState? {
        let change: RunChange?
        do throws(FolderError) { change = try folder.identity()?.change(to: identity) } catch { throw .folder(error) }
        if let change { throw .changed(change) }
        do throws(FolderError) {
            try folder.note(identity)
            return try folder.state()
        } catch { throw .folder(error) }
    }

    /// As it stands in the folder, or its very beginning.
    private static func course(
        _ pupil: Pupil, _ settings: Course.Settings, _ begun: RunState?, _ beginning: Beginning?
    ) throws(LearnerTrouble) -> Course {
        if let begun {
            do throws(CheckpointError) { return try Course(checkpoint: begun.course, settings) } catch {
                throw .checkpoint(error)
            }
        }
        do throws(PolicyError) { return try pupil.course(settings, beginningWith: beginning) } catch {
            throw .policy(error)
        }
    }

    public enum Step: Equatable, Sendable {
        case goesOn
        case over
        /// Somebody wanted it to end; it goes on from here another time.
        case interrupted
    }

    /// One episode, or what is learnt from a batch of them.
    ///
    /// - Parameters:
    ///   - recordings: where the guard keeps them.
    ///   - goesOn: is asked a few times a second while there is something to wait for.
    public mutating func step(
        _ link: inout GuardLink, recordings: String, while goesOn: () -> Bool, tell: (LearnerEvent) -> Void
    ) throws(LearnerTrouble) -> Step {
        if course.isDue {
            try learn(tell)
            return .goesOn
        }
        let started = now()
        guard let planned = try planned() else { return .over }
        let proposal = planned.proposal
        try announce(proposal)
        work += now() - started
        tell(.proposes(PlanFacts(plan: proposal.digest, number: course.episodes + 1, phase: course.phase)))
        let standing: PlanStanding?
        do throws(CallError) {
            standing =
                try link.ask(while: goesOn) { caller throws(CallError) in
                    _ = try caller.propose(proposal)
                    return try caller.follow(proposal.digest, while: goesOn) { tell(.standing($0)) }
                } ?? nil
        } catch { throw .call(error) }
        guard let standing else { return .interrupted }
        try end(standing, planned.foretold, recordings, tell)
        return .goesOn
    }

    /// Leaves the policy that was learnt beside the checkpoint, for whoever wants it by itself.
    public func close() throws(LearnerTrouble) {
        do throws(FolderError) { try folder.leave(course.kept) } catch { throw .folder(error) }
    }

    /// What the episodes that were taken were worth, in their order.
    public func worths() throws(LearnerTrouble) -> [Double] {
        let written: [Double]
        do throws(FolderError) { written = try folder.worths(state.logged) } catch { throw .folder(error) }
        return written + (pending.map { [$0.worth] } ?? [])
    }

    /// Before anybody approves it: what it is bought for, for `understudy budget`.
    private func announce(_ proposal: Proposal) throws(LearnerTrouble) {
        guard let purchase = course.purchase else { return }
        let next = NextPurchase(plan: proposal.digest, purchase: purchase, price: proposal.plan.cost)
        do throws(FolderError) { try folder.announce(next) } catch { throw .folder(error) }
    }

    private func planned() throws(LearnerTrouble) -> PlanWriter.Planned? {
        do throws(PlanProblem) { return try writer.planned(course, anchor: state.anchor, state.misses) } catch {
            throw .plan(error)
        }
    }

    /// What a learner makes of how a plan ended.
    private mutating func end(
        _ standing: PlanStanding, _ foretold: Foretold, _ recordings: String, _ tell: (LearnerEvent) -> Void
    ) throws(LearnerTrouble) {
        switch standing.state {
        case .finished, .stopped: try take(standing, foretold, recordings, tell)
        // Nothing else may be flown in the place of what a person refused.
        case .denied: throw .denied(standing.plan, why: standing.why ?? "")
        // Nobody decided, or the robot was not ready: the same plan is handed in once more.
        case .expired: break
        // The same once more, and not another with other noise: leaving out what is lost would choose among noises by
        // how well they end. Nothing of a lost episode is used.
        case .lost, .failed: try setBack(standing)
        case .proposed, .approved, .running: preconditionFailure("\(standing.state) is no end")
        }
    }

    private mutating func setBack(_ standing: PlanStanding) throws(LearnerTrouble) {
        state.setbacks += 1
        try keep([])
        guard state.setbacks < Self.patience else {
            throw .cameToNothing(
                standing.plan, standing.state, times: Int(state.setbacks), fault: standing.fault)
        }
    }

    private mutating func take(
        _ standing: PlanStanding, _ foretold: Foretold, _ recordings: String, _ tell: (LearnerEvent) -> Void
    ) throws(LearnerTrouble) {
        let started = now()
        guard let name = standing.recording else { throw .noRecording(standing.plan) }
        let path = name.hasPrefix("/") ? name : "\(recordings)/\(name)"
        let taken: TakenEpisode
        do throws(RecordProblem) {
            taken = try reader.read(path, of: standing.plan, file: standing.recordingDigest)
        } catch { throw .record(plan: standing.plan, path: path, error) }
        let (policy, purchase, phase, isCandidate) = (
            course.playing, course.purchase, course.phase, course.candidate != nil
        )
        guard course.take(taken.performance, taken.trace) else { throw .strangeEpisode(standing.plan) }
        state.anchor = PlanWriter.anchor(state.anchor, after: policy, over: taken.performance)
        state.misses.add(foretold.miss(of: taken.trace), hasLeft: standing.fault == UInt16(Fault.leftTube.rawValue))
        state.setbacks = 0
        state.robotSeconds += Double(taken.flightTicks) * period
        work += now() - started
        let worth = course.settings.objective.perTick(taken.performance)
        let entry = CourseLog.Entry(
            episode: taken.permit, realEpisodes: course.episodes, robotSeconds: state.robotSeconds, worth: worth,
            phase: phase, isCandidate: isCandidate, purchase: purchase, recording: path,
            fault: standing.fault.map { Int($0) }, policy: policy.shortName, kept: course.kept.shortName)
        // The last one of a batch is written together with what came of it.
        state.pending = course.isDue ? entry.encoded : []
        try keep(course.isDue ? [] : entry.encoded)
        tell(
            .took(
                EpisodeFacts(
                    number: course.episodes, worth: worth, isSuccess: taken.performance.isSuccess,
                    isLoss: taken.performance.ending.isLoss, ticks: taken.flightTicks, work: work, recording: path)))
        work = .zero
    }

    private var pending: CourseLog.Entry? {
        guard !state.pending.isEmpty else { return nil }
        do throws(CourseLog.Problem) {
            return try CourseLog(decoding: head.encoded + state.pending).entries.first
        } catch { preconditionFailure("an entry that was written by this program: \(error)") }
    }

    private mutating func learn(_ tell: (LearnerEvent) -> Void) throws(LearnerTrouble) {
        let (started, known) = (now(), course.notes.count)
        do throws(PolicyError) { try course.advance(with: &troupe) } catch { throw .policy(error) }
        let spent = now() - started
        work += spent
        let notes = Array(course.notes[known...])
        let entry = pending.map { $0.with(notes, kept: course.kept.shortName) }
        state.pending = []
        try keep(entry?.encoded ?? [])
        tell(.learnt(notes, work: spent))
    }

    private mutating func keep(_ lines: [UInt8]) throws(LearnerTrouble) {
        state.course = course.checkpoint
        do throws(FolderError) { try folder.keep(&state, lines) } catch { throw .folder(error) }
    }
}

extension CourseLog.Entry {
    fileprivate func with(_ notes: [Course.Note], kept: String) -> CourseLog.Entry {
        CourseLog.Entry(
            episode: episode, realEpisodes: realEpisodes, robotSeconds: robotSeconds, worth: worth, phase: phase,
            isCandidate: isCandidate, notes: notes, purchase: purchase, recording: recording, fault: fault,
            policy: policy,
            kept: kept)
    }
}
