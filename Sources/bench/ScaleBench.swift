import Episodes
import Glibc
import Hashing
import Learner
import Learning
import Models
import Policies
import Ports
import Robots
import Supervision

/// How much sooner a rehearsal of the pendulum ends when several processes share it, each with one thread: `mpirun` starts
/// this program again, with as many ranks as the machine has cores and twice as many.
enum ScaleBench {
    /// Like a rehearsal of a course that is in a hurry: 512 episodes of five seconds.
    private static let parts: UInt32 = 512
    private static let rounds = 5

    static func run() {
        do throws(RanksProblem) {
            if let ranks = try MPIRanks.joined() { return take(ranks) }
        } catch { return print("this process cannot join the others: \(error.text)") }
        let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        print("\(parts) episodes of the pendulum's model, \(rounds) times; one thread a rank, \(cores) cores")
        print("  ranks   seconds (median, all)      times one   of the cores   bits")
        var one: (seconds: Double, bits: Double)?
        for count in counts(cores) {
            // Who learns as root on a machine of its own knows that mpirun warns of it.
            let (_, numbers) = Peer.alone(
                "env OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun --oversubscribe -n \(count) "
                    + "\(CommandLine.arguments[0]) scale")
            guard numbers.count == rounds + 1, let bits = numbers.last else {
                return print("  \(count): mpirun did not come to an end; apt install openmpi-bin")
            }
            let spread = Spread(Array(numbers.dropLast()))
            let seconds = spread.quantile(0.5)
            let (first, same) = (one?.seconds ?? seconds, one.map { $0.bits == bits } ?? true)
            if one == nil { one = (seconds, bits) }
            let share = first / seconds / Double(min(count, cores))
            print(
                "  \(count)       \(PeerNumber.short(seconds)) (\(PeerNumber.short(spread.quantile(0))) … "
                    + "\(PeerNumber.short(spread.quantile(1))))      \(PeerNumber.short(first / seconds))      "
                    + "\(PeerNumber.short(share * 100)) %      \(same ? "the same" : "OTHERS")")
        }
    }

    private static func counts(_ cores: Int) -> [Int] {
        Array(sequence(first: 1) { $0 < 2 * cores ? $0 * 2 : nil })
    }

    /// One of those that `mpirun` has started; rank 0 prints how long each round took, and the bits of all.
    private static func take(_ ranks: MPIRanks) {
        let robot = LearnRobot(GapRobot("pendulum"), seed: 1, spread: 1)
        let own = Ensemble(robot.stage, threads: 1)
        guard ranks.isConductor else {
            var player = FleetPlayer(ranks, sharing: .zero, host: "here", now: now) { _ in own }
            _ = player.play { true }
            return
        }
        do throws(FleetTrouble) {
            let fleet = try Fleet(
                own, ranks, sharing: .zero, now: now, lose: { preconditionFailure("\($0)") })
            defer { fleet.dismiss() }
            conduct(fleet, robot)
        } catch { preconditionFailure("\(error)") }
    }

    private static func now() -> Duration { .nanoseconds(MonotonicInstant.now().nanoseconds) }

    private static func conduct(_ fleet: Fleet, _ robot: LearnRobot) {
        let starts = robot.robot.file.stageStarts
        let parts = (0..<Self.parts).map { starts.part(NoiseKey(run: 1, iteration: 0, episode: $0)) }
        let policy: Policy
        do throws(PolicyError) {
            policy = try robot.pupil.course(robot.pupil.settings(.rehearse, seed: 1, episodes: 1)).playing
        } catch { preconditionFailure("\(error)") }
        var times: [Double] = []
        var bits: UInt64 = 0
        for _ in 0..<rounds {
            let began = MonotonicInstant.now()
            let played = fleet.play(policy, parts, isQuiet: false)
            times.append((MonotonicInstant.now() - began) / .seconds(1))
            // A hash of what was seen and what it was worth, small enough for a number.
            for performance in played {
                for value in performance.rewards + performance.observations {
                    bits = (bits ^ UInt64(value.bitPattern)) &* 1_099_511_628_211
                }
            }
        }
        print(times.map { "\($0)" }.joined(separator: " "), bits >> 12)
    }
}
