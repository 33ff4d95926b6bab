public import BoardFirmware
public import BoardLink
public import Quantities

/// The program of a board, wherever it runs: compiled into this one, or as the image of a microcontroller.
///
/// It is one thing, however often a wire is copied: a processor cannot be.
public protocol BoardProgram: AnyObject, Sendable {
    /// The power comes, or comes again.
    func start(_ settings: BoardSettings, number: UInt32)

    /// Bytes of the host, all of which arrived at this moment of the present tick.
    func hear(_ bytes: [UInt8], since: Seconds, isStopPressed: Bool) -> BoardSpeech

    /// So much time has passed since the last tick.
    func tick(_ measured: BoardMeasurement, elapsed: Seconds) -> BoardSpeech

    /// The power stage breaks.
    func fail() -> BoardSpeech
}

extension BoardProgram {
    /// A millisecond has passed, as it should.
    public func tick(_ measured: BoardMeasurement) -> BoardSpeech {
        tick(measured, elapsed: BoardSettings.tickPeriod)
    }
}

/// What a board says at one moment, and where it stands.
public struct BoardSpeech: Sendable {
    /// Frames that answer what was heard.
    public var answers: [[UInt8]] = []
    /// Frames that were not asked for.
    public var reports: [[UInt8]] = []
    public var drives: StageDrives
    public var mode: BoardMode
    public var fault: FaultNumber?
    /// Frames that were damaged or not understood, since its start.
    public var refusedFrames: UInt32

    init(drives: StageDrives, mode: BoardMode, fault: FaultNumber?, refusedFrames: UInt32) {
        self.drives = drives
        self.mode = mode
        self.fault = fault
        self.refusedFrames = refusedFrames
    }
}
