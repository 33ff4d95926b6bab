import Foundation
import Glibc
import Testing

@testable import Ports

@Suite struct PseudoTerminalTests {
    @Test("every byte goes through unchanged, both ways")
    func bytes() throws {
        var terminal = try PseudoTerminal()
        var end = try TerminalEnd(terminal.path)
        let all = (UInt8.min...UInt8.max).map { $0 }
        try terminal.send(all)
        #expect(try end.receive(256) == all)
        try end.send(all)
        #expect(try terminal.receive(256) == all)
        #expect(terminal.counters.bytesIn == 256 && terminal.counters.bytesOut == 256)
    }

    @Test("100,000 bytes go out and come back from a program that echoes")
    func volume() throws {
        var terminal = try PseudoTerminal()
        try Echo.start(on: terminal.path)
        let sent = pattern(100_000)
        var back: [UInt8] = []
        for start in stride(from: 0, to: sent.count, by: 1_000) {
            try terminal.send(Array(sent[start..<start + 1_000]))
            back += try terminal.receive(1_000)
        }
        #expect(back == sent)
        #expect(terminal.counters.bytesIn == 100_000)
        #expect(terminal.counters.bytesOut == 100_000)
    }

    @Test("what came before the deadline is kept, and the error says how much that is")
    func partial() throws {
        var terminal = try PseudoTerminal()
        var end = try TerminalEnd(terminal.path)
        try terminal.send([1, 2, 3, 4])
        #expect(try Linux.wait(end.descriptor.number, for: .readable, by: soon()) == .readable)
        var bytes = [UInt8](repeating: 0, count: 10)
        #expect(end.errorOfFilling(&bytes, by: shortly()) == .timedOut(transferred: 4))
        #expect(bytes == [1, 2, 3, 4, 0, 0, 0, 0, 0, 0])
        #expect(end.counters.timeOuts == 1)
        #expect(end.counters.bytesIn == 4)
    }

    @Test("nobody there is a hang-up, from the start and again after each program that opened it")
    func reopening() throws {
        var terminal = try PseudoTerminal()
        #expect(try !terminal.hasPeer())
        #expect(terminal.errorOfReading() == .hungUp(transferred: 0))
        #expect(terminal.errorOfWriting([1]) == .hungUp(transferred: 0))
        for round in UInt8(1)...3 {
            var end = try TerminalEnd(terminal.path)
            try terminal.waitForPeer(by: soon())
            try end.send([round])
            #expect(try terminal.receive(1) == [round])
            try terminal.send([round, round])
            #expect(try end.receive(2) == [round, round])
            _ = consume end
            #expect(terminal.errorOfReading() == .hungUp(transferred: 0))
        }
        #expect(terminal.counters.hangUps == 5)
        #expect(portError { try terminal.waitForPeer(by: shortly()) } == .timedOut(transferred: 0))
    }

    @Test("the last words of a program are delivered before its hang-up")
    func lastWords() throws {
        var terminal = try PseudoTerminal()
        var end = try TerminalEnd(terminal.path)
        try end.send([42, 43])
        _ = consume end
        var bytes = [UInt8](repeating: 0, count: 5)
        #expect(terminal.errorOfFilling(&bytes, by: soon()) == .hungUp(transferred: 2))
        #expect(bytes == [42, 43, 0, 0, 0])
    }

    @Test("a read that waits ends when the other side hangs up")
    func hangUpWhileReading() throws {
        var terminal = try PseudoTerminal()
        try Echo.closeSoon(terminal.path)
        #expect(terminal.errorOfReading() == .hungUp(transferred: 0))
    }

    @Test("a write that waits ends when the other side hangs up, and says how much was taken")
    func hangUpWhileWriting() throws {
        var terminal = try PseudoTerminal()
        let sent = pattern(1_000_000)
        try Echo.closeSoon(terminal.path)
        let error = terminal.errorOfWriting(sent)
        #expect(error == .hungUp(transferred: Int(terminal.counters.bytesOut)))
        #expect(terminal.counters.bytesOut > 0)
    }

    @Test("a program hears when the terminal itself goes away")
    func terminalGone() throws {
        var terminal: PseudoTerminal? = try PseudoTerminal()
        guard let path = terminal?.path else { return }
        var end = try TerminalEnd(path)
        terminal = nil
        #expect(end.errorOfReading() == .hungUp(transferred: 0))
        #expect(end.errorOfWriting([1]) == .hungUp(transferred: 0))
        #expect(end.counters.hangUps == 2)
    }

    @Test("when nobody reads, writing stops at the deadline, and what was taken arrives")
    func backpressure() throws {
        var terminal = try PseudoTerminal()
        var end = try TerminalEnd(terminal.path)
        let sent = pattern(1_000_000)
        let error = end.errorOfWriting(sent, by: shortly())
        let taken = Int(end.counters.bytesOut)
        #expect(error == .timedOut(transferred: taken))
        #expect(taken > 0 && taken < sent.count)
        #expect(end.counters.shortWrites > 0)
        #expect(try terminal.receive(taken) == Array(sent[..<taken]))
        #expect(terminal.errorOfReading(by: shortly()) == .timedOut(transferred: 0))
        try end.send([1])
        #expect(try terminal.receive(1) == [1])
    }

    @Test("the rate that the other side has set can be read", arguments: [9_600, 12_345, 1_000_000, 4_000_000])
    func rate(bitsPerSecond: UInt32) throws {
        let terminal = try PseudoTerminal()
        let end = try TerminalEnd(terminal.path)
        let rate = try #require(BaudRate(bitsPerSecond))
        try Linux.setBaud(rate, of: end.descriptor)
        #expect(try terminal.baudRateOfPeer() == rate)
    }

    @Test("what nobody wanted is thrown away and counted")
    func discarding() throws {
        var terminal = try PseudoTerminal()
        var end = try TerminalEnd(terminal.path)
        try terminal.send(pattern(700))
        #expect(try Linux.wait(end.descriptor.number, for: .readable, by: soon()) == .readable)
        var discarded = 0
        while discarded < 700 { discarded += try end.discardInput() }
        #expect(discarded == 700)
        #expect(try end.discardInput() == 0)
        #expect(end.counters.bytesDiscarded == 700)
        #expect(end.counters.bytesIn == 0)
    }
}

/// Programs at the other end, written without anything of ours.
enum Echo {
    private static func open(_ path: String) throws -> Int32 {
        // SAFETY: the string outlives the call, which keeps no pointer.
        let file = unsafe Glibc.open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(file >= 0)
        return file
    }

    /// Sends back what it gets, until the line is hung up.
    static func start(on path: String) throws {
        let file = try open(path)
        Thread.detachNewThread {
            var bytes = [UInt8](repeating: 0, count: 512)
            while true {
                // SAFETY: the buffer is the thread's own and as long as it says.
                let count = unsafe Glibc.read(file, &bytes, bytes.count)
                guard count > 0, unsafe Glibc.write(file, bytes, count) == count else { break }
            }
            _ = close(file)
        }
    }

    /// Opens, and closes when the one who waits has had time to wait.
    static func closeSoon(_ path: String) throws {
        let file = try open(path)
        Thread.detachNewThread {
            usleep(50_000)
            _ = close(file)
        }
    }
}
