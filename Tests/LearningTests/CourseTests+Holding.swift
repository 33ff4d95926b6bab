import Learning
import Models
import Policies
import Testing

/// What a course holds on to, once it was better on the robot.
extension CourseTests {
    /// A course whose first rehearsal is as good as it is and whose others disappoint, so that the gradient takes over from
    /// something that was checked. What the gradient makes of it is worth as much more on each tick as is said.
    private func climbing(
        by change: Float, episodes: Int = 90, resuming: Bool = false,
        _ adjust: (inout Course.Settings) -> Void = { _ in }
    ) throws -> (course: Course, flown: [(phase: Course.Phase, policy: Policy)]) {
        let usual = try course(.rehearse, episodes: episodes)
        var settings = usual.settings
        (settings.step, settings.leastStep, settings.rate) = (8, 8, 0.02)
        // Whoever does not say so asks the model only once.
        settings.likeness = 1.1
        adjust(&settings)
        var course = Course(usual.incumbent, usual.belief, critic: usual.critic, settings)
        var (troupe, flown) = (Soloist(try Self.stage()), [(phase: Course.Phase, policy: Policy)]())
        while let next = course.next {
            let (performance, trace) = try performed(troupe.stage, next, settings.starts)
            let isAccepted = course.notes.contains { if case .accepted = $0.event { true } else { false } }
            let extra: Float =
                switch course.phase {
                case .check: isAccepted ? -5 : 1
                case .climb: next.policy == course.kept ? 0 : change
                case .look, .finished: 0
                }
            flown.append((course.phase, next.policy))
            let isTaken = course.take(performance.worth(extra), trace)
            #expect(isTaken)
            try course.advance(with: &troupe)
            guard resuming else { continue }
            let again = try Course(checkpoint: course.checkpoint, settings)
            // Not by the macro, which would print all of it.
            let isSame = again == course
            #expect(isSame)
            course = again
        }
        return (course, flown)
    }

    private func handOver(_ course: Course) throws -> Int {
        try #require(course.notes.first { if case .handedOver = $0.event { true } else { false } }).episodes
    }

    @Test("what the gradient made worse is given up beyond doubt only, and what was held is flown again")
    func goesBack() throws {
        let (course, flown) = try climbing(by: -3)
        let events = course.notes.map(\.event)
        #expect(events.contains { if case .accepted = $0 { true } else { false } })
        let evidence = events.compactMap { if case .wentBack(let evidence) = $0 { evidence } else { nil } }
        #expect(!evidence.isEmpty && evidence.allSatisfy { $0 >= 20 }, "\(evidence)")
        #expect(!events.contains { if case .held = $0 { true } else { false } })
        // The first batch of the climb is of what was held, and so are the first one after each return and the end.
        let held = flown[try handOver(course)].policy
        #expect(course.playing == held && course.kept == held && course.phase == .finished)
        for note in course.notes {
            guard case .wentBack = note.event, note.episodes < flown.count else { continue }
            #expect(flown[note.episodes].policy == held && flown[note.episodes - 1].policy != held)
        }
    }

    @Test("what the gradient made better is held from then on, and is what is left in the end")
    func holds() throws {
        let (course, flown) = try climbing(by: 3)
        let notes = course.notes.filter { if case .held = $0.event { true } else { false } }
        #expect(!notes.isEmpty && !course.notes.contains { if case .wentBack = $0.event { true } else { false } })
        let newest = try #require(notes.last)
        #expect(course.playing == flown[newest.episodes - 1].policy)
        #expect(course.playing != flown[try handOver(course)].policy)
    }

