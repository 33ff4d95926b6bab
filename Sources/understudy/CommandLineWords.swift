import Robots

/// An option that a verb takes, written in full: `--json`, `--state DIRECTORY`.
struct Option: Equatable, Sendable {
    let name: String
    /// What stands for the value in the help; nil for a switch.
    let value: String?
    /// Given several times, it means all of them.
    var repeats = false
    /// Whether it also means something without its value, which is then given behind `=` only.
    var isSwitchToo = false

    static let help = Option(name: "--help", value: nil)
    static let version = Option(name: "--version", value: nil)
    static let json = Option(name: "--json", value: nil)
    static let strict = Option(name: "--strict", value: nil)
    static let state = Option(name: "--state", value: "DIRECTORY")
    static let envelopes = Option(name: "--envelopes", value: "DIRECTORY")
    static let robots = Option(name: "--robots", value: "DIRECTORY")
    static let like = Option(name: "--like", value: "ROBOT")
    static let port = Option(name: "--port", value: "PORT")
    static let family = Option(name: "--family", value: "FAMILY")
    static let baud = Option(name: "--baud", value: "RATE")
    static let plan = Option(name: "--plan", value: "NUMBER:NAME,...")
    static let ids = Option(name: "--ids", value: "RANGE")
    static let patience = Option(name: "--patience", value: "MILLISECONDS")
    static let deadMan = Option(name: "--dead-man", value: "SWITCH")
    static let dryRun = Option(name: "--dry-run", value: nil)
    static let servos = Option(name: "--servos", value: "LIST")
    static let link = Option(name: "--link", value: "PATH")
    static let faults = Option(name: "--faults", value: "PLAN")
    static let fault = Option(name: "--fault", value: "FAULT", repeats: true)
    static let lockstep = Option(name: "--lockstep", value: "SOCKET")
    static let speed = Option(name: "--speed", value: "N|max")
    static let spread = Option(name: "--spread", value: "SHARE")
    static let record = Option(name: "--record", value: "FILE")
    static let firmware = Option(name: "--firmware", value: "host|qemu|FILE")
    static let tool = Option(name: "--tool", value: "dfu-util|openocd")
    static let control = Option(name: "--control", value: "SOCKET")
    static let view = Option(name: "--view", value: nil)
    static let seed = Option(name: "--seed", value: "NUMBER")
    static let listFaults = Option(name: "--list-faults", value: nil)
    static let output = Option(name: "--output", value: "DIRECTORY")
    static let head = Option(name: "--head", value: "SERIAL:HASH")
    static let recordings = Option(name: "--recordings", value: "DIRECTORY")
    static let socket = Option(name: "--socket", value: "PATH")
    static let rules = Option(name: "--rules", value: "DIRECTORY")
    static let learners = Option(name: "--learners", value: "GROUP")
    static let operators = Option(name: "--operators", value: "GROUP")
    static let batch = Option(name: "--batch", value: "EPISODES")
    static let distance = Option(name: "--distance", value: "NATS")
    static let from = Option(name: "--from", value: "FILE", repeats: true)
    static let rule = Option(name: "--rule", value: "FILE")
    static let ground = Option(name: "--ground", value: "NUMBER")
    static let why = Option(name: "--why", value: "TEXT")
    static let time = Option(name: "--time", value: "SECONDS")
    static let wear = Option(name: "--wear", value: "PPM")
    static let heat = Option(name: "--heat", value: "JOULES")
    static let attention = Option(name: "--attention", value: "SECONDS")
    static let metrics = Option(name: "--metrics", value: nil)
    static let metricsSocket = Option(name: "--metrics-socket", value: "PATH")
    static let clear = Option(name: "--clear", value: "FAULT")
    static let period = Option(name: "--period", value: "MILLISECONDS")
    static let withoutGuard = Option(name: "--without-guard", value: nil)
    static let bytes = Option(name: "--bytes", value: nil)
    static let withoutBytes = Option(name: "--without-bytes", value: nil)
    static let safety = Option(name: "--safety", value: "ENVELOPE", isSwitchToo: true)
    static let model = Option(name: "--model", value: "MODEL", isSwitchToo: true)
    static let robot = Option(name: "--robot", value: nil)
    static let body = Option(name: "--body", value: nil)
    static let asRobot = Option(name: "--as", value: "ROBOT")
    static let slower = Option(name: "--slower", value: "TIMES")
    static let html = Option(name: "--html", value: "FILE")
    static let tensorboard = Option(name: "--tensorboard", value: "FOLDER")
    static let form = Option(name: "--form", value: "csv|flat")
    static let run = Option(name: "--run", value: "FOLDER")
    static let episodes = Option(name: "--episodes", value: "NUMBER")
    static let steps = Option(name: "--steps", value: "adam|natural")
    static let reuse = Option(name: "--reuse", value: "STEPS")
    static let guards = Option(name: "--guards", value: "NUMBER")
    static let models = Option(name: "--models", value: "NUMBER")
    static let method = Option(name: "--method", value: "METHOD")
    static let check = Option(name: "--check", value: nil)
    static let warmth = Option(name: "--warmth", value: nil)
    static let withoutModel = Option(name: "--without-model", value: nil)
    static let withoutEnds = Option(name: "--without-ends", value: nil)
    static let mayMove = Option(name: "--may-move", value: nil)
}

