import Actuators
import ControlLoop
import Episodes
import Glibc
import Hashing
import Policies
import Ports
import Quantities
import Recordings
import Robots
import Supervision
import Threads

/// What a tick of the control loop takes beside its bus, how punctual its thread is beside `cyclictest` in the same
/// minute, and how fast its ticks get into a recording. That a tick allocates nothing is counted by ControlLoopTests.
enum LoopBench {
    static let batches = 5
    static let ticksInBatch = 2_000
    static let paced = 2_000
    static let priority: Int32 = 80

    static func run() {
        print("loop: 6 joints, a policy of 64 × 64, everything but the bus")
        measureWork()
        measurePunctuality()
        measureRecording()
    }

    /// Both ends of a loop whose episode has begun.
    private struct Flying: ~Copyable {
        let loop: ControlLoop<StillBus, RobotProgram>
        var outside: OutsideEnd<RobotProgram>

        init() {
            let channels = LoopChannels<RobotProgram>()
            let loop = ControlLoop(
                StillBus(isPaced: false), under: Supervisor(SixJoints.robot.envelope.envelope, latestSerial: 0),
                settings: LoopSettings(), channels: channels.loop)
            var outside = channels.outside
            LoopBench.takeOff(&outside) { loop.turn() }
            self.loop = loop
            self.outside = outside
        }
    }

    /// From nothing to an episode under way.
    private static func takeOff(_ outside: inout OutsideEnd<RobotProgram>, _ wait: () -> Void) {
        for order in [Order<RobotProgram>.identify, .prepare, .verified, .observe] { _ = outside.orders.append(order) }
        while outside.status.latest.punctuality.ticks < 3 { wait() }
        let (plan, envelope) = (Digest(1, 2, 3, 4), SixJoints.robot.envelope.envelope)
        let approval = Approval(
            serial: 1, plan: plan, envelope: envelope.identity, horizon: envelope.robot.horizon, demandsTube: true)
        _ = outside.orders.append(.run(approval, plan: plan, .episode(program, after: nil), stops: 0))
        for _ in 0..<5 { wait() }
        guard case .running = outside.status.latest.mode else {
            preconditionFailure("the episode did not begin: \(outside.status.latest)")
        }
    }

    private static var program: EpisodeProgram {
        let envelope = SixJoints.robot.envelope.envelope
        do {
            let shape = try PolicyShape(inputs: 18, hidden: [64, 64], outputs: 6, squashes: true)
            let band = try ApprovedBand(
                stride: envelope.robot.horizon, joints: envelope.count,
                limits: [Limit<Radians>](repeating: BenchRobot.limit(-1, 1), count: 6))
            return try EpisodeProgram(
                SixJoints.robot, policy: Policy.orthogonal(shape, seed: 1),
                noise: NoiseKey(run: 1, iteration: 2, episode: 3), band: band, horizon: envelope.robot.horizon)
        } catch {
            preconditionFailure("the bench robot's program: \(error)")
        }
    }

    private static func measureWork() {
        var flying = Flying()
        var times: [Double] = []
        for _ in 0..<batches {
            let before = Stopwatch.nanoseconds()
            for _ in 0..<ticksInBatch { flying.loop.turn() }
            times.append(Double(Stopwatch.nanoseconds() - before) / Double(ticksInBatch) / 1_000)
            while flying.outside.ticks.next() != nil { continue }
        }
        guard case .running = flying.outside.status.latest.mode else { preconditionFailure("the episode has ended") }
        let verdict = Spread(times).quantile(0.5) <= 30 ? "within" : "NOT within"
        print("  work a tick, thread processor time: \(Spread(times).line("µs")), \(verdict) 30 µs")
    }
}

// The thread, on the machine's clock.
extension LoopBench {
    private static func measurePunctuality() {
        let interval = Int(Double(SixJoints.robot.file.period.value) * 1e6)
        let peer = HostThread { cyclictest(interval) }
        let channels = LoopChannels<RobotProgram>()
        var outside = channels.outside
        let thread = ControlLoop.start(
            StillBus(isPaced: true), under: Supervisor(SixJoints.robot.envelope.envelope, latestSerial: 0),
            settings: LoopSettings(priority: priority), channels: channels.loop)
        takeOff(&outside) { usleep(20_000) }
        var lates: [Double] = []
        while lates.count < paced {
            usleep(5_000)
            while let tick = outside.ticks.next() {
                lates.append((tick.moments.began - tick.moments.due) / .microseconds(1))
            }
        }
        for order in [Order<RobotProgram>.tellTiming, .quit] { _ = outside.orders.append(order) }
        thread?.join()
        var timing: LoopTiming?
        var rights: RealTimeRights?
        while let report = outside.reports.next() {
            if case .timing(let told) = report { timing = told }
            if case .rights(let told) = report { rights = told }
        }
        let theirs = peer?.join() ?? nil
        guard let timing, let rights else { preconditionFailure("the loop told nothing") }
        say(rights)
        say(lates, timing, beside: theirs, interval)
    }

    private static func say(_ rights: RealTimeRights) {
        let priority = rights.priorityRefused.map { "refused (errno \($0))" } ?? "SCHED_FIFO \(Self.priority)"
        let memory = rights.memoryRefused.map { "refused (errno \($0))" } ?? "locked"
        print("  the thread's priority: \(priority); its memory: \(memory)")
    }

