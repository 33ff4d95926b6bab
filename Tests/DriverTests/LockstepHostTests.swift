import Actuators
import CAllocationCounter
import Foundation
import Ports
import Quantities
import Testing
import VirtualRobot
import Simulator

/// A virtual robot in lockstep behind a socket, with whatever a test wants to be wrong with it.
struct LockstepBench: ~Copyable {
    typealias Host = LockstepHost<DynamixelWire, LooseJoints>

    let path: String
    let servos: [DynamixelServo]
    let control = HostControl()
    private var host: Host?

    init(count: UInt8 = 1, faults: String = "", seed: UInt64 = 1, speed: Double? = nil) throws {
        servos = DynamixelServo.set(.xl330M288, count: count)
        path = "/tmp/lockstep-\(UUID().uuidString.prefix(8))"
        let conditions = HostConditions(speed: speed, control: control)
        host = try Host(Self.bus(servos, faults, seed), on: SocketListener(at: path), conditions)
    }

    static func bus(
        _ servos: [DynamixelServo], _ faults: String, _ seed: UInt64
    ) throws -> VirtualBus<DynamixelWire, LooseJoints> {
        VirtualBus(
            wire: DynamixelWire(servos), body: .xl330(servos.count), line: LineSettings(rate: BaudRate(1_000_000)),
            faults: try FaultPlan(parsing: faults, seed: seed),
            log: RunLog(robot: "bench", joints: servos.count, seed: seed))
    }

    func link() throws -> LockstepLink { try LockstepLink(to: path) }

    mutating func stop() throws -> LockstepOutcome<DynamixelWire, LooseJoints> { try present(host.take()).stop() }

    static func joints(_ servos: [DynamixelServo]) throws -> [Dynamixel.Joint] {
        let mounting = try #require(JointMounting(zero: Radians(.pi), torque: .perAmpere(NewtonMetres(0.4))))
        return try servos.map {
            try #require(Dynamixel.Joint(id: $0.id, model: $0.model, mode: .position, mounting: mounting))
        }
    }

    /// Arms, follows a goal that moves for so many ticks of 5 ms, and disarms; every sample is in the answer.
    static func drive<Port: BytePort & ~Copyable>(
        _ servos: [DynamixelServo], over port: consuming Port, ticks: Int
    ) throws -> [String] {
        let rate = try #require(BaudRate(1_000_000))
        var driver = try present(Actuators.DynamixelBus(port, rate: rate, joints: Self.joints(servos)))
        try driver.arm(by: driver.now + .seconds(10))
        var samples = PerJoint(repeating: JointSample.unknown)
        var seen: [String] = []
        var tick = driver.now
        for count in 0..<ticks {
            tick = tick + .milliseconds(5)
            let fresh = (try? driver.readStates(into: &samples, by: tick)) ?? JointSet()
            try? driver.writeGoals(
                PerJoint(repeating: .position(Radians(0.5 * Float(count) / Float(ticks)))), by: tick)
            seen.append("\(driver.now.nanoseconds) \(fresh.count) \(samples[.first])")
            try driver.sleep(until: tick)
        }
        try? driver.disarm(by: driver.now + .seconds(10))
        return seen + ["\(driver.now) \(driver.counters)"]
    }
}

extension LockstepLink {
    fileprivate mutating func errorOfWriting() -> PortError? {
        let one: [UInt8] = [1]
        do throws(PortError) { try write(one.span, by: .never) } catch { return error }
        return nil
    }

    fileprivate mutating func errorOfDiscarding() -> PortError? {
        do throws(PortError) { _ = try discardInput() } catch { return error }
        return nil
    }

    fileprivate mutating func errorOfSleeping() -> PortError? {
        do throws(PortError) { try sleep(until: .never) } catch { return error }
        return nil
    }
}

@Suite("lockstep across processes", .serialized) struct LockstepHostTests {
    private static let noise = "packet-loss@1s:0.02,late-reply@1.2s+50ms:3,bit-flips@1.3s:0.01"

