import Testing

@testable import Ports

@Suite("What a port says in the end")
struct LastWordsTests {
    private static let words: [UInt8] = [0xFF, 0, 1, 2]

    private enum End: CaseIterable { case scope, close, takenBack }

    private func leave<Port: BytePort & ~Copyable>(
        _ port: consuming Port, _ end: End, _ close: (consuming Port) throws -> Void
    ) throws {
        var port = port
        port.setLastWords(LastWords([9, 9].span))
        port.setLastWords(LastWords(Self.words.span))
        if end == .takenBack { port.setLastWords(.nothing) }
        if end == .close { try close(port) }
    }

    @Test(
        "a socket says its last words however it ends, once, and not when they were taken back",
        arguments: End.allCases)
    private func socket(end: End) throws {
        var far: SocketLink?
        let near = try SocketLink(pairedWith: &far)
        guard var other = far.take() else { throw PortError.missing }
        try leave(near, end) { try $0.close() }
        if end != .takenBack { #expect(try other.receive(4) == Self.words) }
        #expect(other.errorOfReading() == .hungUp(transferred: 0))
    }

    @Test("a terminal does so too", arguments: End.allCases)
    private func terminal(end: End) throws {
        var master = try PseudoTerminal()
        let link = try TerminalLink(master.path, baudRate: try #require(BaudRate(1_000_000)))
        try leave(link, end) { try $0.close() }
        if end != .takenBack { #expect(try master.receive(4) == Self.words) }
        #expect(master.errorOfReading() == .hungUp(transferred: 0))
    }

    @Test("who is not there any more holds up nobody")
    func nobody() throws {
        var far: SocketLink?
        var near: SocketLink? = try SocketLink(pairedWith: &far)
        try far.take()?.close()
        near?.setLastWords(LastWords(Self.words.span))
        near = nil
        var full: SocketLink?
        var deaf = try SocketLink(pairedWith: &full)
        _ = deaf.errorOfWriting(pattern(8_000_000), by: shortly())
        deaf.setLastWords(LastWords(Self.words.span))
        near = consume deaf
        let began = MonotonicInstant.now()
        near = nil
        #expect(MonotonicInstant.now() - began >= LastWords.patience)
        try full.take()?.close()
    }
}
