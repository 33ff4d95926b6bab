import Glibc
import Hashing
import Policies
import Simulator

/// Gymnasium's hopper under a policy with noise, by Debian's MuJoCo: always the same ticks, begun anew after each fall.
///
/// What is commanded is written down, so that a bare loop in C can do the very same without a policy.
struct PeerStepping: ~Copyable {
    static let ticks = 2_000
    static let commands = ".build/python-peers/hopper-commands"

    private let world: PublishedWorld
    private let runner: PolicyRunner
    private let still: [Double]
    private var numbers: Numbers

    private struct Numbers {
        var seen: [Double]
        var observation: [Float]
        var latent: [Float]
        var action: [Float]
        /// For each tick whether it began anew, and what went to the motors.
        var log: [Float] = []
    }

    init(_ file: String) throws {
        let world = try PublishedWorld(.hopper, mjcf: String(decoding: GapRobot.bytes(of: file), as: UTF8.self))
        let (inputs, outputs) = (world.robot.observations, world.robot.actions)
        let policy = try Policy.orthogonal(PolicyShape(inputs: inputs, outputs: outputs), seed: 7)
        self.world = world
        runner = PolicyRunner(policy)
        still = [Double](repeating: 0, count: world.robot.positions)
        numbers = Numbers(
            seen: [Double](repeating: 0, count: inputs), observation: [Float](repeating: 0, count: inputs),
            latent: [Float](repeating: 0, count: outputs), action: [Float](repeating: 0, count: outputs))
        numbers.log.reserveCapacity(Self.ticks * (1 + outputs))
        play()
        guard write() else { preconditionFailure("\(Self.commands) cannot be written") }
    }

    mutating func play() {
        do throws(BodyError) { try Self.play(world, runner, still, &numbers) } catch { preconditionFailure("\(error)") }
    }

    private static func play(
        _ world: PublishedWorld, _ runner: borrowing PolicyRunner, _ still: [Double], _ numbers: inout Numbers
    ) throws(BodyError) {
        let noise = NoiseStream(run: 1, iteration: 2, episode: 3)
        numbers.log.removeAll(keepingCapacity: true)
        var isOver = true
        for tick in 0..<UInt32(ticks) {
            if isOver { try world.begin(world.home, still) }
            numbers.log.append(isOver ? 1 : 0)
            look(world, &numbers.seen, &numbers.observation)
            act(runner, numbers.observation, noise, tick, &numbers.latent, &numbers.action)
            numbers.log += numbers.action
            isOver = try world.step(numbers.action.span).hasFallen
        }
    }

    private static func look(_ world: PublishedWorld, _ seen: inout [Double], _ observation: inout [Float]) {
        var span = seen.mutableSpan
        world.observe(into: &span)
        for place in seen.indices { observation[place] = Float(seen[place]) }
    }

    private static func act(
        _ runner: borrowing PolicyRunner, _ observation: [Float], _ noise: NoiseStream, _ tick: UInt32,
        _ latent: inout [Float], _ action: inout [Float]
    ) {
        var latents = latent.mutableSpan
        var actions = action.mutableSpan
        runner.act(on: observation.span, noise: noise, tick: tick, latent: &latents, action: &actions)
        for motor in action.indices { action[motor] = min(max(action[motor], -1), 1) }
    }

    private func write() -> Bool {
        // SAFETY: both strings lend their bytes for the calls, the array its numbers; the stream is closed here.
        guard let stream = unsafe fopen(Self.commands, "wb") else { return false }
        let count = unsafe fwrite(numbers.log, MemoryLayout<Float>.stride, numbers.log.count, stream)
        return unsafe fclose(stream) == 0 && count == numbers.log.count
    }
}
