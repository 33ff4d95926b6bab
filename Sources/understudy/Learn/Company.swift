import Episodes
import Glibc
import Learner
import Learning
import Robots
import Supervision

/// Who plays what is rehearsed: this process alone, or as many as `mpirun` has started.
final class Company {
    let troupe: any Troupe
    /// Nil for this process alone.
    let fleet: Fleet?
    private let surroundings: Surroundings
    private var told: Set<Int> = []

    init(_ troupe: any Troupe, _ fleet: Fleet?, in surroundings: Surroundings) {
        (self.troupe, self.fleet, self.surroundings) = (troupe, fleet, surroundings)
    }

    /// Where there are more robots than processes, each of which speaks with one guard.
    func refusal(robots: Int, _ name: String) -> Outcome.Refusal? {
        let size = fleet?.size ?? 1
        guard robots > 1, size < robots else { return nil }
        return Outcome.Refusal(
            status: .usage,
            text:
                "\(robots) robots need as many processes, one beside each guard; here \(size == 1 ? "is" : "are") \(size)",
            next: "mpirun -n \(robots) -H HOST,... understudy learn \(shown(name)) --guards \(robots)")
    }

    /// Everybody waits for the slowest, so whoever it is should be known: once.
    func tellOfSlowRanks() {
        for (rank, host, times) in fleet?.slow ?? [] where told.insert(rank).inserted {
            surroundings.devices.tell(
                "\nrank \(rank) on \(host) takes \(decimal(times, 1)) times as long as the others, who wait for it\n")
        }
    }
}

extension LearnOptions {
    /// Gathers the company and works with it, or is one of it until rank 0 has done its work.
    ///
    /// - Parameters:
    ///   - record: the bytes of the calibration that the pupil's models go by; none where there is none.
    ///   - pupils: the same robot by another record: rank 0's is everybody's.
    func company(
        _ pupil: Pupil, _ record: [UInt8], in surroundings: Surroundings,
        _ pupils: @escaping ([UInt8]) -> Pupil?, _ work: (Company) -> Outcome
    ) -> Outcome {
        // Nobody stops in the middle of a checkpoint because somebody presses a key: signals wait until they are asked for, in
        // the threads of MPI as well, which are made next.
        Interruption.hold()
        let ranks: MPIRanks?
        do throws(RanksProblem) { ranks = try MPIRanks.joined() } catch {
            return .failure(
                .failed, "this process was started as one of several and cannot join them: \(error.text)",
                next: "apt install openmpi-bin, or start it without mpirun", surroundings.errors)
        }
        guard let ranks else {
            let isDryRun = isDryRun
            let own = Ensemble(pupil.stage, threads: Self.threads) { Self.pause(isDryRun, in: surroundings) {} }
            return work(Company(own, nil, in: surroundings))
        }
        guard ranks.isConductor else { return accompany(pupil, ranks, in: surroundings, pupils) }
        let fleet = Self.fleet(pupil, record, ranks, isDryRun, in: surroundings)
        defer { fleet.dismiss() }
        return work(Company(fleet, fleet, in: surroundings))
    }

    private func accompany(
        _ pupil: Pupil, _ ranks: MPIRanks, in surroundings: Surroundings, _ pupils: @escaping ([UInt8]) -> Pupil?
    ) -> Outcome {
        let isInterrupted = surroundings.devices.isInterrupted
        var player = FleetPlayer(
            ranks, sharing: Self.shared(pupil), host: Self.host, now: Self.clock,
            robot: FarRobot(link(), socket: path, recordings: recordingsFolder.path)
        ) { record in pupils(record).map { Ensemble($0.stage, threads: Self.threads) } }
        if player.play(while: { !isInterrupted() }) { return Outcome() }
        ranks.abandon(ExitStatus.failed.rawValue)
        return Outcome(status: .failed)
    }

    private static func fleet(
        _ pupil: Pupil, _ record: [UInt8], _ ranks: MPIRanks, _ isDryRun: Bool, in surroundings: Surroundings
    ) -> Fleet {
        do throws(FleetTrouble) {
            return try Fleet(
                Ensemble(pupil.stage, threads: threads), ranks, sharing: shared(pupil), record: record, now: clock,
                pause: { fleet in pause(isDryRun, in: surroundings) { fleet.dismiss() } },
                lose: { trouble in give(up: trouble, ranks, in: surroundings) })
        } catch { give(up: error, ranks, in: surroundings) }
    }

    /// Ends the process when somebody wants that; what is not written down yet is learnt again.
    private static func pause(_ isDryRun: Bool, in surroundings: Surroundings, _ leave: () -> Void) {
        guard surroundings.devices.isInterrupted() else { return }
        surroundings.devices.tell(interruption(isDryRun: isDryRun))
        leave()
        end(.done)
    }

    /// What somebody gets to hear who has ended it before its end.
    static func interruption(isDryRun: Bool) -> String {
        isDryRun
            ? "\nstopped; a dry run keeps nothing, so the same command begins anew\n"
            : "\nstopped while learning; nothing is lost, and the same command goes on\n"
    }

    private static func give(up trouble: FleetTrouble, _ ranks: MPIRanks, in surroundings: Surroundings) -> Never {
        let refusal = trouble.refusal.outcome(surroundings.errors)
        surroundings.devices.tell("\n\(refusal.errors)")
        ranks.abandon(refusal.status.rawValue)
        end(refusal.status)
    }

    /// What a rehearsal depends on beside the record and what its order says.
    private static func shared(_ pupil: Pupil) -> Digest {
        let text = "\(Help.version) \(pupil.digest.text)"
        return Digest(of: Array(text.utf8).span)
    }

    private static var host: String {
        var name = [CChar](repeating: 0, count: 256)
        // SAFETY: the name is written into its own room, and ended where it is cut off.
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "?" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension FleetTrouble {
    fileprivate var refusal: Outcome.Refusal {
        switch self {
        case .lost(let rank, let host, let after):
            Outcome.Refusal(
                status: .notReachable,
                text: "rank \(rank) on \(host) is lost: no answer for \(decimal(after.seconds, 0)) s",
                next: "look at that machine; the same command goes on from the last checkpoint")
        case .differs(let rank, let host):
            Outcome.Refusal(
                status: .invalidConfiguration,
                text: "rank \(rank) on \(host) has another robot's file or version of understudy",
                next: "copy the robot's folder and the program there, then the same command")
        }
    }
}
