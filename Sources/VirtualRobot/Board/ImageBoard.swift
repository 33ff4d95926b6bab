public import BoardFirmware
import BoardLink
public import Ports
public import Quantities
internal import Synchronization

/// The board's program as the image that a microcontroller runs, in an emulator of one.
///
/// Its time passes only while it is asked, and its line is the real one, register by register. A board whose emulator is
/// gone is a dead board: silent, outputs off.
public final class ImageBoard: BoardProgram {
    private let state: Mutex<Emulated>
    public let machine: BoardMachine

    /// Starts the emulator with the image at this path, and waits until its program has started.
    public init(_ image: String, on machine: BoardMachine) throws(PortError) {
        self.machine = machine
        let emulated = Emulated(emulator: try .start(image, on: machine), image: image, machine: machine)
        try emulated.awaitStart()
        state = Mutex(emulated)
    }

    public func start(_ settings: BoardSettings, number: UInt32) {
        state.withLock { $0.start(settings, number: number) }
    }

    public func hear(_ bytes: [UInt8], since: Seconds, isStopPressed: Bool) -> BoardSpeech {
        state.withLock { $0.hear(bytes, since: since, isStopPressed: isStopPressed) }
    }

    public func tick(_ measured: BoardMeasurement, elapsed: Seconds) -> BoardSpeech {
        state.withLock { $0.ask(.tick(measured, elapsed: elapsed)) }
    }

    public func fail() -> BoardSpeech { state.withLock { $0.ask(.fail) } }

    /// Makes the program go wrong in the middle of a tick; what it says then is what it says after its reset.
    public func injure(_ injury: Injury) -> BoardSpeech { state.withLock { $0.ask(.injure(injury)) } }

    /// Takes the whole processor away.
    public func kill() { state.withLock { $0.emulator.end() } }

    /// What the program knows of itself.
    public func look() -> ImageStatus { state.withLock { $0.look() } }
}

/// What the image said beside its work.
public struct ImageStatus: Sendable {
    /// Its last answer, to a question about its stack.
    public let answer: SimulationAnswer
    /// How often it has started since its emulator has.
    public let starts: Int
    /// The longest tick, in steps of its timer.
    public let worstTick: UInt32
    /// Why the emulator is not heard any more; nil while it is.
    public let trouble: PortError?
}

private struct Emulated: ~Copyable {
    var emulator: PipedProcess
    private let image: String
    private let machine: BoardMachine
    private var settings: BoardSettings?
    private var salt: UInt32 = 0
    private var number: UInt32 = 0
    /// Of the line, since the program's start.
    private var said: UInt32 = 0
    private var read: UInt32 = 0
    private var starts = 0
    private var worstTick: UInt32 = 0
    private var last = SimulationAnswer()
    private var trouble: PortError?

    init(emulator: consuming PipedProcess, image: String, machine: BoardMachine) {
        self.emulator = emulator
        self.image = image
        self.machine = machine
    }

    /// The first time the program waits to be told what it is; later the power is taken away and comes again.
    mutating func start(_ settings: BoardSettings, number: UInt32) {
        let isFirst = self.settings == nil
        self.settings = settings
        salt = number
        do throws(PortError) {
            if !isFirst {
                emulator = try .start(image, on: machine)
                try awaitStart()
            }
            trouble = nil
            starts = 0
            try begin()
        } catch { trouble = error }
    }

    /// The program says of its own accord that it has started.
    func awaitStart() throws(PortError) {
        guard try answer().number == 0 else { throw .foreign(.contents) }
    }

    /// The program has just started: its counts begin anew.
    private mutating func begin() throws(PortError) {
        guard let settings else { throw .missing }
        starts += 1
        (said, read) = (0, 0)
        // Of a program that starts again by itself the challenges are other ones, too.
        let salt = salt &+ UInt32(truncatingIfNeeded: starts - 1) << 16
        try send(.begin(settings, salt: salt))
        last = try answer()
    }

    mutating func hear(_ bytes: [UInt8], since: Seconds, isStopPressed: Bool) -> BoardSpeech {
        do throws(PortError) {
            if trouble == nil, !bytes.isEmpty { try emulator.write(bytes.span, to: 2) }
        } catch { trouble = error }
        said &+= UInt32(truncatingIfNeeded: bytes.count)
        return ask(.hear(upTo: said, since: since, isStopPressed: isStopPressed))
    }

    mutating func ask(_ request: SimulationRequest) -> BoardSpeech {
        guard trouble == nil else { return .dead }
        do throws(PortError) {
            try send(request)
            last = try answer()
            // What was asked found its end in a reset.
            if last.number == 0 { try begin() }
            if case .tick = request { worstTick = max(worstTick, last.busy) }
            return try speech()
        } catch {
            trouble = error
            return .dead
        }
    }

    mutating func look() -> ImageStatus {
        // Only for such numbers the program walks its stack.
        number |= 1_023
        _ = hear([], since: .zero, isStopPressed: false)
        return ImageStatus(answer: last, starts: starts, worstTick: worstTick, trouble: trouble)
    }

    private mutating func speech() throws(PortError) -> BoardSpeech {
        var speech = BoardSpeech(
            drives: last.drives, mode: last.mode, fault: last.fault, refusedFrames: last.refusedFrames)
        speech.answers = try frames(until: last.answersEnd)
        speech.reports = try frames(until: last.reportsEnd)
        return speech
    }

    private mutating func frames(until end: UInt32) throws(PortError) -> [[UInt8]] {
        let bytes = try emulator.read(Int(end &- read), from: 3, by: .now() + Self.patience)
        read = end
        return bytes.split(separator: 0, omittingEmptySubsequences: true).map { Array($0) + [0] }
    }

    private mutating func send(_ request: SimulationRequest) throws(PortError) {
        number &+= 1
        let words = request.words(number: number)
        let bytes = (0..<SimulationWords.count).flatMap { place in
            (0..<4).map { UInt8(truncatingIfNeeded: words[place] >> (8 * UInt32($0))) }
        }
        try emulator.write(bytes.span, to: 0)
    }

    private func answer() throws(PortError) -> SimulationAnswer {
        let bytes = try emulator.read(SimulationWords.size, from: 1, by: .now() + Self.patience)
        var words = SimulationWords()
        for place in bytes.indices { words[place / 4] |= UInt32(bytes[place]) << (8 * UInt32(place % 4)) }
        guard let answer = SimulationAnswer(words) else { throw .foreign(.contents) }
        return answer
    }

    /// Of real time, for a machine that has a lot else to do.
    private static let patience = Duration.seconds(60)
}

extension PipedProcess {
    fileprivate static func start(_ image: String, on machine: BoardMachine) throws(PortError) -> PipedProcess {
        let words = machine.words(image: PipedProcess.whole(image))
        return try PipedProcess(BoardMachine.emulator, words, pipes: BoardMachine.pipes)
    }
}

extension BoardSpeech {
    fileprivate static var dead: BoardSpeech {
        BoardSpeech(drives: .off, mode: .unconfigured, fault: nil, refusedFrames: 0)
    }
}
