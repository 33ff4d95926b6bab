public import Episodes
public import Policies
public import Recordings
internal import Quantities

/// A recording as an episode of a plan: what was approved, what was flown, and how it ended.
public struct FlownEpisode: Sendable {
    public let log: EpisodeLog
    public let plan: EpisodePlan
    public let dossier: Dossier
    /// Nil where motions were flown and no policy.
    public let policy: Policy?
    /// The serial number of the permit that was used up.
    public let permit: UInt64
    /// Nil when the recording was cut off before its end was written.
    public let end: End?
    /// The ticks, by their places in the log, on which the policy was in command.
    public let acts: [Int]

    public struct End: Equatable, Sendable {
        /// The fault that it was stopped by; zero for none.
        public let fault: UInt8
        /// In the words of the loop.
        public let result: String
        public let episodeTicks: Int
    }

    public init(_ log: EpisodeLog) throws(FlownProblem) {
        self.log = log
        let (planBytes, dossierBytes) = (try Self.file("plan", of: log), try Self.file("dossier", of: log))
        do throws(CanonicalError) {
            plan = try EpisodePlan(canonical: planBytes)
            dossier = try Dossier(canonical: dossierBytes)
        } catch { throw .badPlan }
        if plan.policy.format == MotionScript.format {
            policy = nil
        } else {
            do throws(PolicyError) { policy = try Policy(decoding: plan.policy.bytes) } catch { throw .badPolicy }
        }
        guard plan.start.count == log.joints.count else {
            throw .otherJoints(plan: plan.start.count, recorded: log.joints.count)
        }
        permit = log.texts["understudy.episode"]?["permit"].flatMap { UInt64($0) } ?? 1
        let end = log.texts["understudy.end"].flatMap { End($0) }
        self.end = end
        acts = Self.acts(log, end?.episodeTicks ?? 0)
    }

    private static func file(_ name: String, of log: EpisodeLog) throws(FlownProblem) -> [UInt8] {
        guard let bytes = log.files[name] else { throw .missingFile(name) }
        return bytes
    }

    /// A way back to the start comes first, in the same flight: the episode is the last of what was run, unless an event
    /// says where it began. On a tick that ended it the policy had still been asked.
    private static func acts(_ log: EpisodeLog, _ count: Int) -> [Int] {
        let running = log.ticks.indices.filter { log.ticks[$0].verdict.mode == HouseWords.running }
        let told = log.events.first { HouseWords.events.firstIndex(of: "episode") == Int($0.kind) }
        let start = told.flatMap { event in log.ticks.firstIndex { $0.tick == event.tick } }
        guard start != nil || (1...max(1, running.count)).contains(count), !running.isEmpty else { return [] }
        let first = start ?? running[running.count - count]
        return log.ticks.indices.filter { place in
            guard place >= first, place > 0 else { return false }
            let before = log.ticks[place - 1].verdict.mode
            return before == HouseWords.running || before == HouseWords.permitted
        }
    }
}

extension FlownEpisode.End {
    fileprivate init?(_ texts: [String: String]) {
        guard let fault = texts["fault"].flatMap({ UInt8($0) }),
            let ticks = texts["episode_ticks"].flatMap({ Int($0) })
        else { return nil }
        self.init(fault: fault, result: texts["result"] ?? "", episodeTicks: ticks)
    }
}

/// Why a recording is not the flight of a plan.
public enum FlownProblem: Error, Equatable, Sendable {
    /// It does not carry its plan, its dossier or another file that it should.
    case missingFile(String)
    case badPlan
    case badPolicy
    case otherJoints(plan: Int, recorded: Int)
}
