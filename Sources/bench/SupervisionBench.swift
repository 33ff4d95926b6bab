import Quantities
import Supervision

/// How long the supervisor takes for one tick of a robot with six joints of three kinds, while it drives and while it
/// stops. Goal: under a microsecond.
enum SupervisionBench {
    static let batches = 400
    static let ticksInBatch = 2_000

    static func run() {
        print("supervision: \(batches) batches of \(ticksInBatch) ticks, 6 joints (2 position, 2 speed, 2 effort),")
        print("thread processor time; each figure is the median batch")
        report("driving, every command clamped", measure(stopping: false))
        report("on the stop ladder", measure(stopping: true))
    }

    private static func report(_ what: String, _ spread: Spread) {
        let verdict = spread.quantile(0.5) < 1_000 ? "under" : "NOT under"
        print("  \(what): \(spread.line("ns a tick")), \(verdict) 1 µs")
    }

    private static func measure(stopping: Bool) -> Spread {
        var times: [Double] = []
        for _ in 0..<batches {
            var supervisor = runningRobot()
            if stopping { _ = supervisor.handle(.fault(.deadManReleased)) }
            times.append(batch(&supervisor))
        }
        return Spread(times)
    }

    private static func batch(_ supervisor: inout Supervisor) -> Double {
        var readings = PerJoint<JointReading>(repeating: BenchRobot.reading)
        let asked = BenchRobot.asked
        var changed = 0
        let before = Stopwatch.nanoseconds()
        for tick in 0..<ticksInBatch {
            readings[BenchRobot.joint(tick % 6)].position = Radians(Float(tick % 16) * 0.001)
            let verdict = supervisor.tick(readings, asked: asked, elapsed: BenchRobot.robot.period)
            if verdict.rule != .none { changed += 1 }
        }
        let after = Stopwatch.nanoseconds()
        guard changed == ticksInBatch else { preconditionFailure("\(changed) of \(ticksInBatch) ticks were judged") }
        return Double(after - before) / Double(ticksInBatch)
    }

    private static func runningRobot() -> Supervisor {
        var supervisor = Supervisor(BenchRobot.envelope, latestSerial: 0)
        for event in [Event.identified, .verified, .observe] { _ = supervisor.handle(event) }
        let readings = PerJoint(repeating: BenchRobot.reading)
        _ = supervisor.tick(readings, asked: BenchRobot.asked, elapsed: BenchRobot.robot.period)
        let approval = Approval(
            serial: 1, plan: BenchRobot.identity, envelope: BenchRobot.identity, horizon: BenchRobot.robot.horizon,
            demandsTube: false)
        do throws(Refusal) {
            let permit = try supervisor.grant(approval, for: BenchRobot.identity)
            try supervisor.begin(permit)
        } catch {
            preconditionFailure("the bench robot was refused: \(error)")
        }
        return supervisor
    }
}
