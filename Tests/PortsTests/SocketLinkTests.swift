import Foundation
import Glibc
import Testing

@testable import Ports

@Suite struct SocketLinkTests {
    /// One end; the other one is in `far`.
    private func link(_ far: inout SocketLink?) throws -> SocketLink {
        try SocketLink(pairedWith: &far)
    }

    @Test("a client and a server meet at a path and talk both ways")
    func meeting() throws {
        let folder = try ScratchFolder()
        let listener = try SocketListener(at: "\(folder.path)/robot")
        var client = try SocketLink(to: listener.path)
        var server = try listener.accept(by: soon())
        try client.send([1, 2, 3])
        #expect(try server.receive(3) == [1, 2, 3])
        try server.send([4])
        #expect(try client.receive(1) == [4])
        #expect(portError { _ = try listener.accept(by: .past) } == .timedOut(transferred: 0))
    }

    @Test("a path where nobody listens is missing, with and without a name that was left over")
    func missing() throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/robot"
        #expect(portError { _ = try SocketLink(to: path) } == .missing)
        try leaveName(at: path)
        #expect(portError { _ = try SocketLink(to: path) } == .missing)
        let listener = try SocketListener(at: path)
        #expect(portError { _ = try SocketLink(to: listener.path) } == nil)
    }

    /// A socket whose process died: the name is there, nobody answers.
    private func leaveName(at path: String) throws {
        _ = try Linux.listen(path)
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test("a path that somebody listens at is busy, and a file that is no socket is left alone")
    func busy() throws {
        let folder = try ScratchFolder()
        let listener = try SocketListener(at: "\(folder.path)/robot")
        #expect(portError { _ = try SocketListener(at: listener.path) } == .busy)
        try folder.put("notes", in: "file")
        #expect(portError { _ = try SocketListener(at: "\(folder.path)/file") } == .busy)
        #expect(FileManager.default.contents(atPath: "\(folder.path)/file") == Data("notes".utf8))
    }

    @Test("a listener takes its name away with it")
    func name() throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/robot"
        do {
            let listener = try SocketListener(at: path)
            #expect(FileManager.default.fileExists(atPath: listener.path))
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("a path that is too long is refused by its number")
    func tooLong() {
        let path = "/tmp/" + String(repeating: "a", count: 200)
        #expect(portError { _ = try SocketListener(at: path) } == .system(call: .listen, errno: ENAMETOOLONG))
    }

    @Test("a read whose deadline has passed takes what is there, and only that")
    func pastRead() throws {
        var other: SocketLink?
        var near = try link(&other)
        guard var far = other.take() else { throw PortError.missing }
        try far.send([5, 6])
        #expect(try near.take(by: .past) == [5, 6])
        #expect(near.errorOfReading(by: .past) == .timedOut(transferred: 0))
        #expect(near.counters.reads == 1)
        #expect(near.counters.timeOuts == 1)
    }

    @Test("a write whose deadline has passed sends nothing")
    func pastWrite() throws {
        var other: SocketLink?
        var near = try link(&other)
        guard var far = other.take() else { throw PortError.missing }
        #expect(near.errorOfWriting([1], by: .past) == .timedOut(transferred: 0))
        #expect(near.errorOfWriting([1], by: .now()) == .timedOut(transferred: 0))
        #expect(near.counters.bytesOut == 0)
        #expect(far.errorOfReading(by: .past) == .timedOut(transferred: 0))
    }

    @Test("a deadline is kept: not early, and not late by more than a loaded machine is")
    func punctual() throws {
        var other: SocketLink?
        var near = try link(&other)
        let start = MonotonicInstant.now()
        #expect(near.errorOfReading(by: start + .milliseconds(30)) == .timedOut(transferred: 0))
        let waited = MonotonicInstant.now() - start
        #expect(waited >= .milliseconds(30) && waited < .seconds(20))
        let heard = other?.errorOfReading(by: .past)
        #expect(heard == .timedOut(transferred: 0))
    }

    @Test("a peer that is gone is a hang-up for reading and for writing, and no signal ends us")
    func gone() throws {
        var other: SocketLink?
        var near = try link(&other)
        other = nil
        #expect(near.errorOfReading() == .hungUp(transferred: 0))
        #expect(near.errorOfWriting([1]) == .hungUp(transferred: 0))
        // Past the check that comes before: what the kernel itself answers.
        #expect(Linux.isHangUp(Linux.write(near.number, [1].span, toSocket: true)))
        #expect(near.counters.hangUps == 2)
    }

    @Test("what a peer said before it left is delivered, and then its hang-up")
    func lastWords() throws {
        var other: SocketLink?
        var near = try link(&other)
        try other?.send([7, 8, 9])
        other = nil
        var bytes = [UInt8](repeating: 0, count: 4)
        #expect(near.errorOfFilling(&bytes, by: soon()) == .hungUp(transferred: 3))
        #expect(bytes == [7, 8, 9, 0])
    }

    @Test("when nobody reads, writing stops at the deadline, and what was taken arrives")
    func backpressure() throws {
        var other: SocketLink?
        var near = try link(&other)
        guard var far = other.take() else { throw PortError.missing }
        let sent = pattern(10_000_000)
        #expect(near.errorOfWriting(sent, by: .now() + .milliseconds(200)) != nil)
        let taken = Int(near.counters.bytesOut)
        #expect(taken > 0 && taken < sent.count && near.counters.shortWrites > 0)
        #expect(try far.receive(taken) == Array(sent[..<taken]))
    }

    @Test("closing says that it went well, and the other side hears it")
    func closing() throws {
        var other: SocketLink?
        let near = try link(&other)
        try near.close()
        let heard = other?.errorOfReading()
        #expect(heard == .hungUp(transferred: 0))
    }
}
