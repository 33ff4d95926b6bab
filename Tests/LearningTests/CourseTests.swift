import Expressions
import Hashing
import Learning
import Models
import Policies
import Quantities
import Testing

@Suite struct CourseTests {
    /// A weight on a line that has to be pushed to the middle; the model believes another mass.
    ///
    /// - Parameters:
    ///   - command: how an output drives it; a force when nobody says otherwise.
    ///   - price: what every tick is worth less, whatever is done.
    static func stage(_ command: Stage.Command = .direct(low: -2, high: 2), price: Int = 0) throws -> Stage {
        let model = try ReducedModel(
            ModelDescription(
                "line",
                states: [.init("x", unit: "m", rate: "v"), .init("v", unit: "m/s", rate: "(u - d * v) / m")],
                inputs: [.init("u", unit: "N")],
                parameters: [.init("m", unit: "kg", 0.5), .init("d", unit: "N*s/m", 0.3)],
                period: Seconds(0.1)))
        let vocabulary = try Vocabulary([.init("x", .state), .init("v", .state), .init("action", .input)])
        let program = try Program(
            in: vocabulary,
            outputs: [
                Output("observation.x", "x"), Output("observation.v", "v"),
                Output("reward", "-x^2 - 0.01 * action^2 - \(price)"),
                Output("failure.away", "abs(x) > 3"),
            ])
        let start = try Program(
            in: try Vocabulary([
                .init("x", .state), .init("v", .state), .init("m", .parameter), .init("d", .parameter),
            ]), outputs: [Output("x", "x"), Output("v", "v")])
        let task = Stage.Piece(
            program: program, observations: 2, states: [.measured(0), .measured(1)], inputs: [.action(0)], measured: 2,
            commands: [command], conditions: [.failure], horizon: 20, successTicks: 1,
            failureReward: -10)
        return Stage(task, in: model, start: start, measurements: [0, 1])
    }

    func course(
        _ method: Course.Settings.Method, mass: Double = 0.7, isSure: Bool = false, episodes: Int = 26
    ) throws -> Course {
        let stage = try Self.stage()
        let objective = Objective(stage.task, discount: 0.98)
        let starts = StageStarts(middles: [1, 0], spreads: [0.4, 0.1], commanded: [nil])
        let shape = try PolicyShape(inputs: 2, hidden: [], outputs: 1, deviationFloor: 0.05)
        var settings = Course.Settings(method, run: 5, objective: objective, starts: starts, episodes: episodes)
        (settings.step, settings.freePerReal, settings.rehearsals) = (6, 2, 5)
        let belief = Belief([
            isSure ? Belief.Parameter(mass) : Belief.Parameter(mass, deviation: 0.2, in: 0.2...2),
            Belief.Parameter(0.3, deviation: isSure ? 0 : 0.05, in: 0...1),
        ])
        return Course(
            try .orthogonal(shape, seed: 1, logDeviation: -0.7), belief,
            critic: try Critic(observations: 2, horizon: 20, scale: 20, hidden: [8], seed: 3), settings)
    }

