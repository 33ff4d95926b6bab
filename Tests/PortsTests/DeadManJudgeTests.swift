import Testing

@testable import Ports

/// Reports in, verdict out.
@Suite struct DeadManJudgeTests {
    private static let identity = USBIdentity(vendor: 0x1209, product: 2)

    private func judge(report: UInt8? = nil) throws -> DeadManJudge {
        let settings = DeadMan.Settings(
            Self.identity, report: report, byte: 1, bit: 7, longestSilence: .milliseconds(100))
        return DeadManJudge(try #require(settings))
    }

    private func at(_ milliseconds: Int) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 0) + .milliseconds(milliseconds)
    }

    @Test("reports with another number are not ours, and prove nothing")
    func numbers() throws {
        var judge = try judge(report: 5)
        _ = judge.conclude(at: at(0))
        #expect(judge.hears([4, 0x80]) == false)
        #expect(judge.conclude(at: at(10)) == .released(.notHeard))
        #expect(judge.hears([5, 0x80]) == true)
        #expect(judge.conclude(at: at(20)) == .held)
        // Another key of the device is released; this one is still held, and growing old.
        #expect(judge.hears([4, 0]) == false)
        #expect(judge.conclude(at: at(110)) == .held)
        #expect(judge.hears([4, 0]) == false)
        #expect(judge.conclude(at: at(111)) == .released(.silent(for: .milliseconds(101))))
        #expect(judge.hears([UInt8]()) == false)
        #expect(judge.conclude(at: at(112)) == .released(.malformed(length: 0)))
    }

    @Test("only the one bit counts", arguments: [(UInt8(0x80), true), (0xFF, true), (0x7F, false), (0, false)])
    func bits(byte: UInt8, isHeld: Bool) throws {
        var judge = try judge()
        #expect(judge.hears([0xFF, byte]) == true)
        let state = judge.conclude(at: at(0))
        #expect(state.isHeld == isHeld)
    }

    @Test("the worst of what came is told once, then the last")
    func worst() throws {
        var judge = try judge()
        _ = judge.hears([0, 0x80])
        _ = judge.hears([0])
        _ = judge.hears([0, 0x80])
        #expect(judge.conclude(at: at(0)) == .released(.malformed(length: 1)))
        #expect(judge.conclude(at: at(1)) == .held)
    }

    @Test("an error is told until a report comes")
    func failing() throws {
        var judge = try judge()
        _ = judge.hears([0, 0x80])
        judge.fail(.system(call: .read, errno: 71))
        let failed = DeadMan.State.released(.failed(.system(call: .read, errno: 71)))
        #expect(judge.conclude(at: at(0)) == failed)
        #expect(judge.conclude(at: at(1)) == failed)
        _ = judge.hears([0, 0x80])
        #expect(judge.conclude(at: at(2)) == .held)
        judge.fail(.hungUp(transferred: 0))
        #expect(judge.conclude(at: at(3)) == .released(.unplugged))
    }

    @Test("settings that no device can fulfil do not exist")
    func settings() {
        let allowed = Duration.milliseconds(100)
        #expect(DeadMan.Settings(Self.identity, byte: 0, bit: 8, longestSilence: allowed) == nil)
        #expect(DeadMan.Settings(Self.identity, byte: 64, bit: 0, longestSilence: allowed) == nil)
        #expect(DeadMan.Settings(Self.identity, byte: 0, bit: 0, longestSilence: .zero) == nil)
        #expect(DeadMan.Settings(Self.identity, report: 0, byte: 1, bit: 0, longestSilence: allowed) == nil)
        // The first byte is the number itself.
        #expect(DeadMan.Settings(Self.identity, report: 1, byte: 0, bit: 0, longestSilence: allowed) == nil)
        #expect(DeadMan.Settings(Self.identity, byte: 0, bit: 0, longestSilence: allowed) != nil)
    }

    @Test(
        "a report is asked for four times within the silence, as far as the device can count",
        arguments: [(1, 1), (16, 1), (32, 2), (200, 12), (4_079, 254), (4_080, 255), (4_200, 255), (60_000, 255)])
    func idle(milliseconds: Int, steps: UInt8) throws {
        let settings = DeadMan.Settings(
            Self.identity, byte: 0, bit: 0, longestSilence: .milliseconds(milliseconds))
        #expect(try #require(settings).idleSteps == steps)
    }
}

extension DeadManJudge {
    fileprivate mutating func hears(_ report: [UInt8]) -> Bool { hear(report.span) }
}
