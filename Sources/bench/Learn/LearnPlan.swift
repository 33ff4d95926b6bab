import Learning

/// What `bench learn` is asked for.
struct LearnPlan {
    var robots = ["pendulum"]
    var gaps: [LearnGap] = [.small, .medium]
    var methods = LearnMethod.allCases
    /// Every seed is another robot, as bought, with another first policy.
    var seeds: [UInt64] = [1, 2, 3]
    var episodes = 240
    /// What has been run already, and where each further run is written at once: a bench that was broken off goes on.
    var file: String?
    var threads = 2
    /// No run is begun after so many minutes; what is there makes the table.
    var minutes = Double.infinity
    /// The step size of real episodes alone, where another one is to be tried.
    var rate: Double?
    /// How far a step may go, in nats a tick, where another limit is to be tried.
    var limit: Double?

    /// What a step of the gradient is measured by.
    var steps = Course.Settings.StepRule.adam
    /// Of how many earlier steps the real episodes are used again, and how many models correct the gradient.
    var reuse = 0
    var models = 1

    /// So many episodes are flown beside a course at each mark, for what the policy is worth that it keeps.
    var audit = 0

    static let usage = """
        bench learn [--robots LIST|all] [--gaps LIST|all] [--methods LIST|all] [--seeds COUNT | --seeds FIRST-LAST]
                    [--episodes COUNT] [--file FILE] [--minutes COUNT] [--threads COUNT] [--rate NUMBER] [--limit NATS]
                    [--steps adam|natural] [--reuse COUNT] [--models COUNT] [--audit COUNT]
        bench learn --evidence FILE [OPTION...]    every robot, gap and method, 10 seeds: hours; what comes after it counts
        Ctrl-C ends it at once: with a file, the same command goes on behind the last run that has ended. --minutes 0 runs
        nothing and prints what the file has. --audit flies so many episodes more at each mark, which no run knows of, and
        says what the policy is worth that is kept; it is not written to the file. Every seed is another robot; a table of few seeds says little.
        robots: pendulum, reacher, leg
        gaps: \(LearnGap.allCases.map(\.rawValue).joined(separator: ", "))
        methods: \(LearnMethod.allCases.map(\.rawValue).joined(separator: ", "))
        """

    init?(_ words: [String]) {
        var rest = words[...]
        while let option = rest.popFirst() {
            guard let value = rest.popFirst(), take(option, value) else { return nil }
        }
        guard !robots.isEmpty, !gaps.isEmpty, !methods.isEmpty, !seeds.isEmpty, episodes >= 16, threads >= 1,
            reuse >= 0, models >= 1, audit >= 0
        else {
            return nil
        }
    }

    private mutating func take(_ option: String, _ value: String) -> Bool {
        let list = value.split(separator: ",").map(String.init)
        switch option {
        case "--robots": robots = value == "all" ? ["pendulum", "reacher", "leg"] : list
        case "--gaps":
            gaps = value == "all" ? LearnGap.allCases : list.compactMap(LearnGap.init)
            return value == "all" || gaps.count == list.count
        case "--methods":
            methods = value == "all" ? LearnMethod.allCases : list.compactMap(LearnMethod.init)
            return value == "all" || methods.count == list.count
        case "--seeds": seeds = Self.seeds(value)
        case "--episodes": episodes = Int(value) ?? 0
        case "--file": file = value
        case "--evidence":
            (robots, gaps, methods) = (["pendulum", "reacher", "leg"], LearnGap.allCases, LearnMethod.allCases)
            (seeds, file) = (Array(1...10), value)
        case "--minutes":
            guard let number = Double(value), number >= 0 else { return false }
            minutes = number
        case "--threads": threads = Int(value) ?? 0
        case "--rate":
            rate = Double(value)
            return rate != nil
        case "--limit":
            limit = Double(value)
            return limit != nil
        case "--steps":
            guard let rule = Course.Settings.StepRule(rawValue: value) else { return false }
            steps = rule
        case "--reuse": reuse = Int(value) ?? -1
        case "--models": models = Int(value) ?? 0
        case "--audit": audit = Int(value) ?? -1
        default: return false
        }
        return true
    }

    static func seeds(_ value: String) -> [UInt64] {
        let ends = value.split(separator: "-").compactMap { UInt64($0) }
        switch ends.count {
        case 1 where ends[0] > 0: return Array(1...ends[0])
        case 2 where ends[0] <= ends[1]: return Array(ends[0]...ends[1])
        default: return []
        }
    }
}

/// The ways of learning that are compared.
enum LearnMethod: String, CaseIterable, Sendable {
    /// Real episodes alone.
    case real
    /// A policy from the first model, never changed afterwards.
    case zeroShot = "zero-shot"
    /// A policy from the model that is fitted to all real episodes so far, again and again, never checked.
    case identified
    case released
    case unbiased
    /// What the product does when nobody says otherwise.
    case usual = "default"

    /// How many batches of real episodes it takes in all; nil for as many as are allowed.
    var batches: Int? {
        switch self {
        case .zeroShot: 3
        case .identified: 8
        case .real, .released, .unbiased, .usual: nil
        }
    }
}

/// How wrong the learner's first idea of the robot is.
enum LearnGap: String, CaseIterable, Sendable {
    /// As in the robot's folder, for a robot as bought.
    case small
    /// Every parameter one and a half standard deviations away from what the folder says.
    case medium
    /// Three away, and the model is certain that nothing rubs.
    case large
    /// The model's motors turn the other way round, and it is certain of that.
    case harmful
    /// The model is the small gap's, and whatever is good there is called bad.
    case contrary
}
