import Foundation
import Testing

@testable import Ports

/// Long enough for a loaded machine; what fails waits this long, what works never does.
func soon() -> MonotonicInstant { .now() + .seconds(30) }
/// Long enough that a wait has really begun.
func shortly() -> MonotonicInstant { .now() + .milliseconds(20) }

/// The side of a pseudo terminal that a program opens.
struct TerminalEnd: BytePort, ~Copyable {
    private(set) var descriptor: Descriptor
    private var channel = Channel(.terminal)

    init(_ path: String) throws(PortError) { descriptor = try Linux.openTerminal(path) }

    var counters: PortCounters { channel.counters }

    mutating func write(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) throws(PortError) {
        try channel.write(bytes, to: descriptor, by: deadline)
    }

    mutating func read(
        into buffer: inout MutableSpan<UInt8>, from start: Int, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        try channel.read(into: &buffer, at: start, from: descriptor, by: deadline)
    }

    mutating func discardInput() throws(PortError) -> Int { try channel.discardInput(from: descriptor) }

    mutating func setLastWords(_ words: LastWords) { descriptor.lastWords = words }
}

extension BytePort where Self: ~Copyable {
    mutating func send(_ bytes: [UInt8], by deadline: MonotonicInstant = soon()) throws {
        try write(bytes.span, by: deadline)
    }

    /// Exactly so many bytes.
    mutating func receive(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var room = bytes.mutableSpan
        try read(filling: &room, by: soon())
        return bytes
    }

    /// What is there.
    mutating func take(by deadline: MonotonicInstant = soon()) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        var room = bytes.mutableSpan
        let count = try read(into: &room, by: deadline)
        return Array(bytes.prefix(count))
    }

    mutating func errorOfReading(by deadline: MonotonicInstant = soon()) -> PortError? {
        var bytes = [UInt8](repeating: 0, count: 16)
        var room = bytes.mutableSpan
        do throws(PortError) { _ = try read(into: &room, by: deadline) } catch { return error }
        return nil
    }

    /// The error of filling `bytes`, of which as many are new as the error says.
    mutating func errorOfFilling(_ bytes: inout [UInt8], by deadline: MonotonicInstant) -> PortError? {
        var room = bytes.mutableSpan
        do throws(PortError) { try read(filling: &room, by: deadline) } catch { return error }
        return nil
    }

    mutating func errorOfWriting(_ bytes: [UInt8], by deadline: MonotonicInstant = soon()) -> PortError? {
        do throws(PortError) { try write(bytes.span, by: deadline) } catch { return error }
        return nil
    }
}

/// The error of `body`, when it is one of a port.
func portError(_ body: () throws -> Void) -> PortError? {
    do { try body() } catch { return error as? PortError }
    return nil
}

/// A folder that is removed with its owner.
struct ScratchFolder: ~Copyable {
    let path: String

    init() throws {
        // Short: the path of a socket has at most 107 bytes.
        path = "/tmp/ports-\(UUID().uuidString.prefix(13))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func put(_ text: String, in name: String) throws {
        let file = URL(filePath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func link(_ name: String, to target: String) throws {
        let file = URL(filePath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: target)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Every value a byte can have, again and again.
func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 / 256) } }
