import Simulator

/// How much of everything a run may take.
struct PaperBudget: Hashable, Sendable {
    /// Steps of the real robot, those that only judge included, the last judgement not.
    var real: Int
    /// Steps of the model for each of them.
    var ratio: Int
    /// The judgements of a run, the last one included, and of how many episodes they are.
    var marks: Int
    var episodes: Int
    var lastEpisodes: Int

    static let published = PaperBudget(real: 1_000_000, ratio: 91, marks: 20, episodes: 5, lastEpisodes: 10)
    static let quick = PaperBudget(real: 12_000, ratio: 10, marks: 3, episodes: 2, lastEpisodes: 5)

    // As published.
    static let batch = 100
    static let largeBatch = 3_072
    /// Steps of each of the model's free robots for a batch of the real one.
    var free: Int { (ratio - 1) * Self.batch / 9 }

    // Ours: no number of it was tuned to a task.
    static let segment = 50
    static let round = 2_048
    static let longestStep = 0.01
    static let rateAfterRehearsal = 2e-4
    /// The trials that decide between policies: so many episodes of so many steps.
    static let tries = 4
    static let tryTicks = 200
    /// Seven tenths of the model's steps are for rehearsing, the rest is for corrections.
    var rehearsal: Int { real * ratio * 7 / 10 }
    var freeAfterRehearsal: Int { max(1, ratio * 3 / 10 - 1) }

    var name: String { "real \(real) ratio \(ratio) marks \(marks) of \(episodes) and \(lastEpisodes)" }
}

/// What `bench paper` is asked for.
struct PaperPlan {
    var tasks = PaperTask.quick + PaperTask.odd
    var methods = PaperMethod.allCases
    var seeds: [UInt64] = [1, 2, 3, 4, 5]
    var budget = PaperBudget.quick
    var file: String?
    var page: String?
    var threads = 2
    var minutes = Double.infinity
    var python = "python3"
    /// Where Gymnasium's files of robots are; nil to ask Python.
    var gymnasium: String?

    static let usage = """
        bench paper --quick|--full [OPTION...]     published tasks and methods, after arXiv 2503.05696, and ours
          --robots LIST    of hopper, walker2d, half_cheetah
          --shifts LIST    of gravity-, friction-0.5, -0.8, -1.2, -2, -5 and kinematic-easy, -medium, -hard
          --models LIST    nominal, contrary (calls good bad), backwards (motors turn the wrong way)
          --methods LIST   of \(PaperMethod.allCases.map(\.rawValue).joined(separator: ", "))
          --seeds COUNT|FIRST-LAST   --steps COUNT (of the real robot)   --ratio COUNT (steps of the model for each)
          --file FILE      what was run; with it the same command goes on behind the last run that has ended
          --page FILE      learning curves as a page    --minutes COUNT    --threads COUNT
          --gymnasium FOLDER (of its robots' files), or --python PROGRAM that knows where gymnasium is
        --quick: six tasks, a mild and a large shift for each robot, and models that mislead; half an hour on two cores.
        --full: all 39 published tasks at the published budget: some 1,800 core hours, for a cluster that shares the
        seeds (--seeds 3-3 and so on; one file for each, put together with cat).
        """

    init?(_ words: [String]) {
        guard words.contains("--quick") || words.contains("--full") else { return nil }
        if words.contains("--full") {
            (tasks, seeds, budget) = (PaperTask.published, Array(3...7), .published)
        }
        var rest = words.filter { $0 != "--quick" && $0 != "--full" }[...]
        var wanted: [String: [String]] = [:]
        while let option = rest.popFirst() {
            guard let value = rest.popFirst(), take(option, value, &wanted) else { return nil }
        }
        choose(wanted)
        guard !tasks.isEmpty, !methods.isEmpty, !seeds.isEmpty, threads >= 1, budget.real >= 1_000, budget.ratio >= 2
        else { return nil }
    }

    /// By what was named; a shift that is named may be any of the published ones.
    private mutating func choose(_ wanted: [String: [String]]) {
        if wanted["--shifts"] != nil {
            let models: [PaperTask.Model] = [.nominal, .contrary, .backwards]
            tasks = PaperTask.published.flatMap { task in
                models.map { model in
                    var other = task
                    other.model = model
                    return other
                }
            }
            if wanted["--models"] == nil { tasks.removeAll { $0.model != .nominal } }
        }
        tasks.removeAll { task in
            wanted["--robots"].map { !$0.contains(task.robot.rawValue) } ?? false
                || wanted["--shifts"].map { !$0.contains(task.shift) } ?? false
                || wanted["--models"].map { !$0.contains(task.model.rawValue) } ?? false
        }
    }

    private mutating func take(_ option: String, _ value: String, _ wanted: inout [String: [String]]) -> Bool {
        let list = value.split(separator: ",").map(String.init)
        switch option {
        case "--robots", "--shifts", "--models": wanted[option] = list
        case "--methods":
            methods = list.compactMap(PaperMethod.init)
            return methods.count == list.count
        case "--seeds":
            seeds = LearnPlan.seeds(value)
            return seeds.last ?? 0 > 0
        case "--steps": budget.real = Int(value) ?? 0
        case "--ratio": budget.ratio = Int(value) ?? 0
        case "--file": file = value
        case "--page": page = value
        case "--threads": threads = Int(value) ?? 0
        case "--minutes":
            guard let number = Double(value), number >= 0 else { return false }
            minutes = number
        case "--gymnasium": gymnasium = value
        case "--python": python = value
        default: return false
        }
        return true
    }
}
