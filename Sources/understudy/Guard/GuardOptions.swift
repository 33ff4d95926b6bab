import Episodes
import Guard
import Robots

/// `understudy guard ROBOT`: the process that owns the robot.
struct GuardOptions: Equatable, Sendable {
    let source: RobotSource
    /// nil is the one in the robot's file.
    var port: PortName?
    /// The folder of ledger and recordings; nil is the usual one of this robot.
    var state: String?
    var socket: String?
    /// Where what is counted may be scraped; nil is nowhere.
    var metricsSocket: String?
    /// The folder of standing rules.
    var rules: String?
    var learners = "understudy-learners"
    var operators = "understudy-operators"
    /// Whether recordings hold every byte of the bus as well.
    var keepsBytes = true
    /// Says what would be guarded, and opens no device.
    var isDryRun = false

    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> Verb {
        let line = try CommandLineWords(
            words, of: .`guard`,
            allowed: [
                .port, .robots, .envelopes, .state, .socket, .metricsSocket, .rules, .learners, .operators,
                .withoutBytes, .dryRun, .help,
            ])
        let source = RobotSource(
            try line.robot(), robots: line.value(of: .robots), envelopes: line.value(of: .envelopes))
        var options = GuardOptions(source: source, port: try line.port())
        options.state = line.value(of: .state)
        options.socket = line.value(of: .socket)
        options.metricsSocket = line.value(of: .metricsSocket)
        options.rules = line.value(of: .rules)
        options.learners = line.value(of: .learners) ?? options.learners
        options.operators = line.value(of: .operators) ?? options.operators
        options.keepsBytes = !line.has(.withoutBytes)
        options.isDryRun = line.has(.dryRun)
        return .`guard`(options)
    }
}

/// What an operator, or anybody, says to a guard that runs.
struct CallOptions: Equatable, Sendable {
    enum Task: Equatable, Sendable {
        /// Without a hash it shows what waits; with one it approves exactly that.
        case approve(plan: String?, batch: Batch?)
        case deny(plan: String)
        /// Shows a standing rule or, with a reason, takes responsibility for it.
        case adopt(file: String)
        /// Ends a batch or a rule.
        case withdraw(ground: Int64)
        case grant(Cost)
        case stop
        case resume
        /// Takes back a latched fault.
        case clear(fault: Int64)
        case status
        /// What is counted, as OpenMetrics text.
        case metrics
        case watch(period: Int64?)
    }

    struct Batch: Equatable, Sendable {
        let episodes: Int64
        let nats: Double
    }

    let task: Task
    let robot: String
    var socket: String?
    var why = ""
    var asJSON = false
    /// For `stop` without a guard: how to reach the robot itself.
    var port: PortName?
    var robots: String?
    var envelopes: String?
    var state: String?
    var isWithoutGuard = false

    var path: String { socket ?? GuardInterface.socket(of: robot) }

    static func parse(_ verb: VerbName, _ words: ArraySlice<String>) throws(UsageError) -> Verb {
        let line = try CommandLineWords(words, of: verb, allowed: allowed(verb))
        let most = verb == .approve || verb == .deny ? 2 : 1
        if line.arguments.count > most { throw .unexpectedArgument(line.arguments[most], verb) }
        var options = CallOptions(task: try task(verb, line), robot: try line.robot(most: most))
        options.socket = line.value(of: .socket)
        options.why = line.value(of: .why) ?? ""
        options.asJSON = line.has(.json)
        if verb == .stop {
            options.port = try line.port()
            options.robots = line.value(of: .robots)
            options.envelopes = line.value(of: .envelopes)
            options.state = line.value(of: .state)
            options.isWithoutGuard = line.has(.withoutGuard)
        }
        return .call(options)
    }

    private static func allowed(_ verb: VerbName) -> [Option] {
        switch verb {
        case .approve: [.batch, .distance, .rule, .why, .socket, .json, .help]
        case .deny: [.ground, .why, .socket, .json, .help]
        case .grant: [.time, .wear, .heat, .attention, .why, .socket, .json, .help]
        case .stop: [.why, .socket, .json, .port, .robots, .envelopes, .state, .withoutGuard, .help]
        case .resume: [.clear, .why, .socket, .json, .help]
        case .watch: [.period, .socket, .json, .help]
        case .status: [.metrics, .socket, .json, .help]
        default: [.socket, .json, .help]
        }
    }

