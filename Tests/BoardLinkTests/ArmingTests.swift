import Quantities
import Testing

@testable import BoardLink

@Suite struct ArmingTests {
    static let envelope = EnvelopeHash(DoubleWord(0x0123_4567_89AB_CDEF))

    private var gate = ArmingGate(salt: 0xC0FF_EE00, patience: Ticks(50))

    private mutating func answer(at asked: UInt32) throws -> Arm {
        let challenge = gate.challenge(at: Tick(asked))
        return Arm(nonce: try #require(challenge).nonce, envelope: Self.envelope)
    }

    private mutating func judge(_ arm: Arm, at now: UInt32) -> Outcome {
        gate.judge(arm, under: Self.envelope, at: Tick(now))
    }

    @Test("accepts the answer to its challenge") mutating func accepts() throws {
        let arm = try answer(at: 100)
        #expect(judge(arm, at: 120) == .accepted)
    }

    @Test("an arm frame works once") mutating func once() throws {
        let arm = try answer(at: 100)
        #expect(judge(arm, at: 101) == .accepted)
        #expect(judge(arm, at: 102) == .notChallenged)
    }

    @Test("an old arm frame does not answer a new challenge, and spoils it") mutating func old() throws {
        let old = try answer(at: 100)
        let new = try answer(at: 101)
        #expect(judge(old, at: 102) == .wrongNonce)
        #expect(judge(new, at: 103) == .notChallenged)
    }

    @Test("an arm frame of an earlier start is worth nothing") mutating func otherStart() throws {
        let earlier = try answer(at: 100)
        gate = ArmingGate(salt: 0xC0FF_EE01, patience: Ticks(50))
        _ = try answer(at: 100)
        #expect(judge(earlier, at: 100) == .wrongNonce)
    }

    @Test(
        "waits for its patience and no longer, also across the wrap", arguments: [0, 4_294_967_290] as [UInt32],
        [(0, .accepted), (50, .accepted), (51, .tooLate), (4_294_967_295, .tooLate), (1 << 31, .tooLate)]
            as [(UInt32, Outcome)])
    mutating func patience(asked: UInt32, answered: (after: UInt32, outcome: Outcome)) throws {
        let arm = try answer(at: asked)
        #expect(judge(arm, at: asked &+ answered.after) == answered.outcome)
    }

    @Test("arms only under the envelope in force") mutating func envelope() throws {
        let arm = try answer(at: 100)
        let other = EnvelopeHash(DoubleWord(high: 0x0123_4567, low: 0x89AB_CDEE))
        #expect(gate.judge(arm, under: other, at: Tick(101)) == .otherEnvelope)
        #expect(judge(arm, at: 101) == .notChallenged)
    }

    @Test("a voided challenge cannot be answered") mutating func void() throws {
        let arm = try answer(at: 100)
        gate.void()
        #expect(judge(arm, at: 101) == .notChallenged)
    }

    @Test("stays shut when it has no fresh number left") mutating func exhausted() throws {
        gate.challenges = .max - 1
        let last = try answer(at: 0)
        #expect(gate.challenge(at: Tick(1)) == nil)
        #expect(judge(last, at: 1) == .notChallenged)
        #expect(gate.challenge(at: Tick(2)) == nil)
    }

    @Test("never asks for the same number twice") mutating func freshNonces() throws {
        var seen: Set<UInt64> = []
        for _ in 0..<10_000 { seen.insert(try answer(at: 0).nonce.rawValue.joined) }
        #expect(seen.count == 10_000)
    }
}
