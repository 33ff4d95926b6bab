import Learning
import Models
import Policies
import Testing

/// Where a course leaves the model, where it ends, and where it goes on.
extension CourseTests {
    @Test("a model that predicts worse than the mean teaches nothing: the gradient begins as it does without a model")
    func distrusted() throws {
        var (course, alone) = (try course(.rehearse, mass: -0.1, isSure: true), try course(.real))
        try run(&alone, steps: 7)
        try run(&course, steps: 7)
        #expect(alone.episodes == 6 && course.episodes == 6 && course.phase == .climb)
        #expect(course.incumbent == alone.incumbent && course.candidate == nil)
        // It is asked once more, with more to refine it by; then it is dropped.
        #expect(!course.notes.contains { if case .handedOver = $0.event { true } else { false } })
        try run(&course, steps: 7)
        let events = course.notes.map(\.event)
        #expect(events.last == .handedOver(strikes: 2) && course.phase == .climb && course.episodes == 12)
        let errors = events.compactMap { if case .refined(_, let after) = $0 { after } else { nil } }
        #expect(errors.count == 2 && errors.allSatisfy { $0 >= 1 }, "\(errors)")
        try run(&course)
        #expect(course.notes.count { if case .refined = $0.event { true } else { false } } == 2)
        #expect(!course.notes.contains { if case .rehearsed = $0.event { true } else { false } })
    }

    @Test(
        "a robot that is pulled by springs is rehearsed however far its predictions are off, and checks judge the model"
    )
    func pulled() throws {
        let stage = try Self.stage(.spring(low: -2, high: 2, stiffness: 1, damping: 0.1))
        var course = try course(.rehearse, mass: -0.1, isSure: true)
        try run(&course, steps: 7, on: stage)
        let events = course.notes.map(\.event)
        let errors = events.compactMap { if case .refined(_, let after) = $0 { after } else { nil } }
        #expect(errors.count == 1 && errors[0] >= 1, "its predictions say nothing: \(errors)")
        #expect(events.contains { if case .rehearsed = $0 { true } else { false } })
        // A force of the same model is not rehearsed: the gradient begins.
        var forced = try self.course(.rehearse, mass: -0.1, isSure: true)
        try run(&forced, steps: 7)
        #expect(
            forced.phase == .climb && !forced.notes.contains { if case .rehearsed = $0.event { true } else { false } })
    }

    @Test("a course that came to its end goes on when more episodes are allowed, and no other does")
    func more() throws {
        for (method, phase) in [(Course.Settings.Method.real, Course.Phase.climb), (.rehearse, .look)] {
            var course = try course(method, episodes: 12)
            try run(&course)
            #expect(try Course(checkpoint: course.checkpoint, course.settings).phase == .finished)
            var settings = course.settings
            settings.episodes = 24
            var longer = try Course(checkpoint: course.checkpoint, settings)
            #expect(longer.phase == phase && longer.playing == course.playing && longer.episodes == 12)
            let flown = try run(&longer)
            #expect(longer.phase == .finished && longer.episodes == 24 && flown.contains(longer.playing))
        }
        var course = try course(.real)
        var settings = course.settings
        (settings.goal, settings.goalError) = (-100, 0.5)
        course = try Course(checkpoint: course.checkpoint, settings)
        try run(&course)
        #expect(course.notes.last?.event == .stoppedBuying(.goalReached) && course.episodes < 26)
        settings.episodes = 40
        #expect(try Course(checkpoint: course.checkpoint, settings).phase == .finished)
    }

    @Test(
        "what is left of a gradient is the last policy that was flown, and not a step that nobody saw",
        arguments: [12, 15])
    func flown(episodes: Int) throws {
        var course = try course(.real, episodes: episodes)
        let flown = try run(&course)
        #expect(course.phase == .finished && flown.count == episodes && flown.last == course.playing)
        #expect(flown.first != flown.last)
    }

    @Test("a rehearsal that has brought nothing goes on with other chances before the model has no more to give")
    func attempts() throws {
        let stage = try Self.stage()
        // The first rounds and what they are judged by are spoilt: whoever asks once only never gets anywhere.
        var troupe = Moody(soloist: Soloist(stage), spoilt: 9)
        var course = try course(.rehearse)
        try run(&course, steps: 7, with: &troupe)
        #expect(course.phase == .check && course.candidate != nil, "\(course.notes.map(\.event))")
        // Where nothing ever helps it ends after three: five rounds each, one judgement of it and one of what was before.
        // The first thing that is played is what the model foretells of the first policy's episodes.
        var hopeless = Moody(soloist: Soloist(stage), spoilt: .max)
        var other = try self.course(.rehearse)
        try run(&other, steps: 7, with: &hopeless)
        #expect(other.phase == .climb && other.notes.last?.event == .handedOver(strikes: 0))
        #expect(hopeless.played == 2 + 3 * (5 + 1))
    }
}

/// Plays as another troupe does, but says of what is played after the first two times, so many times, that it is worth
/// nothing.
private struct Moody: Troupe {
    var soloist: Soloist
    let spoilt: Int
    private(set) var played = 0

    init(soloist: Soloist, spoilt: Int) { (self.soloist, self.spoilt) = (soloist, spoilt) }

    var stage: Stage { soloist.stage }

    mutating func play(_ policy: Policy, _ parts: [StagePart], isQuiet: Bool) -> [Performance] {
        played += 1
        let all = soloist.play(policy, parts, isQuiet: isQuiet)
        guard (3...max(3, spoilt)).contains(played) else { return all }
        return all.map { performance in
            Performance(
                start: performance.start, ticks: performance.ticks, observations: performance.observations,
                latents: performance.latents, rewards: performance.rewards.map { $0 - 100 }, ending: performance.ending,
                isSuccess: performance.isSuccess)
        }
    }
}
