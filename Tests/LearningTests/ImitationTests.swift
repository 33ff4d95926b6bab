import Expressions
import Hashing
import Learning
import Models
import Policies
import Testing

@Suite("What is recorded teaches a policy and a critic")
struct ImitationTests {
    private let samples = CourseTests()

    /// Episodes of a policy that pushes towards the middle, as recordings have them.
    private func flown(_ count: Int) throws -> (teacher: Policy, performances: [Performance]) {
        let stage = try CourseTests.stage()
        let shape = try PolicyShape(inputs: 2, hidden: [], outputs: 1, deviationFloor: 0.05)
        let teacher = try Policy(shape, parameters: [-1.2, -0.8, 0.1, -4])
        let starts = StageStarts(middles: [1, 0], spreads: [0.4, 0.1], commanded: [nil])
        let performances = try (0..<count).map { number in
            let noise = NoiseKey(run: 3, iteration: 0, episode: UInt32(number))
            return try samples.performed(stage, (teacher, noise), starts).0
        }
        return (teacher, performances)
    }

    private func means(_ policy: Policy, _ states: [Float]) -> [Float] {
        var batch = PolicyBatch<FloatLanes>(policy)
        var means = [Float](repeating: 0, count: states.count / 2)
        var span = means.mutableSpan
        batch.means(lanes: states.count / 2, spacing: states.count / 2, states: states.span, into: &span)
        return means
    }

    @Test("a policy of another form learns what was asked, and explores as it did before", arguments: [[], [16]])
    func imitated(hidden: [Int]) throws {
        let (teacher, performances) = try flown(12)
        let shape = try PolicyShape(inputs: 2, hidden: hidden, outputs: 1, deviationFloor: 0.05)
        let pupil = try Policy.orthogonal(shape, seed: 9, logDeviation: -0.7)
        let imitation = try Imitation(by: pupil, of: performances)
        #expect(imitation.policy.parameters[shape.deviations] == -0.7)
        // Where the episodes were: near the way from one to the middle.
        let states: [Float] = [1, 0.7, 0.3, 0, -0.1, -0.5, -0.6, -0.1]
        let (wanted, found) = (means(teacher, states), means(imitation.policy, states))
        for (wanted, found) in zip(wanted, found) { #expect(abs(wanted - found) < 0.15, "\(wanted) \(found)") }
        let explained = try #require(imitation.explained)
        #expect(explained > 0.5 && explained < 1, "some noise is a part of what was drawn: \(explained)")
        #expect(try Imitation(by: pupil, of: performances) == imitation)
        #expect(try Imitation(by: pupil, of: Array(performances.prefix(1))).explained == nil)
    }

    @Test("a course that begins with recordings flies their policy, and its first step knows what episodes are worth")
    func begun() throws {
        let (teacher, performances) = try flown(12)
        var (plain, warm) = (try samples.course(.real), try samples.course(.real))
        try plain.begin(with: teacher, after: [])
        try warm.begin(with: teacher, after: performances)
        #expect(plain.next?.policy == teacher && warm.next?.policy == teacher)
        let objective = warm.settings.objective
        // Other episodes of the same policy: what the critic says of their first ticks is near what came.
        let stage = try CourseTests.stage()
        let starts = StageStarts(middles: [1, 0], spreads: [0.4, 0.1], commanded: [nil])
        var (cold, known) = (0.0, 0.0)
        for number in UInt32(50)..<60 {
            let (performance, _) = try samples.performed(
                stage, (teacher, NoiseKey(run: 3, iteration: 0, episode: number)), starts)
            let came = objective.toGo(performance)[0]
            cold += abs(plain.critic.values(performance)[0] - came)
            known += abs(warm.critic.values(performance)[0] - came)
        }
        #expect(known < 0.5 * cold, "\(known) \(cold)")
        // It is written down and read back with what it knows.
        #expect(try Course(checkpoint: warm.checkpoint, warm.settings) == warm)
        // And it goes its way as any other does.
        try samples.run(&warm, steps: 2)
        #expect(warm.episodes > 0)
    }
}
