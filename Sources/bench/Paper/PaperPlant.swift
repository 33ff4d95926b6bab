import Expressions
import Hashing
import Policies
import Simulator

/// One robot that takes steps, counts them, and ends an episode when it has fallen or its time is over.
final class PaperPlant {
    /// So many steps has an episode.
    static let horizon = 1_000

    let world: PublishedWorld
    let isContrary: Bool
    private(set) var steps = 0
    /// Of the episode under way.
    private(set) var elapsed = 0
    /// All places and clipped speeds, as the released code sees them: with the way.
    private(set) var sight: [Float]

    enum Ending { case none, fallen, time }

    /// From where an episode can be gone on with.
    struct State: Sendable {
        let positions: [Double]
        let speeds: [Double]
        let elapsed: Int
    }

    init(_ robot: PublishedRobot, _ mjcf: String, _ shifts: [PublishedShift], isContrary: Bool = false) {
        do throws(BodyError) { world = try PublishedWorld(robot, mjcf: mjcf, shifts) } catch {
            preconditionFailure("\(robot.rawValue): \(error)")
        }
        self.isContrary = isContrary
        sight = [Float](repeating: 0, count: 2 * robot.positions)
    }

    var robot: PublishedRobot { world.robot }
    var state: State { State(positions: world.positions, speeds: world.speeds, elapsed: elapsed) }

    /// What a restart from an observation can know of the state: speeds are clipped in it, and precision is single.
    var stateAsSeen: State {
        let numbers = sight.map { Double($0) }
        return State(
            positions: Array(numbers.prefix(robot.positions)), speeds: Array(numbers.suffix(robot.positions)),
            elapsed: elapsed)
    }

    func begin(_ state: State) {
        do throws(BodyError) { try world.begin(state.positions, state.speeds) } catch {
            preconditionFailure("\(error)")
        }
        elapsed = state.elapsed
        look()
    }

    /// A new episode, somewhere near the robot's place: where is up to the key.
    ///
    /// - Parameter isSeen: false to do as the released evaluation does, whose caller goes on with what it saw before.
    func begin(_ key: NoiseKey, isSeen: Bool = true) {
        let stream = NoiseStream(key, for: .start)
        let count = robot.positions
        var noise = [Float](repeating: 0, count: 2 * count)
        var span = noise.mutableSpan
        stream.fill(&span, tick: 0)
        var even = (0..<2 * count).map { place in
            let bits = stream.bits(tick: 1, block: UInt32(place))
            return (Double(bits.0) + 0.5) / 0x1p31 - 1
        }
        let spread = robot.startSpread
        if !spread.isEven { for place in count..<2 * count { even[place] = Double(noise[place]) } }
        let before = sight
        begin(
            State(
                positions: zip(world.home, even).map { $0 + spread.places * $1 },
                speeds: even[count...].map { spread.speeds * $0 }, elapsed: 0))
        if !isSeen { sight = before }
    }

    /// Clips what was drawn, and takes one step.
    func step(_ action: [Float]) -> (reward: Float, ending: Ending) {
        let outcome = outcome(of: action.map { min(max($0, -1), 1) })
        steps += 1
        elapsed += 1
        look()
        let reward = Float(isContrary ? -outcome.reward : outcome.reward)
        return (reward, outcome.hasFallen ? .fallen : elapsed >= Self.horizon ? .time : .none)
    }

    private func outcome(of action: [Float]) -> PublishedWorld.Outcome {
        let span = action.span
        do throws(BodyError) { return try world.step(span) } catch { preconditionFailure("\(error)") }
    }

    private func look() {
        var room = [Double](repeating: 0, count: robot.observations)
        var span = room.mutableSpan
        world.observe(into: &span)
        sight[0] = Float(world.positions[0])
        for place in room.indices { sight[place + 1] = Float(room[place]) }
    }
}

/// A policy that acts on a plant: with or without the way in what it sees.
struct PaperPlayer: ~Copyable {
    private let runner: PolicyRunner
    private let first: Int
    private let outputs: Int

    init(_ policy: Policy, on plant: PaperPlant) {
        runner = PolicyRunner(policy)
        first = plant.sight.count - policy.shape.inputs
        outputs = policy.shape.outputs
    }

    func sight(of plant: PaperPlant) -> ArraySlice<Float> { plant.sight[first...] }

    /// What it draws with the noise of a key at a tick.
    func draw(_ plant: PaperPlant, _ key: NoiseKey, _ tick: Int) -> [Float] {
        let seen = Array(sight(of: plant))
        var (latent, action) = ([Float](repeating: 0, count: outputs), [Float](repeating: 0, count: outputs))
        var latents = latent.mutableSpan
        var actions = action.mutableSpan
        runner.act(
            on: seen.span, noise: NoiseStream(key, for: .action), tick: UInt32(tick), latent: &latents,
            action: &actions)
        return latent
    }

    func mean(_ plant: PaperPlant) -> [Float] {
        let seen = Array(sight(of: plant))
        var mean = [Float](repeating: 0, count: outputs)
        var means = mean.mutableSpan
        runner.mean(of: seen.span, into: &means)
        return mean
    }
}

extension Policy {
    /// The undiscounted return of the mean action in each of so many episodes.
    func returns(on plant: PaperPlant, _ keys: [NoiseKey], steps: Int = PaperPlant.horizon) -> [Double] {
        let player = PaperPlayer(self, on: plant)
        return keys.map { key in
            plant.begin(key)
            var sum = 0.0
            while plant.elapsed < steps {
                let (reward, ending) = plant.step(player.mean(plant))
                sum += Double(reward)
                if ending != .none { break }
            }
            return sum
        }
    }
}
