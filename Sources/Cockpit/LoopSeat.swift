import Actuators
public import ControlLoop
import Episodes
public import Guard
import Ports
import Quantities
import Robots
import Supervision
import Synchronization
import Threads

/// What a seat needs beside its bus.
public struct SeatSettings: Sendable {
    /// The folder of the ledger; recordings lie in it.
    public var folder: String
    public var loop: LoopSettings
    /// The highest number of a permit that was ever issued.
    public var latestSerial: UInt64
    /// What the recordings carry as attachments: the files that the robot was made of, by their names.
    public var files: [String: [UInt8]]
    /// Whether the recordings keep every byte of the bus as well.
    public var keepsBytes = true

    public init(folder: String, loop: LoopSettings, latestSerial: UInt64, files: [String: [UInt8]] = [:]) {
        self.folder = folder
        self.loop = loop
        self.latestSerial = latestSerial
        self.files = files
    }
}

/// The robot as the guard sees it: a control loop on a thread of its own, and a scribe on another one that turns ticks
/// into recordings and the loop's reports into the guard's. Nobody here holds the loop up.
public final class LoopSeat: RobotSeat {
    private let desk: Mutex<OrderDesk>
    private let scribe: ScribeBox
    private let status: BulletinReader<LoopStatus>
    private let inputs: LoopInputs
    private let isHeld: @Sendable () -> SeatSight.DeadMan
    private let joints: Int
    private let watchdog: WatchdogKind
    private let threads: Mutex<Threads?>

    private struct Threads: ~Copyable {
        let loop: HostThread<Bool>
        let scribe: HostThread<Bool>
    }

    /// Nil when the system has no thread left.
    ///
    /// - Parameters:
    ///   - tape: what the bus and its port write to.
    ///   - deadMan: whether the switch is held now; asked from any thread, and must not wait.
    init?<Robot: Bus & ~Copyable>(
        _ bus: consuming sending Robot, of robot: Guard.RobotFacts, _ folder: Robots.Robot, settings: SeatSettings,
        tape: LineTape? = nil, deadMan: @escaping @Sendable () -> SeatSight.DeadMan = { .none }
    ) {
        let channels = LoopChannels<RobotProgram>(ticks: 4_096)
        watchdog = bus.watchdog
        let loop = ControlLoop(
            bus, under: Supervisor(folder.envelope.envelope, latestSerial: settings.latestSerial),
            settings: settings.loop, channels: channels.loop)
        let box = ScribeBox()
        var scribe = Scribe(
            box, facts: robot, robot: folder, settings: settings, reports: channels.outside.reports,
            ticks: channels.outside.ticks, status: channels.outside.status, inputs: channels.outside.inputs,
            tape: tape?.takePieces())
        status = channels.outside.status
        inputs = channels.outside.inputs
        desk = Mutex(OrderDesk(channels.outside.orders, folder, box, settings))
        self.scribe = box
        isHeld = deadMan
        joints = robot.joints.count
        let flying = HostThread {
            loop.run()
            return true
        }
        let writing = HostThread { scribe.run() }
        guard let flying, let writing else { return nil }
        threads = Mutex(Threads(loop: flying, scribe: writing))
    }

    /// Whoever lets go of a seat stops its robot, switches it off, and waits for that.
    deinit {
        _ = desk.withLock { $0.take(.close) }
        let ending = threads.withLock { $0.take() }
        _ = consume ending
    }

    public func stop() { inputs.stop() }

    public var stopCount: UInt64 { inputs.stopCount }

    public func order(_ order: SeatOrder) -> Bool { desk.withLock { $0.take(order) } }

    public func reports() -> [SeatReport] {
        desk.withLock { $0.flush() }
        if isHeld() == .held { inputs.hold(until: .now() + .milliseconds(200)) } else { inputs.letGo() }
        return scribe.takeReports()
    }

    public var sight: SeatSight {
        let now = status.latest
        var sight = SeatSight()
        sight.mode = now.mode
        sight.finding = now.finding
        sight.isAtRest = now.isAtRest
        sight.deadMan = isHeld()
        sight.joints = (0..<joints).map { place in
            SeatSight.Joint(
                reading: now.readings.elements[place], isOn: now.samples.elements[place].isDriven,
                watchdog: guardian(of: now.samples.elements[place]))
        }
        sight.timing.ticks = now.punctuality.ticks
        sight.timing.missed = now.punctuality.misses
        sight.timing.lateHalf = now.punctuality.medianLateness
        sight.timing.lateHundredth = now.punctuality.highLateness
        sight.timing.lateWorst = now.punctuality.worstLateness
        sight.timing.workHundredth = now.punctuality.highWork
        sight.timing.latenesses = now.punctuality.doublings.indices.map {
            (.nanoseconds(LatencyHistogram.doubling($0)), now.punctuality.doublings[$0])
        }
        sight.timing.lateCount = now.punctuality.counted
        sight.timing.lateSum = now.punctuality.lateness
        sight.busErrors = now.counters.causes
        sight.recording = scribe.recording
        sight.beats = inputs.rounds
        return sight
    }

    /// Which part of a flight is under way.
    public var leg: Leg? { status.latest.leg }

    /// A bus lets every watchdog prove itself each time that it switches the motors on, before anything moves.
    private func guardian(of sample: JointSample) -> SeatSight.Watchdog {
        switch (watchdog, sample.watchdog) {
        case (_, .tripped): .tripped
        case (.none, _): .absent
        case (.actuators, _): .provenWhenSwitchedOn
        }
    }
}

extension BusCounters {
    /// What went wrong on the wire, by its cause.
    fileprivate var causes: [String: UInt64] {
        ["retry": retries, "timeout": timeOuts, "damaged": damaged, "unexpected": unexpected]
    }
}
