import Ports
import Synchronization

/// What was asked of a line and answered, once more: whoever asks the same gets the same answers.
final class CapturedLine: Sendable {
    private struct State: Sendable {
        var steps: [CapturedStep] = []
        var place = 0
        var now = MonotonicInstant.past
        var hasStrayed = false
    }

    private let state = Mutex(State())

    /// What comes next.
    func begin(_ steps: [CapturedStep], at now: MonotonicInstant) {
        state.withLock { $0 = State(steps: steps, now: now) }
    }

    /// Whether all of it was asked for, and nothing else.
    var isThrough: Bool { state.withLock { !$0.hasStrayed && $0.place == $0.steps.count } }

    /// The next step if it is of this kind. Whoever asks otherwise finds the line hung up from then on.
    fileprivate func take<Answer: Sendable>(_ match: @Sendable (CapturedStep) -> Answer?) -> Answer? {
        state.withLock { state in
            guard !state.hasStrayed, state.place < state.steps.count, let answer = match(state.steps[state.place])
            else {
                state.hasStrayed = true
                return nil
            }
            state.place += 1
            return answer
        }
    }

    fileprivate var clock: MonotonicInstant {
        let now = take { (step) -> MonotonicInstant? in
            guard case .clock(let now) = step else { return nil }
            return now
        }
        return state.withLock { state in
            if let now { state.now = now }
            return state.now
        }
    }
}

/// The port of a driver that hears from a recording.
struct CapturedPort: BytePort, ~Copyable {
    private let line: CapturedLine
    let counters = PortCounters()

    init(_ line: CapturedLine) { self.line = line }

    var now: MonotonicInstant { line.clock }

    private struct Outcome: Sendable {
        var bytes: [UInt8] = []
        var count = 0
        var error: PortError?
    }

    private func answer(_ match: @Sendable (CapturedStep) -> Outcome?) throws(PortError) -> Outcome {
        guard let outcome = line.take(match) else { throw .hungUp(transferred: 0) }
        if let error = outcome.error { throw error }
        return outcome
    }

    mutating func write(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) throws(PortError) {
        let said = bytes.indices.map { bytes[$0] }
        _ = try answer { step in
            guard case .wrote(let bytes, let error) = step, bytes == said else { return nil }
            return Outcome(error: error)
        }
    }

    mutating func read(
        into buffer: inout MutableSpan<UInt8>, from start: Int, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        let room = buffer.count - start
        let outcome = try answer { step in
            guard case .read(let bytes, let error) = step, bytes.count <= room else { return nil }
            return Outcome(bytes: bytes, error: error)
        }
        for (place, byte) in outcome.bytes.enumerated() { buffer[start + place] = byte }
        return outcome.bytes.count
    }

    mutating func discardInput() throws(PortError) -> Int {
        try answer { step in
            guard case .discarded(let count, let error) = step else { return nil }
            return Outcome(count: count, error: error)
        }.count
    }

    mutating func sleep(until instant: MonotonicInstant) throws(PortError) {
        _ = try answer { step in
            guard case .slept(let error) = step else { return nil }
            return Outcome(error: error)
        }
    }

    mutating func setLastWords(_ words: LastWords) {}
}