extension Option {
    /// As it is written on a command line.
    var usage: String { value.map { isSwitchToo ? "\(name)[=\($0)]" : "\(name)=\($0)" } ?? name }
}

/// The words of a command line, sorted into options and arguments. The order of the two does not matter.
struct CommandLineWords {
    let verb: VerbName
    private(set) var arguments: [String] = []
    private var values: [String: [String]] = [:]

    /// Reads the words behind a verb. Everything behind `--` is an argument, even with dashes in front.
    init(_ words: ArraySlice<String>, of verb: VerbName, allowed: [Option]) throws(UsageError) {
        self.verb = verb
        var rest = words
        while let word = rest.popFirst() {
            if word == "--" {
                arguments += rest
                return
            }
            if word.hasPrefix("-") && word != "-" {
                try take(word, &rest, of: verb, allowed)
            } else {
                arguments.append(word)
            }
        }
    }

    func has(_ option: Option) -> Bool { values[option.name] != nil }

    /// What was given; for an option that was given several times all of it, with commas between.
    func value(of option: Option) -> String? { values[option.name]?.joined(separator: ",") }

    /// Each as it was given: commas in it mean nothing.
    func all(of option: Option) -> [String] { values[option.name] ?? [] }

    private mutating func take(
        _ word: String, _ rest: inout ArraySlice<String>, of verb: VerbName, _ allowed: [Option]
    ) throws(UsageError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? word
        guard let option = allowed.first(where: { $0.name == name }) else {
            throw .unknownOption(name, verb, nearest: nearest(to: name, among: allowed.map(\.name)))
        }
        guard values[name] == nil || option.repeats else { throw .repeatedOption(name, verb) }
        let given = parts.count > 1 ? String(parts[1]) : nil
        values[name, default: []].append(try value(of: option, given, &rest, verb))
    }

    private func value(
        of option: Option, _ given: String?, _ rest: inout ArraySlice<String>, _ verb: VerbName
    ) throws(UsageError) -> String {
        guard let placeholder = option.value else {
            guard given == nil else { throw .unexpectedValue(option.name, verb) }
            return ""
        }
        if let given, !given.isEmpty { return given }
        if given == nil, option.isSwitchToo { return "" }
        guard given == nil, let next = rest.first, !next.isEmpty, !next.hasPrefix("--") else {
            throw .missingValue(option.name, placeholder, verb)
        }
        rest.removeFirst()
        return next
    }
}
