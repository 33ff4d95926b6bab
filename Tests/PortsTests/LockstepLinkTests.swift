import Testing

@testable import Ports

/// A master against a robot that says whatever a test wants.
@Suite struct LockstepLinkTests {
    private static let greeting: [UInt8] = Array("USLOCK\r\n".utf8) + [2, 0, 0, 0, 0, 0x10, 0, 0]

    private func answer(
        _ kind: LockstepRequest.Kind, at nanoseconds: Int64, _ bytes: [UInt8] = [], left: Int = 0,
        _ inputs: LockstepAnswer.Inputs = .plugged
    ) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: LockstepAnswer.size)
        var room = header.mutableSpan
        LockstepAnswer(
            to: kind, inputs, length: bytes.count, left: left, now: MonotonicInstant(nanoseconds: nanoseconds),
            discarded: kind == .discard ? left : 0
        ).put(into: &room)
        return header + bytes
    }

    /// A link to a robot that has greeted, at 10 ns; what it says next is sent to `far` before it is asked for.
    private func link(_ far: inout SocketLink?, _ inputs: LockstepAnswer.Inputs = .plugged) throws -> LockstepLink {
        let near = try SocketLink(pairedWith: &far)
        try far?.send(Self.greeting + answer(.discard, at: 10, [], inputs))
        return try LockstepLink(near)
    }

    private func errorOfGreeting(with said: [[UInt8]], thenLeaving: Bool = false) -> PortError? {
        var far: SocketLink?
        do throws(PortError) {
            let near = try SocketLink(pairedWith: &far)
            let bytes = said.flatMap { $0 }
            if !bytes.isEmpty { try far?.write(bytes.span, by: soon()) }
            if thenLeaving { far = nil }
            _ = try LockstepLink(near, patience: .milliseconds(50))
        } catch { return error }
        return nil
    }

    @Test("a robot of another kind, version or temper is refused by its number")
    func refusals() {
        var other = Self.greeting
        other[8] = 9
        #expect(errorOfGreeting(with: [other]) == .foreign(.version(9)))
        #expect(errorOfGreeting(with: [Array("HTTP/1.1 400 Bad".utf8)]) == .foreign(.notLockstep))
        #expect(errorOfGreeting(with: []) == .foreign(.silent))
        #expect(errorOfGreeting(with: [Self.greeting]) == .foreign(.silent))
        #expect(errorOfGreeting(with: [], thenLeaving: true) == .hungUp(transferred: 0))
        #expect(errorOfGreeting(with: [Self.greeting], thenLeaving: true) == .hungUp(transferred: 0))
        #expect(
            errorOfGreeting(with: [Self.greeting, answer(.read, at: 0)]) == .foreign(.unknownKind(2)))
        #expect(errorOfGreeting(with: [Self.greeting, answer(.discard, at: 5)]) == nil)
    }

    @Test("time is the robot's, a read takes its bytes, and what did not come in time is a time-out")
    func reading() throws {
        var far: SocketLink?
        var link = try self.link(&far)
        #expect(link.now.nanoseconds == 10)
        try far?.send(answer(.read, at: 20, [1, 2, 3]))
        #expect(try link.take(by: MonotonicInstant(nanoseconds: 100)) == [1, 2, 3])
        #expect(link.now.nanoseconds == 20)
        try far?.send(answer(.read, at: 30))
        #expect(link.errorOfReading(by: MonotonicInstant(nanoseconds: 30)) == .timedOut(transferred: 0))
        #expect(link.counters.bytesIn == 3 && link.counters.timeOuts == 1 && link.counters.reads == 1)
        #expect(link.errorOfWriting([1], by: MonotonicInstant(nanoseconds: 30)) == .timedOut(transferred: 0))
    }

    @Test("what is written leaves with the next question, in one piece and in its order")
    func batching() throws {
        var far: SocketLink?
        var link = try self.link(&far)
        guard var robot = far.take() else { throw PortError.missing }
        _ = try robot.receive(LockstepFormat.greetingSize + LockstepRequest.size)
        try link.send([1, 2], by: .never)
        #expect(robot.errorOfReading(by: .past) == .timedOut(transferred: 0))
        try robot.send(answer(.read, at: 20, [9]))
        #expect(try link.take(by: MonotonicInstant(nanoseconds: 50)) == [9])
        let heard = try robot.receive(16 + 2 + 16)
        #expect(heard.prefix(3) == [1, 0, 2] && heard[16..<18] == [1, 2] && heard[18] == 2)
        // Nothing can have come: time has not passed. That costs no question.
        #expect(try link.discardInput() == 0)
        #expect(robot.errorOfReading(by: .past) == .timedOut(transferred: 0))
    }

    @Test("the last words of a master that lets go still arrive")
    func lastWords() throws {
        var far: SocketLink?
        do {
            var link = try self.link(&far)
            try link.send([7], by: .never)
        }
        guard var robot = far.take() else { throw PortError.missing }
        let heard = try robot.receive(16 + 16 + 16 + 1)
        #expect(heard.last == 7)
        #expect(robot.errorOfReading() == .hungUp(transferred: 0))
    }

    @Test("an adapter that was pulled out is a hang-up for every call but sleep")
    func unplugged() throws {
        var far: SocketLink?
        var link = try self.link(&far)
        try far?.send(answer(.sleep, at: 20, [], []))
        try link.sleep(until: MonotonicInstant(nanoseconds: 20))
        #expect(link.now.nanoseconds == 20)
        #expect(link.errorOfWriting([1], by: .never) == .hungUp(transferred: 0))
        try far?.send(answer(.read, at: 20, [], []))
        #expect(link.errorOfReading(by: .never) == .hungUp(transferred: 0))
        #expect(portError { _ = try link.discardInput() } == .hungUp(transferred: 0))
    }

    @Test("a robot that lies is refused")
    func lies() throws {
        let lies: [(lie: [UInt8], LockstepProblem)] = [
            // A kind that was not asked for, time that runs backwards, more bytes than there was room for, more than
            // were announced, and no frame at all.
            (answer(.sleep, at: 20), .unknownKind(3)), (answer(.read, at: 9), .backwards),
            (answer(.read, at: 20, Array(repeating: 1, count: 17)), .tooLong(17)),
            (answer(.read, at: 20, [1]) + [2], .tooLong(34)), (Array(repeating: 0xFF, count: 32), .unknownKind(255)),
        ]
        for (lie, problem) in lies {
            var far: SocketLink?
            var link = try self.link(&far)
            try far?.send(lie)
            #expect(link.errorOfReading(by: .never) == .foreign(problem))
        }
    }

    @Test("a robot that leaves in the middle of an answer is a hang-up")
    func leaves() throws {
        var far: SocketLink?
        var link = try self.link(&far)
        try far?.send(Array(answer(.read, at: 20, [1, 2]).dropLast()))
        far = nil
        #expect(link.errorOfReading(by: .never) == .hungUp(transferred: 0))
    }

    @Test("what people do beside the line is there after every answer")
    func inputs() throws {
        var far: SocketLink?
        var link = try self.link(&far, [.plugged, .deadManHeld])
        try far?.send(answer(.sleep, at: 20, [], [.plugged, .emergencyStop]))
        #expect(link.isDeadManHeld && !link.isEmergencyStopped)
        try link.sleep(until: MonotonicInstant(nanoseconds: 20))
        #expect(!link.isDeadManHeld && link.isEmergencyStopped)
        // The past costs nothing.
        try link.sleep(until: MonotonicInstant(nanoseconds: 20))
    }

    @Test("who says what is to come gets all of it in one answer, each piece at its instant")
    func pieces() throws {
        var far: SocketLink?
        var link = try self.link(&far)
        guard var robot = far.take() else { throw PortError.missing }
        _ = try robot.receive(LockstepFormat.greetingSize + LockstepRequest.size)
        link.expect(5)
        try robot.send(answer([(20, [1, 2]), (30, [3]), (40, [4, 5])]))
        #expect(try link.take(by: MonotonicInstant(nanoseconds: 100)) == [1, 2])
        #expect(link.now.nanoseconds == 20)
        #expect(try robot.receive(16)[6] == 5)
        // A deadline before the next piece is a time-out there and then.
        #expect(link.errorOfReading(by: MonotonicInstant(nanoseconds: 25)) == .timedOut(transferred: 0))
        #expect(link.now.nanoseconds == 25)
        #expect(try link.take(by: MonotonicInstant(nanoseconds: 100)) == [3])
        #expect(link.now.nanoseconds == 30 && link.counters.reads == 2)
        // What nobody wants any more is thrown away here.
        #expect(try link.discardInput() == 2)
        #expect(robot.errorOfReading(by: .past) == .timedOut(transferred: 0))
    }

    @Test("pieces that cannot be are refused")
    func lyingPieces() throws {
        let lies: [(lie: [UInt8], LockstepProblem)] = [
            (answer([(20, [1]), (15, [2])]), .backwards), (answer([(20, [1]), (30, [])]), .contents),
            (answer([(20, [1]), (30, [2])], from: 29), .contents),
        ]
        for (lie, problem) in lies {
            var far: SocketLink?
            var link = try self.link(&far)
            try far?.send(lie)
            #expect(link.errorOfReading(by: .never) == .foreign(problem))
        }
    }

    private func answer(_ pieces: [(nanoseconds: Int64, bytes: [UInt8])], from now: Int64 = 40) -> [UInt8] {
        let bytes = pieces.flatMap(\.bytes)
        var header = [UInt8](repeating: 0, count: LockstepAnswer.size)
        var room = header.mutableSpan
        LockstepAnswer(
            to: .read, .plugged, length: max(bytes.count, pieces.count), left: 0,
            now: MonotonicInstant(nanoseconds: now),
            pieces: pieces.count
        ).put(into: &room)
        var table = [UInt8](repeating: 0, count: pieces.count * LockstepFormat.pieceSize)
        var rows = table.mutableSpan
        for (place, piece) in pieces.enumerated() {
            LockstepPiece(MonotonicInstant(nanoseconds: piece.nanoseconds), piece.bytes.count)
                .put(into: &rows, at: place * LockstepFormat.pieceSize)
        }
        let filling = [UInt8](repeating: 0, count: max(bytes.count, pieces.count) - bytes.count)
        return header + bytes + filling + table
    }
}