    @Test("what somebody began with is held as well: where the gradient makes it worse, it is what is left")
    func begunWith() throws {
        let usual = try course(.rehearse, episodes: 80)
        var settings = usual.settings
        (settings.handOver, settings.rate) = (.atOnce, 0.02)
        var course = Course(usual.incumbent, usual.belief, critic: usual.critic, settings)
        let given = try usual.incumbent.moved(by: [-0.2, -0.2, 0, 0])
        try course.begin(with: given, after: [])
        var troupe = Soloist(try Self.stage())
        while let next = course.next {
            let (performance, trace) = try performed(troupe.stage, next, settings.starts)
            course.take(performance.worth(next.policy == given ? 0 : -3), trace)
            try course.advance(with: &troupe)
            #expect(course.kept == given)
        }
        #expect(
            course.playing == given && course.notes.contains { if case .wentBack = $0.event { true } else { false } })
    }

    @Test(
        "a climb that goes back, or holds what is new, comes to the same bits however often it is taken up",
        arguments: [-3, 3])
    func resumesHolding(change: Float) throws {
        let (whole, broken) = (
            try climbing(by: change) { $0.likeness = 0.7 }.course,
            try climbing(by: change, resuming: true) { $0.likeness = 0.7 }.course
        )
        let isSame = whole == broken && whole.checkpoint == broken.checkpoint
        #expect(isSame)
    }

    @Test("a model whose gradients are the robot's is asked again when there are half as many episodes more")
    func asksAgain() throws {
        func rehearsals(_ likeness: Double) throws -> (first: Int, later: [Int]) {
            let course = try climbing(by: 0) { $0.likeness = likeness }.course
            let first = try handOver(course)
            let later = course.notes.filter { note in
                if case .rehearsed = note.event { note.episodes > first } else { false }
            }
            return (first, later.map(\.episodes))
        }
        let (first, later) = try rehearsals(0.3)
        #expect((try #require(later.first)) >= first + first / 2, "\(first), \(later)")
        #expect(try rehearsals(1.1).later.isEmpty)
    }

    @Test(
        "where sensors say what no file knows, half of what is rehearsed and all that judges it begins as real episodes have"
    )
    func beginsAsBegun() throws {
        let usual = try course(.rehearse)
        var settings = usual.settings
        settings.rehearsesAsBegun = true
        var course = Course(usual.incumbent, usual.belief, critic: usual.critic, settings)
        let beside = StageStarts(middles: [2, 0], spreads: [0.01, 0], commanded: [nil])
        var (troupe, begun) = (Watching(soloist: Soloist(try Self.stage())), Set<[Float]>())
        while course.phase == .look, let next = course.next {
            let (performance, trace) = try performed(troupe.stage, next, beside)
            begun.insert(performance.start.measured)
            course.take(performance, trace)
            try course.advance(with: &troupe)
        }
        #expect(course.phase == .check && begun.count == 6)
        // What foretells the six comes first; then what is judged, before and after, and five rounds between.
        let plays = troupe.plays.dropFirst().map { parts in parts.count { begun.contains($0.measured) } }
        #expect(plays == [32, 16, 16, 16, 16, 16, 32], "\(plays)")
        #expect(troupe.plays.dropFirst().allSatisfy { Set($0.map(\.noise)).count == 32 && $0.count == 32 })
    }

    /// A course that has flown everything of its first check, and has still to decide.
    private func undecided() throws -> Course {
        let usual = try course(.rehearse)
        var settings = usual.settings
        (settings.look, settings.checkError) = (10, 1)
        var course = Course(usual.incumbent, usual.belief, critic: usual.critic, settings)
        var troupe = Soloist(try Self.stage())
        while course.phase != .check || !course.isDue {
            let next = try #require(course.next)
            if course.isDue {
                try course.advance(with: &troupe)
            } else {
                let (performance, trace) = try performed(troupe.stage, next, course.settings.starts)
                course.take(performance, trace)
            }
        }
        return course
    }

    /// What the check comes to when the model foretells so much for a policy beside the truth.
    private func evidence(_ says: @escaping (Policy, Performance) -> Performance) throws -> Double {
        var course = try undecided()
        var troupe = Foreteller(soloist: Soloist(try Self.stage()), says: says)
        // Not for the rehearsal behind the check: that one is not begun any more.
        try course.advance(with: &troupe)
        let event = course.notes.lazy.map(\.event).first {
            switch $0 {
            case .accepted, .rejected, .undecided: true
            default: false
            }
        }
        return if case .accepted(let evidence)? = event { evidence } else { 0 }
    }

    @Test("what a model foretells of starts and noise decides a check sooner, and takes no side whatever it says")
    func foretold() throws {
        let candidate = try undecided().playing
        let known = try evidence { $1 }
        let silent = try evidence { $1.worth(of: 0) }
        #expect(known > 2 && known > 1.2 * silent, "\(known) with the model, \(silent) without")
        let biased = try evidence { $0 == candidate ? $1.worth(100) : $1 }
        #expect(abs(biased - known) < 0.01 * known, "\(biased), \(known)")
    }
}

/// Plays as another troupe does, and remembers what.
private struct Watching: Troupe {
    var soloist: Soloist
    private(set) var plays: [[StagePart]] = []
    var stage: Stage { soloist.stage }

    init(soloist: Soloist) { self.soloist = soloist }

    mutating func play(_ policy: Policy, _ parts: [StagePart], isQuiet: Bool) -> [Performance] {
        plays.append(parts)
        return soloist.play(policy, parts, isQuiet: isQuiet)
    }
}

/// Plays as another troupe does, and says something else of it.
private struct Foreteller: Troupe {
    var soloist: Soloist
    let says: (Policy, Performance) -> Performance
    var stage: Stage { soloist.stage }

    mutating func play(_ policy: Policy, _ parts: [StagePart], isQuiet: Bool) -> [Performance] {
        soloist.play(policy, parts, isQuiet: isQuiet).map { says(policy, $0) }
    }
}

extension Performance {
    /// The same with each tick worth so much more.
    fileprivate func worth(_ more: Float) -> Performance { with(rewards.map { $0 + more }) }

    /// The same with each tick worth so much.
    fileprivate func worth(of each: Float) -> Performance { with(rewards.map { _ in each }) }

    private func with(_ rewards: [Float]) -> Performance {
        Performance(
            start: start, ticks: ticks, observations: observations, latents: latents, rewards: rewards, ending: ending,
            isSuccess: isSuccess)
    }
}
