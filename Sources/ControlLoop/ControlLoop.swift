public import Actuators
internal import Ports
internal import Quantities
public import Supervision
internal import Threads

/// The one thread that moves the robot: observe, ask the program, supervise, command, record, each tick.
///
/// It owns the bus and the supervisor and meets the rest of the house in rings of fixed size. A watched tick allocates
/// nothing, takes no lock and never waits for anybody but the bus. Whatever ends the thread switches the outputs off.
///
/// How a guard drives it, from the `OutsideEnd` of the same channels:
///
/// - `run()` on a thread of its own, which asks for priority and locked memory and reports what it got (`.rights`).
/// - To watch a robot: `.identify`, and when the findings are none, `.prepare`, `.verified` once everything was checked
///   that is checked outside, `.observe`. Each is answered by a report, or `.refused` when it does not fit the mode.
/// - An episode: `.run(approval, plan:, .episode(program, after: reset), stops: inputs.stopCount)`. The approval's horizon
///   covers the reset and the episode (`Proposal.approval(serial:resetWithin:)`) and fits the envelope's. `.began`
///   follows, then `.ended` with the first fault, what the flight came to, and whether the motors were read back as off;
///   or `.notPermitted`. A reset alone or planned motions are flown the same way, under an approval of their own.
/// - A stop: `inputs.stop()`, from any thread at any time; it is heard on the next tick. `.finish` ends an episode as if
///   its time were over. A dead-man switch is held by `inputs.hold(until:)`, again and again.
/// - After a hold that waits for an operator: `.resume`. After a latch: a person's `.clear`, then everything from
///   `.identify` on.
/// - Where it stands: `status.latest`, as often as one likes. Ticks come out of `ticks` and have to be taken in time; how
///   many were not is in the status. `inputs.rounds` rises while the loop is alive, `inputs.supervisedTicks` while it
///   watches a robot: what a watchdog outside is fed by.
/// - `.quit`: stops by the ladder, reads back, ends; `.over` is the last word.
public final class ControlLoop<Robot: Bus & ~Copyable, Program: FlightProgram> {
    var robot: Robot
    var supervisor: Supervisor
    let settings: LoopSettings
    var channels: LoopEnd<Program>
    var metronome: Metronome
    var timing = LoopTiming()
    var samples = PerJoint<JointSample>(repeating: .unknown)
    var readings = PerJoint<JointReading>(repeating: .unknown)
    var sensors = SensorReadings(repeating: .nan)
    var asked = PerJoint<JointCommand>(repeating: .off)
    /// What the joints were told last.
    var sent = PerJoint<JointCommand>(repeating: .off)
    /// A permit that waits for the first healthy tick with the actuators switched on.
    var permit: EpisodePermit?
    var flight: Flight<Program.Flown>?
    /// A pilot whose memory is given back when nothing is driven.
    var retired: Program.Flown?
    /// The first fault of the stop under way.
    var cause: Fault?
    var rights: RealTimeRights?
    var number: UInt64 = 0
    /// Who answered on the latest tick.
    var answered = JointSet()
    var status = LoopStatus()
    /// For how many ticks in a row nothing was found and no joint moved; no more are counted than rest takes.
    var restful = Ticks.zero
    /// When outputs that could not be read back as off are told again.
    var nextSwitchOff = MonotonicInstant.past
    var switchOffPause = shortestPause
    static var shortestPause: Duration { .milliseconds(100) }
    /// When joints that stay silent in a latch are set up once more.
    var nextRevival = MonotonicInstant.past
    var revivalPause = shortestPause
    var stopsSeen: UInt64
    var isOver = false

    public init(
        _ robot: consuming Robot, under supervisor: consuming Supervisor, settings: LoopSettings,
        channels: consuming LoopEnd<Program>
    ) {
        guard robot.joints == supervisor.envelope.count else { preconditionFailure("one envelope for each joint") }
        metronome = Metronome(period: supervisor.envelope.robot.period, from: robot.now)
        self.robot = robot
        self.supervisor = supervisor
        self.settings = settings
        stopsSeen = channels.inputs.stopCount
        self.channels = channels
    }

    /// Runs until it is told to quit; then the robot has been stopped and switched off, as far as the bus allows.
    public func run() {
        if let priority = settings.priority {
            let rights = RealTimeRights.claim(priority: priority, name: "understudy-loop")
            self.rights = rights
            channels.tell(.rights(rights))
        }
        // To lock the memory takes a while, and nobody has missed a tick meanwhile.
        metronome.restart(at: robot.now)
        while !isOver { turn() }
        channels.tell(.over)
    }

    /// One turn: waits for the next tick, does what was ordered, and ticks while the robot is watched.
    public func turn() {
        waitUntilDue()
        let woken = robot.now
        let hasObeyed = obey()
        if supervisor.mode.isWatched {
            tick(from: hasObeyed ? robot.now : woken)
            timing.misses += metronome.advance(at: robot.now)
        } else {
            restful = .zero
            metronome.restart(at: robot.now)
        }
        publish()
        channels.inputs.comeRound()
    }
}

extension JointReading {
    /// Before the first answer; nothing compares well with it.
    static let unknown = JointReading(
        position: Radians(.nan), speed: RadiansPerSecond(.nan), effort: NewtonMetres(.nan), current: Amperes(.nan),
        temperature: Celsius(.nan), voltage: Volts(.nan), motionAge: Seconds(.infinity),
        temperatureAge: Seconds(.infinity), voltageAge: Seconds(.infinity))
}
