import Models
import Policies
import Testing

@testable import Learning

/// A model that calls good bad, whose episodes are as long as those of the robot.
private struct Contrary: Troupe {
    var soloist: Soloist
    var stage: Stage { soloist.stage }

    mutating func play(_ policy: Policy, _ parts: [StagePart], isQuiet: Bool) -> [Performance] {
        soloist.play(policy, parts, isQuiet: isQuiet).map { performance in
            Performance(
                start: performance.start, ticks: performance.ticks, observations: performance.observations,
                latents: performance.latents, rewards: performance.rewards.map { -$0 }, ending: performance.ending,
                isSuccess: performance.isSuccess)
        }
    }
}

/// What is to be expected of an episode anyway, and what later steps are told of it beside that.
extension CourseTests {
    private func course(_ method: Course.Settings.Method) throws -> Course {
        let usual = try course(method, mass: 0.5, isSure: true, episodes: 60)
        var settings = usual.settings
        // As many pairs as say something, which is what fewer real episodes in the second batch come of.
        settings.step = 8
        settings.rehearsals = 40
        return Course(usual.incumbent, usual.belief, critic: usual.critic, settings)
    }

    @Test("a first batch without a baseline tells later ones of no likeness that is only that of whole returns")
    func firstBatch() throws {
        var course = try course(.unbiased)
        var troupe = Contrary(soloist: Soloist(try Self.stage(price: 4)))
        try run(&course, steps: .max, with: &troupe)
        let ratios = course.notes.compactMap { note -> Double? in
            if case .stepped(let ratio, _, _, _) = note.event { ratio } else { nil }
        }
        #expect(ratios.count > 6 && ratios.allSatisfy { $0 > 0.5 }, "\(ratios)")
    }

    @Test(
        "whoever goes on from the first policy, when all that was rehearsed is turned down, expects what that has brought"
    )
    func turnedDown() throws {
        var course = try course(.rehearse)
        var troupe = Contrary(soloist: Soloist(try Self.stage(price: 4)))
        var first: [Performance] = []
        while let next = course.next, course.phase != .climb {
            if course.isDue {
                try course.advance(with: &troupe)
            } else {
                let (performance, trace) = try performed(troupe.stage, next, course.settings.starts)
                course.take(performance, trace)
                if course.episodes <= course.settings.look { first.append(performance) }
            }
        }
        #expect(course.notes.contains { if case .rejected = $0.event { true } else { false } })
        var expected = Baseline(course.settings.objective)
        expected.fit(first)
        #expect(course.phase == .climb && course.baseline == expected)
        // From its own first batch on it is told what the critic says as well.
        while course.phase == .climb, course.baseline == expected, let next = course.next {
            if course.isDue {
                try course.advance(with: &troupe)
            } else {
                let (performance, trace) = try performed(troupe.stage, next, course.settings.starts)
                course.take(performance, trace)
            }
        }
        #expect(course.baseline.critic == course.critic && course.baseline.isFitted)
    }
}
