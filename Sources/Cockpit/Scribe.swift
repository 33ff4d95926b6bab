import Actuators
import ControlLoop
import Episodes
import Guard
import Ledger
import Ports
import Quantities
import Recordings
import Robots
import Supervision
import Threads

/// Takes what the loop says, writes it down, and tells the guard. On a thread of its own, for it waits for disks.
struct Scribe: ~Copyable {
    private let box: ScribeBox
    private let facts: RobotFacts
    private let robot: Robot
    private let settings: SeatSettings
    private var reports: RingConsumer<LoopReport>
    private var ticks: RingConsumer<TickRecord>
    /// What went over the bus; nil where nobody wants to know.
    private var tape: TapeReader?
    private let status: BulletinReader<LoopStatus>
    private let inputs: LoopInputs
    private var opened: ScribeBox.Opened?
    private var sum: FlightSum
    private var hasBegun = false
    /// Whether the flight was stopped because nobody can write down any more what happens in it.
    private var hasStopped = false
    /// How many pieces of what went over the bus in this flight found no room.
    private var lostBytes: UInt64 = 0

    init(
        _ box: ScribeBox, facts: RobotFacts, robot: Robot, settings: SeatSettings,
        reports: consuming RingConsumer<LoopReport>, ticks: consuming RingConsumer<TickRecord>,
        status: BulletinReader<LoopStatus>, inputs: LoopInputs, tape: consuming RingConsumer<TapePiece>?
    ) {
        self.box = box
        self.facts = facts
        self.robot = robot
        self.settings = settings
        self.reports = reports
        self.ticks = ticks
        self.status = status
        self.inputs = inputs
        if let pieces = tape.take() { self.tape = TapeReader(pieces) }
        sum = FlightSum(robot.envelope.envelope)
    }

    /// Until the loop has ended.
    mutating func run() -> Bool {
        while true {
            drainTicks()
            drainTape()
            stopUnrecorded()
            while let report = reports.next() {
                // What was flown before the report came is in the ring already.
                drainTicks()
                drainTape()
                if case .over = report {
                    abandon()
                    box.tell(.closed(isOff: !status.latest.isArmed))
                    return true
                }
                take(report)
            }
            MonotonicInstant.sleep(until: .now() + .milliseconds(5))
        }
    }

    private mutating func drainTicks() {
        while let tick = ticks.next() {
            if opened == nil, tick.serial != nil { open() }
            guard opened != nil, tick.serial == opened?.flight.approval.serial else { continue }
            sum.add(tick)
            _ = opened?.producer.append(EpisodeTick(tick))
        }
    }

    /// The bytes of a flight begin with its motors being switched on, before its first tick.
    private mutating func drainTape() {
        while let record = tape?.next() {
            // What piled up here must not make the loop's ticks find their ring full.
            drainTicks()
            if opened == nil, record.verb == "\(BusVerb.arm)" { open() }
            guard opened != nil else { continue }
            lostBytes += record.lost
            if opened?.producer.append(record) == false { lostBytes += 1 }
        }
    }

    private mutating func open() {
        opened = box.takeOpened()
        sum = FlightSum(robot.envelope.envelope)
        hasBegun = false
        hasStopped = false
        lostBytes = 0
    }

    /// An episode that nobody can learn from any more wears the robot for nothing.
    private mutating func stopUnrecorded() {
        guard !hasStopped, opened?.recorder.health.hasFailed == true else { return }
        hasStopped = true
        inputs.stop()
        box.tell(.stopped("its recording cannot be written any more"))
    }

    private mutating func take(_ report: LoopReport) {
        switch report {
        case .identified(let findings, let passports): box.tell(.identified(devices(findings, passports)))
        case .prepared: box.tell(.prepared)
        case .failed(let error): failed(error)
        case .refused: if !giveUp(.notObserving) { box.tell(.refused) }
        case .notPermitted(_, let refusal): _ = giveUp(refusal)
        case .began(let serial, _):
            if opened == nil { open() }
            hasBegun = true
            box.tell(.began(serial: serial))
        case .ended(let end): land(end)
        case .cleared: box.tell(.cleared)
        case .stillArmed(let error): box.tell(.warning("the outputs could not be read back as off: \(error)"))
        case .cutPower: box.tell(.warning("the robot moves although it is switched off: cut its supply"))
        case .timing, .rights, .over: break
        }
    }

    private mutating func failed(_ error: BusError) {
        if giveUp(.notHealthy(error.meaning)) { box.tell(.warning("switching the actuators on: \(error)")) }
        box.tell(.failed(error.meaning, "\(error)"))
    }

