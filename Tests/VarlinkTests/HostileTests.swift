import Foundation
import JSON
import Ports
import Testing
import Varlink
import VarlinkPeer

/// Everybody who can connect can send anything. None of it may cost memory without bound, or anyone else their answer.
@Suite(.serialized) struct HostileTests {
    /// That the service still answers somebody who has done nothing.
    private func expectServed(_ bench: Bench) throws {
        var client = try bench.client()
        #expect(try client.peer("Add", ["left": 20, "right": 22]) == ["sum": 42])
    }

    @Test(
        "what is not a call ends the connection at once",
        arguments: [
            ("\0", ConnectionEnd.notJSON), ("garbage\0", .notJSON), ("{\"method\":\"a.B\"\0", .notJSON),
            ("{\"method\":\"a.B\",\"method\":\"a.C\"}\0", .notJSON), ("\u{1}\0", .notJSON), ("[]\0", .notACall),
            ("{}\0", .notACall), ("{\"method\":1}\0", .notACall),
            ("{\"method\":\"a.B\",\"parameters\":[]}\0", .notACall),
        ])
    func garbage(text: String, end: ConnectionEnd) throws {
        let bench = try Bench()
        var wire = try bench.wire()
        try wire.send(text)
        #expect(try wire.rest().isEmpty)
        #expect(bench.server.statistics.ends == [end: 1] && bench.service.ends == [end])
        try expectServed(bench)
    }

    @Test("a message without an end is cut off at the limit, and deep nesting and very many values are refused")
    func endless() throws {
        let bench = try Bench { $0.messageBytes = 100_000 }
        for (piece, end) in [("x", ConnectionEnd.tooLarge), ("[", .tooLarge), ("{\"a\":", .tooLarge)] {
            var wire = try bench.wire()
            let piece = String(repeating: piece, count: 20_000)
            // Until the other side will not hear more; how much the kernel still takes is its own affair.
            while (try? wire.send(piece)) != nil { continue }
            expectSoon("cut off") { bench.service.ends.last == end }
        }
        for text in [String(repeating: "[", count: 50_000), "[0" + String(repeating: ",0", count: 40_000) + "]"] {
            let ends = bench.service.ends.count
            var wire = try bench.wire()
            try wire.send(text + "\0")
            expectSoon("refused") { bench.service.ends.count == ends + 1 }
            #expect(bench.service.ends.last != .tooLarge)
        }
        #expect(bench.server.statistics.mostHeldBytes <= 100_000 + 1 << 16)
        try expectServed(bench)
    }

    @Test("who sends a byte now and then does not keep a place")
    func dribble() throws {
        let bench = try Bench { $0.messageTime = .milliseconds(200) }
        var wire = try bench.wire()
        while (try? wire.send("x")) != nil { MonotonicInstant.sleep(until: .now() + .milliseconds(5)) }
        #expect(bench.server.statistics.ends == [.unfinishedMessage: 1])
        try expectServed(bench)
    }

    @Test("a connection without a call is closed after a while, one with an open call is not")
    func idle() throws {
        let bench = try Bench { $0.idleTime = .milliseconds(200) }
        var holder = try bench.client()
        try holder.send("org.understudy.Peer.Hold", by: soon())
        var wire = try bench.wire()
        #expect(try wire.rest().isEmpty)
        #expect(bench.server.statistics.ends == [.idle: 1])
        #expect(bench.service.held.count == 1)
    }

    @Test("200 idle connections cost the oldest their place, and nobody their answer")
    func crowd() throws {
        let bench = try Bench()
        var crowd: [IdleLink] = []
        for _ in 0..<200 { crowd.append(IdleLink(try bench.link())) }
        expectSoon("all seen") { bench.server.statistics.accepted == 200 }
        for _ in 0..<20 { try expectServed(bench) }
        let statistics = bench.server.statistics
        #expect(statistics.connections <= 32 && statistics.ends[.gavePlace, default: 0] >= 168)
        #expect(statistics.ends[.noPlace] == nil && statistics.mostHeldBytes < 1 << 16)
        #expect(crowd.count == 200)
    }

    /// Four connections of this user, which are all that there may be, and each has a call under way.
    private func filled() throws -> (bench: Bench, holders: [IdleLink]) {
        let bench = try Bench { ($0.connections, $0.connectionsPerUser) = (4, 4) }
        var holders: [IdleLink] = []
        for count in 1...4 {
            var wire = try bench.wire()
            try wire.send("{\"method\":\"org.understudy.Peer.Hold\"}\0")
            holders.append(IdleLink(wire.link))
            expectSoon("held") { bench.service.held.count == count }
        }
        return (bench, holders)
    }

    @Test("when every place has an open call, a newcomer is told so at once and those who call are not disturbed")
    func full() throws {
        let (bench, holders) = try filled()
        var wire = try bench.wire()
        #expect(try wire.rest() == "{\"error\":\"org.understudy.Peer.Crowded\",\"parameters\":{\"limit\":4}}\0")
        // The same to whoever calls, be it before or after the door is closed.
        for _ in 0..<20 {
            var client = try bench.client()
            let error = VarlinkError("org.understudy.Peer.Crowded", ["limit": 4])
            #expect(throws: ClientError.refused(error)) { try client.peer("Add", ["left": 1, "right": 2]) }
        }
        #expect(bench.server.statistics.ends == [.noPlace: 21] && bench.service.held.count == 4 && holders.count == 4)
    }

