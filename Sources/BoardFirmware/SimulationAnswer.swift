public import BoardLink
import Quantities

/// What the board did about a request, or that it has started.
public struct SimulationAnswer: Sendable {
    /// The number of the request; 0 says that the program has just started and waits to be told what it is.
    public var number: UInt32 = 0
    /// Why it started.
    public var cause = ResetCause.powerOn
    /// How many bytes the board had written to its line, since it started: behind its answers, and behind its reports.
    public var answersEnd: UInt32 = 0
    public var reportsEnd: UInt32 = 0
    public var mode = BoardMode.unconfigured
    public var fault: FaultNumber?
    public var refusedFrames: UInt32 = 0
    public var drives = StageDrives.off
    /// How long the processor was busy with it, in steps of its own tick timer.
    public var busy: UInt32 = 0
    /// The most of the stack that was ever used, and how much there is; in bytes.
    public var stackUsed: UInt32 = 0
    public var stackSize: UInt32 = 0
    /// Of the program.
    public var firmwareBuild = DoubleWord(high: 0, low: 0)
    /// Where a processor fault happened before this start, and after how many ticks of its interrupt a hang was found.
    public var faultAddress: UInt32 = 0
    public var hungTicks: UInt32 = 0

    public init() {}

    public var words: SimulationWords {
        var words = SimulationWords()
        words[0] = number
        words[1] = UInt32(truncatingIfNeeded: Int(cause.rawValue))
        words[2] = answersEnd
        words[3] = reportsEnd
        words[4] = UInt32(truncatingIfNeeded: Int(mode.rawValue))
        words[5] = UInt32(truncatingIfNeeded: Int(fault?.rawValue ?? 0))
        words[6] = refusedFrames
        var position: UInt8 = 0
        while let joint = BoardJointCount.four.joint(at: position) {
            if case .current(let current) = drives[joint] {
                words[7] |= 1 << UInt32(truncatingIfNeeded: Int(position))
                words.put(current.value, at: 8 + Int(position))
            }
            position += 1
        }
        words[12] = busy
        words[13] = stackUsed
        words[14] = stackSize
        words[15] = firmwareBuild.high
        words[16] = firmwareBuild.low
        words[17] = faultAddress
        words[18] = hungTicks
        return words
    }

    /// Nil for words that no board of ours says.
    public init?(_ words: SimulationWords) {
        guard
            let cause = ResetCause(rawValue: UInt8(truncatingIfNeeded: words[1])),
            let mode = BoardMode(rawValue: UInt8(truncatingIfNeeded: words[4]))
        else { return nil }
        number = words[0]
        self.cause = cause
        answersEnd = words[2]
        reportsEnd = words[3]
        self.mode = mode
        fault = FaultNumber(UInt8(truncatingIfNeeded: words[5]))
        refusedFrames = words[6]
        var position: UInt8 = 0
        while let joint = BoardJointCount.four.joint(at: position) {
            if words[7] & (1 << UInt32(truncatingIfNeeded: Int(position))) != 0 {
                drives.set(joint, to: .current(Amperes(words.number(at: 8 + Int(position)))))
            }
            position += 1
        }
        busy = words[12]
        stackUsed = words[13]
        stackSize = words[14]
        firmwareBuild = DoubleWord(high: words[15], low: words[16])
        faultAddress = words[17]
        hungTicks = words[18]
    }
}
