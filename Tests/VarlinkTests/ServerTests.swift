import Foundation
import Glibc
import JSON
import Ports
import Testing
import Varlink
import VarlinkPeer

@Suite struct ServerTests {
    @Test("calls are answered, and the service says what it is")
    func calls() throws {
        let bench = try Bench()
        var client = try bench.client()
        let information = try client.information(by: soon())
        #expect(information["interfaces"] == ["org.varlink.service", "org.understudy.Peer"])
        #expect(try client.interface("org.understudy.Peer", by: soon()).description == PeerService.text)
        #expect(try client.interface("org.varlink.service", by: soon()).methods.count == 2)
        #expect(try client.peer("Add", ["left": 9_007_199_254_740_993, "right": -1]) == ["sum": 9_007_199_254_740_992])
        #expect(bench.server.statistics.calls == 4)
    }

    @Test("calls sent ahead are answered in their order, also when the first takes longer")
    func pipeline() throws {
        let bench = try Bench()
        var client = try bench.client()
        var other = try bench.client()
        try client.send("org.understudy.Peer.Hold", by: soon())
        // Few enough for the socket, which nobody reads while a call is open: a poll calls it full at a quarter.
        for number in 1...50 {
            try client.send("org.understudy.Peer.Add", ["left": .integer(Int64(number)), "right": 0], by: soon())
        }
        expectSoon("held") { bench.service.held.count == 1 }
        #expect(try other.peer("Release") == ["calls": 1])
        #expect(try client.receive(by: soon()).parameters["number"] != nil)
        for number in 1...50 {
            #expect(try client.receive(by: soon()).parameters == ["sum": .integer(Int64(number))])
        }
    }