    @Test("behind a socket a run is the same as inside the process, bit for bit, and the same again")
    func identical() throws {
        func inProcess(seed: UInt64) throws -> ([String], [UInt8]) {
            let servos = DynamixelServo.set(.xl330M288, count: 2)
            let line = Lockstep(try LockstepBench.bus(servos, Self.noise, seed))
            return (try LockstepBench.drive(servos, over: line.port(), ticks: 200), line.takeLog())
        }
        func acrossSocket(seed: UInt64) throws -> ([String], [UInt8]) {
            var bench = try LockstepBench(count: 2, faults: Self.noise, seed: seed)
            let seen = try LockstepBench.drive(bench.servos, over: bench.link(), ticks: 200)
            var bus = try bench.stop().bus
            return (seen, bus.takeLog())
        }
        let inside = try inProcess(seed: 3)
        let outside = try acrossSocket(seed: 3)
        let again = try acrossSocket(seed: 3)
        #expect(outside.0 == inside.0)
        #expect(outside.1 == inside.1)
        #expect(again == outside)
        let other = try inProcess(seed: 4)
        #expect(other.1 != inside.1)
        // Something did go wrong in it, or the noise would prove nothing.
        #expect(Set(inside.0.map { $0.split(separator: " ")[1] }).count > 1)
    }

    @Test("time passes only while the master waits, and without bytes when it sleeps")
    func sleeping() throws {
        var bench = try LockstepBench()
        do {
            var link = try bench.link()
            #expect(link.now == MonotonicInstant(nanoseconds: 1_000_000_000))
            let tick = link.now + .seconds(30)
            let began = MonotonicInstant.now()
            try link.sleep(until: tick)
            #expect(link.now == tick)
            // Thirty seconds in much less: nobody waited for a clock.
            #expect(MonotonicInstant.now() - began < .seconds(25))
            try link.sleep(until: tick)
            #expect(link.now == tick)
        }
        #expect(try bench.stop().bus.now.nanoseconds == 30_000_000_000)
    }

    @Test("a robot can be told to go no faster than real time")
    func paced() throws {
        let bench = try LockstepBench(speed: 4)
        var link = try bench.link()
        let began = MonotonicInstant.now()
        try link.sleep(until: link.now + .milliseconds(400))
        #expect(MonotonicInstant.now() - began >= .milliseconds(95))
    }

    @Test("masters come one after the other and find the robot as it was left, without the last one's answers")
    func masters() throws {
        var bench = try LockstepBench()
        for _ in 0..<2 { try ping(bench.link()) }
        #expect(try waiting(at: bench.link()) == 0)
        let outcome = try bench.stop()
        #expect(outcome.masters == 3 && outcome.refusal == nil)
        #expect(outcome.bus.line.bytesFromSlaves == 28)
    }

    /// Asks, and leaves before it has read what comes back.
    private func ping(_ link: consuming LockstepLink) throws {
        var link = link
        let ping = try pingBytes()
        try link.write(ping.span, by: .never)
        try link.sleep(until: link.now + .milliseconds(10))
    }

    /// What has arrived, 20 ms after the start.
    private func waiting(at link: consuming LockstepLink) throws -> Int {
        var link = link
        #expect(link.now == MonotonicInstant(nanoseconds: 1_020_000_000))
        return try link.discardInput()
    }

