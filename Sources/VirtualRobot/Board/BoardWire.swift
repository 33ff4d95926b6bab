import BoardFirmware
public import BoardLink
import Quantities
public import Simulator

/// The link to one board of ours. Its joints are those of the body; the rate of its port does not matter.
public struct BoardWire: VirtualWire {
    public private(set) var hardware: BoardHardware
    private let program: any BoardProgram
    /// Where the board stood when it last said something.
    private var last = BoardSpeech(drives: .off, mode: .unconfigured, fault: nil, refusedFrames: 0)
    private var starts: UInt32 = 1
    private var troubles: Set<SlaveFault> = []
    private var nextTick = BusInstant(nanoseconds: BoardWire.period)
    private var reports: [[UInt8]] = []
    /// For how many ticks the processor has stood still.
    private var hungTicks = 0
    /// What its program wants and its power stage does not do yet; nil while it does so at once.
    private var late: LateCommands<StageDrives>?
    private var due = StageDrives.off

    /// A board whose program is compiled into this one.
    public init(_ hardware: BoardHardware) { self.init(hardware, running: CompiledBoard(hardware.settings)) }

    /// A board with a program of its own, that is started here.
    public init(_ hardware: BoardHardware, running program: any BoardProgram) {
        self.hardware = hardware
        self.program = program
        begin()
    }

    private static let period: Int64 = 1_000_000
    /// So long a board that stands still drives on as it did: the watchdog beside its processor resets it then.
    private static let watchdogTicks = 16
    /// How long the board needs to answer.
    private static let delay: Int64 = 30_000

    public var mode: BoardMode { last.mode }
    public var fault: FaultNumber? { last.fault }
    /// How often a frame arrived damaged or was not understood.
    public var refusedFrames: UInt32 { last.refusedFrames }

    public var slaveCount: Int { 1 }

    /// The stop input sits between the program and the outputs: it works on a board that hangs, too.
    public var drives: [MotorDrive] {
        (0..<hardware.joints.rawValue).compactMap(BoardJoint.init).map { joint in
            // Off is off at once.
            guard !isStopPressed, case .current(let current) = last.drives[joint] else { return .off }
            guard late != nil else { return .current(current) }
            guard case .current(let before) = due[joint] else { return .off }
            return .current(before)
        }
    }

    public mutating func delayCommands(of slave: Int, by milliseconds: Int) {
        late = LateCommands(rounds: milliseconds, filled: last.drives)
        due = last.drives
    }

    public var hasStopInput: Bool { true }

    public func bitsPerSecond(of slave: Int) -> UInt32? { nil }

    /// A frame ends with its zero, however long that takes.
    public mutating func hearSilence() {}

    public mutating func hear(
        _ bytes: Span<UInt8>, at instant: BusInstant, listening: (Int) -> Bool
    ) -> [WireAnswer] {
        guard listening(0), !isSilent else { return [] }
        let since = Float(Double(instant.nanoseconds - nextTick.nanoseconds + Self.period) * 1e-9)
        let heard = bytes.indices.map { bytes[$0] }
        let speech = program.hear(heard, since: Seconds(max(0, since)), isStopPressed: isStopPressed)
        take(speech)
        return speech.answers.map { WireAnswer(slave: 0, delayNanoseconds: Self.delay, bytes: $0) }
    }

    public mutating func advance(to instant: BusInstant, body: some VirtualBody) {
        while nextTick <= instant {
            nextTick.nanoseconds += Self.period
            guard !isSilent else {
                standStill()
                continue
            }
            var measured = hardware.measurement(of: body)
            measured.isStopPressed = isStopPressed
            take(program.tick(measured))
            due = late?.pass(last.drives) ?? due
        }
    }

    /// In reset the gates have nobody who drives them.
    private mutating func standStill() {
        guard troubles.contains(.hang) else { return }
        hungTicks += 1
        if hungTicks == Self.watchdogTicks {
            last = BoardSpeech(drives: .off, mode: .unconfigured, fault: nil, refusedFrames: 0)
        }
    }

    private mutating func take(_ speech: BoardSpeech) {
        last = speech
        reports += speech.reports
    }

    public mutating func takeReports() -> [WireAnswer] {
        defer { reports = [] }
        return isSilent ? [] : reports.map { WireAnswer(slave: 0, delayNanoseconds: 0, bytes: $0) }
    }

    public mutating func suffer(_ fault: SlaveFault, slave: Int, isPresent: Bool, at instant: BusInstant) {
        let isNew = isPresent ? troubles.insert(fault).inserted : troubles.remove(fault) != nil
        guard isNew else { return }
        switch fault {
        case .powerLoss:
            starts += 1
            begin()
        case .overload where isPresent: take(program.fail())
        case .wrongIdentity: exchange(isPresent)
        case .hang: if !isPresent { goOn() }
        case .overload, .emergencyStop: break
        }
    }

    /// A board that was reset meanwhile starts, one that was not notices nothing.
    private mutating func goOn() {
        if hungTicks >= Self.watchdogTicks {
            starts += 1
            begin()
        }
        hungTicks = 0
    }

    private var isStopPressed: Bool { troubles.contains(.emergencyStop) }

    private var isSilent: Bool { !troubles.isDisjoint(with: [.powerLoss, .hang]) }

    /// The board starts, and says so.
    private mutating func begin() {
        program.start(hardware.settings, number: starts)
        reports = []
        due = .off
        late?.fill(with: due)
        take(program.hear([], since: .zero, isStopPressed: isStopPressed))
    }

    /// Another board of the same kind, or the first one again.
    private mutating func exchange(_ isOther: Bool) {
        let chip = hardware.chip
        hardware.chip = ChipIdentifier(high: chip.high, middle: chip.middle, low: isOther ? chip.low + 1 : chip.low - 1)
        starts += 1
        begin()
    }
}
