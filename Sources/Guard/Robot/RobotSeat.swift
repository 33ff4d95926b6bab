public import Episodes
public import Ledger
public import Quantities
public import Supervision

/// What the guard needs of whatever moves the robot: a control loop over real devices, or a rehearsal.
///
/// Nothing here waits. Orders are taken in their turn; what came of them is in the reports.
public protocol RobotSeat: Sendable {
    /// From any thread, at any time; takes effect on the next tick.
    func stop()
    /// How many stops there were so far, whoever wanted them; from any thread.
    var stopCount: UInt64 { get }
    /// The state of things now, from any thread.
    var sight: SeatSight { get }
    /// Hands an order on; false when there is no room for it now, which is to be tried again. Only one thread orders.
    func order(_ order: SeatOrder) -> Bool
    /// What has happened since the last call. Only one thread asks.
    func reports() -> [SeatReport]
}

/// What a seat is told.
public enum SeatOrder: Sendable {
    /// Looks at every device.
    case identify
    /// Sets the actuators up for reading with their outputs off, arms their watchdogs, and tries them when that is due.
    case prepare
    /// Every check holds: the robot is watched from now on.
    case observe
    /// Brings the robot to the start of the plan, runs its episode once, and records it. The permit was used up before.
    /// Does not begin if there was a stop that whoever ordered it could not know of.
    case fly(Flight)
    case resume(Operator)
    case clear(Operator)
    /// Stops by the ladder, reads back, switches off, and ends; the last order.
    case close
}

public struct Flight: Equatable, Sendable {
    public let approval: Approval
    public let proposal: Proposal
    /// How many stops there were that its order takes into account.
    public let stops: UInt64

    public init(approval: Approval, proposal: Proposal, stops: UInt64) {
        self.approval = approval
        self.proposal = proposal
        self.stops = stops
    }
}

/// What a device said of itself.
public struct SeatDevice: Equatable, Sendable {
    public let id: UInt8
    public let model: String
    public let firmware: String?
    public let serial: String?
    /// The hash over the settings that it keeps; nil when they were not read.
    public let settings: Digest?
    /// What its driver has to complain about, in words; nil when nothing.
    public let complaint: String?

    public init(
        id: UInt8, model: String, firmware: String?, serial: String?, settings: Digest? = nil, complaint: String? = nil
    ) {
        self.id = id
        self.model = model
        self.firmware = firmware
        self.serial = serial
        self.settings = settings
        self.complaint = complaint
    }
}

public enum SeatReport: Sendable {
    case identified([SeatDevice])
    case prepared
    /// Looking, preparing or clearing could not be done; the text names the device and what it did.
    case failed(Fault, String)
    /// The flight did not begin; nothing moved. For each flight that was ordered either this comes or `ended`, once.
    case notPermitted(serial: UInt64, Refusal)
    case began(serial: UInt64)
    case ended(SeatEnd)
    /// The latch is gone; the robot is unknown again.
    case cleared
    /// The order does not fit the mode; nothing changed.
    case refused
    /// The seat has stopped the robot by itself; the text says why.
    case stopped(String)
    /// Outputs could not be read back as off, or only the relay is left; the text says which and why.
    case warning(String)
    /// The robot was read back with its outputs off, or could not be.
    case closed(isOff: Bool)
}

/// How a flight ended, after the robot was read back at rest and the recording closed.
public struct SeatEnd: Equatable, Sendable {
    public let serial: UInt64
    public let outcome: EpisodeOutcome
    public let joint: JointIndex?
    public let recording: RecordingReference?
    public let spent: Cost
    public let verdicts: [VerdictSummary]
    /// What was found that makes the robot itself doubtful although no fault stopped it, in words: a fault of its own
    /// for a person to clear.
    public let note: String?

    public init(
        serial: UInt64, outcome: EpisodeOutcome, joint: JointIndex? = nil, recording: RecordingReference?, spent: Cost,
        verdicts: [VerdictSummary] = [], note: String? = nil
    ) {
        self.serial = serial
        self.outcome = outcome
        self.joint = joint
        self.recording = recording
        self.spent = spent
        self.verdicts = verdicts
        self.note = note
    }
}
