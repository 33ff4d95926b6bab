internal import Episodes
internal import Quantities
internal import Recordings
public import Supervision

/// A flight, judged once more by the supervisor that this program has.
///
/// Under the rules of then it must come to the same, bit by bit. Under others it says what they would have changed; after
/// the first stop that was none then, what was recorded is no longer what would have happened, and it ends there.
public struct SafetyReplay: Sendable {
    public let inputs: SafetyInputs
    public let verdicts: [SafetyVerdict]
    /// What reached the supervisor from outside its ticks, as far as it had to be found out.
    public let told: [Told]
    /// Why no permit was given, before anything was judged.
    public let refusal: Refusal?

    /// Something that happened between two ticks.
    public struct Told: Equatable, Sendable {
        public let event: Event
        /// The place of the tick that it came before.
        public let place: Int
        /// Whether it is not in the recording but follows from it.
        public let isInferred: Bool
    }

    /// One after the other, ticks that differ between what was recorded and what came out now.
    public var firstDifference: (place: Int, what: String)? {
        for (place, verdict) in verdicts.enumerated() {
            if let what = verdict.difference(from: inputs.ticks[place].recorded) { return (place, what) }
        }
        return nil
    }

    public var identical: Int {
        zip(verdicts, inputs.ticks).count { $0.difference(from: $1.recorded) == nil }
    }

    public var isIdentical: Bool { verdicts.count == inputs.ticks.count && firstDifference == nil }

    /// Judges a flight under the envelope of then, and finds out what reached the supervisor from outside.
    public init(_ episode: FlownEpisode, _ inputs: SafetyInputs, under envelope: Envelope) throws(SafetyProblem) {
        let known = Told.recorded(episode)
        var best = SafetyReplay(inputs, under: envelope, told: known)
        guard inputs.ticks.contains(where: { $0.recorded.mode == HouseWords.running }) else { throw .neverRan }
        // Every step finds the cause of one difference; a flight has few.
        for _ in 0..<16 {
            guard let (place, what) = best.firstDifference, what == "mode" || what == "rung" || what == "ruling",
                inputs.ticks[place].recorded.fault == 0,
                let better = best.explained(at: place, under: envelope, cause: episode.end?.fault ?? 0)
            else { break }
            best = better
        }
        self = best
    }

    /// Judges the same ticks and the same events under another envelope.
    public func repeated(under envelope: Envelope) -> SafetyReplay {
        SafetyReplay(inputs, under: envelope, told: told)
    }

    public init(_ inputs: SafetyInputs, under envelope: Envelope, told: [Told] = []) {
        self.inputs = inputs
        self.told = told
        var flight = SafetyFlight(inputs, envelope)
        refusal = flight.run(told)
        verdicts = flight.verdicts
    }

    /// The event that makes the most of what follows the same as it was recorded; nil when none helps.
    private func explained(at place: Int, under envelope: Envelope, cause: UInt8) -> SafetyReplay? {
        var best: (replay: SafetyReplay, reaches: Int)?
        for event in Event.fromOutside(cause: cause) {
            let more = told + [Told(event: event, place: place, isInferred: true)]
            let replay = SafetyReplay(inputs, under: envelope, told: more)
            let reaches = replay.firstDifference?.place ?? inputs.ticks.count
            if reaches > best?.reaches ?? place { best = (replay, reaches) }
            // Nothing comes further than to the end.
            if reaches == inputs.ticks.count { break }
        }
        return best?.replay
    }
}

extension Event {
    /// What can reach a supervisor from outside its ticks, the likely first: that by which the episode ended, or its end.
    fileprivate static func fromOutside(cause: UInt8) -> [Event] {
        let first: Event = Fault(rawValue: cause).map { .fault($0) } ?? .finish
        let faults: [Fault] =
            [
                .operatorStop, .deadManReleased, .emergencyStop, .deviceLost, .deviceFault, .identityChanged,
                .watchdogUnproven, .hostSilent, .verificationFailed,
            ]
        return [first, .finish] + faults.map { .fault($0) } + [.resume(by: Operator(userNumber: 0))]
    }
}

extension SafetyReplay.Told {
    /// Those that the recording tells of.
    fileprivate static func recorded(_ episode: FlownEpisode) -> [SafetyReplay.Told] {
        episode.log.events.compactMap { happened in
            guard let place = episode.log.ticks.firstIndex(where: { $0.tick == happened.tick }) else { return nil }
            let event: Event? =
                switch HouseWords.events[min(Int(happened.kind), HouseWords.events.count - 1)] {
                case "fault": UInt8(exactly: happened.number).flatMap(Fault.init).map { .fault($0) }
                case "finish": .finish
                case "resume": .resume(by: Operator(userNumber: UInt32(clamping: happened.number)))
                default: nil
                }
            return event.map { SafetyReplay.Told(event: $0, place: place, isInferred: false) }
        }
    }
}

/// A supervisor on its way through a flight.
private struct SafetyFlight: ~Copyable {
    private var supervisor: Supervisor
    private let inputs: SafetyInputs
    private let count: JointCount
    private let everywhere: Tube
    private(set) var verdicts: [SafetyVerdict] = []

    init(_ inputs: SafetyInputs, _ envelope: Envelope) {
        self.inputs = inputs
        count = envelope.count
        var everywhere = Tube(repeating: envelope.joints[.first].position)
        for joint in envelope.count.all { everywhere[joint] = envelope.joints[joint].position }
        self.everywhere = everywhere
        supervisor = Supervisor(envelope, latestSerial: 0)
        verdicts.reserveCapacity(inputs.ticks.count)
    }

    /// From a robot that is watched to its rest; says why nothing was begun.
    mutating func run(_ told: [SafetyReplay.Told]) -> Refusal? {
        guard !inputs.ticks.isEmpty else { return nil }
        for event in [Event.identified, .verified, .observe] { _ = supervisor.handle(event) }
        _ = tick(0)
        let approval = Approval(
            serial: inputs.permit, plan: inputs.plan, envelope: supervisor.envelope.identity,
            horizon: supervisor.envelope.robot.horizon, demandsTube: inputs.demandsTube)
        do throws(Refusal) {
            let permit = try supervisor.grant(approval, for: inputs.plan)
            let takeOff = inputs.ticks.lastIndex { $0.recorded.mode == HouseWords.permitted } ?? 0
            judge(0...takeOff, told)
            guard case .permitted = supervisor.mode else { return nil }
            try supervisor.begin(permit)
            judge((takeOff + 1)..<inputs.ticks.count, told)
            return nil
        } catch { return error }
    }

    private mutating func judge(_ places: some Sequence<Int>, _ told: [SafetyReplay.Told]) {
        for place in places {
            for event in told where event.place == place { _ = supervisor.handle(event.event) }
            let verdict = tick(place)
            verdicts.append(SafetyVerdict(verdict, supervisor.mode, count))
        }
    }

    private mutating func tick(_ place: Int) -> Verdict {
        supervisor.tick(
            inputs.readings(at: place), asked: inputs.asked(at: place), elapsed: inputs.ticks[place].elapsed,
            tube: inputs.ticks[place].tube ?? everywhere)
    }
}