    /// The robot is the same line with the mass that it has: 0.5.
    func performed(
        _ stage: Stage, _ next: (policy: Policy, noise: NoiseKey), _ starts: StageStarts
    ) throws -> (Performance, Trace) {
        let part = starts.part(next.noise)
        var retrace = Retrace(stage, next.policy, part)
        var plant = ModelLanes(of: CompiledModel<Float>(stage.model), lanes: 1)
        for place in 0..<2 { plant[place, lane: 0] = part.measured[place] }
        var (commands, trace) = (part.commands, Trace(measured: 2, joints: 1))
        while retrace.isPlaying {
            let now = [plant[0, lane: 0], plant[1, lane: 0]]
            retrace.see(now, commands: commands)
            commands = retrace.commands()
            trace.append(now, commands)
            var inputs = plant.mutableInputs
            inputs[0] = commands[0]
            plant.step()
        }
        let performance = retrace.performance()
        return (try #require(performance), trace)
    }

    /// Goes on until it is over, or until so many episodes and steps were taken. Says which policies were flown.
    @discardableResult
    func run(_ course: inout Course, steps: Int = .max, on stage: Stage? = nil) throws -> [Policy] {
        var troupe = Soloist(try stage ?? Self.stage())
        return try run(&course, steps: steps, with: &troupe)
    }

    /// The same with whoever plays inside the model.
    @discardableResult
    func run(_ course: inout Course, steps: Int, with troupe: inout some Troupe) throws -> [Policy] {
        var (left, flown) = (steps, [Policy]())
        while let next = course.next, left > 0 {
            if course.isDue {
                try course.advance(with: &troupe)
            } else {
                let (performance, trace) = try performed(troupe.stage, next, course.settings.starts)
                let isTaken = course.take(performance, trace)
                #expect(isTaken)
                flown.append(next.policy)
            }
            left -= 1
        }
        return flown
    }

    /// What a course comes to, which is the same to the bit where it is put down and taken up after every single step.
    func resumed(_ course: Course) throws -> Course {
        var (whole, broken) = (course, course)
        try run(&whole)
        while broken.phase != .finished {
            try run(&broken, steps: 1)
            let again = try Course(checkpoint: broken.checkpoint, broken.settings)
            #expect(again == broken)
            broken = again
        }
        #expect(broken == whole && broken.checkpoint == whole.checkpoint)
        return whole
    }

    @Test(
        "a course that was put down and taken up after every single step comes to the same bits",
        arguments: [
            Course.Settings.Method.real, .released, .unbiased, .rehearse,
        ])
    func resume(method: Course.Settings.Method) throws {
        // A look and checks for one way of learning, steps of the gradient for the others.
        let whole = try resumed(course(method, episodes: 18))
        #expect(whole.phase == .finished && whole.episodes == 18)
    }

    @Test("an episode that nobody asked for, or that was taken already, is refused")
    func once() throws {
        var course = try course(.real)
        let next = try #require(course.next)
        let (performance, trace) = try performed(try Self.stage(), next, course.settings.starts)
        let (isTaken, isTakenAgain) = (course.take(performance, trace), course.take(performance, trace))
        #expect(isTaken && !isTakenAgain && course.episodes == 1)
    }

    @Test("a checkpoint with any bit changed, cut off, or of another run is refused")
    func damage() throws {
        var course = try course(.rehearse)
        try run(&course, steps: 8)
        let bytes = course.checkpoint
        for place in stride(from: 0, to: bytes.count, by: bytes.count / 37) {
            var changed = bytes
            changed[place] ^= 4
            let settings = course.settings
            #expect(throws: CheckpointError.damaged) { try Course(checkpoint: changed, settings) }
        }
        #expect(throws: CheckpointError.damaged) { try Course(checkpoint: Array(bytes.dropLast()), course.settings) }
        let other = try self.course(.real).settings
        #expect(throws: CheckpointError.ofAnotherCourse) { try Course(checkpoint: bytes, other) }
    }

    @Test("a checkpoint of another version is no damaged one: it says which version it is of, and which is written now")
    func versions() throws {
        let course = try course(.real)
        var body = Array(course.checkpoint.dropLast(32))
        #expect(body[4] == 5)
        body[4] = 3
        let hash = SHA256.hash(body.span)
        // Each word of the hash lies lowest byte first.
        for place in 0..<8 { body += (0..<4).map { UInt8(truncatingIfNeeded: hash[place] >> (8 * $0)) } }
        #expect(throws: CheckpointError.otherVersion(3, written: 5)) { try Course(checkpoint: body, course.settings) }
    }

    @Test("what was rehearsed is checked on the robot before it counts, and the model is refined by what was measured")
    func rehearsing() throws {
        var course = try course(.rehearse, mass: 0.9)
        try run(&course)
        let events = course.notes.map(\.event)
        #expect(events.first == .looked)
        #expect(events.contains { if case .rehearsed(let before, let after) = $0 { after > before } else { false } })
        #expect(abs(course.belief.parameters[0].value - 0.5) < 0.1, "the mass is 0.5: \(course.belief.parameters[0])")
    }

    @Test(
        "after the last episode nothing is rehearsed, and the policy that is left is one that was flown",
        arguments: [4, 12])
    func last(episodes: Int) throws {
        var course = try course(.rehearse, episodes: episodes)
        let flown = try run(&course)
        #expect(course.phase == .finished && flown.count == episodes)
        #expect(course.candidate == nil && flown.contains(course.playing))
        let isLate = { (note: Course.Note) in
            if case .rehearsed = note.event { note.episodes == episodes } else { false }
        }
        #expect(!course.notes.contains(where: isLate))
    }

    @Test("a model whose motor turns the other way is dropped after two checks, and the policy is none of its own")
    func harmful() throws {
        var course = try course(.rehearse)
        let (stage, first) = (try Self.stage(), course.incumbent)
        var troupe = Soloist(stage)
        // Refinement cannot help: the robot's commands have the other sign.
        while course.phase != .climb, course.phase != .finished, let next = course.next {
            let (performance, trace) = try performed(stage, next, course.settings.starts)
            let spoilt =
                course.phase == .check
                ? Performance(
                    start: performance.start, ticks: performance.ticks, observations: performance.observations,
                    latents: performance.latents, rewards: performance.rewards.map { $0 - 5 },
                    ending: performance.ending, isSuccess: false) : performance
            course.take(spoilt, trace)
            try course.advance(with: &troupe)
        }
        #expect(course.phase == .climb && course.incumbent == first)
        #expect(course.episodes <= 3 * 6, "\(course.episodes)")
        #expect(course.notes.contains { if case .handedOver(strikes: 2) = $0.event { true } else { false } })
    }

    @Test("a baseline from earlier episodes takes variance away, and a critic that knows nothing gets no weight")
    func baseline() throws {
        let (stage, course) = (try Self.stage(), try course(.real))
        var troupe = Soloist(stage)
        let starts = course.settings.starts
        let parts = (0..<60).map { starts.part(NoiseKey(run: 9, iteration: 0, episode: $0)) }
        let all = troupe.play(course.incumbent, parts, isQuiet: false)
        var baseline = Baseline(course.settings.objective, critic: course.critic)
        #expect(baseline.values(all[0]).allSatisfy { $0 == 0 })
        baseline.fit(Array(all.prefix(30)), thinning: 1)
        var (without, with) = (0.0, 0.0)
        for performance in all.suffix(30) {
            for (toGo, expected) in zip(course.settings.objective.toGo(performance), baseline.values(performance)) {
                without += toGo * toGo
                with += (toGo - expected) * (toGo - expected)
            }
        }
        #expect(with < 0.3 * without, "\(with) of \(without)")
    }
}
