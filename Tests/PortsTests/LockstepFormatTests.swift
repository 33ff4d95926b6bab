import Testing

@testable import Ports

@Suite struct LockstepFormatTests {
    private func bytes(of request: LockstepRequest) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xAA, count: LockstepRequest.size)
        var room = bytes.mutableSpan
        request.put(into: &room)
        return bytes
    }

    private func bytes(of answer: LockstepAnswer) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xAA, count: LockstepAnswer.size)
        var room = bytes.mutableSpan
        answer.put(into: &room)
        return bytes
    }

    private func problem(_ work: () throws(LockstepProblem) -> Void) -> LockstepProblem? {
        do throws(LockstepProblem) { try work() } catch { return error }
        return nil
    }

    private static let instants = [Int64.min, -1, 0, 1, 1_000_000_007, .max].map(MonotonicInstant.init(nanoseconds:))

    @Test("requests come back as they were sent", arguments: instants)
    func requests(instant: MonotonicInstant) throws {
        let requests: [LockstepRequest] = [
            .write(1), .write(LockstepFormat.longest), .read(atMost: 1, least: 0, until: instant),
            .read(atMost: 4_096, least: 4_096, until: instant), .ask(.sleep, until: instant), .ask(.discard),
            .ask(.rate, number: 1_000_000),
        ]
        for request in requests { #expect(try LockstepRequest(parsing: bytes(of: request).span) == request) }
    }

    @Test("answers come back as they were sent", arguments: instants)
    func answers(instant: MonotonicInstant) throws {
        for inputs in (UInt8(0)..<8).map(LockstepAnswer.Inputs.init) {
            let answers = [
                LockstepAnswer(to: .read, inputs, length: 4_096, left: .max, now: instant, pieces: 32),
                LockstepAnswer(to: .discard, inputs, length: 0, left: 0, now: instant, discarded: 77),
            ]
            for answer in answers { #expect(try LockstepAnswer(parsing: bytes(of: answer).span) == answer) }
        }
    }

    @Test("the bytes are those of version 2")
    func golden() {
        let read = bytes(of: .read(atMost: 0x0102, least: 0x03, until: MonotonicInstant(nanoseconds: 0x0A0B_0C0D)))
        #expect(read == [2, 0, 0, 0, 2, 1, 3, 0, 0x0D, 0x0C, 0x0B, 0x0A, 0, 0, 0, 0])
        let answer = bytes(
            of: LockstepAnswer(
                to: .read, [.plugged, .emergencyStop], length: 3, left: 9, now: MonotonicInstant(nanoseconds: -2),
                pieces: 2))
        let tail: [UInt8] =
            [0xFE] + Array(repeating: 0xFF, count: 7) + [0, 0, 0, 0, 2] + Array(repeating: 0, count: 11)
        #expect(answer == [2, 5, 3, 0, 9, 0, 0, 0] + tail)
        var greeting = [UInt8](repeating: 0xAA, count: LockstepFormat.greetingSize)
        var room = greeting.mutableSpan
        LockstepFormat.putGreeting(into: &room)
        #expect(greeting == Array("USLOCK\r\n".utf8) + [2, 0, 0, 0, 0, 0x10, 0, 0])
        #expect(problem { () throws(LockstepProblem) in try LockstepFormat.checkGreeting(greeting.span) } == nil)
    }

    private static let wrongRequests: [(place: Int, value: UInt8, LockstepProblem)] = [
        (0, 0, .unknownKind(0)), (0, 6, .unknownKind(6)), (0, 255, .unknownKind(255)), (1, 1, .contents),
        (3, 0x20, .tooLong(0x2000)), (2, 1, .contents), (5, 0x11, .tooLong(0x1101)), (4, 0, .contents),
        (6, 2, .contents),
    ]

    @Test("a request that makes no sense is refused by its number", arguments: wrongRequests)
    func wrong(place: Int, value: UInt8, expected: LockstepProblem) {
        var bytes = bytes(of: .read(atMost: 1, least: 1, until: MonotonicInstant(nanoseconds: 5)))
        bytes[place] = value
        #expect(problem { () throws(LockstepProblem) in _ = try LockstepRequest(parsing: bytes.span) } == expected)
    }

    @Test("what a kind has no use for must be zero", arguments: [1, 3, 4, 5] as [UInt8])
    func unused(kind: UInt8) {
        // A read with everything set is a request of no other kind.
        var bytes = bytes(of: .read(atMost: 1, least: 1, until: MonotonicInstant(nanoseconds: 5)))
        bytes[0] = kind
        #expect(problem { () throws(LockstepProblem) in _ = try LockstepRequest(parsing: bytes.span) } == .contents)
    }

    @Test("an answer that makes no sense is refused by its number")
    func wrongAnswers() {
        let honest = bytes(of: LockstepAnswer(to: .sleep, .plugged, length: 0, left: 0, now: .past))
        let cases: [(Int, UInt8, LockstepProblem)] = [
            (0, 1, .unknownKind(1)), (0, 5, .unknownKind(5)), (1, 8, .contents), (2, 1, .contents),
            (3, 0x11, .tooLong(0x1100)), (20, 1, .contents), (31, 1, .contents),
        ]
        for (place, value, expected) in cases {
            var bytes = honest
            bytes[place] = value
            #expect(problem { () throws(LockstepProblem) in _ = try LockstepAnswer(parsing: bytes.span) } == expected)
        }
        let short = Array(honest.dropLast())
        #expect(problem { () throws(LockstepProblem) in _ = try LockstepAnswer(parsing: short.span) } == .truncated(31))
    }

    @Test("another program, another version and another size are told apart")
    func greetings() {
        var greeting = [UInt8](repeating: 0, count: LockstepFormat.greetingSize)
        var room = greeting.mutableSpan
        LockstepFormat.putGreeting(into: &room)
        for (place, value, expected) in [
            (0, UInt8(0x20), LockstepProblem.notLockstep), (7, 0, .notLockstep), (8, 1, .version(1)),
            (9, 1, .version(258)), (10, 1, .contents), (12, 1, .contents),
        ] {
            var other = greeting
            other[place] = value
            let bytes = other
            #expect(problem { () throws(LockstepProblem) in try LockstepFormat.checkGreeting(bytes.span) } == expected)
        }
        let empty: [UInt8] = []
        #expect(
            problem { () throws(LockstepProblem) in try LockstepFormat.checkGreeting(empty.span) } == .notLockstep)
    }
}