    private func pingBytes() throws -> [UInt8] {
        var writer = Dynamixel.Writer()
        try writer.ping(.one(try #require(Dynamixel.ServoID(1))))
        return writer.bytes.indices.map { writer.bytes[$0] }
    }

    @Test("a pulled plug is a hang-up, and back it answers")
    func plug() throws {
        let bench = try LockstepBench(faults: "unplug@10ms+10ms")
        var link = try bench.link()
        let begin = link.now
        try link.sleep(until: begin + .milliseconds(12))
        #expect(link.errorOfWriting() == .hungUp(transferred: 0))
        #expect(link.errorOfDiscarding() == .hungUp(transferred: 0))
        try link.sleep(until: begin + .milliseconds(25))
        let ping = try pingBytes()
        try link.write(ping.span, by: .never)
        var answer = [UInt8](repeating: 0, count: 14)
        var room = answer.mutableSpan
        try link.read(filling: &room, by: begin + .seconds(1))
        #expect(answer.prefix(5) == [0xFF, 0xFF, 0xFD, 0, 1])
    }

    @Test("the dead-man switch and the emergency stop are in every answer, by plan and by hand")
    func inputs() throws {
        let bench = try LockstepBench(faults: "dead-man@10ms+10ms,e-stop@20ms+10ms")
        var link = try bench.link()
        let begin = link.now
        var seen: [[Bool]] = []
        for milliseconds in [5, 15, 25, 35] {
            try link.sleep(until: begin + .milliseconds(milliseconds))
            seen.append([link.isDeadManHeld, link.isEmergencyStopped])
        }
        #expect(seen == [[true, false], [false, false], [true, true], [true, false]])
        bench.control.ask(.letGo)
        bench.control.ask(.pressStop)
        // Asked for between two answers: at the latest the second one from now knows.
        try link.sleep(until: begin + .milliseconds(60))
        try link.sleep(until: begin + .milliseconds(90))
        #expect(!link.isDeadManHeld && link.isEmergencyStopped)
    }

    private static let hostile: [(String, [UInt8], LockstepProblem)] = [
        ("another program", Array("GET / HTTP/1.1\r\n".utf8), .notLockstep),
        ("another version", Array("USLOCK\r\n".utf8) + [1, 0, 0, 0, 0, 0x10, 0, 0], .version(1)),
        ("half a greeting", Array("USLO".utf8), .truncated(4)),
        ("an unknown request", greeting + [9] + [UInt8](repeating: 0, count: 15), .unknownKind(9)),
        ("too long a piece", greeting + [1, 0, 1, 0x10] + [UInt8](repeating: 0, count: 12), .tooLong(4_097)),
        ("half a request", greeting + [1, 0, 1], .truncated(3)),
        ("half a piece", greeting + [1, 0, 9, 0] + [UInt8](repeating: 0, count: 13), .truncated(17)),
        ("a read of nothing", greeting + [2] + [UInt8](repeating: 0, count: 15), .contents),
    ]

    private static let greeting: [UInt8] = Array("USLOCK\r\n".utf8) + [2, 0, 0, 0, 0, 0x10, 0, 0]

    @Test("whoever says something else is refused by its number, and the next one is served", arguments: hostile)
    func refused(what: String, bytes: [UInt8], problem: LockstepProblem) throws {
        var bench = try LockstepBench()
        do {
            var stranger = try SocketLink(to: bench.path)
            try stranger.write(bytes.span, by: .now() + .seconds(30))
        }
        do {
            var link = try bench.link()
            try link.sleep(until: link.now + .milliseconds(1))
        }
        let outcome = try bench.stop()
        #expect(outcome.refusal == problem, "\(what)")
        #expect(outcome.masters == 2)
    }

    @Test("a master that dies while it waits for ever does not keep the robot from the next one")
    func dies() throws {
        let bench = try LockstepBench()
        do {
            var stranger = try SocketLink(to: bench.path)
            // A read that nothing will answer before the end of time.
            let read: [UInt8] = [2, 0, 0, 0, 1, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 7) + [0x7F]
            let said = Self.greeting + read
            try stranger.write(said.span, by: .now() + .seconds(30))
        }
        let link = try bench.link()
        #expect(link.now > MonotonicInstant(nanoseconds: 0))
    }

    @Test("a host that is let go of takes its name away and hangs up")
    func gone() throws {
        let path: String
        var link: LockstepLink
        let bench = try LockstepBench()
        path = bench.path
        link = try bench.link()
        letGo(bench)
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(link.errorOfSleeping() == .hungUp(transferred: 0))
    }

    private func letGo(_ bench: consuming LockstepBench) {}

    @Test("a cycle over the socket allocates nothing", .enabled(if: callocationcounter_counts()))
    func allocations() throws {
        let bench = try LockstepBench(count: 3)
        let rate = try #require(BaudRate(1_000_000))
        var driver = try present(
            Actuators.DynamixelBus(bench.link(), rate: rate, joints: LockstepBench.joints(bench.servos)))
        try driver.arm(by: driver.now + .seconds(10))
        var samples = PerJoint(repeating: JointSample.unknown)
        let goals = PerJoint(repeating: JointGoal.position(.zero))
        var count: UInt64 = 0
        for round in 0..<20 {
            let before = callocationcounter_of_this_thread()
            let tick = driver.now + .milliseconds(5)
            _ = try driver.readStates(into: &samples, by: tick)
            try driver.writeGoals(goals, by: tick)
            try driver.sleep(until: tick)
            if round > 0 { count += callocationcounter_of_this_thread() - before }
        }
        #expect(count == 0)
    }
}
