public import Actuators
import ControlLoop
import Ports
import Quantities
public import Recordings
public import Robots

/// The bytes of a recording once more through the very drivers that the guard uses, and what they make of them held
/// against what was recorded then.
///
/// It begins where the motors were switched on for the flight, which sets a bus up anew, and ends with the recording.
public struct BusReplay: Sendable {
    /// Something that is read otherwise now than it was recorded.
    public struct Difference: Equatable, Sendable {
        /// The tick, and its time after the first one of the recording.
        public let tick: UInt32
        public let seconds: Double
        /// Empty where it belongs to no joint.
        public let joint: String
        /// As the recording calls it.
        public let what: String
        public let recorded: String
        public let read: String
    }

    /// Where the bytes end to be of use.
    public enum Break: Equatable, Sendable {
        /// Today's driver asks otherwise than the one of then, on this call and after so many seconds.
        case otherRequests(call: UInt32, verb: String, seconds: Double)
        /// So many pieces found no room then.
        case lost(UInt64, seconds: Double)
        /// A call that cannot be read.
        case unreadable(call: UInt32)
    }

    /// What the bus was told to do, and what went over it.
    public private(set) var calls = 0
    public private(set) var bytesOut = 0
    public private(set) var bytesIn = 0
    public private(set) var seconds = 0.0
    /// What today's driver counted: retries, missing answers, damage.
    public private(set) var counters = BusCounters()
    public private(set) var broken: Break?
    public internal(set) var equal = 0
    public internal(set) var differing = 0
    /// Ticks whose states the bytes do not tell of.
    public internal(set) var untold = 0
    public internal(set) var first: Difference?

    /// Whether every tick came out as it was recorded.
    public var isIdentical: Bool { broken == nil && differing == 0 && untold == 0 }

    public init(_ log: EpisodeLog, _ bus: BusLog, of robot: Robot) throws(BusReplayProblem) {
        guard !bus.calls.isEmpty else { throw .noBytes }
        guard log.joints == robot.file.joints.map(\.name) else { throw .otherJoints }
        guard let start = bus.calls.lastIndex(where: { $0.verb == "\(BusVerb.arm)" }) else { throw .noBeginning }
        var player = BusPlayer(Array(bus.calls[start...]))
        do throws(SeatProblem) {
            try BusMaker(robot).withBus(CapturedPort(player.line), &player)
        } catch { throw .noBus }
        (calls, bytesOut, bytesIn) = (player.played, player.bytesOut, player.bytesIn)
        (counters, broken) = (player.counters, player.broken)
        if let end = bus.calls.last { seconds = player.seconds(until: end.hostTime) }
        compare(log, player.readings, robot.file)
    }
}

/// Why the bytes of a recording cannot be played.
public enum BusReplayProblem: Error, Equatable, Sendable {
    case noBytes
    /// The motors were never switched on, or what was asked then could not be kept.
    case noBeginning
    case otherJoints
    /// The robot's file names no bus that could be made.
    case noBus
}

/// What a bus said when it was asked for the states.
struct BusReading: Sendable {
    let time: Timestamp
    let samples: PerJoint<JointSample>
    /// The joints that have answered since the beginning.
    let seen: JointSet
    /// Of the channels from 0 on.
    let inputs: InlineArray<8, InputReading?>
}

/// Plays the calls of a recording on a bus whose port answers as it did then.
struct BusPlayer: BusVisitor {
    let line = CapturedLine()
    private let records: [BusRecord]
    private(set) var played = 0
    /// The number of the call before.
    private var last: UInt32 = 0
    private(set) var bytesOut = 0
    private(set) var bytesIn = 0
    private(set) var readings: [BusReading] = []
    private(set) var counters = BusCounters()
    private(set) var broken: BusReplay.Break?
    private var samples = PerJoint<JointSample>(repeating: .unknown)
    private var seen = JointSet()

    init(_ records: [BusRecord]) { self.records = records }

    func seconds(until time: Timestamp) -> Double {
        guard let first = records.first?.hostTime else { return 0 }
        return time.seconds(since: first)
    }

    mutating func visit<Robot: Bus & ~Copyable>(_ bus: consuming sending Robot) {
        if let first = records.first { bus.resume(at: first.rotation) }
        for record in records {
            broken = play(record, on: &bus)
            guard broken == nil else { break }
            played += 1
        }
        counters = bus.counters
    }

    private mutating func play<Robot: Bus & ~Copyable>(
        _ record: BusRecord, on bus: inout Robot
    ) -> BusReplay.Break? {
        // What the tape had no room for it says itself; what the recorder had none for is not in the file.
        let missing = played == 0 ? 0 : UInt64(record.number &- last &- 1) + record.lost
        guard missing == 0 else { return .lost(missing, seconds: seconds(until: record.hostTime)) }
        last = record.number
        guard let steps = CapturedSteps(record.steps)?.steps, let goals = record.jointGoals,
            let verb = BusVerb.allCases.first(where: { "\($0)" == record.verb })
        else { return .unreadable(call: record.number) }
        line.begin(steps, at: MonotonicInstant(nanoseconds: Int64(clamping: record.hostTime.nanoseconds)))
        // What failed then fails again; that it does otherwise shows in what it asks.
        do throws(BusError) {
            try tell(&bus, verb, goals, by: MonotonicInstant(nanoseconds: record.deadline))
        } catch {}
        guard line.isThrough else {
            return .otherRequests(
                call: record.number, verb: record.verb, seconds: seconds(until: record.hostTime))
        }
        count(steps)
        if verb == .read { remember(bus, at: record.hostTime) }
        return nil
    }

    private mutating func count(_ steps: [CapturedStep]) {
        for step in steps {
            switch step {
            case .wrote(let bytes, _): bytesOut += bytes.count
            case .read(let bytes, _): bytesIn += bytes.count
            case .clock, .discarded, .slept: break
            }
        }
    }

    private mutating func tell<Robot: Bus & ~Copyable>(
        _ bus: inout Robot, _ verb: BusVerb, _ goals: PerJoint<JointGoal>, by deadline: MonotonicInstant
    ) throws(BusError) {
        switch verb {
        case .identify: _ = try bus.identify(by: deadline)
        case .prepare: try bus.prepare(by: deadline)
        case .arm: try bus.arm(by: deadline)
        case .disarm: try bus.disarm(by: deadline)
        case .write: try bus.writeGoals(goals, by: deadline)
        case .clear:
            // The loop forgets what it knew, too.
            defer { samples = PerJoint(repeating: .unknown) }
            try bus.clear(by: deadline)
        case .read:
            var fresh = try bus.readStates(into: &samples, by: deadline)
            while let joint = fresh.popFirst() { seen.insert(joint) }
        }
    }

    private mutating func remember<Robot: Bus & ~Copyable>(_ bus: borrowing Robot, at time: Timestamp) {
        var inputs = InlineArray<8, InputReading?>(repeating: nil)
        for channel in inputs.indices { inputs[channel] = bus.reading(ofInput: UInt8(channel)) }
        readings.append(BusReading(time: time, samples: samples, seen: seen, inputs: inputs))
    }
}
