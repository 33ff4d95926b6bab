internal import Episodes
internal import Hashing
public import Learning
public import Models
internal import Policies
internal import Quantities
public import Recordings
public import Replay
internal import Robots
public import Supervision

/// A recorded episode as learning needs it.
public struct TakenEpisode: Equatable, Sendable {
    public let performance: Performance
    public let trace: Trace
    /// The number of the permit that it used up.
    public let permit: UInt64
    /// Ticks of its flight, the way to its start included.
    public let flightTicks: Int
}

/// Makes of the recording of a plan what its episode was for learning.
///
/// What the policy asked for is computed anew from its noise and held against what was recorded, bit by bit: an episode
/// that another policy flew is no evidence. What the supervisor made of it is what drives the models.
public struct RecordReader: Sendable {
    public let pupil: Pupil

    public init(_ pupil: Pupil) { self.pupil = pupil }

    /// - Parameters:
    ///   - plan: the hash of the plan that was flown.
    ///   - file: the hash that the guard has of the recording; nil asks for none.
    public func read(_ path: String, of plan: Digest, file: Digest?) throws(RecordProblem) -> TakenEpisode {
        if let file, try Self.hash(of: path) != file.text { throw .otherFile }
        let flown = try flown(path)
        guard Self.digest(flown) == plan else { throw .otherPlan }
        return try taken(flown)
    }

    /// An episode of whichever plan.
    func read(_ path: String) throws(RecordProblem) -> TakenEpisode {
        return try taken(try flown(path))
    }

    private func flown(_ path: String) throws(RecordProblem) -> FlownEpisode {
        let log = try Self.log(path)
        do throws(FlownProblem) { return try FlownEpisode(log) } catch { throw .notFlown(error) }
    }

    private static func digest(_ flown: FlownEpisode) -> Digest? {
        do throws(PlanDefect) { return try Proposal(plan: flown.plan, dossier: flown.dossier).digest } catch {
            return nil
        }
    }

    static func hash(of path: String) throws(RecordProblem) -> String {
        do throws(RecordingError) { return try FileHash(of: FileSource(opening: path)).text } catch {
            throw .recording(error)
        }
    }

    private static func log(_ path: String) throws(RecordProblem) -> EpisodeLog {
        switch episode(path) {
        case .success(let log): return log
        case .failure(let error): throw .episode(error)
        }
    }

    private static func episode(_ path: String) -> Result<EpisodeLog, EpisodeLogError> {
        do throws(RecordingError) {
            let reader = try RecordingReader(FileSource(opening: path))
            do throws(EpisodeLogError) { return .success(try EpisodeLog(reader, words: HouseWords.episode)) } catch {
                return .failure(error)
            }
        } catch { return .failure(.recording(error)) }
    }

    private func taken(_ flown: FlownEpisode) throws(RecordProblem) -> TakenEpisode {
        let stage = pupil.stage
        guard let policy = flown.policy, let first = flown.acts.first else { throw .neverBegan }
        guard policy.shape.inputs == stage.task.observations, policy.shape.outputs == stage.joints,
            flown.log.joints == pupil.robot.file.joints.map(\.name), flown.plan.horizon == pupil.robot.file.horizon
        else { throw .otherTask }
        let part = StagePart(
            measured: measured(flown.log, first), commands: commands(flown.log, first - 1, first),
            draws: pupil.robot.file.task.drawn(for: flown.plan.noise), noise: flown.plan.noise)
        var retrace = Retrace(stage, policy, part)
        var trace = Trace(measured: stage.task.measured, joints: stage.joints)
        var last: Tick?
        for place in flown.acts where retrace.isPlaying {
            let tick = flown.log.ticks[place]
            // Where the recorder had no room, nobody knows what happened: the episode ends there, as a stopped one.
            if let last, tick.tick != last + Ticks(1) { break }
            last = tick.tick
            let now = measured(flown.log, place)
            retrace.see(now, commands: commands(flown.log, place - 1, place))
            try compare(retrace.commands(), tick, after: flown.log.ticks[max(0, place - 1)])
            trace.append(now, commands(flown.log, place, place))
        }
        if retrace.isPlaying { retrace.stop() }
        guard let performance = retrace.performance() else { throw .neverBegan }
        return TakenEpisode(
            performance: performance, trace: trace, permit: flown.permit, flightTicks: flown.log.ticks.count)
    }

    private func measured(_ log: EpisodeLog, _ place: Int) -> [Float] {
        let (tick, rows) = (log.ticks[place], log.joints.indices)
        let sensors = pupil.robot.file.sensors.map { sensor in
            log.sensors.firstIndex(of: sensor.name).map { tick.sensors[$0] } ?? .nan
        }
        return rows.map { tick.joints.elements[$0].position.value } + rows.map { tick.joints.elements[$0].speed.value }
            + rows.map { tick.joints.elements[$0].effort.value } + sensors
    }

    /// What is in force by one tick; a joint that was told nothing yet stays where it is at another.
    private func commands(_ log: EpisodeLog, _ place: Int, _ now: Int) -> [Float] {
        let tick = log.ticks[max(0, place)]
        return log.joints.indices.map { joint in
            let command = tick.joints.elements[joint].supervised
            if command.value.isFinite { return command.value }
            let isPlace = pupil.robot.file.joints[joint].drive == .position
            return isPlace ? log.ticks[now].joints.elements[joint].position.value : 0
        }
    }

    /// What was asked has to be what the policy asks for. It was not asked any more on a tick before which something else
    /// than its supervisor had stopped the robot, such as a person or an adapter that was pulled out: then there stands what
    /// was asked last. Nothing of the noise decides that, so the tick counts like that of any stop.
    private func compare(_ asked: [Float], _ tick: EpisodeTick, after last: EpisodeTick) throws(RecordProblem) {
        let joints = asked.indices
        let isUnasked =
            tick.verdict.mode != HouseWords.running
            && joints.allSatisfy { Self.isSame(tick.joints.elements[$0].requested, last.joints.elements[$0].requested) }
        guard !isUnasked else { return }
        for (joint, value) in asked.enumerated() {
            let recorded = tick.joints.elements[joint].requested
            guard recorded.kind == .off || recorded.value.bitPattern == value.bitPattern || !value.isFinite else {
                throw .otherActions(tick: Int(tick.tick.rawValue), joint: joint)
            }
        }
    }

    private static func isSame(_ one: RecordedCommand, _ other: RecordedCommand) -> Bool {
        one.kind == other.kind && one.value.bitPattern == other.value.bitPattern
    }
}

/// Why a recording is no evidence.
public enum RecordProblem: Error, Equatable, Sendable {
    case recording(RecordingError)
    case episode(EpisodeLogError)
    case notFlown(FlownProblem)
    /// The file is not the one that the guard has the hash of.
    case otherFile
    case otherPlan
    case otherTask
    case neverBegan
    /// What was asked of a joint is not what the policy with its noise asks for.
    case otherActions(tick: Int, joint: Int)
}
