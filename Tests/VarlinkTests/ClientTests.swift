import Foundation
import Glibc
import JSON
import Ports
import Testing
import Varlink
import VarlinkPeer

/// A server that answers whatever it was told to, right or wrong.
private final class FalseServer {
    let path: String
    private let folder: URL
    private let listener: SocketListener
    private var links: [IdleLink] = []

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "varlink-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appending(path: "socket").path
        listener = try SocketListener(at: path)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Takes the next connection and sends the text, whatever is asked.
    func answer(_ text: String, staying: Bool = false) throws {
        var wire = Wire(link: try listener.accept(by: soon()))
        try wire.send(text)
        if staying { links.append(IdleLink(wire.link)) }
    }
}

@Suite struct ClientTests {
    @Test("where nobody serves, or nobody does any more, the service is missing")
    func missing() throws {
        #expect(
            clientError { () throws(ClientError) in _ = try VarlinkClient(to: "/nowhere/at/all", by: soon()) }
                == .missing)
        let bench = try Bench()
        bench.server.stop()
        #expect(clientError { () throws(ClientError) in _ = try VarlinkClient(to: bench.path, by: soon()) } == .missing)
    }

    @Test("a deadline is kept; the answer that comes later belongs to its own call")
    func deadline() throws {
        let bench = try Bench()
        var client = try bench.client()
        var other = try bench.client()
        let start = MonotonicInstant.now()
        let error = clientError { () throws(ClientError) in
            try client.call("org.understudy.Peer.Hold", by: .now() + .milliseconds(50))
        }
        #expect(error == .timedOut && MonotonicInstant.now() - start >= .milliseconds(50))
        #expect(
            clientError { () throws(ClientError) in try client.peer("Add", ["left": 1, "right": 1]) }
                == .unfinished(calls: 1))
        expectSoon("held") { bench.service.held.count == 1 }
        #expect(try other.peer("Release") == ["calls": 1])
        #expect(try client.receive(by: soon()).parameters["number"] != nil)
        #expect(try client.peer("Add", ["left": 1, "right": 1]) == ["sum": 2])
    }

    @Test("a service that ends in the middle of a call is a hang-up, then and afterwards")
    func hangUp() throws {
        let bench = try Bench()
        var client = try bench.client()
        try client.send("org.understudy.Peer.Hold", by: soon())
        expectSoon("held") { bench.service.held.count == 1 }
        bench.server.stop()
        #expect(clientError { () throws(ClientError) in try client.receive(by: soon()) } == .hungUp)
        #expect(
            clientError { () throws(ClientError) in try client.send("a.b.C", by: soon()) } == .hungUp)
        #expect(bench.service.ended.count == 1 && bench.server.statistics.ends == [.stopped: 1])
    }

    @Test(
        "what is no answer is told from one, and nothing after it is believed",
        arguments: [
            ("{\0", ClientError.notJSON(JSONError(byte: 1, problem: .expected(.key)))), ("[]\0", .notAReply),
            ("{\"error\":1}\0", .notAReply), ("{\"continues\":true}\0", .unexpectedMore),
            ("{\"error\":\"a.b.C\"}\0", .refused(VarlinkError("a.b.C"))), ("{\"par", .hungUp), ("", .hungUp),
            (String(repeating: " ", count: 2_000), .tooLarge(limit: 1_000)),
        ])
    func strange(text: String, expected: ClientError) throws {
        let server = try FalseServer()
        var client = try VarlinkClient(to: server.path, by: soon(), limits: JSONLimits(bytes: 1_000))
        try client.send("a.b.C", by: soon())
        try client.send("a.b.D", by: soon())
        try server.answer(text)
        #expect(clientError { () throws(ClientError) in try client.receive(by: soon()) } == expected)
        #expect(clientError { () throws(ClientError) in try client.receive(by: soon()) } == .hungUp)
    }

    @Test("an answer that is not what the interface says is a mismatch; one that says more is not")
    func mismatch() throws {
        let interface = try VarlinkInterface(parsing: "interface a.b\nmethod M() -> (number: int)")
        for (answer, expected) in [
            ("{\"parameters\":{\"number\":\"x\"}}\0", VarlinkMismatch(path: "number", problem: .expected(.integer))),
            ("{}\0", VarlinkMismatch(path: "number", problem: .missing)),
            ("{\"parameters\":{\"number\":1,\"new\":2}}\0", nil),
        ] {
            let server = try FalseServer()
            var client = try VarlinkClient(to: server.path, by: soon())
            try server.answer(answer, staying: true)
            let error = clientError { () throws(ClientError) in try client.call("M", of: interface, by: soon()) }
            #expect(error == expected.map { .mismatch($0) })
        }
    }

    @Test("a service that does not read does not hold a caller beyond its deadline")
    func fullPipe() throws {
        let server = try FalseServer()
        var client = try VarlinkClient(to: server.path, by: soon())
        let text = JSONValue.text(String(repeating: "x", count: 8 << 20))
        let error = clientError { () throws(ClientError) in
            try client.send("a.b.C", ["text": text], by: .now() + .milliseconds(50))
        }
        #expect(error == .timedOut)
        #expect(clientError { () throws(ClientError) in try client.send("a.b.C", by: soon()) } == .hungUp)
    }
}

