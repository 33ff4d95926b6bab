import Actuators
import Glibc
import Ports
import Quantities
import VirtualRobot
import Simulator

/// How many cycles a second the Dynamixel driver reaches with six servos, against what the wire allows, and against
/// another master on the same bus in the same run. Goal: at least 95 % of the wire, ahead of the other one. A pseudo
/// terminal, which the other one needs, has a price of its own; it is measured too, and at 4 Mbaud it is most of the five
/// hundredths.
///
/// A cycle reads the state of all servos and writes a goal to each. The bus paces every byte at the line's rate; its
/// servos answer at once. It runs on a thread of this process, so a machine of one core measures its own scheduler.
enum BusBench {
    static let servos: UInt8 = 6
    static let rounds = 5
    static let seconds = 2
    static let rates: [UInt32] = [1_000_000, 4_000_000]

    static func run(peer: String?) {
        print("bus: \(servos) virtual XL330-M288, \(rounds) rounds of \(seconds) s; each figure is the median round")
        for rate in rates {
            do {
                try measure(rate, peer)
            } catch {
                print("  \(rate) baud: failed with \(error)")
                exit(1)
            }
        }
    }

    private static func measure(_ bitsPerSecond: UInt32, _ peer: String?) throws {
        guard let rate = BaudRate(bitsPerSecond) else { preconditionFailure("a rate of nothing") }
        let servos = DynamixelServo.set(.xl330M288, count: servos, bitsPerSecond: bitsPerSecond)
        let bus = VirtualBus(
            wire: DynamixelWire(servos), body: LooseJoints.xl330(servos.count), line: LineSettings(rate: rate))
        try measureOnTerminal(bus, servos, rate, peer)
        try measureOnSocket(bus, servos, rate)
    }

    private typealias Bus = VirtualBus<DynamixelWire, LooseJoints>
    /// How long both ends stay awake.
    private static let awake = Duration.milliseconds(5)

    /// What another master can open too. The kernel hands each piece over through a worker of its own, twice a cycle.
    private static func measureOnTerminal(
        _ bus: Bus, _ servos: [DynamixelServo], _ rate: BaudRate, _ peer: String?
    ) throws {
        let host = try VirtualRobotHost(bus, on: TerminalPort(awake: awake))
        guard let path = host.path else { preconditionFailure("a terminal without a path") }
        var (ours, asleep, theirs): ([Round], [Round], [Double]) = ([], [], [])
        for _ in 0..<rounds {
            var link = try TerminalLink(path, baudRate: rate)
            link.stayAwake(for: awake)
            ours.append(try drive(servos, link, rate))
            asleep.append(try drive(servos, TerminalLink(path, baudRate: rate), rate))
            if let peer { theirs.append(ask(peer, path, rate.bitsPerSecond)) }
        }
        print("  \(rate): a wire without a pause allows \(Int(ours[0].limit)) cycles/s")
        report("on a pseudo terminal, awake while it waits", ours, theirs)
        report("on a pseudo terminal, asleep while it waits", asleep, theirs)
        if !theirs.isEmpty { print("    the other master, there too: \(Spread(theirs).line("cycles/s"))") }
        report(host.stop().pacing)
        let hop = try terminalHop(rate)
        print("    one way through an idle terminal takes \(hop) µs (p50), and a cycle goes two of them")
    }

    /// How long the kernel itself takes to carry a byte from one end of a terminal to the other: no driver and no virtual
    /// bus is quicker than that.
    private static func terminalHop(_ rate: BaudRate) throws -> Double {
        var far = try PseudoTerminal()
        var near = try TerminalLink(far.path, baudRate: rate)
        near.stayAwake(for: awake)
        var room = [UInt8](repeating: 0, count: 1)
        var hops: [Double] = []
        for _ in 0..<2_000 {
            let began = MonotonicInstant.now()
            try far.write(room.span, by: began + .seconds(1))
            var free = room.mutableSpan
            _ = try near.read(into: &free, by: began + .seconds(1))
            hops.append((MonotonicInstant.now() - began) / .microseconds(1))
        }
        return (Spread(hops).quantile(0.5) * 10).rounded() / 10
    }

    private static func measureOnSocket(_ bus: Bus, _ servos: [DynamixelServo], _ rate: BaudRate) throws {
        var ours: [Round] = []
        for _ in 0..<rounds {
            var far: SocketLink?
            var near = try SocketLink(pairedWith: &far)
            near.stayAwake(for: awake)
            guard var far = far.take() else { preconditionFailure("a pair of one") }
            far.stayAwake(for: awake)
            let host = try VirtualRobotHost(bus, on: SocketPort(far))
            ours.append(try drive(servos, near, rate))
            _ = host.stop()
        }
        report("on a socket, awake while it waits", ours, [])
    }

