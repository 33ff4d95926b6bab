public import BoardFirmware

/// The registers of one kind of board.
public protocol Electronics {
    /// Clocks, pins, line and tick timer; every power stage off.
    mutating func startUp()

    /// Whether this is a simulator, where sensors and stages are reached through the simulation port.
    var isSimulated: Bool { get }

    /// What is known of the board without asking anybody.
    var settings: BoardSettings { get }

    /// Why the processor says that it started, when the program did not say it itself.
    func resetCause(wasAlive: Bool) -> ResetCause

    /// Another number at every start, where the chip has a source of noise.
    func noise() -> UInt32

    mutating func measure() -> BoardMeasurement
    mutating func drive(_ drives: StageDrives)

    var canSend: Bool { get }
    func send(_ byte: UInt8)

    /// How many steps of the tick timer make a tick, and how many of the present one are left.
    var tickSteps: UInt32 { get }
    var stepsLeft: UInt32 { get }

    /// The watchdog outside of the program.
    func feedWatchdog()
}
