import CAllocationCounter
import Quantities
import Testing

@testable import Supervision

/// How often this thread asks for memory while `body` runs.
private func allocations(_ body: () throws -> Void) rethrows -> UInt64 {
    let before = callocationcounter_of_this_thread()
    try body()
    return callocationcounter_of_this_thread() - before
}

/// The compiler proves the tick free of allocation and locks; this is the second guard, on the code that really runs.
@Suite(.enabled(if: callocationcounter_counts())) struct AllocationTests {
    @Test("the counter counts")
    func counts() {
        var kept: [Int] = []
        #expect(allocations { kept = Array(repeating: kept.count + 3, count: 1_000) } > 0)
        #expect(kept.count == 1_000)
    }

    @Test("a tick allocates nothing, whether it drives, stops or is idle")
    func tick() throws {
        var rig = Rig([.sample(), .sample(.sampleSpeed), .sample(.sampleEffort)])
        rig.tube = Tube(repeating: limit(-1, 1))
        try rig.start(.sample(tube: true))
        var stopped = 0
        let count = allocations {
            for tick in 0..<2_000 {
                if tick == 1_000 { _ = rig.supervisor.handle(.fault(.emergencyStop)) }
                if case .stop = rig.tick().ruling { stopped += 1 }
            }
        }
        #expect(count == 0)
        #expect(stopped > 900)
    }
}
