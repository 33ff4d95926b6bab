import Episodes
import Glibc
import Hashing
import Learner
import Learning
import Policies
import Quantities
import Robots
import Supervision

/// How often the flights of a course leave the bands that were made for them: with the room that is a guess, and with what
/// the flights before have shown. Whoever leaves its band is stopped as the supervisor stops it, and that is learnt from.
enum BandBench {
    private static let episodes = 24
    private static let seeds: [UInt64] = [1, 2, 3, 4, 5]

    static func run(_ name: String?) {
        let robot = GapRobot(name ?? "pendulum")
        Bench.say(
            "bands: \(robot.file.name), \(episodes) real episodes of the default, each seed another robot; flights that left "
                + "their bands, of those at the first look, of rehearsed policies and later; width of bands in rad")
        var all = [BandRun](repeating: BandRun(), count: 2)
        for seed in seeds {
            for (place, isMeasured) in [false, true].enumerated() {
                let run = BandRun(robot, seed: seed, isMeasured: isMeasured)
                Bench.say("  seed \(seed), \(isMeasured ? "measured" : "a guess "): \(run.text)")
                all[place].add(run)
            }
        }
        for (run, word) in zip(all, ["a guess ", "measured"]) { Bench.say("  all seeds, \(word): \(run.text)") }
    }
}

/// One robot's course with bands of one kind.
private struct BandRun {
    private var flown = 0
    private var left: [Course.Phase: Int] = [:]
    private var widths: [Float] = []
    private var worths: [Double] = []
    /// Of each flight in rooms beside the rollouts, and of its band.
    private var misses: [(miss: Float, rooms: Float)] = []

    init() {}

    init(_ described: GapRobot, seed: UInt64, isMeasured: Bool) {
        let robot = LearnRobot(described, seed: seed, spread: 1)
        let writer = PlanWriter(
            robot.pupil, envelope: robot.pupil.robot.envelope.envelope.identity, calibration: .zero, threads: 2)
        do {
            try fly(robot, writer, seed: seed, isMeasured: isMeasured)
        } catch {
            preconditionFailure("seed \(seed): \(error)")
        }
    }

    private mutating func fly(_ robot: LearnRobot, _ writer: PlanWriter, seed: UInt64, isMeasured: Bool) throws {
        let settings = robot.pupil.settings(.rehearse, seed: seed, episodes: BandBench.count)
        var (course, misses) = (try robot.pupil.course(settings), Misses())
        var troupe = Ensemble(robot.stage, threads: 2)
        var anchor: Policy?
        while let next = course.next, let planned = try writer.planned(course, anchor: anchor, misses) {
            let envelope = robot.pupil.robot.envelope.envelope
            let band =
                isMeasured ? planned.proposal.dossier.band : try planned.foretold.band(rooms: 1, within: envelope)
            var watch = BandWatch(band, envelope.robot.tube)
            let (performance, trace) = robot.perform(next.policy, next.noise) { watch.isInside(at: $0, $1) }
            let miss = planned.foretold.miss(of: trace)
            note(course.phase, hasLeft: watch.hasLeft, band, miss, isMeasured ? misses.rooms : 1)
            misses.add(miss, hasLeft: watch.hasLeft)
            anchor = PlanWriter.anchor(anchor, after: next.policy, over: performance)
            worths.append(course.settings.objective.perTick(performance))
            course.take(performance, trace)
            try course.advance(with: &troupe)
        }
    }

    private mutating func note(
        _ phase: Course.Phase, hasLeft: Bool, _ band: ApprovedBand, _ miss: Float, _ rooms: Float
    ) {
        flown += 1
        left[phase, default: 0] += hasLeft ? 1 : 0
        let steps = (0..<band.steps).map { band.limit(of: .first, step: $0) }
        widths.append(steps.reduce(0) { $0 + ($1.high - $1.low).value } / Float(max(1, steps.count)))
        misses.append((miss, rooms))
    }

    mutating func add(_ other: BandRun) {
        flown += other.flown
        for (phase, count) in other.left { left[phase, default: 0] += count }
        widths += other.widths
        worths += other.worths.suffix(8)
    }

    var text: String {
        let all = left.values.reduce(0, +)
        let parts = [Course.Phase.look, .check, .climb].map { "\(left[$0] ?? 0)" }.joined(separator: " + ")
        let width = Double(Bootstrap.middle(widths.map { Double($0) }))
        let end = worths.suffix(misses.isEmpty ? worths.count : 8)
        let worth = end.reduce(0, +) / Double(max(1, end.count))
        let list = misses.map { "\(LearnTable.text(Double($0.miss)))/\(LearnTable.text(Double($0.rooms)))" }
        let flights = list.isEmpty ? "" : "\n      " + list.joined(separator: " ")
        return
            "\(all) of \(flown) (\(parts)); width \(LearnTable.text(width)); worth \(LearnTable.text(worth))\(flights)"
    }
}

extension BandBench {
    fileprivate static var count: Int { episodes }
}

/// As the supervisor has it: outside for so many ticks by so much.
private struct BandWatch {
    private let band: ApprovedBand
    private let rules: TubeRules
    private var outside: [Int32]
    private(set) var hasLeft = false

    init(_ band: ApprovedBand, _ rules: TubeRules) {
        (self.band, self.rules) = (band, rules)
        outside = [Int32](repeating: 0, count: Int(band.joints.rawValue))
    }

    mutating func isInside(at tick: Int, _ measured: [Float]) -> Bool {
        guard let tube = band.tube(at: Ticks(Int32(tick))) else { return true }
        for joint in outside.indices {
            let (limit, place) = (tube.elements[joint], Radians(measured[joint]))
            if limit.contains(place) {
                outside[joint] = 0
            } else if place < limit.low - rules.hysteresis || place > limit.high + rules.hysteresis {
                outside[joint] += 1
            }
            hasLeft = hasLeft || outside[joint] >= rules.patience.rawValue
        }
        return !hasLeft
    }
}