    /// - Parameter lates: of each tick, in microseconds: the loop's own histogram is right within 9 % only.
    private static func say(_ lates: [Double], _ timing: LoopTiming, beside theirs: Lateness?, _ interval: Int) {
        let sorted = lates.sorted()
        func quantile(_ share: Double) -> Double {
            (sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))] * 10).rounded() / 10
        }
        let ours = Lateness(median: quantile(0.5), high: quantile(0.99), worst: quantile(1))
        print("  late by, every \(interval) µs, \(lates.count) ticks: \(ours.line); \(timing.misses) left out")
        print(
            "    work beside the bus: p99 \(microseconds(timing.thinking, 0.99)) µs with the caches that a sleep leaves"
        )
        guard let theirs else { return print("    cyclictest (Debian: rt-tests) is not here to compare with") }
        print("    cyclictest, at the same time: \(theirs.line)")
        let verdict = ours.high - theirs.high <= 20 ? "within" : "NOT within"
        print("    \(verdict) 20 µs of it at p99")
    }

    private static func microseconds(_ histogram: LatencyHistogram, _ share: Double) -> Double {
        Double((histogram.quantile(share) ?? 0) / 100) / 10
    }

    private struct Lateness: Sendable {
        let median: Double
        let high: Double
        let worst: Double

        var line: String { "median \(median), p99 \(high), worst \(worst) µs" }
    }

    /// The same number of wake-ups at the same interval and priority; nil where the program is missing.
    private static func cyclictest(_ interval: Int) -> Lateness? {
        let refused = "-q -m -i \(interval) -l \(paced) -h 5000"
        let command = "cyclictest -p \(priority) \(refused) 2>/dev/null || cyclictest \(refused) 2>/dev/null"
        // SAFETY: the strings outlive the calls; the stream is closed by the call that opened its kind.
        guard let stream = unsafe popen(command, "r") else { return nil }
        defer { unsafe pclose(stream) }
        var counts: [Int] = []
        var line = [CChar](repeating: 0, count: 256)
        while unsafe fgets(&line, Int32(line.count), stream) != nil {
            let text = line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
            let words = String(decoding: text, as: UTF8.self).split(separator: " ")
            guard words.count == 2, Int(words[0]) == counts.count, let count = Int(words[1]) else { continue }
            counts.append(count)
        }
        let total = counts.reduce(0, +)
        guard total > 0 else { return nil }
        return Lateness(
            median: quantile(counts, total, 0.5), high: quantile(counts, total, 0.99),
            worst: Double(counts.lastIndex { $0 > 0 } ?? 0))
    }

    private static func quantile(_ counts: [Int], _ total: Int, _ share: Double) -> Double {
        var seen = 0
        for (microseconds, count) in counts.enumerated() {
            seen += count
            if Double(seen) >= share * Double(total) { return Double(microseconds) }
        }
        return Double(counts.count)
    }
}

// From the loop's ring into a file.
extension LoopBench {
    private static func measureRecording() {
        guard let names = JointNames((1...6).map { "joint_\($0)" }) else { preconditionFailure("six names") }
        var flying = Flying()
        let path = "/tmp/bench-loop-\(getpid()).mcap"
        defer { unsafe unlink(path) }
        do throws(RecordingError) {
            let ring = Ring<EpisodeEntry>(capacity: 8_192)
            var producer = EpisodeProducer(ring.producer)
            let recorder = try Recorder(
                path, layout: .episode(joints: names, words: EpisodeWords()), from: ring.consumer)
            let began = MonotonicInstant.now()
            var count = 0
            while count < 6_000 {
                for _ in 0..<500 { flying.loop.turn() }
                while let tick = flying.outside.ticks.next() {
                    while !producer.append(EpisodeTick(tick)) { usleep(100) }
                    count += 1
                }
            }
            _ = recorder.finish()
            let seconds = (MonotonicInstant.now() - began) / .seconds(1)
            print("  ticks flown and recorded: \(Int(Double(count) / seconds)) a second, of which 200 are needed")
        } catch {
            preconditionFailure("the recording failed: \(error)")
        }
    }
}

extension EpisodeTick {
    fileprivate init(_ record: TickRecord) {
        var joints = PerJoint(repeating: JointTick())
        for position in UInt8(0)..<6 {
            guard let joint = JointIndex(position) else { continue }
            joints[joint].position = record.samples[joint].position
            joints[joint].speed = record.samples[joint].speed
            joints[joint].effort = record.samples[joint].effort
            joints[joint].requested = RecordedCommand(record.asked[joint])
            joints[joint].supervised = RecordedCommand(record.verdict.commands[joint])
        }
        self.init(
            tick: Tick(UInt32(truncatingIfNeeded: record.number)), hostTime: Timestamp(record.moments.began),
            deviceTime: Timestamp(record.samples[.first].instant), joints: joints)
    }
}

extension Timestamp {
    fileprivate init(_ instant: MonotonicInstant) { self.init(nanoseconds: UInt64(max(0, instant.nanoseconds))) }
}

extension RecordedCommand {
    fileprivate init(_ command: JointCommand) {
        switch command {
        case .off: self = .off
        case .position(let goal): self = .position(goal)
        case .speed(let goal): self = .speed(goal)
        case .effort(let goal): self = .effort(goal)
        }
    }
}
