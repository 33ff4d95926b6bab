import Episodes
import Guard
import GuardCalls
import Ports
import Quantities
import Recordings
import Replay
import Robots
import Supervision

/// A plan that is to be proposed, and what people call it.
struct PlannedFlight {
    let step: CalibrationStep
    let title: String
    /// By the number of the attempt.
    let proposal: (UInt32) throws(CalibrationPlanProblem) -> Proposal

    init(
        _ step: CalibrationStep, _ title: String,
        _ proposal: @escaping (UInt32) throws(CalibrationPlanProblem) -> Proposal
    ) {
        (self.step, self.title, self.proposal) = (step, title, proposal)
    }
}

/// The conversation with the guard: proposes, says what a person has to do, follows, and reads what was recorded.
struct CalibrationFlights {
    /// What was flown, to its end or not, with its recording where there is one.
    typealias Taking = (PlannedFlight, FlownEpisode?, PlanStanding) throws(CalibrationStop) -> Void

    private let place: GuardPlace
    /// What the plans are for, as a budget says why it was granted.
    private let purpose: String
    private let surroundings: Surroundings
    private let robotFile: RobotFile

    init(_ place: GuardPlace, for purpose: String, _ robot: RobotFile, _ surroundings: Surroundings) {
        (self.place, self.purpose) = (place, purpose)
        robotFile = robot
        self.surroundings = surroundings
    }

    private var call: CallOptions { place.call(of: robotFile.name) }

    private typealias Waiting = (flight: PlannedFlight, proposal: Proposal, state: PlanStanding.State)

    func heard<Result: ~Copyable>(
        _ question: (inout GuardCaller) throws(CallError) -> Result
    ) throws(CalibrationStop) -> Result {
        do throws(CallError) {
            var caller = try GuardCaller(to: call.path, by: .now() + .seconds(5))
            return try question(&caller)
        } catch { throw CalibrationStop(error, call, surroundings.errors) }
    }

    func robot() throws(CalibrationStop) -> GuardCalls.GuardedRobot {
        try heard { caller throws(CallError) in try caller.robot() }
    }

    /// Where the joints are, as soon as they rest: a robot that was just switched off still sinks.
    func positions() throws(CalibrationStop) -> [Radians?] {
        var last: [Radians?] = []
        for _ in 0..<50 {
            let now = try heard { caller throws(CallError) in try caller.atHand().positions }
            let moved = zip(now, last).map { (($0 ?? .zero) - ($1 ?? .zero)).magnitude }
            if now.count == last.count, moved.allSatisfy({ $0 < Radians(0.005) }) { return now }
            last = now
            MonotonicInstant.sleep(until: .now() + .milliseconds(150))
        }
        return last
    }

    /// Proposes all of them at once, so that a person looks once, and follows them one after the other.
    ///
    /// - Parameters:
    ///   - anew: a plan that was flown is flown once more.
    ///   - look: is called a few times a second while it is waited for.
    mutating func fly(
        _ flights: [PlannedFlight], anew: Bool = false, look: () -> Void = {}, taking: Taking
    ) throws(CalibrationStop) {
        if let refusal = recordingsFolder.refusal { throw CalibrationStop(refusal, surroundings.errors) }
        var all: [Waiting] = []
        for flight in flights { all.append(try proposed(flight, anew)) }
        try ask(all)
        for one in all { try follow(one, look, taking) }
    }

    mutating func fly(
        _ flights: [PlannedFlight], into measured: inout MeasuredRobot, anew: Bool = false
    ) throws(CalibrationStop) {
        let style = surroundings.errors
        var robot = measured
        defer { measured = robot }
        try fly(flights, anew: anew) { flight, episode, end throws(CalibrationStop) in
            if let episode { try robot.take(flight.step, episode, end, style) }
            guard end.state == .finished, robot.findings.faults.isEmpty else {
                throw CalibrationStop(outcome: robot.complaint(of: end, flight.title, style))
            }
        }
    }

    /// One that was stopped or denied is another plan the next time.
    private func proposed(_ flight: PlannedFlight, _ anew: Bool) throws(CalibrationStop) -> Waiting {
        for attempt in 0..<(anew ? 1 << 16 : CalibrationPlans.mostAttempts) {
            let proposal: Proposal
            do throws(CalibrationPlanProblem) { proposal = try flight.proposal(attempt) } catch {
                throw CalibrationStop(error, surroundings.errors)
            }
            let state = try heard { caller throws(CallError) in try caller.propose(proposal) }
            let isOver = state == .stopped || state == .denied || anew && state == .finished
            if !isOver { return (flight, proposal, state) }
        }
        throw CalibrationStop(
            outcome: .failure(
                .refused, "\(flight.title) was stopped or denied too often",
                next: "see why: understudy status \(robotFile.name)",
                surroundings.errors))
    }

