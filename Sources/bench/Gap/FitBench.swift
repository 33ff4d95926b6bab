import Embodiment
import Expressions
import Glibc
import Models
import Quantities
import Robots
import Simulator

/// What identification gains: the prediction one second ahead of robots as bought, before and after their models were
/// fitted to motion of theirs.
///
/// Every seed is another robot. Ten motions of it, of two seconds each under random outputs of a policy, are what is
/// fitted to; ten other ones of a second judge the model before and after. The measurements are those of the body without
/// the noise of sensors: the parameters of the body would leave no error in the body's own equations. What no parameters
/// of the model leave less of is found by fitting it to the ten that judge: that is the floor.
enum FitBench {
    static let robots = 20
    private static let motions = 10

    /// - Parameter only: this robot, and not all three; behind a colon so many of its kind, since a leg takes minutes.
    static func run(only: String?) {
        let words = only.map { $0.split(separator: ":").map(String.init) } ?? []
        let count = words.dropFirst().first.flatMap { Int($0) }.map { min(max($0, 1), robots) } ?? robots
        print("fit: predictions one second ahead before and after fitting, \(count) robots as bought (spread 1); rms")
        for name in words.first.map({ [$0] }) ?? ["pendulum", "reacher", "leg"] { measure(GapRobot(name), count) }
    }

    private static func measure(_ robot: GapRobot, _ robots: Int) {
        let began = Stopwatch.nanoseconds()
        var coverage = FitCoverage(robot)
        var before = [Double](repeating: 0, count: robot.compared.count)
        var (after, floor) = (before, before)
        var fitted = 0
        for seed in 1...UInt64(robots) {
            let recorded = (0..<motions).map {
                FitMotion(robot, robotSeed: seed, motionSeed: seed * 1_000 + UInt64($0), duration: Seconds(2))
            }
            guard let found = fit(robot, recorded.map(\.stretch)) else { continue }
            let parameters = found.parameters
            coverage.count(found, seed: seed)
            fitted += 1
            let judges = (0..<motions).map {
                FitMotion(robot, robotSeed: seed, motionSeed: seed * 1_000 + 500 + UInt64($0), duration: Seconds(1))
            }
            // Each twice, so that every one of them is learnt from, whichever are held out.
            let best = fit(robot, (judges + judges).map(\.stretch))?.parameters ?? parameters
            for judge in judges {
                for (place, errors) in judge.errors(robot, [robot.model.parameters, parameters, best]).enumerated() {
                    before[place] += errors[0] * errors[0]
                    after[place] += errors[1] * errors[1]
                    floor[place] += errors[2] * errors[2]
                }
            }
        }
        let seconds = (Double(Stopwatch.nanoseconds() - began) * 1e-8).rounded() / 10
        print("  \(robot.file.name), model \(robot.model.name), \(fitted) of \(robots) fitted in \(seconds) s")
        coverage.say(of: fitted)
        // As soon as it is known, also into a file: a leg takes minutes. Nothing is pointed at.
        defer { _ = fflush(nil) }
        for (place, compared) in robot.compared.enumerated() {
            let count = Double(max(1, fitted * motions))
            let (old, new) = ((before[place] / count).squareRoot(), (after[place] / count).squareRoot())
            let least = (floor[place] / count).squareRoot()
            print(
                "    \(compared.name): \(Float(old)) becomes \(Float(new)) \(robot.unit(of: compared.name)), "
                    + "\(Float((old / new * 10).rounded() / 10)) times less; floor \(Float(least))")
        }
    }

    private static func fit(_ robot: GapRobot, _ stretches: [Windows.Stretch]) -> Fit? {
        guard let described = robot.file.models.first else { return nil }
        let unknowns = described.parameters.enumerated().compactMap { place, parameter in
            parameter.prior.map {
                FitProblem.Unknown(place: place, range: $0.range, belief: parameter.value, deviation: $0.deviation)
            }
        }
        let outputs = robot.model.measurements.results.map { $0.name.hasPrefix("speed") ? 0.02 : 0.002 }
        let problem = FitProblem(
            model: robot.model, unknowns: unknowns,
            startDeviations: [Double](repeating: 0.005, count: robot.model.count(of: .state)), outputDeviations: outputs
        )
        let ticks = Int((1 / Double(robot.file.period.value)).rounded())
        do throws(FitError) {
            return try problem.fit(Windows(cutting: stretches, ticks: ticks, delay: robot.model.delay))
        } catch {
            print("    not fitted: \(error)")
            return nil
        }
    }
}

