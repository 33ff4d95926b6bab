import Actuators
import Glibc
import Ports
import Quantities
import Simulator
import VirtualRobot

/// How much faster than real time a virtual robot is in lockstep, inside this process and behind a socket, and how
/// late its physics is in real time. Goal: 50 times with servos, 20 times with our board; less than 1 ms late (p99).
///
/// A tick is 5 ms of virtual time: the states of all joints are read, a goal is written to each, and time passes until
/// the next tick. Wall-clock time, because both ends of the socket count; a busy machine shows worse figures.
enum VirtualBench {
    static let ticks = 2_000
    static let period = Duration.milliseconds(5)
    static let rounds = 5

    /// One kind of robot: how it is built anew, and how its master drives it.
    struct Subject: Sendable {
        let name: String
        let goal: Double
        /// Seconds of wall-clock time for `ticks`, inside the process and behind a socket.
        let run: @Sendable () throws -> (inside: Double, across: Double)
    }

    static func run() {
        print("virtual: \(ticks) ticks of 5 ms, \(rounds) rounds; each figure is the median round, in lockstep")
        do {
            for subject in subjects { try report(subject) }
            try realTime()
        } catch {
            print("  failed with \(error)")
            exit(1)
        }
    }

    private static func report(_ subject: Subject) throws {
        var (inside, across): ([Double], [Double]) = ([], [])
        for _ in 0..<rounds {
            let round = try subject.run()
            inside.append(round.inside)
            across.append(round.across)
        }
        print("  \(subject.name)")
        report("inside this process", inside, subject.goal)
        report("behind a socket", across, subject.goal)
    }

    private static func report(_ how: String, _ seconds: [Double], _ goal: Double) {
        let virtualSeconds = Double(ticks) * (period / .seconds(1))
        let rates = Spread(seconds.map { Double(ticks) / $0 })
        let times = Spread(seconds.map { virtualSeconds / $0 })
        let verdict = times.quantile(0.5) >= goal ? "at least" : "NOT"
        print("    \(how): \(rates.line("ticks/s"))")
        print("      \(times.line("times real time")), \(verdict) \(Int(goal))")
    }

    /// The robots of the folder, and servos that nothing hangs on: the difference is the body's.
    static let subjects: [Subject] = [
        Subject(name: "pendulum", goal: 50) { try dynamixel(body("pendulum")) },
        Subject(name: "reacher", goal: 50) { try feetech(body("reacher")) },
        Subject(name: "leg, with our board's controller on the host", goal: 20) { try board(robot: "leg") },
        Subject(name: "6 XL330-M288, loose joints", goal: 50) { try dynamixel(LooseJoints.xl330(6)) },
        Subject(name: "our board with 2 loose joints", goal: 20) { try looseBoard() },
    ]

    /// A kilohertz of physics while nobody talks, and how late each step of it was done.
    private static func realTime() throws {
        var far: SocketLink?
        let near = try SocketLink(pairedWith: &far)
        let host = try VirtualRobotHost(dynamixelBus(body("pendulum")), on: SocketPort(near))
        sleep(5)
        let pacing = host.stop().pacing
        let late = [0.5, 0.99, 1].map { pacing.stepLateness(share: $0).map { $0 / .microseconds(1) } ?? .nan }
        let verdict = late[1] < 1_000 ? "less than" : "NOT less than"
        print("  real time, pendulum, 5 s: a step of 1 ms was done \(late[0]) µs late (p50)")
        print("    p99 \(late[1]) µs, \(verdict) 1 ms; worst \(late[2]) µs")
        // The other end must stay open until here.
        _ = far?.counters
    }
}