    /// Says what to type. A budget that is too small is named, with the grant that it takes.
    private func ask(_ all: [Waiting]) throws(CalibrationStop) {
        let waiting = all.filter { $0.state == .proposed }
        guard !waiting.isEmpty else { return }
        let period = robotFile.period
        var lines = waiting.map { one in
            "  \(padded(one.flight.title, 24))\(decimal(one.proposal.seconds(period), 1)) s   \(one.proposal.digest.text)"
        }
        lines.insert("\(waiting.count == 1 ? "a plan waits" : "\(waiting.count) plans wait") for a person:", at: 0)
        let cost = waiting.reduce(Cost.zero) { $0 + $1.proposal.plan.cost }
        let (isEnough, _) = try heard { caller throws(CallError) in try caller.budget(for: cost) }
        if !isEnough { lines.append("  next: \(grant(cost))") }
        let commands = waiting.map {
            "understudy approve \(robotFile.name) \($0.proposal.digest.text.prefix(16))\(socket)"
        }
        lines.append("  next: \(commands.joined(separator: " && "))")
        surroundings.devices.tell(lines.joined(separator: "\n") + "\n")
    }

    /// What to type behind a verb of the guard's.
    var socket: String { place.socket.map { " --socket \(shown($0))" } ?? "" }

    private func grant(_ cost: Cost) -> String {
        "understudy grant \(robotFile.name) --time \(cost.time.rawValue / 1_000 + 1) --wear \(cost.wear.rawValue) "
            + "--heat \(cost.heat.rawValue / 1_000 + 1) --attention \(cost.attention.rawValue / 1_000 + 1) "
            + "--why \(purpose)\(socket)"
    }
}

// One plan to its end, and what it left.
extension CalibrationFlights {
    private func follow(_ one: Waiting, _ look: () -> Void, _ taking: Taking) throws(CalibrationStop) {
        let (plan, title) = (one.proposal.digest, one.flight.title)
        var last: PlanStanding.State?
        let tell = surroundings.devices.tell
        let isInterrupted = surroundings.devices.isInterrupted
        let end = try heard { caller throws(CallError) in
            try caller.follow(
                plan,
                while: {
                    if last == .running { look() }
                    return !isInterrupted()
                }
            ) { standing in
                if standing.state != last, standing.state != .proposed {
                    tell("\(title): \(standing.state.rawValue)\n")
                }
                last = standing.state
            }
        }
        guard let end else {
            throw CalibrationStop(
                outcome: .failure(
                    .failed, "ended while \(title) was \(last?.rawValue ?? "proposed")",
                    next: "the same command goes on from there", surroundings.errors))
        }
        var episode: FlownEpisode?
        if end.state == .finished || end.state == .stopped, let recording = end.recording {
            episode = try read("\(state)/\(recording)", end.recordingDigest)
        }
        try taking(one.flight, episode, end)
    }

    private func read(_ path: String, _ digest: Digest?) throws(CalibrationStop) -> FlownEpisode {
        do throws(Outcome.Refusal) {
            let bytes = try recorded(path)
            guard digest == nil || digest == Digest(of: bytes.span) else {
                throw Outcome.Refusal(
                    status: .integrityFailure, text: "'\(shown(path))' is not what the guard recorded",
                    next: "understudy verify \(shown(state))")
            }
            let log = try EpisodeLog(ofBytes: bytes, at: path)
            do throws(FlownProblem) { return try FlownEpisode(log) } catch {
                throw Outcome.Refusal(
                    status: .invalidConfiguration, text: "'\(shown(path))' \(error.text)",
                    next: "understudy recording info \(shown(path))")
            }
        } catch { throw CalibrationStop(error, surroundings.errors) }
    }

    private func recorded(_ path: String) throws(Outcome.Refusal) -> [UInt8] {
        do throws(RecordingError) {
            let file = try FileSource(opening: path)
            return try file.read(0..<file.size)
        } catch {
            throw Outcome.Refusal(
                status: .invalidConfiguration, text: "\(error.text(shown(path)))", next: error.nextStep)
        }
    }

    private var recordingsFolder: RecordingsFolder { RecordingsFolder(path: state, option: "--state") }

    private var state: String { place.state ?? GuardInterface.state(of: robotFile.name) }
}
