import Learning
import Models
import Policies
import Testing

/// Courses whose steps are made in other ways than the usual one.
extension CourseTests {
    enum Way: CaseIterable { case natural, reuse, models, all }

    /// The same course with other settings.
    private func course(
        _ method: Course.Settings.Method, episodes: Int = 26, _ adjust: (inout Course.Settings) -> Void
    ) throws -> Course {
        let usual = try course(method, episodes: episodes)
        var settings = usual.settings
        adjust(&settings)
        return Course(usual.incumbent, usual.belief, critic: usual.critic, settings)
    }

    private func course(_ method: Course.Settings.Method, _ way: Way, episodes: Int = 26) throws -> Course {
        try course(method, episodes: episodes) { settings in
            if way == .natural || way == .all { settings.stepRule = .natural }
            if way == .reuse || way == .all { settings.reuse = 2 }
            if way == .models || way == .all { settings.models = 3 }
        }
    }

    @Test("a course of any way that was put down after every step comes to the same bits", arguments: Way.allCases)
    func resumesWays(way: Way) throws {
        let whole = try resumed(course(.unbiased, way))
        #expect(whole.phase == .finished && whole.episodes == 26)
        var usual = try course(.unbiased, episodes: 26)
        try run(&usual)
        #expect(usual.incumbent != whole.incumbent, "the way makes a difference")
    }

    @Test("a checkpoint of one way is none of another", arguments: Way.allCases)
    func bound(way: Way) throws {
        var course = try course(.unbiased, way)
        try run(&course, steps: 3)
        let (bytes, other) = (course.checkpoint, try self.course(.unbiased).settings)
        #expect(throws: CheckpointError.ofAnotherCourse) { try Course(checkpoint: bytes, other) }
    }

    @Test("the first step has nothing to use again, and the ones after it are worth more independent episodes")
    func reused() throws {
        func run(_ reuse: Int, steps: Int) throws -> Course {
            var course = try course(.real) { $0.reuse = reuse }
            try self.run(&course, steps: steps)
            return course
        }
        #expect(try run(2, steps: 7).incumbent == run(0, steps: 7).incumbent)
        let (with, without) = (try run(2, steps: 28), try run(0, steps: 28))
        #expect(with.incumbent != without.incumbent)
        let effective = with.notes.compactMap { note -> Double? in
            if case .estimated(let effective, _) = note.event { effective } else { nil }
        }
        #expect(effective.count == 4 && effective[0] == 6)
        // Of two earlier steps, as far as the policy would have flown them: more than its own and less than all.
        for (place, count) in effective.enumerated().dropFirst() {
            #expect(count > 6 && count <= 6 * Double(min(place, 2) + 1) + 1e-9, "\(effective)")
        }
    }

    @Test("several models play each real episode and its free ones, and the step pays for all of them")
    func models() throws {
        struct Counting: Troupe {
            var soloist: Soloist
            var parameters: [[[Float]?]] = []
            var stage: Stage { soloist.stage }

            mutating func play(_ policy: Policy, _ parts: [StagePart], isQuiet: Bool) -> [Performance] {
                parameters.append(parts.map(\.parameters))
                return soloist.play(policy, parts, isQuiet: isQuiet)
            }
        }
        var course = try course(.unbiased) { settings in
            settings.models = 3
            (settings.realPrice, settings.modelPrice) = (1, 0.01)
        }
        #expect(try #require(course.purchase).cost == 1 + 0.01 * 9)
        let stage = try Self.stage()
        var troupe = Counting(soloist: Soloist(stage))
        while let next = course.next, course.episodes < 12 || course.isDue {
            if course.isDue {
                try course.advance(with: &troupe)
            } else {
                let (performance, trace) = try performed(stage, next, course.settings.starts)
                course.take(performance, trace)
            }
        }
        #expect(troupe.parameters.count == 6, "three models in each of two steps")
        for (place, played) in troupe.parameters.enumerated() {
            #expect(played.count == 6 * 3 && Set(played).count == 1)
            #expect(played[0] == troupe.parameters[place % 3][0], "the same model in every step")
        }
        #expect(troupe.parameters[0][0] == course.belief.values)
        #expect(Set(troupe.parameters.map { $0[0] }).count == 3)
    }

    @Test("the released method stays as published; a rehearsal's last part is climbed by several models like any other")
    func methods() throws {
        var plain = try course(.released) { _ in }
        let cost = try #require(plain.purchase).cost
        try run(&plain)
        for way in [Way.reuse, .models] {
            var asked = try course(.released, way)
            #expect(try #require(asked.purchase).cost == cost)
            try run(&asked)
            #expect(asked.phase == .finished && asked.incumbent == plain.incumbent)
        }
        var unbiased = try course(.unbiased, .models)
        var rehearsing = try course(.rehearse) { settings in (settings.models, settings.handOver) = (3, .atOnce) }
        try run(&unbiased)
        try run(&rehearsing)
        #expect(rehearsing.phase == .finished && rehearsing.incumbent == unbiased.incumbent)
    }
}
