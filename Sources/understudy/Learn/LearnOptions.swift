import Guard
import Learner
import Learning
import Robots

/// `understudy learn ROBOT`: the process that learns. It opens no device and approves nothing.
struct LearnOptions: Equatable, Sendable {
    let source: RobotSource
    /// The folder of the run; nil is the usual one of this robot.
    var run: String?
    /// Nil is what the run has, or what the robot's file says.
    var episodes: Int?
    var method: Course.Settings.Method?
    var seed: UInt64?
    /// How many robots fly the episodes; nil is what the run has, or one.
    var guards: Int?
    var socket: String?
    /// Where the guard keeps its recordings; nil is the usual folder of this robot.
    var recordings: String?
    /// Nil is what the run has, or as usual.
    var steps: Course.Settings.StepRule?
    var reuse: Int?
    var models: Int?
    /// A policy, or recordings to be like, that a new run begins with.
    var from: [String] = []
    /// Where TensorBoard finds the curves while they grow.
    var events: String?
    var isDryRun = false
    var asJSON = false

    var path: String { socket ?? GuardInterface.socket(of: source.name) }

    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> LearnOptions {
        let line = try CommandLineWords(
            words, of: .learn,
            allowed: [
                .run, .episodes, .method, .seed, .from, .steps, .reuse, .models, .tensorboard, .guards, .socket,
                .recordings, .robots, .envelopes, .dryRun, .json, .help,
            ])
        let source = RobotSource(
            try line.robot(), robots: line.value(of: .robots), envelopes: line.value(of: .envelopes))
        var options = LearnOptions(source: source)
        options.run = line.value(of: .run)
        options.episodes = try line.number(of: .episodes, 1...1_000_000).map { Int($0) }
        options.seed = try line.number(of: .seed, 0...Int64.max).map { UInt64($0) }
        options.reuse = try line.number(of: .reuse, 0...8).map { Int($0) }
        options.models = try line.number(of: .models, 1...8).map { Int($0) }
        options.guards = try line.number(of: .guards, 1...64).map { Int($0) }
        options.events = line.value(of: .tensorboard)
        options.from = line.all(of: .from)
        options.socket = line.value(of: .socket)
        options.recordings = line.value(of: .recordings)
        options.isDryRun = line.has(.dryRun)
        options.asJSON = line.has(.json)
        if let word = line.value(of: .method) {
            guard let method = Course.Settings.Method(word: word) else {
                let known = Course.Settings.Method.allCases.map(\.word).joined(separator: ", ")
                throw .badValue(Option.method.name, word, "one of \(known)", .learn)
            }
            options.method = method
        }
        if let word = line.value(of: .steps) {
            guard let rule = Course.Settings.StepRule(rawValue: word) else {
                let known = Course.Settings.StepRule.allCases.map(\.rawValue).joined(separator: ", ")
                throw .badValue(Option.steps.name, word, "one of \(known)", .learn)
            }
            options.steps = rule
        }
        if options.isDryRun, options.guards != nil { throw .exclusive(.guards, .dryRun, .learn) }
        if let method = options.method, let idle = options.idle(by: method) { throw idle }
        return options
    }

    /// What was asked for and means nothing to the method.
    func idle(by method: Course.Settings.Method) -> UsageError? {
        if let models, models > 1, method == .real || method == .released {
            return .optionOfMethods(.models, [.unbiased, .rehearse], not: method)
        }
        if let reuse, reuse > 0, method == .released {
            return .optionOfMethods(.reuse, [.real, .unbiased, .rehearse], not: method)
        }
        return nil
    }

    /// As it began, as far as nobody says otherwise.
    func way(of begun: RunIdentity?) -> RunIdentity.Way {
        var way = begun?.way ?? RunIdentity.Way()
        way.steps = steps ?? way.steps
        way.reuse = reuse ?? way.reuse
        way.models = models ?? way.models
        return way
    }
}

extension EstimatorName {
    /// How a course of this robot is run when nobody says otherwise.
    var method: Course.Settings.Method {
        switch self {
        case .realOnly: .real
        case .paired, .modelBaseline: .unbiased
        case .rehearse: .rehearse
        }
    }
}
