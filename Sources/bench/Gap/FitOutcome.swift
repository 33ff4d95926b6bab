import Expressions
import Learner
import Learning
import Models
import Quantities
import Robots
import Simulator

/// What fitting the model of one robot came to.
struct FitOutcome: Sendable {
    /// Who predicted: the model as written, as fitted, as it can be at best, and the robot itself.
    enum Judged: Int, CaseIterable { case before, after, floor, twin }

    static let motions: UInt64 = 10

    let seed: UInt64
    let fit: Fit
    /// To ten other motions of the same robot, which know nothing of the first ones.
    let again: Fit?
    /// For each who predicted and each number that is compared: the errors, motion by motion.
    private(set) var errors: [[[Double]]]

    /// Nil where nothing was found.
    init?(_ robot: GapRobot, seed: UInt64) {
        let stage = Self.stage(robot)
        func motions(_ first: UInt64, _ duration: Float) -> [FitMotion] { Self.motions(robot, seed, first, duration) }
        guard let fit = Self.fit(robot, seed: seed) else { return nil }
        (self.seed, self.fit) = (seed, fit)
        again = Self.fit(robot, stage, motions(200, 2))
        let judges = motions(500, 1)
        // Each twice, so that every one of them is learnt from, whichever are held out.
        let best = Self.fit(robot, stage, judges + judges) ?? fit
        errors = Judged.allCases.map { _ in robot.compared.map { _ in [] } }
        for (number, judge) in judges.enumerated() {
            let twin = FitMotion(
                robot, robotSeed: seed, motionSeed: seed * 1_000 + 500 + UInt64(number), duration: Seconds(1),
                isTwin: true)
            // Behind those of the model are the numbers of springs.
            let own = robot.model.parameters.count
            let sets = [robot.model.parameters] + [fit, best].map { Array($0.parameters.prefix(own)) }
            for (judged, made) in (judge.errors(robot, sets) + [judge.errors(robot, of: twin)]).enumerated() {
                for (place, error) in made.enumerated() { errors[judged][place].append(error) }
            }
        }
    }

    /// What ten motions of this robot say of its model; nil where nothing was found.
    static func fit(_ robot: GapRobot, seed: UInt64) -> Fit? {
        fit(robot, stage(robot), motions(robot, seed, 0, 2))
    }

    private static func motions(_ robot: GapRobot, _ seed: UInt64, _ first: UInt64, _ duration: Float) -> [FitMotion] {
        (0..<motions).map {
            FitMotion(robot, robotSeed: seed, motionSeed: seed * 1_000 + first + $0, duration: Seconds(duration))
        }
    }

    private static func stage(_ robot: GapRobot) -> Stage {
        do throws(PupilProblem) { return try Pupil(robot.limited, bytes: []).stage } catch {
            preconditionFailure("\(robot.file.name): \(error)")
        }
    }

    /// What is concluded from other numbers is not as well known as what a sensor says: by a tenth of what it varies by.
    private static func starts(_ robot: GapRobot, _ stage: Stage) -> [Double] {
        let slots = robot.fitted.slots.filter { $0.role == .state }
        let units = robot.file.models.first?.states.map(\.unit) ?? []
        return slots.indices.map { place in
            guard robot.fitted.concluded.contains(place), units.indices.contains(place) else { return 0.005 }
            return units[place] == "rad" ? 0.01 : 0.1
        }
    }

    private static func fit(_ robot: GapRobot, _ stage: Stage, _ motions: [FitMotion]) -> Fit? {
        guard let described = robot.file.models.first else { return nil }
        let unknowns = described.parameters.enumerated().compactMap { place, parameter in
            parameter.prior.map {
                FitProblem.Unknown(place: place, range: $0.range, belief: parameter.value, deviation: $0.deviation)
            }
        }
        let outputs = robot.fitted.measurements.results.map { $0.name.hasPrefix("speed") ? 0.02 : 0.002 }
        let starts = Self.starts(robot, stage)
        var problem = FitProblem(
            model: robot.fitted, unknowns: unknowns, startDeviations: starts, outputDeviations: outputs)
        // As in a learner's refinement: with contacts a fit would go on by ever smaller steps.
        problem.mostSteps = Refinement().mostSteps
        // Where a foot strikes, a second is too rough to find a way down: the learner fits by half seconds, too.
        let window = robot.hasSprings ? Refinement().segmentTime : 1
        let ticks = Int((window / Double(robot.file.period.value)).rounded())
        let windows = Windows(cutting: motions.map { $0.stretch(robot, stage) }, ticks: ticks, delay: robot.model.delay)
        do throws(FitError) { return try problem.fit(windows) } catch {
            print("    not fitted: \(error)")
            return nil
        }
    }
}

/// How often the intervals of parameters hold what they should.
///
/// The weight of a rod is true of the body as well: it is what lifting the rod from its lowest to its highest place costs.
/// Of all others, which stand for more than one thing of the body, there is no truth but the model's own: the intervals
/// of fits to other motions have to agree with them in 95 of 100 cases.
struct FitIntervals {
    private let robot: GapRobot
    private let outcomes: [FitOutcome]

    init(_ robot: GapRobot, _ outcomes: [FitOutcome]) { (self.robot, self.outcomes) = (robot, outcomes) }

    func say() {
        guard let parameters = robot.file.models.first?.parameters else { return }
        if let place = parameters.firstIndex(where: { $0.name == "mgl" }) {
            let held = outcomes.count { outcome in
                let estimate = outcome.fit.estimates.first { $0.place == place }
                return estimate.map { $0.interval.contains(weight(outcome.seed)) } ?? false
            }
            print("    mgl: the truth is inside of its 95 % interval for \(held) of \(outcomes.count)")
        }
        var (all, agreeing) = (0, 0)
        let rows = parameters.indices.compactMap { place -> String? in
            let pairs = outcomes.compactMap { pair(place, $0) }
            guard !pairs.isEmpty else { return nil }
            let good = pairs.count { Self.agree($0.0, $0.1) }
            (all, agreeing) = (all + pairs.count, agreeing + good)
            return "\(parameters[place].name) \(good)/\(pairs.count)"
        }
        print(
            "    95 % intervals of two fits to different motions agree in \(agreeing) of \(all): "
                + rows.joined(separator: ", "))
    }

    /// Not of what stopped at the end of what it can be: it is no middle of anything. Nor of what is only believed.
    private func pair(_ place: Int, _ outcome: FitOutcome) -> (Fit.Estimate, Fit.Estimate)? {
        guard outcome.fit.isBetter, outcome.again?.isBetter == true,
            let first = outcome.fit.estimates.first(where: { $0.place == place }), !first.isAtBound,
            let second = outcome.again?.estimates.first(where: { $0.place == place }), !second.isAtBound
        else { return nil }
        return (first, second)
    }

    /// A difference of two is as wide as both together.
    private static func agree(_ first: Fit.Estimate, _ second: Fit.Estimate) -> Bool {
        let widths = [first, second].map { ($0.interval.upperBound - $0.interval.lowerBound) / 2 }
        return abs(first.value - second.value) <= (widths[0] * widths[0] + widths[1] * widths[1]).squareRoot()
    }

    private func weight(_ seed: UInt64) -> Double {
        let heights = [Float(0), .pi].map { robot.body(seed: seed, spread: 1, starts: [$0]).energy().potential.value }
        return Double(heights[1] - heights[0]) / 2
    }
}
