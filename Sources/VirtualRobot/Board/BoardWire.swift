import BoardLink
import Quantities
public import Simulator

/// The link to one board of ours. Its joints are those of the body; the rate of its port does not matter.
public struct BoardWire: VirtualWire {
    public private(set) var board: BoardSlave
    private var sender = Sender()
    private var starts: UInt32 = 1
    private var troubles: Set<SlaveFault> = []
    private var nextTick = BusInstant(nanoseconds: BoardWire.period)

    public init(_ hardware: BoardHardware) { board = BoardSlave(hardware, start: 1) }

    private static let period: Int64 = 1_000_000
    /// How long the board needs to answer.
    private static let delay: Int64 = 30_000

    public var slaveCount: Int { 1 }

    /// The stop input sits between the program and the outputs: it works on a board that hangs, too.
    public var drives: [MotorDrive] {
        board.isStopPressed ? board.drives.map { _ in .off } : board.drives
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
        var answers: [WireAnswer] = []
        for position in bytes.indices {
            guard let message = board.hear(bytes[position], since: Seconds(max(0, since))) else { continue }
            answers.append(say(message, after: Self.delay))
        }
        return answers
    }

    public mutating func advance(to instant: BusInstant, body: some VirtualBody) {
        while nextTick <= instant {
            nextTick.nanoseconds += Self.period
            guard !isSilent else { continue }
            board.run(body)
        }
    }

    public mutating func takeReports() -> [WireAnswer] {
        let reports = board.reports
        board.reports = []
        return isSilent ? [] : reports.map { say($0, after: 0) }
    }

    public mutating func suffer(_ fault: SlaveFault, slave: Int, isPresent: Bool, at instant: BusInstant) {
        let isNew = isPresent ? troubles.insert(fault).inserted : troubles.remove(fault) != nil
        guard isNew else { return }
        switch fault {
        case .powerLoss: restart()
        case .overload where isPresent:
            if let broken = BoardFault.deviceFault { board.enter(broken) }
        case .emergencyStop: board.isStopPressed = isPresent
        case .wrongIdentity: exchange(isPresent)
        case .overload, .hang: break
        }
    }

    private var isSilent: Bool { !troubles.isDisjoint(with: [.powerLoss, .hang]) }

    private mutating func restart() {
        starts += 1
        begin(board.hardware)
        sender = Sender()
    }

    private mutating func begin(_ hardware: BoardHardware) {
        board = BoardSlave(hardware, start: starts)
        board.isStopPressed = troubles.contains(.emergencyStop)
    }

    /// Another board of the same kind, or the first one again.
    private mutating func exchange(_ isOther: Bool) {
        var hardware = board.hardware
        let chip = hardware.chip
        hardware.chip = ChipIdentifier(high: chip.high, middle: chip.middle, low: isOther ? chip.low + 1 : chip.low - 1)
        starts += 1
        begin(hardware)
    }

    private mutating func say(_ message: Message, after delay: Int64) -> WireAnswer {
        let frame = sender.frame(message)
        return WireAnswer(slave: 0, delayNanoseconds: delay, bytes: (0..<frame.count).map { frame[$0] })
    }
}
