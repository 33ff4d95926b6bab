import Robots
import Supervision

/// The verbs that exist. Those of the plan that do not exist yet are absent.
enum VerbName: String, CaseIterable, Sendable {
    case explain, `init`, doctor, scan, servo, board, virtual, recording, replay, export, calibrate, report, verify
    case budget
    case `guard`, learn, approve, deny, grant, stop, resume, status, watch
}

/// What a command line asks for, completely understood.
enum Verb: Equatable, Sendable {
    /// The help of one verb, or of all.
    case help(VerbName?)
    case version
    case explain(Topic, asJSON: Bool)
    case `init`(InitOptions)
    case doctor(DoctorOptions)
    case scan(ScanOptions)
    case servo(ServoOptions)
    case setup(SetupOptions)
    case board(BoardOptions)
    case virtual(VirtualOptions)
    case recording(RecordingOptions)
    case replay(ReplayOptions)
    case export(ExportOptions)
    case calibrate(CalibrateOptions)
    case report(ReportOptions)
    case verify(VerifyOptions)
    case budget(BudgetOptions)
    case `guard`(GuardOptions)
    case learn(LearnOptions)
    case call(CallOptions)
}

/// What can be explained.
enum Topic: Equatable, Sendable {
    case topics, modes, ladder, rules, reference, exitStatus
    case fault(Fault)
    /// All keys of one name: several objects may have it.
    case key([KeyRow])
    /// The name of an envelope or the path of its file.
    case envelope(String, folder: String)
    /// Every key of a robot file.
    case robotReference
    case robot(RobotSource)
}

extension Verb {
    /// Understands a command line, without the program's own name. Pure: looks at nothing but the words.
    static func parse(_ words: [String]) throws(UsageError) -> Verb {
        guard let first = words.first else { throw .noVerb }
        let rest = words.dropFirst()
        guard let verb = VerbName(rawValue: first) else { return try withoutVerb(first, rest) }
        if rest.prefix(while: { $0 != "--" }).contains(Option.help.name) { return .help(verb) }
        switch verb {
        case .explain: return try explain(rest)
        case .`init`: return .`init`(try InitOptions.parse(rest))
        case .doctor: return .doctor(try DoctorOptions.parse(rest))
        case .scan: return try ScanOptions.parse(rest)
        case .servo: return try ServoOptions.parse(rest)
        case .board: return try BoardOptions.parse(rest)
        case .virtual: return try VirtualOptions.parse(rest)
        case .recording: return try RecordingOptions.parse(rest)
        case .replay: return .replay(try ReplayOptions.parse(rest))
        case .export: return .export(try ExportOptions.parse(rest))
        case .calibrate: return .calibrate(try CalibrateOptions.parse(rest))
        case .report: return .report(try ReportOptions.parse(rest))
        case .verify: return try VerifyOptions.parse(rest)
        case .budget: return try BudgetOptions.parse(rest)
        case .`guard`: return try GuardOptions.parse(rest)
        case .learn: return .learn(try LearnOptions.parse(rest))
        case .approve, .deny, .grant, .stop, .resume, .status, .watch: return try CallOptions.parse(verb, rest)
        }
    }

    /// `--help` and `--version`, each by itself.
    private static func withoutVerb(_ first: String, _ rest: ArraySlice<String>) throws(UsageError) -> Verb {
        let options = [Option.help.name, Option.version.name]
        guard options.contains(first) else {
            let names = VerbName.allCases.map(\.rawValue)
            throw first.hasPrefix("-")
                ? .unknownOption(first, nil, nearest: nearest(to: first, among: options))
                : .unknownVerb(first, nearest: nearest(to: first, among: names))
        }
        if let extra = rest.first { throw .unexpectedArgument(extra, nil) }
        return first == Option.help.name ? .help(nil) : .version
    }

    private static func explain(_ words: ArraySlice<String>) throws(UsageError) -> Verb {
        let line = try CommandLineWords(words, of: .explain, allowed: [.json, .envelopes, .robots, .help])
        let topic = try Topic.parse(
            line.arguments, folder: line.value(of: .envelopes), robots: line.value(of: .robots))
        return .explain(topic, asJSON: line.has(.json))
    }
}

extension Topic {
    /// The words that name a topic; every key of an envelope file is one more.
    static let words = ["modes", "ladder", "fault", "rules", "envelope", "robot", "reference", "exit-status"]

    static func parse(_ words: [String], folder: String?, robots: String?) throws(UsageError) -> Topic {
        let word = words.first ?? ""
        let takesArgument = ["fault", "envelope", "robot"].contains(word)
        let count = takesArgument ? 2 : 1
        if words.count > count { throw .unexpectedArgument(words[count], .explain) }
        let isRobot = word == "robot" && words.count == 2
        if folder != nil, word != "envelope", !isRobot { throw .optionNeeds("--envelopes", "envelope NAME") }
        if robots != nil, !isRobot { throw .optionNeeds("--robots", "robot NAME") }
        guard !words.isEmpty else { return .topics }
        switch word {
        case "modes": return .modes
        case "ladder": return .ladder
        case "rules": return .rules
        case "reference": return .reference
        case "exit-status": return .exitStatus
        case "fault": return .fault(try fault(words.dropFirst().first))
        case "envelope":
            guard let name = words.dropFirst().first else { throw .missingArgument("envelope", "a NAME or a FILE") }
            return .envelope(name, folder: folder ?? DoctorOptions.usualEnvelopes)
        case "robot":
            guard isRobot else { return .robotReference }
            return .robot(RobotSource(words[1], robots: robots, envelopes: folder))
        default: return .key(try keys(word))
        }
    }

    /// A fault by its number, with or without leading zeros, or by its name.
    private static func fault(_ word: String?) throws(UsageError) -> Fault {
        guard let word else { throw .missingArgument("fault", "a NUMBER or a NAME") }
        if let number = Int(word) {
            guard let fault = UInt8(exactly: number).flatMap(Fault.init) else {
                throw .unknownFault(word, nearest: nil)
            }
            return fault
        }
        if let fault = Fault.all.first(where: { $0.name.lowercased() == word.lowercased() }) { return fault }
        throw .unknownFault(word, nearest: nearest(to: word, among: Fault.all.map(\.name)))
    }

    /// A key, by its name or by its path in a file: all keys of that name, or of the object that the path begins with.
    private static func keys(_ word: String) throws(UsageError) -> [KeyRow] {
        let parts = word.split(separator: ".").map(String.init)
        let name = parts.last ?? word
        let rows = KeyTable.all.flatMap(\.rows).filter { $0.name == name }
        guard !rows.isEmpty else {
            let known = Topic.words + KeyTable.all.flatMap(\.rows).map(\.name)
            throw .unknownTopic(word, nearest: nearest(to: word, among: known))
        }
        guard parts.count > 1, let object = parts.first else { return rows }
        let inside = rows.filter { $0.path.split(separator: ".").first.map(String.init) == object }
        return inside.isEmpty ? rows : inside
    }
}

extension Fault {
    /// Every fault, in the order of the numbers.
    static let all: [Fault] = (UInt8.min...UInt8.max).compactMap(Fault.init)

    /// As the source and the fault pages spell it.
    var name: String { "\(self)" }
}
