import Episodes
import Glibc
import Guard
import GuardCalls
import Learner
import Learning
import Ports
import Robots
import Supervision
import Varlink

extension LearnOptions {
    func run(in surroundings: Surroundings) -> Outcome {
        source.load(asJSON: asJSON, in: surroundings) { loaded in
            let (record, bytes, pupil): (CalibrationFile?, [UInt8], Pupil)
            do throws(BrokenRecord) {
                let newest = try CalibrationFolder.newest(in: loaded.folder)
                (record, bytes) = (newest?.file, newest?.bytes ?? [])
                let words = newest.flatMap {
                    loaded.robot.file.passingOver(
                        $0.file, at: "\(loaded.folder)/\($0.name.text).json",
                        next: "understudy calibrate \(shown(source.name))")
                }
                if let words { surroundings.devices.tell(words) }
            } catch {
                return GuardTrouble.record("\(loaded.folder)/\(error.file)", error.problem).outcome(in: surroundings)
            }
            do throws(PupilProblem) { pupil = try Pupil(loaded.robot, bytes: loaded.bytes, record: record) } catch {
                return Outcome.Refusal(error, robot: source.name).outcome(surroundings.errors)
            }
            let pupils = { record in Self.pupil(loaded.robot, bytes: loaded.bytes, record: record) }
            return company(pupil, bytes, in: surroundings, pupils) { company in
                do throws(LearnerTrouble) {
                    return isDryRun
                        ? try rehearse(pupil, company.troupe, in: surroundings)
                        : try learn(pupil, record?.digest, company, in: surroundings)
                } catch { return outcome(error, surroundings.errors) }
            }
        }
    }

    /// By a record that another machine has sent; nil where it is none.
    private static func pupil(_ robot: Robot, bytes: [UInt8], record: [UInt8]) -> Pupil? {
        guard !record.isEmpty else { return try? Pupil(robot, bytes: bytes) }
        return (try? CalibrationFile(parsing: record)).flatMap { try? Pupil(robot, bytes: bytes, record: $0) }
    }

    private var folder: String { run ?? "/var/lib/understudy-learner/\(source.name)/run" }

    private func learn(
        _ pupil: Pupil, _ record: Digest?, _ company: Company, in surroundings: Surroundings
    ) throws(LearnerTrouble) -> Outcome {
        var cast = Cast(link(), recordings: recordingsFolder.path)
        let isInterrupted = surroundings.devices.isInterrupted
        guard let guarded = try cast.robot(while: { !isInterrupted() }) else { return Outcome() }
        try check(pupil, record, guarded)
        if let refusal = recordingsFolder.refusal { return refusal.outcome(surroundings.errors) }
        let folder = try LearnerFolder(openingAt: folder)
        let (path, begun) = (folder.path, try folder.begun())
        let robots = guards ?? begun?.robots ?? 1
        if let refusal = company.refusal(robots: robots, source.name) { return refusal.outcome(surroundings.errors) }
        var identity = identity(pupil, guarded, begun)
        if let fleet = company.fleet, robots > 1 {
            let others = try cast.join(robots - 1, of: fleet, like: guarded, while: { !isInterrupted() })
            guard let others else { return Outcome() }
            identity.others = others.map { $0.calibration ?? .zero }
        }
        if let idle = idle(by: identity.method) { return idle.outcome(surroundings.errors) }
        let beginning = try beginning(pupil, &identity, hasBegun: folder.hasBegun, in: surroundings)
        let session = try LearnerSession(
            pupil, identity, in: folder, with: company.troupe, beginningWith: beginning, threads: Self.threads,
            now: Self.clock)
        let places = [RobotPlace(rank: 0, host: "here", socket: self.path)] + (company.fleet?.places.dropFirst() ?? [])
        var view = try LearnView(
            identity, session, at: places, asJSON: asJSON, tick: pupil.robot.file.period, in: surroundings)
        let curves = events.map { GrowingCurves(log: "\(path)/\(LearnerFolder.log)", folder: $0, in: surroundings) }
        if let trouble = curves?.grow() { return trouble.outcome(surroundings.errors) }
        return try follow(session, company, &cast, &view, curves, at: path, isInterrupted)
    }

    var recordingsFolder: RecordingsFolder {
        RecordingsFolder(path: recordings ?? GuardInterface.state(of: source.name), option: "--recordings")
    }

    private func follow(
        _ session: consuming LearnerSession, _ company: Company, _ cast: inout Cast, _ view: inout LearnView,
        _ curves: GrowingCurves?, at path: String, _ isInterrupted: () -> Bool
    ) throws(LearnerTrouble) -> Outcome {
        var session = session
        while true {
            let step = try session.step(&cast, while: { !isInterrupted() }, tell: { view.tell($0) })
            company.tellOfSlowRanks()
            if let trouble = curves?.grow() { view.complain(trouble) }
            if step == .goesOn, !isInterrupted() { continue }
            if step == .over { try session.close() }
            return view.close(session.course, isOver: step == .over, at: path)
        }
    }

    /// The robot of the guard and that of the files have to be one.
    private func check(
        _ pupil: Pupil, _ record: Digest?, _ guarded: GuardCalls.GuardedRobot
    ) throws(LearnerTrouble) {
        // What is believed of the model comes from the record: it has to be the one that the guard goes by.
        if let known = guarded.calibration, record != known {
            throw .changed(.hash(.calibration, then: known, now: record ?? .zero))
        }
        if pupil.digest != guarded.robot {
            throw .changed(.hash(.robotFile, then: guarded.robot, now: pupil.digest))
        }
        let envelope = pupil.robot.envelope.envelope.identity
        if envelope != guarded.envelope {
            throw .changed(.hash(.envelope, then: guarded.envelope, now: envelope))
        }
    }

    /// What the run is of: as it began, as far as nobody says otherwise.
    private func identity(
        _ pupil: Pupil, _ guarded: GuardCalls.GuardedRobot, _ begun: RunIdentity?
    ) -> RunIdentity {
        let file = pupil.robot.file
        return RunIdentity(
            robot: guarded.name, file: guarded.robot, envelope: guarded.envelope,
            calibration: guarded.calibration ?? .zero,
            method: method ?? begun?.method ?? file.learning.estimator.method, seed: seed ?? begun?.seed ?? 1,
            episodes: episodes ?? begun?.episodes ?? file.budget.limitEpisodes ?? 100,
            way: way(of: begun))
    }

    func link() -> GuardLink {
        let path = path
        return GuardLink(
            pause: { MonotonicInstant.sleep(until: .now() + .milliseconds(200)) },
            connect: { () throws(CallError) in try GuardCaller(to: path, by: .now() + .seconds(5)) })
    }

    /// As many as the machine has, and no more than share a rehearsal well.
    static var threads: Int { min(8, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    static func clock() -> Duration { .nanoseconds(MonotonicInstant.now().nanoseconds) }
}

extension LearnerFolder {
    init(openingAt path: String) throws(LearnerTrouble) {
        do throws(FolderError) { self = try LearnerFolder(at: path) } catch { throw .folder(error) }
    }
    fileprivate borrowing func begun() throws(LearnerTrouble) -> RunIdentity? {
        do throws(FolderError) { return try identity() } catch { throw .folder(error) }
    }
}
