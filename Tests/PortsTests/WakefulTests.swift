import Testing

@testable import Ports

/// A port that looks again and again instead of sleeping differs in nothing but its haste.
@Suite("Ports that stay awake")
struct WakefulTests {
    private static let long = Duration.seconds(20)

    @Test("on a socket, what comes is read once, a deadline is kept and a hang-up is told, all without falling asleep")
    func socket() throws {
        var far: SocketLink?
        var near = try SocketLink(pairedWith: &far)
        guard var other = far.take() else { throw Unexpected(error: nil) }
        near.stayAwake(for: Self.long)
        try other.send([1, 2, 3])
        #expect(try near.take() == [1, 2, 3])
        #expect(near.counters.reads == 1 && near.counters.bytesIn == 3)
        let deadline = shortly()
        #expect(near.errorOfReading(by: deadline) == .timedOut(transferred: 0))
        #expect(MonotonicInstant.now() >= deadline)
        try other.close()
        let asked = MonotonicInstant.now()
        #expect(near.errorOfReading() == .hungUp(transferred: 0))
        #expect(MonotonicInstant.now() < asked + Self.long)
    }

    @Test("on a terminal, both ends read what comes, and each is told of the other's end once it would sleep")
    func terminal() throws {
        var master = try PseudoTerminal()
        let rate = try #require(BaudRate(1_000_000))
        var link = try TerminalLink(master.path, baudRate: rate)
        link.stayAwake(for: .milliseconds(5))
        master.stayAwake(for: .milliseconds(5))
        try master.send([7, 8])
        #expect(try link.receive(2) == [7, 8])
        try link.send([9])
        #expect(try master.take() == [9])
        try master.close()
        #expect(link.errorOfReading() == .hungUp(transferred: 0))
        var second = try PseudoTerminal()
        second.stayAwake(for: Self.long)
        let opened = try TerminalLink(second.path, baudRate: rate)
        try opened.close()
        #expect(second.errorOfReading() == .hungUp(transferred: 0))
    }

    @Test("who stays awake for a while sleeps afterwards, and is woken by what comes")
    func asleep() throws {
        var far: SocketLink?
        var near = try SocketLink(pairedWith: &far)
        guard var other = far.take() else { throw Unexpected(error: nil) }
        near.stayAwake(for: .microseconds(1))
        #expect(near.errorOfReading(by: shortly()) == .timedOut(transferred: 0))
        #expect(near.counters.timeOuts == 1)
        try other.send([1])
        #expect(try near.take() == [1])
    }

    @Test("a write without room waits for it, and one to nobody is told so at once", arguments: [true, false])
    func writing(toSocket: Bool) throws {
        if toSocket {
            var far: SocketLink?
            var near = try SocketLink(pairedWith: &far)
            let error = near.errorOfWriting(pattern(8_000_000), by: shortly())
            guard case .timedOut(let count)? = error else { throw Unexpected(error: error) }
            #expect(count > 0 && near.counters.bytesOut == UInt64(count))
            try far.take()?.close()
            #expect(near.errorOfWriting([1]) == .hungUp(transferred: 0))
        } else {
            let master = try PseudoTerminal()
            var link = try TerminalLink(master.path, baudRate: try #require(BaudRate(1_000_000)))
            let error = link.errorOfWriting(pattern(8_000_000), by: shortly())
            guard case .timedOut(let count)? = error else { throw Unexpected(error: error) }
            #expect(count > 0 && link.counters.bytesOut == UInt64(count))
            try master.close()
            #expect(link.errorOfWriting([1]) == .hungUp(transferred: 0))
        }
    }

    private struct Unexpected: Error { let error: PortError? }
}
