import CAllocationCounter
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Ports

/// Who has a descriptor, and what a transfer costs.
@Suite struct OwnershipTests {
    @Test("a program that we start inherits none of our ports")
    func inheritance() throws {
        let terminal = try PseudoTerminal()
        let end = try TerminalEnd(terminal.path)
        let folder = try ScratchFolder()
        let listener = try SocketListener(at: "\(folder.path)/robot")
        let client = try SocketLink(to: listener.path)
        let server = try listener.accept(by: soon())
        let ours = try [client.number, server.number, end.descriptor.number].map(target)
        // The control: without it an empty list would pass.
        let inherited = fcntl(end.descriptor.number, F_DUPFD, 100)
        defer { _ = close(inherited) }
        let listing = try ProcessRun.shell("ls -l /proc/self/fd").output
        let lines = listing.split(separator: "\n")
        #expect(lines.filter { $0.contains(" \(inherited) -> ") && $0.hasSuffix(terminal.path) }.count == 1)
        #expect(lines.filter { line in ours.contains { line.hasSuffix("-> \($0)") } }.count == 1)
        #expect(!listing.contains("ptmx"))
        // All of them are still open here, so the program could have had them.
        #expect(try [client.number, server.number, end.descriptor.number].map(target) == ours)
        #expect(try terminal.hasPeer())
    }

    /// What Linux says a descriptor is: the path of a device, or the number of a socket.
    private func target(_ descriptor: Int32) throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
    }

    @Test("a port is closed when its owner lets it go")
    func closing() throws {
        var terminal = try PseudoTerminal()
        do {
            let end = try TerminalEnd(terminal.path)
            #expect(try terminal.hasPeer())
            #expect(end.descriptor.number >= 0)
        }
        #expect(try !terminal.hasPeer())
        #expect(terminal.errorOfReading() == .hungUp(transferred: 0))
    }

    @Test("closing a descriptor that is none is an error with its number")
    func closingTwice() {
        let error = portError { try Descriptor(-1).close() }
        #expect(error == .system(call: .close, errno: EBADF))
    }

    @Test("a transfer allocates nothing, nor does a deadline that passes", .enabled(if: callocationcounter_counts()))
    func allocations() throws {
        var other: SocketLink?
        var near = try SocketLink(pairedWith: &other)
        guard var far = other.take() else { throw PortError.missing }
        var terminal = try PseudoTerminal()
        var end = try TerminalEnd(terminal.path)
        var frame = InlineArray<64, UInt8>(repeating: 0x55)
        try round(&near, &far, &frame)
        try round(&terminal, &end, &frame)
        let start = callocationcounter_of_this_thread()
        for _ in 0..<500 {
            try round(&near, &far, &frame)
            try round(&terminal, &end, &frame)
        }
        let ports = callocationcounter_of_this_thread() - start
        for _ in 0..<1_000 { bareThrow() }
        // Swift Testing watches every throw and allocates for it. A round throws once, and must cost no more than that.
        let throwing = callocationcounter_of_this_thread() - start - ports
        #expect(ports <= throwing)
        #expect(far.counters.bytesIn == 501 * 64 && far.counters.timeOuts == 501)
    }

    private func bareThrow() {
        do throws(PortError) { try Self.fail() } catch { return }
    }

    @inline(never) private static func fail() throws(PortError) { throw .timedOut(transferred: 0) }

    private func round<Near: BytePort & ~Copyable, Far: BytePort & ~Copyable>(
        _ near: inout Near, _ far: inout Far, _ frame: inout InlineArray<64, UInt8>
    ) throws(PortError) {
        try near.write(frame.span, by: soon())
        var room = frame.mutableSpan
        try far.read(filling: &room, by: soon())
        do throws(PortError) {
            _ = try far.read(into: &room, by: .past)
        } catch .timedOut {
            return
        }
    }
}