    /// A flight that did not begin leaves no recording. False when there is none that was ordered and has not begun.
    private mutating func giveUp(_ refusal: Refusal) -> Bool {
        if opened == nil { open() }
        guard !hasBegun, let flight = opened.take() else { return false }
        let serial = flight.flight.approval.serial
        let path = flight.recorder.finish().path
        ScribeFiles.remove(path)
        box.ended()
        box.tell(.notPermitted(serial: serial, refusal))
        return true
    }

    private mutating func land(_ end: FlightEnd) {
        guard let flight = opened.take() else { return }
        let (proposal, path) = (flight.flight.proposal, flight.path)
        let outcome = flight.recorder.finish(with: RecordingExtras(end, sum))
        let hash = outcome.hash.flatMap { Digest(fileWords: $0.words) }
        let size = ScribeFiles.size(of: outcome.path)
        let reference: RecordingReference? =
            if let hash, let size { RecordingReference(path: path, digest: hash, size: size) } else { nil }
        box.ended()
        if !outcome.isComplete { box.tell(.warning("the recording '\(path)' is not complete")) }
        if lostBytes > 0 { box.tell(.warning("of the bus \(lostBytes) pieces are not in '\(path)'")) }
        let wrong = end.wrong
        box.tell(
            .ended(
                SeatEnd(
                    serial: end.serial, outcome: end.outcome(after: sum.episodeTicks), joint: wrong?.joint,
                    recording: reference, spent: sum.cost(of: proposal.plan), verdicts: sum.verdicts,
                    note: wrong?.words(facts.joints))))
    }

    /// The loop has ended in the middle of a flight.
    private mutating func abandon() {
        guard let flight = opened.take() ?? box.takeOpened() else { return }
        _ = flight.recorder.finish()
        box.ended()
    }

    private func devices(_ findings: [DeviceFinding], _ passports: [DevicePassport]) -> [SeatDevice] {
        zip(UInt8(0)..., facts.devices).compactMap { place, device in
            let found = findings.filter { $0.joint.rawValue == place && !$0.isAdvice }
            if found.contains(where: { $0.problem == .silent }) { return nil }
            let complaint = found.isEmpty ? nil : found.map(\.words).joined(separator: "; ")
            let passport = passports.first { $0.joint.rawValue == place }
            let settings = passport.flatMap { $0.stored.isEmpty ? nil : Digest(of: $0.stored.span) }
            return SeatDevice(
                id: device.id, model: device.model, firmware: passport?.firmware, serial: passport?.serial,
                settings: settings, complaint: complaint)
        }
    }
}

extension Digest {
    /// Nil when there are not eight words.
    fileprivate init?(fileWords words: [UInt32]) {
        guard words.count == 8 else { return nil }
        self.init(words: InlineArray { words[$0] })
    }
}

extension Nudged {
    /// What was asked, what came of it, and who moved instead.
    fileprivate func words(_ names: [String]) -> String {
        func name(_ joint: JointIndex) -> String {
            Int(joint.rawValue) < names.count ? names[Int(joint.rawValue)] : "joint \(joint.rawValue + 1)"
        }
        let text = "\(name(joint)) was to move \(asked.value) rad and moved \(moved.value) rad"
        return stray.map { "\(text); \(name($0)) moved as well" } ?? text
    }
}

extension FlightEnd {
    /// The joint that did not turn as it should, in motions that were to show that.
    fileprivate var wrong: Nudged? {
        guard cause == nil, case .moved(.wrong(let found)) = result else { return nil }
        return found
    }

    /// In the words of plans. What a fault takes out of the pilot's command has no result, and is stopped.
    func outcome(after episode: Ticks) -> EpisodeOutcome {
        // What came when it was over already, on the way to rest, is no end of the episode; a latch is a fault of its own.
        switch result {
        case .ended, .moved(.done): if episode > .zero { return .finished(episode) }
        case .none, .atStart, .resetFailed, .moved(.notAtStart), .moved(.wrong): break
        }
        if let cause { return .stopped(cause, at: episode) }
        // Nobody and nothing objected, and yet the start was not reached: a check before motion that failed.
        switch result {
        case .resetFailed, .moved(.notAtStart): return .stopped(.verificationFailed, at: .zero)
        case .moved(.wrong): return .stopped(.verificationFailed, at: episode)
        case .none, .atStart, .moved(.done), .ended: break
        }
        return episode > .zero ? .finished(episode) : .stopped(.verificationFailed, at: .zero)
    }
}
