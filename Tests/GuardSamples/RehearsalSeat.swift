public import Episodes
import Foundation
public import Guard
import Ledger
public import Quantities
public import Supervision
import Synchronization

/// A robot that is only its supervisor and a joint that stands where it was put: everything that the guard sees of a
/// robot, with the modes and the ladder of the real one, and no devices.
public final class RehearsalSeat: RobotSeat {
    fileprivate struct State: ~Copyable {
        var supervisor: Supervisor
        var reports: [SeatReport] = []
        var orders: [String] = []
        var flight: Flight?
        var flown = Ticks.zero
        var timing = SeatSight.Timing.rehearsed
        var device = SeatDevice(id: 1, model: "xl330-m288", firmware: "46", serial: nil)
        var temperature = Celsius(30)
        var isFull = false
        var isAtRest = true
        var cause: Fault?
        var note: String?
        var stops: UInt64 = 0
    }

    private let state: Mutex<State>
    private let provenAt: WallInstant
    private let ticksPerLook: Int
    private let recordings: String?

    /// - Parameter recordings: the folder in which each flight leaves a file; nil leaves none.
    public init(
        _ envelope: Envelope, latestSerial: UInt64 = 0, provenAt: WallInstant = PlanSamples.instant(-60),
        ticksPerLook: Int = 200, recordings: String? = nil
    ) {
        state = Mutex(State(supervisor: Supervisor(envelope, latestSerial: latestSerial)))
        self.provenAt = provenAt
        self.ticksPerLook = ticksPerLook
        self.recordings = recordings
    }

    /// What was ordered so far, in single words.
    public var orders: [String] { state.withLock { $0.orders } }

    /// Whether it lies still while it is watched.
    public func setAtRest(_ isAtRest: Bool) { state.withLock { $0.isAtRest = isAtRest } }

    public func fill(_ isFull: Bool) { state.withLock { $0.isFull = isFull } }
    public func heat(to temperature: Celsius) { state.withLock { $0.temperature = temperature } }
    public func exchange(_ device: SeatDevice) { state.withLock { $0.device = device } }

    /// What the next flights find, in words.
    public func find(_ note: String) { state.withLock { $0.note = note } }

    public func fault(_ fault: Fault) {
        state.withLock { state in
            state.cause = state.cause ?? fault
            _ = state.supervisor.handle(.fault(fault))
        }
    }

    public func warn(_ text: String) { state.withLock { $0.reports.append(.warning(text)) } }
    public func stop() {
        state.withLock { $0.stops += 1 }
        fault(.operatorStop)
    }

    public var stopCount: UInt64 { state.withLock { $0.stops } }

    public func order(_ order: SeatOrder) -> Bool {
        state.withLock { state in
            guard !state.isFull else { return false }
            state.obey(order)
            return true
        }
    }

    public func reports() -> [SeatReport] {
        let recordings = recordings
        return state.withLock { state in
            for _ in 0..<ticksPerLook { state.tick(recordings) }
            defer { state.reports = [] }
            return state.reports
        }
    }

    public var sight: SeatSight {
        state.withLock { state in
            var sight = SeatSight()
            sight.mode = state.supervisor.mode
            sight.finding = state.supervisor.latestFinding
            sight.isAtRest = state.isAtRest
            sight.joints = [
                SeatSight.Joint(
                    reading: state.reading, isOn: state.supervisor.mode.isPowered, watchdog: .proven(at: provenAt))
            ]
            sight.timing = state.timing
            sight.beats = state.timing.ticks
            return sight
        }
    }
}

extension RehearsalSeat.State {
    fileprivate var reading: JointReading {
        JointReading(
            position: Radians(0), speed: RadiansPerSecond(0), effort: NewtonMetres(0), current: Amperes(0),
            temperature: temperature, voltage: Volts(5), motionAge: Seconds(0.001), temperatureAge: Seconds(0.01),
            voltageAge: Seconds(0.01))
    }

    fileprivate mutating func obey(_ order: SeatOrder) {
        switch order {
        case .identify:
            orders.append("identify")
            if case .unknown = supervisor.mode { _ = supervisor.handle(.identified) }
            reports.append(.identified([device]))
        case .prepare:
            orders.append("prepare")
            reports.append(.prepared)
        case .observe:
            orders.append("observe")
            _ = supervisor.handle(.verified)
            _ = supervisor.handle(.observe)
        case .fly(let flight):
            orders.append("fly")
            fly(flight)
        case .resume(let person): if supervisor.handle(.resume(by: person)) == .refuse { reports.append(.refused) }
        case .clear(let person):
            orders.append("clear")
            if supervisor.handle(.clear(by: person)) == .verifyAgain { cause = nil }
            reports.append(cause == nil ? .cleared : .refused)
        case .close: reports.append(.closed(isOff: true))
        }
    }

    private mutating func fly(_ flight: Flight) {
        guard flight.stops == stops else {
            return reports.append(.notPermitted(serial: flight.approval.serial, .notHealthy(.operatorStop)))
        }
        do throws(Refusal) {
            let permit = try supervisor.grant(flight.approval, for: flight.proposal.digest)
            try supervisor.begin(permit)
            (self.flight, flown, cause) = (flight, .zero, nil)
            reports.append(.began(serial: flight.approval.serial))
        } catch {
            reports.append(.notPermitted(serial: flight.approval.serial, error))
        }
    }

    fileprivate mutating func tick(_ recordings: String?) {
        timing.ticks += 1
        let tube = flight?.proposal.dossier.band.tube(at: flown)
        let readings = PerJoint(repeating: reading)
        _ = supervisor.tick(
            readings, asked: PerJoint(repeating: .effort(NewtonMetres(0))), elapsed: supervisor.envelope.robot.period,
            tube: tube)
        guard let flight else { return }
        if case .running = supervisor.mode {
            flown = flown.next
            if flown >= flight.proposal.plan.horizon { _ = supervisor.handle(.finish) }
        }
        switch supervisor.mode {
        case .observing: land(flight, recordings)
        case .latched(let stop) where stop.isStopped: land(flight, recordings)
        default: break
        }
    }

    private mutating func land(_ flight: Flight, _ recordings: String?) {
        let cause = note == nil ? cause : .verificationFailed
        let outcome: EpisodeOutcome = cause.map { .stopped($0, at: max(flown, Ticks(1))) } ?? .finished(flown)
        reports.append(
            .ended(
                SeatEnd(
                    serial: flight.approval.serial, outcome: outcome,
                    recording: recordings.flatMap { Self.record(flight, in: $0) },
                    spent: flight.proposal.plan.cost, note: note)))
        self.flight = nil
    }

    private static func record(_ flight: Flight, in folder: String) -> RecordingReference? {
        let (path, bytes) = ("\(flight.approval.serial).mcap", Array("a recording of \(flight.approval.serial)".utf8))
        guard FileManager.default.createFile(atPath: "\(folder)/\(path)", contents: Data(bytes)) else { return nil }
        return RecordingReference(path: path, digest: Digest(of: bytes.span), size: Int64(bytes.count))
    }
}

extension SeatSight.Timing {
    /// Three ticks, one of them later than what is told apart.
    fileprivate static var rehearsed: SeatSight.Timing {
        var timing = SeatSight.Timing()
        timing.latenesses = [(.microseconds(8), 1), (.milliseconds(67), 2)]
        (timing.lateCount, timing.lateSum) = (3, .milliseconds(1_500))
        return timing
    }
}
