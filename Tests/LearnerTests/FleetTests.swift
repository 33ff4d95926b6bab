import Episodes
import Foundation
import Hashing
import Learning
import Models
import Policies
import Supervision
import Synchronization
import Testing

@testable import Learner

@Suite("Several processes that rehearse together")
struct FleetTests {
    private static let shared = Digest(1, 2, 3, 4)

    /// What one player alone gives, and what a fleet of so many gives for the same parts.
    private static func both(of count: Int, parts amount: UInt32) throws -> (alone: [Performance], fleet: [Performance])
    {
        let samples = try Samples()
        let course = try samples.course(samples.identity())
        let parts = (0..<amount).map { course.settings.starts.part(NoiseKey(run: 1, iteration: 0, episode: $0)) }
        var soloist = Soloist(samples.pupil.stage)
        let alone = soloist.play(course.playing, parts, isQuiet: false)
        let post = Post(count)
        let players = (1..<max(2, count)).map { rank in
            Thread {
                var player = FleetPlayer(PostRanks(post, rank), sharing: shared, host: "far", now: Self.now) {
                    $0 == [7] ? Ensemble(samples.pupil.stage, threads: 1) : nil
                }
                _ = player.play(while: { true })
            }
        }
        if count > 1 { for player in players { player.start() } }
        let fleet = try Fleet(
            Ensemble(samples.pupil.stage, threads: 1), PostRanks(post, 0), sharing: shared, record: [7], now: now,
            lose: { preconditionFailure("\($0)") })
        defer { fleet.dismiss() }
        return (alone, fleet.play(course.playing, parts, isQuiet: false))
    }

    @Test("how many there are changes no bit", arguments: [(1, 9), (2, 9), (3, 36), (4, 2)])
    func bits(count: Int, parts: UInt32) throws {
        let (alone, fleet) = try Self.both(of: count, parts: parts)
        #expect(fleet == alone && fleet.count == Int(parts))
    }

    @Test("one that has other files is named, before anything is rehearsed")
    func differs() throws {
        let samples = try Samples()
        let post = Post(2)
        let thread = Thread {
            var player = FleetPlayer(PostRanks(post, 1), sharing: .zero, host: "far", now: Self.now) { _ in
                Ensemble(samples.pupil.stage, threads: 1)
            }
            _ = player.play(while: { true })
        }
        thread.start()
        #expect(throws: FleetTrouble.differs(rank: 1, host: "far")) {
            try Fleet(
                Ensemble(samples.pupil.stage, threads: 1), PostRanks(post, 0), sharing: Self.shared, now: Self.now,
                lose: { preconditionFailure("\($0)") })
        }
        PostRanks(post, 0).tell(FleetMessage.end.bytes, to: 1)
    }

    @Test("one that says nothing is lost when its time is over, and named")
    func silent() throws {
        let samples = try Samples()
        let clock = Atomic<Int64>(0)
        let error = #expect(throws: FleetTrouble.self) {
            try Fleet(
                Ensemble(samples.pupil.stage, threads: 1), PostRanks(Post(2), 0), sharing: Self.shared,
                now: { .seconds(clock.add(1, ordering: .relaxed).newValue) }, lose: { preconditionFailure("\($0)") })
        }
        guard case .lost(rank: 1, host: "?", let after)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(after >= Fleet.patience)
    }

    @Test("what is cut off or changed is no message", arguments: 0..<5)
    func damaged(kind: Int) throws {
        let samples = try Samples()
        let course = try samples.course(samples.identity())
        let parts = (0..<2).map { course.settings.starts.part(NoiseKey(run: 1, iteration: 0, episode: $0)) }
        var soloist = Soloist(samples.pupil.stage)
        let messages: [FleetMessage] = [
            .greeting(Self.shared, record: []), .answer(isSame: true, host: "", socket: ""),
            .order(StageOrder(course.playing, parts, isQuiet: true)),
            .played(StageAnswer(soloist.play(course.playing, parts, isQuiet: true), nanoseconds: 5_000_000)), .end,
        ]
        let bytes = messages[kind].bytes
        #expect(FleetMessage(bytes)?.bytes == bytes)
        // An answer is as long as its names, and the end is one byte.
        let least = [1: 3, 4: 1][kind] ?? bytes.count
        for length in 0..<least { #expect(FleetMessage(Array(bytes.prefix(length))) == nil, "\(length) bytes") }
        #expect(FleetMessage([9] + bytes) == nil)
    }

    @Test("who takes more than twice as long as the quicker half is slow, once enough is known")
    func slow() {
        func paces(_ milliseconds: Int..., parts: Int = 256) -> [Fleet.Pace] {
            milliseconds.map { Fleet.Pace(time: .milliseconds($0), parts: parts) }
        }
        let found = Fleet.slow(paces(100, 110, 310))
        #expect(found.map(\.rank) == [2] && found.allSatisfy { abs($0.times - 310.0 / 110) < 1e-9 })
        #expect(Fleet.slow(paces(100, 210)).map(\.rank) == [1])
        #expect(Fleet.slow(paces(100, 110, 220)).isEmpty)
        #expect(Fleet.slow(paces(100, 900, parts: 255)).isEmpty)
        #expect(Fleet.slow(paces(100)).isEmpty)
    }

    @Test("shares are as equal as they can be, in order, and none is empty")
    func shares() throws {
        let samples = try Samples()
        let starts = try samples.course(samples.identity()).settings.starts
        for (amount, count, sizes) in [(7, 3, [2, 2, 3]), (2, 4, [1, 1]), (0, 2, [0]), (6, 1, [6])] {
            let parts = (0..<amount).map { starts.part(NoiseKey(run: 1, iteration: 0, episode: UInt32($0))) }
            let shares = Fleet.shares(of: parts, among: count)
            #expect(shares.map(\.count) == sizes && shares.flatMap { $0 } == parts)
        }
    }

    private static func now() -> Duration { .seconds(ProcessInfo.processInfo.systemUptime) }
}

/// Letters between the ranks of one process.
final class Post: Sendable {
    let count: Int
    private let letters = Mutex<[[Int]: [[UInt8]]]>([:])

    init(_ count: Int) { self.count = count }

    func put(_ bytes: [UInt8], _ way: [Int]) { letters.withLock { $0[way, default: []].append(bytes) } }

    func take(_ way: [Int]) -> [UInt8]? {
        letters.withLock { $0[way]?.isEmpty == false ? $0[way]?.removeFirst() : nil }
    }
}

final class PostRanks: Ranks {
    let own: Int
    var count: Int { post.count }
    private let post: Post

    init(_ post: Post, _ own: Int) { (self.post, self.own) = (post, own) }

    func tell(_ bytes: [UInt8], to rank: Int) { post.put(bytes, [own, rank]) }

    func send(_ bytes: [UInt8], to rank: Int, while goesOn: (Duration) -> Bool) -> Bool {
        tell(bytes, to: rank)
        return true
    }

    func receive(from rank: Int, while goesOn: (Duration) -> Bool) -> [UInt8]? {
        while true {
            if let bytes = post.take([rank, own]) { return bytes }
            guard goesOn(.zero) else { return nil }
            usleep(50)
        }
    }

    func leave() {}
    func abandon(_ status: Int32) {}
}
