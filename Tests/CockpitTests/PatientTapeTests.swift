import Actuators
import Ports
import Quantities
import Recordings
import Synchronization
import Testing
import Threads

@testable import Cockpit

@Suite("A tape of a robot that stands still while it waits")
struct PatientTapeTests {
    /// Reads calls; which they were, and how many pieces it heard were lost.
    private final class Listener {
        private var reader: TapeReader
        private let end: End
        init(_ pieces: consuming RingConsumer<TapePiece>, until end: End) {
            reader = TapeReader(pieces)
            self.end = end
        }

        func run() -> Heard {
            var numbers: [UInt32] = []
            while true {
                let isLast = end.isReached.load(ordering: .acquiring)
                while let call = reader.next() { numbers.append(call.number) }
                if isLast { return Heard(numbers: numbers, lost: reader.lost) }
                MonotonicInstant.sleep(until: .now() + .microseconds(100))
            }
        }
    }

    private final class End: Sendable { let isReached = Atomic(false) }

    private struct Heard: Sendable { let numbers: [UInt32], lost: UInt64 }

    @Test("keeps every call, however slow its reader is")
    func keepsAll() throws {
        let tape = LineTape(capacity: 4, patience: .seconds(60))
        guard let pieces = tape.takePieces() else {
            Issue.record("no pieces")
            return
        }
        let end = End()
        let listener = Listener(pieces, until: end)
        let thread = HostThread { listener.run() }
        for _ in 0..<500 {
            tape.begins(
                .write, by: MonotonicInstant(nanoseconds: 9_000), at: MonotonicInstant(nanoseconds: 1), rotation: 5)
            for tick in 0..<6 { tape.saw(.clock(MonotonicInstant(nanoseconds: Int64(tick)))) }
            tape.ends()
        }
        end.isReached.store(true, ordering: .releasing)
        let heard = thread?.join()
        #expect(heard?.numbers == Array(1...500) && heard?.lost == 0)
    }
}
