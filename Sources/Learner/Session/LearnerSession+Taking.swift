internal import Episodes
internal import GuardCalls
internal import Learning
internal import Models
internal import Policies
internal import Supervision

// What a learner makes of how plans ended.
extension LearnerSession {
    /// The same plan may come to nothing so often: lost with its guard, or not begun.
    private static var patience: UInt32 { 3 }

    /// Whether all of a wave have flown. Nothing of it is taken before: what is learnt shall not depend on who was first.
    mutating func haveFlown(_ flights: [Flight?], _ cast: borrowing Cast) throws(LearnerTrouble) -> Bool {
        var count = 0
        for (robot, flight) in flights.enumerated() {
            guard let standing = flight?.standing else { continue }
            do throws(LearnerTrouble) { count += try hasFlown(standing, robot) ? 1 : 0 } catch {
                throw cast.trouble(error, of: robot)
            }
        }
        return count == flights.count
    }

    private mutating func hasFlown(_ standing: PlanStanding, _ robot: Int) throws(LearnerTrouble) -> Bool {
        switch standing.state {
        case .finished, .stopped: return true
        // Nothing else may be flown in the place of what a person refused.
        case .denied: throw .denied(standing.plan, why: standing.why ?? "")
        // Nobody decided, or the robot was not ready: the same plan is handed in once more.
        case .expired: return false
        // The same once more, and not another with other noise: leaving out what is lost would choose among noises by
        // how well they end. Nothing of a lost episode is used.
        case .lost, .failed:
            // A person stopped the robot before it began: no fault of the plan's, and nothing was lost.
            if standing.state == .failed, standing.fault == UInt16(Fault.operatorStop.rawValue) { return false }
            try setBack(standing, robot)
            return false
        case .proposed, .approved, .running: preconditionFailure("\(standing.state) is no end")
        }
    }

    private mutating func setBack(_ standing: PlanStanding, _ robot: Int) throws(LearnerTrouble) {
        state.robots[robot].setbacks += 1
        try keep([])
        let times = state.robots[robot].setbacks
        guard times < Self.patience else {
            throw .cameToNothing(standing.plan, standing.state, times: Int(times), fault: standing.fault)
        }
    }

    /// Takes what all robots have flown, in their order, and writes it down at once.
    mutating func take(
        _ flights: [Flight?], _ foretold: [Foretold], _ cast: borrowing Cast, _ tell: (LearnerEvent) -> Void
    ) throws(LearnerTrouble) {
        let started = now()
        var (entries, facts): ([CourseLog.Entry], [EpisodeFacts]) = ([], [])
        for (robot, flight) in flights.enumerated() {
            guard let flight else { preconditionFailure("whoever has not flown is waited for") }
            do throws(LearnerTrouble) {
                let (path, name) = try recording(of: flight, robot, in: cast.recordings)
                let taken = try read(path, flight.standing)
                entries.append(try take(taken, flight.standing, foretold[robot], robot, name))
                facts.append(EpisodeFacts(entries[robot], taken, robot))
            } catch { throw cast.trouble(error, of: robot) }
        }
        work += now() - started
        // The last one of a batch is written together with what came of it.
        state.pending = course.isDue ? entries.last?.encoded ?? [] : []
        try keep((course.isDue ? entries.dropLast() : entries[...]).flatMap(\.encoded))
        for fact in facts {
            tell(.took(fact, work: work))
            work = .zero
        }
    }

    /// Where it is, and what the log says of that.
    private func recording(
        of flight: Flight, _ robot: Int, in folder: String
    ) throws(LearnerTrouble) -> (path: String, name: String) {
        let plan = flight.standing.plan
        guard let name = flight.standing.recording, let path = flight.standing.recording(in: folder) else {
            throw .noRecording(plan)
        }
        guard let sent = flight.sent else { return (path, path) }
        guard !sent.isEmpty else { throw .notSent(plan, recording: name) }
        do throws(FolderError) {
            let name = try self.folder.keep(sent, of: plan, robot: robot + 1)
            return ("\(self.folder.path)/\(name)", name)
        } catch { throw .folder(error) }
    }

    private func read(_ path: String, _ standing: PlanStanding) throws(LearnerTrouble) -> TakenEpisode {
        do throws(RecordProblem) {
            return try reader.read(path, of: standing.plan, file: standing.recordingDigest)
        } catch { throw .record(plan: standing.plan, path: path, error) }
    }

    private mutating func take(
        _ taken: TakenEpisode, _ standing: PlanStanding, _ foretold: Foretold, _ robot: Int, _ recording: String
    ) throws(LearnerTrouble) -> CourseLog.Entry {
        let (policy, purchase, phase, isCandidate) = (
            course.playing, course.purchase, course.phase, course.candidate != nil
        )
        guard course.take(taken.performance, taken.trace) else { throw .strangeEpisode(standing.plan) }
        var known = state.robots[robot]
        known.anchor = PlanWriter.anchor(known.anchor, after: policy, over: taken.performance)
        known.misses.add(foretold.miss(of: taken.trace), hasLeft: standing.fault == UInt16(Fault.leftTube.rawValue))
        known.setbacks = 0
        state.robots[robot] = known
        state.robotSeconds += Double(taken.flightTicks) * period
        return CourseLog.Entry(
            episode: taken.permit, realEpisodes: course.episodes, robotSeconds: state.robotSeconds,
            worth: course.settings.objective.perTick(taken.performance), phase: phase, isCandidate: isCandidate,
            purchase: purchase, recording: recording, fault: standing.fault.map { Int($0) },
            robot: identity.robots > 1 ? robot + 1 : nil, policy: policy.shortName, kept: course.kept.shortName)
    }
}

extension EpisodeFacts {
    fileprivate init(_ entry: CourseLog.Entry, _ taken: TakenEpisode, _ robot: Int) {
        self.init(
            number: entry.realEpisodes, worth: entry.worth, isSuccess: taken.performance.isSuccess,
            isLoss: taken.performance.ending.isLoss, ticks: taken.flightTicks, recording: entry.recording, robot: robot)
    }
}

extension CourseLog.Entry {
    func with(_ notes: [Course.Note], kept: String) -> CourseLog.Entry {
        CourseLog.Entry(
            episode: episode, realEpisodes: realEpisodes, robotSeconds: robotSeconds, worth: worth, phase: phase,
            isCandidate: isCandidate, notes: notes, purchase: purchase, recording: recording, fault: fault,
            robot: robot,
            policy: policy, kept: kept)
    }
}
