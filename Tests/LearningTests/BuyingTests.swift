import Hashing
import Learning
import Models
import Policies
import Testing

/// When a course buys, and when it no longer does.
@Suite struct BuyingTests {
    /// An episode that is worth so much a tick, as the course asks for it.
    private func performance(_ worth: Float, _ noise: NoiseKey, ticks: Int = 20) -> Performance {
        let states = (0..<2 * ticks).map { Float($0 % 7) / 7 - 0.4 + Float(noise.episode) / 50 }
        return Performance(
            start: StagePart(measured: [1, 0], commands: [0], noise: noise), ticks: ticks, observations: states,
            latents: (0..<ticks).map { Float($0 % 3) / 3 }, rewards: [Float](repeating: worth, count: ticks),
            ending: .horizon, isSuccess: false)
    }

    private func course(_ method: Course.Settings.Method, _ change: (inout Course.Settings) -> Void) throws -> Course {
        let shape = try PolicyShape(inputs: 2, hidden: [], outputs: 1, deviationFloor: 0.05)
        let starts = StageStarts(middles: [1, 0], spreads: [0.4, 0.1], commanded: [nil])
        var settings = Course.Settings(
            method, run: 5, objective: Objective(discount: 0.98, horizon: 20, failureReward: -10), starts: starts,
            episodes: 60)
        settings.step = 6
        change(&settings)
        return Course(
            try .orthogonal(shape, seed: 1), Belief([.init(0.5, deviation: 0.1, in: 0.2...1), .init(0.3)]),
            critic: try Critic(observations: 2, horizon: 20, scale: 20, hidden: [8], seed: 3), settings)
    }

    private func buy(_ course: inout Course, _ worth: (Int) -> Float) throws {
        var troupe = Soloist(try CourseTests.stage())
        while let next = course.next {
            let trace = Trace(measured: 2, joints: 1)
            course.take(performance(worth(course.episodes), next.noise), trace)
            try course.advance(with: &troupe)
        }
    }

    @Test("every purchase says what it is for, what it costs, and how many more are needed")
    func purchases() throws {
        var course = try course(.real) { $0.realPrice = 2 }
        let first = try #require(course.purchase)
        #expect(first.purpose == .climb && first.taken == 0 && first.episodes == 6 && first.needed == 6)
        #expect(first.gain == nil && first.isWorthIt == nil && first.cost == 2)
        let next = try #require(course.next)
        course.take(performance(-1, next.noise), Trace(measured: 2, joints: 1))
        #expect(course.purchase?.taken == 1 && course.purchase?.needed == 5)
        try buy(&course) { _ in -1 }
        #expect(course.phase == .finished && course.purchase == nil)
    }

    @Test("what is never expected to pay for itself is not bought again, and what nobody priced is")
    func price() throws {
        var cheap = try course(.real) { $0.worthPrice = 1e-9 }
        try buy(&cheap) { -1 - Float($0 % 5) / 10 }
        #expect(cheap.episodes == 6 && cheap.notes.last?.event == .stoppedBuying(.notWorthIt))
        var free = try course(.real) { _ in }
        try buy(&free) { -1 - Float($0 % 5) / 10 }
        #expect(free.episodes == 60 && free.notes.contains { if case .estimated = $0.event { true } else { false } })
    }

    @Test("it stops when more than half of the episodes are worth the goal beyond doubt, and not before")
    func goal() throws {
        var reached = try course(.real) { $0.goal = 0.5 }
        try buy(&reached) { _ in 0.6 }
        #expect(reached.notes.last?.event == .stoppedBuying(.goalReached))
        #expect(reached.episodes == 6, "six of six at odds of one to one are 1 in 64: \(reached.episodes)")
        var never = try course(.real) { $0.goal = 0.5 }
        try buy(&never) { $0 % 2 == 0 ? 0.6 : 0.4 }
        #expect(never.episodes == 60)
    }

    @Test("who is at the goal rehearses no more, and keeps the policy that reached it")
    func goalBeforeRehearsal() throws {
        var course = try course(.rehearse) { $0.goal = 0.5 }
        let first = course.incumbent
        try buy(&course) { _ in 0.6 }
        #expect(course.phase == .finished && course.notes.map(\.event) == [.looked, .stoppedBuying(.goalReached)])
        #expect(course.playing == first)
    }

    @Test("who says so has the gradient at once, or the model for ever")
    func forced() throws {
        var atOnce = try course(.rehearse) { $0.handOver = .atOnce }
        #expect(atOnce.phase == .climb && atOnce.purchase?.purpose == .climb)
        try buy(&atOnce) { _ in -1 }
        #expect(!atOnce.notes.contains { if case .rehearsed = $0.event { true } else { false } })
        var never = try course(.rehearse) {
            $0.handOver = .never
            ($0.rehearsals, $0.episodes) = (1, 30)
        }
        // Every rehearsed policy disappoints.
        try buy(&never) { -Float($0) }
        #expect(!never.notes.contains { if case .handedOver = $0.event { true } else { false } })
    }
}
