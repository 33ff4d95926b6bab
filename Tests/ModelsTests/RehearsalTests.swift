import Expressions
import Hashing
import Models
import Policies
import Testing

@Suite struct RehearsalTests {
    /// One episode, tick by tick, with the policy as the guard runs it and a plant that is one lane of the model.
    private func performed(_ stage: Stage, _ policy: Policy, _ part: StagePart) throws -> (Performance, [Float]) {
        var retrace = Retrace(stage, policy, part)
        var plant = ModelLanes(of: CompiledModel<Float>(stage.model), lanes: 1)
        for place in 0..<2 { plant[place, lane: 0] = part.measured[place] }
        var inputs = plant.mutableInputs
        inputs[0] = part.commands[0]
        plant.holdInputs()
        var (commands, asked): ([Float], [Float]) = (part.commands, [])
        while retrace.isPlaying {
            asked += retrace.see([plant[0, lane: 0], plant[1, lane: 0]], commands: commands)
            commands = retrace.commands()
            var inputs = plant.mutableInputs
            inputs[0] = commands[0]
            plant.step()
        }
        let performance = retrace.performance()
        return (try #require(performance), asked)
    }

    @Test(
        "a lane of a rehearsal is the episode that the tick's own forward pass and noise make, bit for bit",
        arguments: [true, false], [0, 2])
    func pair(squashes: Bool, delay: Int) throws {
        let stage = try lineStage(delay: delay)
        let policy = try linePolicy(squashes: squashes)
        let parts = (0..<23).map { linePart($0) }
        var rehearsal = Rehearsal(stage, lanes: 32)
        rehearsal.play(policy, parts)
        for (lane, part) in parts.enumerated() {
            let (real, _) = try performed(stage, policy, part)
            #expect(rehearsal.performance(lane) == real, "lane \(lane)")
        }
        let endings = Set(parts.indices.map { rehearsal.performance($0).ending })
        #expect(endings.contains(.failure) && endings.contains(.horizon), "the sample has both: \(endings)")
    }

    @Test("steps add to the last command and springs pull at the measured joint, as on the robot")
    func commands() throws {
        for command in [
            Stage.Command.step(low: -0.1, high: 0.2), .spring(low: -1, high: 1, stiffness: 3, damping: 0.2),
        ] {
            let stage = try lineStage(command: command)
            let policy = try linePolicy()
            var rehearsal = Rehearsal(stage, lanes: 3)
            rehearsal.play(policy, (4..<7).map { linePart($0) })
            for lane in 0..<3 {
                let (real, _) = try performed(stage, policy, linePart(UInt32(lane) + 4))
                #expect(rehearsal.performance(lane) == real)
            }
        }
    }

    @Test("neither the number of lanes nor an earlier play changes a bit")
    func lanes() throws {
        let (stage, policy) = (try lineStage(delay: 1), try linePolicy())
        var many = Rehearsal(stage, lanes: 40)
        many.play(try linePolicy(seed: 9), (0..<40).map { linePart($0 + 50) })
        many.play(policy, (0..<37).map { linePart($0) })
        for first in stride(from: UInt32(0), to: 37, by: 5) {
            var few = Rehearsal(stage, lanes: 5)
            let end = min(first + 5, 37)
            few.play(policy, (first..<end).map { linePart($0) })
            for lane in first..<end {
                #expect(few.performance(Int(lane - first)) == many.performance(Int(lane)))
            }
        }
    }

    @Test("what was drawn is the mean plus the deviation times the noise of the key, and an end asks for no more")
    func draws() throws {
        let (stage, policy) = (try lineStage(), try linePolicy(squashes: false))
        let runner = PolicyRunner(policy)
        let (performance, asked) = try performed(stage, policy, linePart(1))
        for tick in 0..<performance.ticks {
            let seen = (0..<3).map { performance.observations[$0 * performance.ticks + tick] }
            var (mean, noise) = ([Float](repeating: 0, count: 1), [Float](repeating: 0, count: 1))
            var means = mean.mutableSpan
            var noises = noise.mutableSpan
            runner.mean(of: seen.span, into: &means)
            NoiseStream(linePart(1).noise, for: .action).fill(&noises, tick: UInt32(tick))
            #expect(performance.latents[tick] == mean[0] + policy.deviation(of: 0) * noise[0])
            #expect(asked[tick] == min(max(performance.latents[tick], -1), 1))
        }
        #expect(asked.contains { abs($0) == 1 }, "some of them are beyond the ends")
    }

    @Test("a model of its own for each lane moves otherwise, and the believed one as without")
    func parameters() throws {
        let (stage, policy) = (try lineStage(), try linePolicy())
        var rehearsal = Rehearsal(stage, lanes: 3)
        rehearsal.play(
            policy, [linePart(1), linePart(1, parameters: [0.5, 0.3]), linePart(1, parameters: [0.9, 0.3])])
        let all = (0..<3).map { rehearsal.performance($0) }
        #expect(all[0].observations == all[1].observations && all[0].rewards == all[1].rewards)
        #expect(all[0].observations.prefix(1) == all[2].observations.prefix(1))
        #expect(all[0].rewards != all[2].rewards)
    }

    @Test("an episode that the supervisor stopped is a lost one at the tick where it was stopped")
    func stopped() throws {
        let (stage, policy) = (try lineStage(), try linePolicy())
        var retrace = Retrace(stage, policy, linePart(1))
        for _ in 0..<4 { retrace.see([0.3, 0], commands: [0]) }
        let open = retrace.performance()
        #expect(open == nil, "nobody has said yet how it ended")
        retrace.stop()
        let ended = retrace.performance()
        let performance = try #require(ended)
        #expect(performance.ending == .stopped && performance.ending.isLoss && performance.ticks == 4)
        #expect(performance.rewards[3] == -4 && performance.rewards[2] > -4)
    }

    @Test("a model that leaves the range of numbers ends its lane, and no other, as a lost one")
    func divergence() throws {
        let (stage, policy) = (try lineStage(), try linePolicy())
        var rehearsal = Rehearsal(stage, lanes: 2)
        rehearsal.play(policy, [linePart(1, parameters: [1e-30, -1e30]), linePart(1)])
        let (lost, whole) = (rehearsal.performance(0), rehearsal.performance(1))
        #expect(lost.ending == .diverged || lost.ending == .failure)
        #expect(lost.rewards.allSatisfy(\.isFinite) && lost.rewards[lost.ticks - 1] == -4)
        #expect(whole == rehearsed(stage, policy, linePart(1)))
    }

    private func rehearsed(_ stage: Stage, _ policy: Policy, _ part: StagePart) -> Performance {
        var rehearsal = Rehearsal(stage, lanes: 1)
        rehearsal.play(policy, [part])
        return rehearsal.performance(0)
    }
}
