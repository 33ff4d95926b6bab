import Foundation
import Hashing
import Learning
import Models
import Policies

/// Chance that every machine repeats.
struct Dice {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func uniform() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return (Double((mixed ^ (mixed >> 31)) >> 11) + 0.5) * 0x1p-53
    }

    mutating func normal() -> Double { sqrt(-2 * log(uniform())) * cos(2 * .pi * uniform()) }
}

/// x ← a·x + b·u, u = k·x + c + σ·ε, and each of the ticks is worth s·(−x² − 0.1·u²): so small that the gradient of what
/// is expected is known exactly, from the moments of x.
struct SmallPlant {
    var a = 0.9
    var b = 1.0
    var sign = 1.0
    /// How much is explored: with much of it, gradients have heavy tails.
    var logDeviation = parameters[2]
    static let ticks = 3
    /// k, c and the logarithm of σ.
    static let parameters = [-0.3, 0.2, -0.7]

    static func policy() throws -> Policy {
        let shape = try PolicyShape(inputs: 1, hidden: [], outputs: 1, deviationFloor: 0)
        return try Policy(shape, parameters: parameters.map { Float($0) })
    }

    /// What is expected of a policy whose start is normal about 0.5 with a deviation of 0.4.
    func expected(_ parameters: [Double]) -> Double {
        let (k, c, deviation) = (parameters[0], parameters[1], exp(parameters[2]))
        var (mean, square, sum) = (0.5, 0.25 + 0.16, 0.0)
        for _ in 0..<Self.ticks {
            let actionSquare = k * k * square + 2 * k * c * mean + c * c + deviation * deviation
            sum += sign * (-square - 0.1 * actionSquare)
            let (gain, shift) = (a + b * k, b * c)
            square = gain * gain * square + 2 * gain * shift * mean + shift * shift + b * b * deviation * deviation
            mean = gain * mean + shift
        }
        return sum
    }

    var gradient: [Double] { gradient(at: Self.parameters) }

    func gradient(at parameters: [Double]) -> [Double] {
        parameters.indices.map { place in
            var (up, down) = (parameters, parameters)
            up[place] += 1e-5
            down[place] -= 1e-5
            return (expected(up) - expected(down)) / 2e-5
        }
    }

    /// One episode, with the score derived by hand: the gradient of the logarithm of a Gaussian's density.
    func scored(_ start: Double, _ noise: [Double]) -> Scored {
        let (k, c, deviation) = (Self.parameters[0], Self.parameters[1], exp(logDeviation))
        var (x, seen, drawn, rewards): (Double, [Double], [Double], [Double]) = (start, [], [], [])
        for tick in 0..<Self.ticks {
            let u = k * x + c + deviation * noise[tick]
            seen.append(x)
            drawn.append(u)
            rewards.append(sign * (-x * x - 0.1 * u * u))
            x = a * x + b * u
        }
        var gradient = [0.0, 0.0, 0.0]
        var (toGo, advantages) = (0.0, rewards)
        for tick in (0..<Self.ticks).reversed() {
            toGo += rewards[tick]
            // About what is expected of each tick; a constant leaves the mean as it is and lightens the tails.
            let advantage = toGo + sign * 0.5 * Double(Self.ticks - tick)
            advantages[tick] = advantage
            gradient[0] += advantage * seen[tick] * noise[tick] / deviation
            gradient[1] += advantage * noise[tick] / deviation
            gradient[2] += advantage * (noise[tick] * noise[tick] - 1)
        }
        let part = StagePart(measured: [Float(start)], commands: [0], noise: NoiseKey(run: 0, iteration: 0, episode: 0))
        return Scored(
            performance: Performance(
                start: part, ticks: Self.ticks, observations: seen.map { Float($0) }, latents: drawn.map { Float($0) },
                rewards: rewards.map { Float($0) }, ending: .horizon, isSuccess: false),
            advantages: advantages, gradient: gradient)
    }
}

/// So many real episodes, each with its pair and free ones in every model.
func batch(_ real: SmallPlant, _ models: [SmallPlant], count: Int, free: Int, spread: Double = 0.4, _ dice: inout Dice)
    throws -> Batch
{
    let starts = (0..<count).map { _ in 0.5 + spread * dice.normal() }
    let noises = (0..<count).map { _ in (0..<SmallPlant.ticks).map { _ in dice.normal() } }
    let fidelities = models.enumerated().map { place, model in
        Batch.Fidelity(
            "model \(place)", paired: (0..<count).map { model.scored(starts[$0], noises[$0]) },
            free: starts.flatMap { start in
                (0..<free).map { _ in model.scored(start, (0..<SmallPlant.ticks).map { _ in dice.normal() }) }
            })
    }
    return Batch(
        try SmallPlant.policy(), real: (0..<count).map { real.scored(starts[$0], noises[$0]) }, fidelities: fidelities)
}

/// The mean of many estimates, component by component, with its standard error.
struct Average {
    private(set) var mean = [0.0, 0.0, 0.0]
    private var squares = [0.0, 0.0, 0.0]
    private(set) var count = 0.0

    mutating func add(_ gradient: [Double]) {
        count += 1
        for place in mean.indices {
            let rest = gradient[place] - mean[place]
            mean[place] += rest / count
            squares[place] += rest * (gradient[place] - mean[place])
        }
    }

    var errors: [Double] { squares.map { sqrt($0 / (count - 1) / count) } }
    /// The sum of the variances of the components of one estimate.
    var variance: Double { squares.reduce(0, +) / (count - 1) }

    /// How many standard errors the worst component is away.
    func distance(from truth: [Double]) -> Double {
        zip(zip(mean, errors), truth).map { abs($0.0 - $1) / $0.1 }.max() ?? 0
    }
}

/// In `make test` some thousand batches, in `make proof` a hundred thousand.
let campaign = ProcessInfo.processInfo.environment["UNDERSTUDY_CAMPAIGN"] == "proof" ? 200 : 1