/// How often the interval of a parameter holds what is true of the body, for the one that both have: the weight of the rod,
/// which is what lifting it from its lowest to its highest place costs.
private struct FitCoverage {
    private let robot: GapRobot
    private let place: Int?
    private var held = 0

    init(_ robot: GapRobot) {
        self.robot = robot
        place = robot.file.models.first?.parameters.firstIndex { $0.name == "mgl" }
    }

    mutating func count(_ fit: Fit, seed: UInt64) {
        guard let estimate = fit.estimates.first(where: { $0.place == place }) else { return }
        if estimate.interval.contains(weight(seed)) { held += 1 }
    }

    private func weight(_ seed: UInt64) -> Double {
        let heights = [Float(0), .pi].map { robot.body(seed: seed, spread: 1, starts: [$0]).energy().potential.value }
        return Double(heights[1] - heights[0]) / 2
    }

    func say(of fitted: Int) {
        if place != nil { print("    mgl: the truth is inside of its 95 % interval for \(held) of \(fitted)") }
    }
}

/// A motion of one body, tick by tick.
private struct FitMotion {
    private var measured: [[Double]] = []
    private var commands: [[Float]] = []
    private let robot: GapRobot

    init(_ robot: GapRobot, robotSeed: UInt64, motionSeed: UInt64, duration: Seconds) {
        self.robot = robot
        var chance = GapChance(seed: motionSeed)
        let positions = robot.file.starts.map { $0.position.value + $0.spread.value * chance.next() }
        let drawn = GapCommands(for: robot.file, over: duration, &chance)
        var body = robot.body(seed: robotSeed, spread: 1, starts: positions)
        var electronics = BodyElectronics(for: robot.file)
        let joints = robot.file.joints.count
        var last = positions
        for tick in -Self.ticks(Seconds(0.5), robot)..<Self.ticks(duration, robot) {
            let now = robot.measurements(of: body)
            let (places, speeds) = (now.prefix(joints).map { Float($0) }, now[joints..<2 * joints].map { Float($0) })
            if tick < 0 {
                last = GapCommands.resting(robot.file, at: positions, positions: places, speeds: speeds)
            } else {
                last = drawn.commands(at: tick, last: tick == 0 ? positions : last, positions: places, speeds: speeds)
                measured.append(now)
                commands.append(last)
            }
            electronics.take(last)
            for _ in 0..<Int((robot.file.period.value * 1_000).rounded()) { electronics.advance(&body) }
        }
        measured.append(robot.measurements(of: body))
    }

    private static func ticks(_ time: Seconds, _ robot: GapRobot) -> Int { Int((time / robot.file.period).rounded()) }

    private var states: [[Double]] {
        guard let described = robot.file.models.first else { return [] }
        return measured.map { described.start.values(states: $0, parameters: robot.model.parameters) }
    }

    /// What a model's own measurements are called among those of a body.
    var stretch: Windows.Stretch {
        let compared = robot.compared
        let outputs = measured.dropFirst().map { now in
            robot.model.measurements.results.indices.map { place in
                compared.first { $0.model == place }.map { now[$0.body] } ?? .nan
            }
        }
        return Windows.Stretch(
            states: Array(states.dropLast()), inputs: commands.map { $0.map { Double($0) } }, outputs: outputs)
    }

    /// For each number that is compared: how far each set of parameters is off at the end, under the commands that the
    /// body got.
    func errors(_ robot: GapRobot, _ sets: [[Double]]) -> [[Double]] {
        guard let end = measured.last, let described = robot.file.models.first, let first = measured.first else {
            return []
        }
        let predictions = sets.map { parameters in
            var lanes = ModelLanes(of: CompiledModel<Double>(robot.model), lanes: 1)
            lanes.share(parameters: parameters.span)
            for (place, value) in described.start.values(states: first, parameters: parameters).enumerated() {
                lanes[place, lane: 0] = value
            }
            for told in commands {
                var inputs = lanes.mutableInputs
                for (place, command) in told.enumerated() { inputs[place] = Double(command) }
                lanes.step()
            }
            lanes.measure()
            return robot.compared.map { lanes.measurement($0.model, lane: 0) }
        }
        return robot.compared.indices.map { place in
            predictions.map { $0[place] - end[robot.compared[place].body] }
        }
    }
}
