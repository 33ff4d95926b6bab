internal import Episodes
internal import GuardCalls
public import Learning
internal import Models
internal import Policies
internal import Quantities
internal import Robots
internal import Supervision

/// A learner on its way: proposes what its course wants next to each of its robots, waits, reads, learns, and writes down
/// where it stands before anything else happens.
///
/// It may die at any instruction. What it goes on from makes the same plan again, which the guard knows by its hash; a
/// plan that has ended is read again; what was learnt since the last checkpoint is learnt again with the same bits.
public struct LearnerSession: ~Copyable {
    public let identity: RunIdentity
    public internal(set) var course: Course
    /// One for each robot, whose plans are bound to its own calibration. What they foretell is of the same model.
    private let writers: [PlanWriter]
    let reader: RecordReader
    let folder: LearnerFolder
    private let head: CourseLog.Head
    let period: Double
    var state: RunState
    private var troupe: any Troupe
    let now: () -> Duration
    /// The learner's own work since it took episodes last.
    var work = Duration.zero

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
        let robots = Array(repeating: RunState.RobotState(), count: identity.robots)
        var state = begun ?? RunState(course: course.checkpoint, robots: robots)
        guard state.robots.count == identity.robots else { throw .folder(.damaged("checkpoint")) }
        if begun == nil {
            do throws(FolderError) { try folder.keep(&state, head.encoded) } catch { throw .folder(error) }
        }
        self.identity = identity
        (self.head, self.period, self.course, self.state, self.now) = (head, period, course, state, now)
        writers = ([identity.calibration] + identity.others).map {
            PlanWriter(pupil, envelope: identity.envelope, calibration: $0, threads: threads)
        }
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

    /// An episode of each robot, or what is learnt from a batch of them.
    ///
    /// - Parameter goesOn: is asked a few times a second while there is something to wait for.
    public mutating func step(
        _ cast: inout Cast, while goesOn: () -> Bool, tell: (LearnerEvent) -> Void
    ) throws(LearnerTrouble) -> Step {
        if course.isDue {
            try learn(tell)
            return .goesOn
        }
        let started = now()
        let wave = try planned()
        guard !wave.isEmpty else { return .over }
        try announce(wave.map(\.proposal))
        work += now() - started
        for (robot, planned) in wave.enumerated() {
            let number = course.episodes + robot + 1
            tell(
                .proposes(
                    PlanFacts(plan: planned.proposal.digest, number: number, phase: course.phase, robot: robot)))
        }
        let flights = try cast.fly(wave.map(\.proposal), while: goesOn) { robot, news in
            switch news {
            case .standing(let standing): tell(.standing(standing, robot: robot))
            case .gone(let error): tell(.gone(error, robot: robot))
            }
        }
        guard let flights else { return .interrupted }
        // Otherwise the same plans are handed in once more: what has flown already is known to its guard, and read again.
        if try haveFlown(flights, cast) { try take(flights, wave.map(\.foretold), cast, tell) }
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
    private func announce(_ wave: [Proposal]) throws(LearnerTrouble) {
        guard let purchase = course.purchase, let first = wave.first else { return }
        var next = NextPurchase(plan: first.digest, purchase: purchase, price: first.plan.cost)
        next.others = wave.dropFirst().map(\.digest)
        do throws(FolderError) { try folder.announce(next) } catch { throw .folder(error) }
    }

    /// What every robot is to fly next. It follows from the checkpoint, and not from who has flown already.
    private func planned() throws(LearnerTrouble) -> [PlanWriter.Planned] {
        var wave: [PlanWriter.Planned] = []
        do throws(PlanProblem) {
            for (robot, writer) in writers.enumerated() {
                let known = state.robots[robot]
                let planned = try writer.planned(course, robot: robot, anchor: known.anchor, known.misses)
                wave += planned.map { [$0] } ?? []
            }
        } catch { throw .plan(error) }
        return wave
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

    mutating func keep(_ lines: [UInt8]) throws(LearnerTrouble) {
        state.course = course.checkpoint
        do throws(FolderError) { try folder.keep(&state, lines) } catch { throw .folder(error) }
    }
}