    @Test("a stream ends with the reply that does not continue; without more it is refused")
    func stream() throws {
        let bench = try Bench()
        var client = try bench.client()
        try client.send("org.understudy.Peer.Count", ["to": 500], .more, by: soon())
        for number in 1...500 {
            let reply = try client.receive(by: soon())
            #expect(reply.parameters == ["number": .integer(Int64(number))] && reply.continues == (number < 500))
        }
        #expect(
            clientError { () throws(ClientError) in try client.peer("Count", ["to": 5]) } == .refused(.expectedMore))
        #expect(clientError { () throws(ClientError) in try client.receive(by: soon()) } == .nothingAwaited)
    }

    @Test("a call that wants no answer gets none, neither a reply nor an error")
    func oneway() throws {
        let bench = try Bench()
        var client = try bench.client()
        for method in ["Note", "Refuse", "Nothing", "Caller"] {
            let parameters: JSONObject = method == "Note" ? ["text": "a"] : method == "Refuse" ? ["number": 1] : [:]
            try client.send("org.understudy.Peer.\(method)", parameters, .never, by: soon())
        }
        #expect(try client.peer("Notes") == ["texts": ["a"]])
    }

    @Test(
        "what a call does wrong is named",
        arguments: [
            ("org.nothing.There", [:], VarlinkError.interfaceNotFound("org.nothing")),
            ("Nothing", [:], .interfaceNotFound("Nothing")),
            ("org.understudy.Peer.Nothing", [:], .methodNotFound("Nothing")),
            ("org.understudy.Peer.Kind", [:], .methodNotFound("Kind")),
            ("org.varlink.service.GetAll", [:], .methodNotFound("GetAll")),
            ("org.varlink.service.GetInfo", ["x": 1], .invalidParameter("x")),
            ("org.varlink.service.GetInterfaceDescription", ["interface": "a.b"], .interfaceNotFound("a.b")),
            ("org.understudy.Peer.Add", ["left": 1], .invalidParameter("right")),
            ("org.understudy.Peer.Add", ["left": 1, "right": 2.0], .invalidParameter("right")),
            ("org.understudy.Peer.Add", ["left": 1, "right": 2, "up": 3], .invalidParameter("up")),
            ("org.understudy.Peer.Echo", ["thing": ["name": 1]], .invalidParameter("thing.name")),
        ] as [(String, JSONObject, VarlinkError)])
    func mistakes(method: String, parameters: JSONObject, error: VarlinkError) throws {
        let bench = try Bench()
        var client = try bench.client()
        #expect(
            clientError { () throws(ClientError) in try client.call(method, parameters, by: soon()) } == .refused(error)
        )
        #expect(try client.peer("Add", ["left": 1, "right": 1]) == ["sum": 2])
    }

    @Test("who wants no reply cannot want several, and nobody gets another protocol")
    func flags() throws {
        let bench = try Bench()
        var wire = try bench.wire()
        try wire.send("{\"method\":\"org.varlink.service.GetInfo\",\"upgrade\":true}\0")
        try wire.send("{\"method\":\"org.varlink.service.GetInfo\",\"more\":true,\"oneway\":true}\0")
        try wire.send("no call\0")
        let answer =
            "{\"error\":\"org.varlink.service.InvalidParameter\",\"parameters\":{\"parameter\":\"upgrade\"}}\0"
        #expect(try wire.rest() == answer)
    }

    @Test("a reply that the description does not have never leaves the house, and is counted")
    func drift() throws {
        let bench = try Bench()
        var client = try bench.client()
        for method in ["Drift", "DriftInError"] {
            #expect(
                clientError { () throws(ClientError) in try client.peer(method) }
                    == .refused(.methodNotImplemented(method)))
        }
        #expect(bench.server.statistics.driftedReplies == 2)
        #expect(
            clientError { () throws(ClientError) in try client.peer("Refuse", ["number": 7]) }
                == .refused(VarlinkError("org.understudy.Peer.Refused", ["number": 7, "reason": "it was asked to"])))
    }

    @Test("a call that the handler lets go of ends the connection instead of leaving the caller waiting")
    func forgotten() throws {
        let bench = try Bench()
        var client = try bench.client()
        #expect(clientError { () throws(ClientError) in try client.peer("Forget") } == .hungUp)
        #expect(bench.server.statistics.ends == [.unanswered: 1])
    }

    @Test("a call can be answered once, and a stream only by who was asked for one")
    func once() throws {
        let bench = try Bench()
        var client = try bench.client()
        try client.send("org.understudy.Peer.Hold", by: soon())
        expectSoon("held") { bench.service.held.count == 1 }
        let call = try #require(bench.service.held.first)
        #expect(call.isOpen)
        #expect(throws: ReplyRefusal.notAskedForMore) { try call.update(["number": 1]) }
        try call.reply(["number": 1])
        #expect(throws: ReplyRefusal.alreadyAnswered) { try call.reply(["number": 2]) }
        #expect(throws: ReplyRefusal.alreadyAnswered) { try call.fail(.permissionDenied) }
        #expect(!call.isOpen)
        #expect(try client.receive(by: soon()).parameters == ["number": 1])
        #expect(clientError { () throws(ClientError) in try client.receive(by: .past) } == .nothingAwaited)
    }

    @Test("when a caller leaves, its open call is over and the handler hears of it")
    func callerLeaves() throws {
        let bench = try Bench()
        do {
            var client = try bench.client()
            try client.send("org.understudy.Peer.Hold", by: soon())
            expectSoon("held") { bench.service.held.count == 1 }
        }
        let call = bench.service.held.first
        expectSoon("ended") { bench.service.ended.count == 1 }
        if let call {
            #expect(bench.service.ended == [call.number] && !call.isOpen)
            #expect(throws: ReplyRefusal.self) { try call.reply(["number": 1]) }
        }
        expectSoon("gone") { bench.server.statistics.ends == [.hungUp: 1] }
    }

    @Test("what was said before the hang-up counts, also when nobody waits for it")
    func lastWords() throws {
        let bench = try Bench()
        do {
            var wire = try bench.wire()
            for number in 0..<50 {
                try wire.send(
                    "{\"method\":\"org.understudy.Peer.Note\",\"parameters\":{\"text\":\"\(number)\"},\"oneway\":true}\0"
                )
            }
        }
        expectSoon("noted") { bench.service.notes == (0..<50).map { "\($0)" } }
    }

    @Test("a hang-up at any byte leaves nothing behind, and only a whole message counts")
    func anyByte() throws {
        let bench = try Bench()
        let message = Array(
            "{\"method\":\"org.understudy.Peer.Note\",\"parameters\":{\"text\":\"é\"},\"oneway\":true}\0".utf8)
        for end in 0...message.count {
            var wire = try bench.wire()
            try wire.send(Array(message[..<end]))
        }
        expectSoon("all gone") { bench.server.statistics.ends[.hungUp] == message.count + 1 }
        #expect(bench.service.notes == ["é"])
        #expect(bench.server.statistics.connections == 0)
    }

    @Test("the handler is told who calls: process, user and groups, by the kernel and by the system's data")
    func caller() throws {
        let bench = try Bench()
        var client = try bench.client()
        let caller = try client.peer("Caller")
        #expect(caller["process"] == .integer(Int64(getpid())) && caller["user"] == .integer(Int64(getuid())))
        #expect(caller["groups"]?.list?.contains(.integer(Int64(getgid()))) == true)
    }
}