    @Test("when every place has an open call, a preferred newcomer is served, and the oldest call gives its place")
    func preferred() throws {
        let (bench, holders) = try filled()
        let oldest = bench.service.held.map(\.number).min()
        bench.service.prefer(true)
        try expectServed(bench)
        #expect(bench.server.statistics.ends[.displaced] == 1 && bench.service.ended.first == oldest)
        #expect(bench.service.held.count == 3 && holders.count == 4)
    }

    @Test("who does not read is disconnected, and what waited for it is forgotten")
    func unread() throws {
        let bench = try Bench { ($0.unreadBytes, $0.unreadTime) = (1 << 20, .milliseconds(200)) }
        let call =
            "{\"method\":\"org.understudy.Peer.Flood\",\"parameters\":{\"texts\":%,\"letters\":10000},\"more\":true}\0"
        for (texts, end) in [("1000", ConnectionEnd.tooMuchUnread), ("90", .unreadForTooLong)] {
            var wire = try bench.wire()
            try wire.send(call.replacing("%", with: texts))
            expectSoon("disconnected") { bench.service.ends.last == end }
        }
        #expect(bench.server.statistics.mostHeldBytes <= 1 << 20)
        try expectServed(bench)
    }

    @Test("all connections of one user together may hold so much, and then the greediest has to go")
    func together() throws {
        let bench = try Bench { $0.heldBytesPerUser = 1 << 20 }
        var crowd: [IdleLink] = []
        for _ in 0..<20 {
            var wire = try bench.wire()
            try wire.send([UInt8](repeating: 0x20, count: 100_000))
            crowd.append(IdleLink(wire.link))
        }
        expectSoon("some went") { bench.server.statistics.ends[.heldTooMuch, default: 0] >= 9 }
        #expect(bench.server.statistics.mostHeldBytes <= 1 << 20 && crowd.count == 20)
        try expectServed(bench)
    }

    @Test("who calls faster than allowed waits, and gets every answer")
    func rate() throws {
        let bench = try Bench { ($0.callsPerSecond, $0.callsAtOnce) = (200, 10) }
        var client = try bench.client()
        let start = MonotonicInstant.now()
        for number in 0..<60 {
            try client.send("org.understudy.Peer.Add", ["left": .integer(Int64(number)), "right": 1], by: soon())
        }
        for number in 0..<60 {
            #expect(try client.receive(by: soon()).parameters == ["sum": .integer(Int64(number) + 1)])
        }
        // Ten at once, and fifty at 200 a second.
        #expect(MonotonicInstant.now() - start >= .milliseconds(249))
    }

    @Test("10,000 hostile messages from many sides leave an honest caller its answers, and no memory behind")
    func storm() throws {
        let bench = try Bench { $0.messageBytes = 1 << 16 }
        var random = SplitMix(state: 0x5EED)
        var honest = try bench.client()
        var slowest = Duration.zero
        for round in 0..<100 {
            var wire = try bench.wire()
            // Most of these end the connection at the first message; what follows meets a closed door.
            for _ in 0..<100 { if (try? wire.send(random.hostileMessage())) == nil { break } }
            if round % 5 == 0 {
                let start = MonotonicInstant.now()
                #expect(try honest.peer("Add", ["left": 1, "right": 2]) == ["sum": 3])
                slowest = max(slowest, MonotonicInstant.now() - start)
            }
        }
        var many = try bench.wire()
        let refused = "{\"method\":\"org.understudy.Peer.Nothing\",\"oneway\":true}\0"
        for _ in 0..<10_000 { try many.send(refused) }
        #expect(try honest.peer("Add", ["left": 1, "right": 2]) == ["sum": 3])
        expectSoon("all were heard") { bench.server.statistics.calls >= 10_000 }
        let statistics = bench.server.statistics
        print(
            "10,000 hostile messages: at most \(statistics.mostHeldBytes) bytes held, an answer took at most \(slowest)"
        )
        #expect(statistics.mostHeldBytes < 1 << 20 && slowest < .seconds(10))
        try expectServed(bench)
    }
}

/// Keeps a connection open in an array, where what cannot be copied cannot be.
final class IdleLink {
    private let link: SocketLink
    init(_ link: consuming SocketLink) { self.link = link }
}

struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Bytes, half-good calls, or a good call with one byte changed.
    mutating func hostileMessage() -> [UInt8] {
        var good = Array(
            "{\"method\":\"org.understudy.Peer.Add\",\"parameters\":{\"left\":1,\"right\":2},\"oneway\":true}\0".utf8)
        switch next() % 4 {
        case 0: return (0..<(next() % 300)).map { _ in UInt8(truncatingIfNeeded: next()) } + [0]
        case 1: return [UInt8](repeating: UInt8(ascii: "["), count: Int(next() % 3_000)) + [0]
        case 2: return Array(good.prefix(Int(next() % UInt64(good.count)))) + [0]
        default:
            good[Int(next() % UInt64(good.count))] = UInt8(truncatingIfNeeded: next())
            return good
        }
    }
}