@Suite struct StartTests {
    @Test("a path that a live server has is busy, also for one that was just about to look; its end frees it")
    func busy() throws {
        let bench = try Bench()
        for _ in 0..<3 {
            #expect(throws: ServerError.port(.busy)) {
                try VarlinkServer(.peer(), at: bench.path, handler: PeerService())
            }
        }
        var client = try bench.client()
        #expect(try client.peer("Add", ["left": 1, "right": 1]) == ["sum": 2])
        bench.server.stop()
        #expect(!FileManager.default.fileExists(atPath: bench.path))
        let next = try VarlinkServer(.peer(), at: bench.path, handler: PeerService())
        var other = try bench.client()
        #expect(try other.peer("Add", ["left": 1, "right": 1]) == ["sum": 2])
        next.stop()
    }

    @Test("a name that a dead server left is taken over, a file that is none is left alone")
    func leftOver() throws {
        let bench = try Bench()
        bench.server.stop()
        // A socket whose process died: the name is there, nobody answers.
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // SAFETY: the path is shorter than the field, which is zero behind it.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bench.path.utf8) }
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        close(descriptor)
        #expect(bound == 0 && FileManager.default.fileExists(atPath: bench.path))
        try VarlinkServer(.peer(), at: bench.path, handler: PeerService()).stop()
        try Data("notes".utf8).write(to: URL(filePath: bench.path))
        #expect(throws: ServerError.port(.busy)) {
            try VarlinkServer(.peer(), at: bench.path, handler: PeerService())
        }
        #expect(FileManager.default.contents(atPath: bench.path) == Data("notes".utf8))
    }

    @Test("the name has the mode, owner and group it was given", arguments: [0o600, 0o660, 0o666] as [UInt32])
    func access(mode: UInt32) throws {
        let bench = try Bench(access: SocketAccess(mode: mode, owner: getuid(), group: getgid()))
        var found = stat()
        // SAFETY: the call fills a variable that outlives it.
        #expect(unsafe lstat(bench.path, &found) == 0)
        #expect(found.st_mode & 0o777 == mode && found.st_uid == getuid() && found.st_gid == getgid())
    }

    @Test("two interfaces of one name, and a path that cannot be, are refused")
    func refused() throws {
        let one = try VarlinkInterface(parsing: "interface a.b")
        let service = VarlinkService(vendor: "", product: "", version: "", url: "", interfaces: [one, one])
        #expect(throws: ServerError.duplicateInterface("a.b")) {
            try VarlinkServer(service, at: "/tmp/never", handler: PeerService())
        }
        #expect(throws: ServerError.port(.missing)) {
            try VarlinkServer(.peer(), at: "/nowhere/at/all", handler: PeerService())
        }
    }
}
