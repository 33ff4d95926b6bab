public import Quantities
public import Threads

// What the control loop hands to the recorder: values without references, so that handing them over is a copy.

/// One tick of an episode.
public struct EpisodeTick: Sendable {
    public var tick: Tick
    /// When the loop began the tick, on the host's clock.
    public var hostTime: Timestamp
    /// When the devices sampled what it saw.
    public var deviceTime: Timestamp
    public var joints: PerJoint<JointTick>
    /// What is measured beside the joints, in the order of the layout's names; not a number where nothing told it.
    public var sensors: InlineArray<8, Float>
    public var verdict: VerdictTick
    public var timing: TimingTick

    public init(
        tick: Tick, hostTime: Timestamp, deviceTime: Timestamp, joints: PerJoint<JointTick>,
        sensors: InlineArray<8, Float> = InlineArray(repeating: .nan), verdict: VerdictTick = VerdictTick(),
        timing: TimingTick = TimingTick()
    ) {
        self.tick = tick
        self.hostTime = hostTime
        self.deviceTime = deviceTime
        self.joints = joints
        self.sensors = sensors
        self.verdict = verdict
        self.timing = timing
    }
}

/// What one joint measured, and the three truths about what it was told.
public struct JointTick: Sendable {
    public var position = Radians(.nan)
    public var speed = RadiansPerSecond(.nan)
    public var effort = NewtonMetres(.nan)
    public var temperature = Celsius(.nan)
    public var voltage = Volts(.nan)
    /// As its maker numbers it.
    public var alarm: UInt32 = 0
    /// How old the sample was when the loop used it.
    public var age = Seconds(.nan)
    /// What the policy wanted.
    public var requested = RecordedCommand.off
    /// What the supervisor let through.
    public var supervised = RecordedCommand.off
    /// What the device says that it follows.
    public var acknowledged = RecordedCommand.off
    /// The rule that changed the command, by its number.
    public var objection: UInt8 = 0

    public init() {}
}

/// A command as it is recorded.
public struct RecordedCommand: Equatable, Sendable {
    public enum Kind: UInt8, CaseIterable, Sendable { case off, position, speed, effort }

    public let kind: Kind
    /// In the unit of its kind: radians, radians per second, newton metres.
    public let value: Float

    private init(_ kind: Kind, _ value: Float) {
        self.kind = kind
        self.value = value
    }

    /// No goal, or none that is known.
    public static let off = RecordedCommand(.off, .nan)
    public static func position(_ goal: Radians) -> RecordedCommand { RecordedCommand(.position, goal.value) }
    public static func speed(_ goal: RadiansPerSecond) -> RecordedCommand { RecordedCommand(.speed, goal.value) }
    public static func effort(_ goal: NewtonMetres) -> RecordedCommand { RecordedCommand(.effort, goal.value) }
}

/// What the supervisor made of a tick, in its own numbers; `EpisodeWords` has the words.
public struct VerdictTick: Sendable {
    public var mode: UInt8 = 0
    public var ruling: UInt8 = 0
    public var rule: UInt8 = 0
    /// Of the stop ladder.
    public var rung: UInt8 = 0
    /// Zero for none.
    public var fault: UInt8 = 0

    public init() {}
}

/// How long a tick took, and what the bus went through since the start.
public struct TimingTick: Sendable {
    /// From the tick's instant to its beginning.
    public var lateness = Seconds(.nan)
    /// From its beginning to its end.
    public var work = Seconds(.nan)
    public var reading = Seconds(.nan)
    public var writing = Seconds(.nan)
    public var misses: UInt32 = 0
    public var retries: UInt32 = 0
    public var timeOuts: UInt32 = 0
    public var damaged: UInt32 = 0

    public init() {}
}

/// Something that happened.
public struct EpisodeEvent: Sendable {
    /// By its number in `EpisodeWords`.
    public var kind: UInt8
    public var tick: Tick
    public var hostTime: Timestamp
    public var joint: JointIndex?
    /// What the kind wants: a fault's number, a mode's.
    public var number: Int64

    public init(kind: UInt8, tick: Tick, hostTime: Timestamp, joint: JointIndex? = nil, number: Int64 = 0) {
        self.kind = kind
        self.tick = tick
        self.hostTime = hostTime
        self.joint = joint
        self.number = number
    }
}

/// What goes through the ring.
public enum EpisodeEntry: Sendable {
    case tick(EpisodeTick)
    case event(EpisodeEvent)
    case bus(BusRecord)
}

/// The control loop's end of the ring.
public struct EpisodeProducer: ~Copyable, Sendable {
    private var ring: RingProducer<EpisodeEntry>
    private let patience: Duration

    /// - Parameter patience: so long a ring that is full is waited for before what is handed over is dropped.
    public init(_ ring: consuming RingProducer<EpisodeEntry>, patience: Duration = .zero) {
        self.ring = ring
        self.patience = patience
    }

    /// Hands over a tick; false when it was dropped, which is counted. Takes no memory.
    public mutating func append(_ tick: borrowing EpisodeTick) -> Bool {
        ring.append(.tick(copy tick), waiting: patience)
    }

    public mutating func append(_ event: EpisodeEvent) -> Bool { ring.append(.event(event), waiting: patience) }

    /// The same for what went over the bus; but half of the ring is for ticks alone, which count more.
    public mutating func append(_ record: BusRecord) -> Bool {
        ring.hasRoom(for: ring.capacity / 2, waiting: patience) && ring.append(.bus(record))
    }

    public var dropped: UInt64 { ring.dropped }
}
