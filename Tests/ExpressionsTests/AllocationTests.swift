import CAllocationCounter
import Testing

@testable import Expressions

@Suite(.enabled(if: callocationcounter_counts())) struct AllocationTests {
    @Test("a run allocates nothing, for whole tiles, for rests, and for angles that need the long way")
    func run() throws {
        let text = "sin(x) * exp(y / 1000) + tan(z * 1e6) + wrap(x) + x ^ (y / 9999) + max(x, y, z)"
        let tape = Tape<Float>(try Program(in: plainVocabulary(), outputs: [Output("o", text)]))
        var workspace = Workspace(for: tape, tile: 32)
        let states = (0..<300).map { Float($0) * 100 }
        var results = [Float](repeating: 0, count: 100)
        var before: UInt64 = 0
        // The first run makes what Swift knows about types; that is kept for ever.
        for round in 0..<10 {
            if round == 1 { before = callocationcounter_of_this_thread() }
            var mutable = results.mutableSpan
            tape.run(
                lanes: 100, spacing: 100, states: states.span, inputs: Span(), parameters: Span(), results: &mutable,
                with: &workspace)
        }
        #expect(callocationcounter_of_this_thread() - before == 0)
        #expect(results.contains { $0.isFinite })
    }
}
