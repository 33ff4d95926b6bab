public import BoardFirmware
import BoardLink
public import Quantities
internal import Synchronization

/// The board's program, compiled for this machine.
public final class CompiledBoard: BoardProgram {
    private let board: Mutex<Powered>

    // A mutex wants a value that can be put into it as a whole.
    private struct Powered: ~Copyable {
        var controller: BoardController
    }

    public init(_ settings: BoardSettings) { board = Mutex(Powered(controller: .started(settings, number: 1))) }

    public func start(_ settings: BoardSettings, number: UInt32) {
        board.withLock { $0.controller = .started(settings, number: number) }
    }

    public func hear(_ bytes: [UInt8], since: Seconds, isStopPressed: Bool) -> BoardSpeech {
        board.withLock { board in
            board.controller.setStopPressed(isStopPressed)
            var answers: [[UInt8]] = []
            for byte in bytes {
                if let frame = board.controller.hear(byte, since: since) { answers.append(frame.array) }
            }
            var speech = board.controller.speech()
            speech.answers = answers
            return speech
        }
    }

    public func tick(_ measured: BoardMeasurement, elapsed: Seconds) -> BoardSpeech {
        board.withLock { board in
            board.controller.tick(measured, elapsed: elapsed)
            return board.controller.speech()
        }
    }

    public func fail() -> BoardSpeech {
        board.withLock { board in
            board.controller.fail()
            return board.controller.speech()
        }
    }
}

extension BoardController {
    fileprivate static func started(_ settings: BoardSettings, number: UInt32) -> BoardController {
        BoardController(settings, start: BoardStart(salt: number, cause: .powerOn))
    }

    fileprivate mutating func speech() -> BoardSpeech {
        var speech = BoardSpeech(
            drives: drives, mode: mode, fault: fault, refusedFrames: counters.damaged &+ counters.misunderstood)
        while let frame = nextReport() { speech.reports.append(frame.array) }
        return speech
    }
}

extension Frame {
    fileprivate var array: [UInt8] { (0..<count).map { self[$0] } }
}