    private static func task(_ verb: VerbName, _ line: CommandLineWords) throws(UsageError) -> Task {
        let second = line.arguments.dropFirst().first
        switch verb {
        case .approve: return try line.approval(of: second)
        case .deny: return try line.denial(of: second)
        case .grant:
            if !line.has(.why) { throw .missingOption(.why, .grant) }
            return .grant(try line.cost())
        case .stop: return .stop
        case .resume:
            guard let number = try line.number(of: .clear, 1...255) else { return .resume }
            if !line.has(.why) { throw .optionWithout(.clear, .why, .resume) }
            return .clear(fault: number)
        case .watch: return .watch(period: try line.number(of: .period, 100...3_600_000))
        default:
            guard line.has(.metrics) else { return .status }
            if line.has(.json) { throw .exclusive(.metrics, .json, .status) }
            return .metrics
        }
    }
}

extension CommandLineWords {
    /// The robot that a verb is about; nothing that moves has a default.
    func robot(most: Int = 1) throws(UsageError) -> String {
        guard let robot = arguments.first else { throw .missingWord("a ROBOT", verb) }
        if arguments.count > most { throw .unexpectedArgument(arguments[most], verb) }
        return robot
    }

    fileprivate func plan(_ word: String?) throws(UsageError) -> String? {
        guard let word else { return nil }
        let isHash = (8...64).contains(word.utf8.count) && word.allSatisfy { $0.isHexDigit && !$0.isUppercase }
        guard isHash else { throw .badValue("HASH", word, "8 to 64 hexadecimal digits of a plan's hash", verb) }
        return word
    }

    fileprivate func approval(of word: String?) throws(UsageError) -> CallOptions.Task {
        guard let file = value(of: .rule) else { return .approve(plan: try plan(word), batch: try batch()) }
        if let word { throw .unexpectedArgument(word, verb) }
        for option in [Option.batch, .distance] where has(option) { throw .exclusive(.rule, option, verb) }
        return .adopt(file: file)
    }

    fileprivate func denial(of word: String?) throws(UsageError) -> CallOptions.Task {
        if !has(.why) { throw .missingOption(.why, verb) }
        if let ground = try number(of: .ground, 1...Int64.max) {
            if let word { throw .unexpectedArgument(word, verb) }
            return .withdraw(ground: ground)
        }
        guard let plan = try plan(word) else { throw .missingWord("a ROBOT and the HASH of a plan", verb) }
        return .deny(plan: plan)
    }

    func number(of option: Option, _ range: ClosedRange<Int64>) throws(UsageError) -> Int64? {
        guard let word = value(of: option) else { return nil }
        guard let number = Int64(word), range.contains(number) else {
            throw .badValue(option.name, word, "a whole number from \(range.lowerBound) to \(range.upperBound)", verb)
        }
        return number
    }

    /// In the units that people count in; none of the four is no grant.
    fileprivate func cost() throws(UsageError) -> Cost {
        let most: Int64 = 1_000_000_000
        let time = try number(of: .time, -most...most)
        let wear = try number(of: .wear, -most...most)
        let heat = try number(of: .heat, -most...most)
        let attention = try number(of: .attention, -most...most)
        guard [time, wear, heat, attention].contains(where: { $0 != nil }) else { throw .missingOption(.time, verb) }
        return Cost(
            time: Milliseconds((time ?? 0) * 1_000), wear: Microlives(wear ?? 0),
            heat: Millijoules((heat ?? 0) * 1_000), attention: Milliseconds((attention ?? 0) * 1_000))
    }

    fileprivate func batch() throws(UsageError) -> CallOptions.Batch? {
        guard let episodes = try number(of: .batch, 2...1_000) else {
            if has(.distance) { throw .optionWithout(.distance, .batch, verb) }
            return nil
        }
        guard has(.why) else { throw .optionWithout(.batch, .why, verb) }
        let word = value(of: .distance) ?? "0.1"
        guard let nats = Double(word), nats > 0, nats <= 10 else {
            throw .badValue(Option.distance.name, word, "nats, above 0 and at most 10", verb)
        }
        return CallOptions.Batch(episodes: episodes, nats: nats)
    }
}