    private struct Round {
        let cyclesPerSecond: Double
        /// What a wire without a pause would allow.
        let limit: Double
        let failures: UInt64
        let wait: (median: Int64, late: Int64)

        var share: Double { 100 * cyclesPerSecond / limit }
    }

    private static func drive<Port: BytePort & ~Copyable>(
        _ servos: [DynamixelServo], _ link: consuming Port, _ rate: BaudRate
    ) throws -> Round {
        guard let mounting = JointMounting(zero: Radians(.pi), torque: .perAmpere(NewtonMetres(0.4))) else {
            preconditionFailure("a mounting that makes no sense")
        }
        let joints = servos.compactMap {
            Dynamixel.Joint(id: $0.id, model: $0.model, mode: .position, mounting: mounting)
        }
        // A busy machine is slow, and its servos shall not take that for the end of their host.
        let settings = Dynamixel.DriverSettings(watchdog: .armed(steps: 127))
        guard
            var driver = Actuators.DynamixelBus(
                link, rate: rate, joints: joints, settings: settings, patience: .milliseconds(200))
        else {
            preconditionFailure("six servos with six numbers")
        }
        try driver.arm(by: .now() + .seconds(30))
        var samples = PerJoint(repeating: JointSample.unknown)
        _ = try driver.readStates(into: &samples, by: .now() + .seconds(1))
        var goals = PerJoint(repeating: JointGoal.position(.zero))
        for position in UInt8(0)..<6 {
            guard let joint = JointIndex(position) else { continue }
            goals[joint] = .position(samples[joint].position)
        }
        let began = MonotonicInstant.now()
        let end = began + .seconds(seconds)
        let (before, bytesBefore) = (driver.counters, driver.portCounters)
        var cycles = 0
        while MonotonicInstant.now() < end {
            _ = try driver.readStates(into: &samples, by: .now() + .seconds(1))
            try driver.writeGoals(goals, by: .now() + .seconds(1))
            cycles += 1
        }
        let took = MonotonicInstant.now() - began
        let (after, bytesAfter) = (driver.counters, driver.portCounters)
        try driver.disarm(by: .now() + .seconds(5))
        let bytes = bytesAfter.bytesIn + bytesAfter.bytesOut - bytesBefore.bytesIn - bytesBefore.bytesOut
        let bytesPerSecond = Double(rate.bitsPerSecond) / 10
        return Round(
            cyclesPerSecond: Double(cycles) / (took / .seconds(1)),
            limit: bytesPerSecond / (Double(bytes) / Double(cycles)),
            failures: after.retries + after.timeOuts - before.retries - before.timeOuts,
            wait: (driver.timing.wait.quantile(0.5) ?? 0, driver.timing.wait.quantile(0.99) ?? 0))
    }

    /// The other master says on one line how many cycles a second it reached.
    private static func ask(_ peer: String, _ path: String, _ rate: UInt32) -> Double {
        Peer.alone("\(peer) \(path) \(rate) \(servos) \(seconds)").numbers.first ?? .nan
    }

    private static func report(_ how: String, _ ours: [Round], _ theirs: [Double]) {
        let share = Spread(ours.map(\.share))
        let waits = Spread(ours.map { Double($0.wait.median) / 1_000 }).quantile(0.5)
        let late = Spread(ours.map { Double($0.wait.late) / 1_000 }).quantile(0.5)
        print("    this driver, \(how): \(Spread(ours.map(\.cyclesPerSecond)).line("cycles/s"))")
        print("      \(share.line("% of the wire")), \(share.quantile(0.5) >= 95 ? "at least" : "NOT") 95 %")
        print("      answers began \(waits) µs late (p50; p99 \(late)); \(ours.reduce(0) { $0 + $1.failures }) retries")
        guard !theirs.isEmpty else { return }
        let ratios = zip(ours, theirs).map { $0.cyclesPerSecond / $1 }
        print("      \(Spread(ratios).line("times the other master"))")
    }

    private static func report(_ pacing: Pacing) {
        let figures = [0.5, 0.99].map { pacing.lateness(share: $0).map { $0 / .microseconds(1) } ?? .nan }
        print("    the virtual bus itself was \(figures[0]) µs late (p50; p99 \(figures[1]))")
    }
}
