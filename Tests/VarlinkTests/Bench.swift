import Foundation
import JSON
import Ports
import Testing
import Varlink
import VarlinkPeer

/// Long enough for a machine that does much else; no test waits for it to pass.
func soon() -> MonotonicInstant { .now() + .seconds(60) }

/// Waits until something has become true.
func expectSoon(_ what: String, _ condition: () -> Bool) {
    let deadline = soon()
    while !condition() {
        guard MonotonicInstant.now() < deadline else {
            Issue.record("not yet: \(what)")
            return
        }
        MonotonicInstant.sleep(until: .now() + .milliseconds(1))
    }
}

func clientError<Result>(_ body: () throws(ClientError) -> Result) -> ClientError? {
    do throws(ClientError) {
        _ = try body()
        return nil
    } catch {
        return error
    }
}

/// A served `PeerService` in a folder of its own.
final class Bench {
    let path: String
    let service = PeerService()
    let server: VarlinkServer
    private let folder: URL

    init(_ change: (inout ServerLimits) -> Void = { _ in }, access: SocketAccess = SocketAccess()) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "varlink-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appending(path: "socket").path
        var limits = ServerLimits()
        // Tests call faster than people do.
        limits.callsPerSecond = 1e6
        limits.callsAtOnce = 1e6
        change(&limits)
        server = try VarlinkServer(.peer(), at: path, access: access, limits: limits, handler: service)
    }

    deinit {
        server.stop()
        try? FileManager.default.removeItem(at: folder)
    }

    func client() throws -> VarlinkClient { try VarlinkClient(to: path, by: soon()) }

    /// A connection for bytes that no client sends.
    func wire() throws -> Wire { Wire(link: try link()) }

    /// More may be waiting at the door than fit into the queue.
    func link() throws(PortError) -> SocketLink {
        for _ in 0..<60_000 {
            var link: SocketLink?
            if try connect(&link), let link { return link }
            MonotonicInstant.sleep(until: .now() + .milliseconds(1))
        }
        throw .busy
    }

    private func connect(_ link: inout SocketLink?) throws(PortError) -> Bool {
        do throws(PortError) {
            link = try SocketLink(to: path)
            return true
        } catch {
            guard error == .busy else { throw error }
            return false
        }
    }
}

struct Wire: ~Copyable {
    var link: SocketLink

    mutating func send(_ text: String) throws { try send(Array(text.utf8)) }
    mutating func send(_ bytes: [UInt8]) throws { try link.write(bytes.span, by: soon()) }

    /// What comes until the other side hangs up.
    mutating func rest() throws -> String {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            do throws(PortError) {
                var room = buffer.mutableSpan
                let count = try link.read(into: &room, by: soon())
                received += buffer[..<count]
            } catch .hungUp {
                return String(decoding: received, as: UTF8.self)
            }
        }
    }
}

extension VarlinkClient {
    mutating func peer(_ method: String, _ parameters: JSONObject = [:]) throws(ClientError) -> JSONObject {
        try call("org.understudy.Peer.\(method)", parameters, by: soon())
    }
}
