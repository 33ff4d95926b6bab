import Robots

/// Why a command line was not understood.
enum UsageError: Error, Equatable, Sendable {
    case noVerb
    case unknownVerb(String, nearest: String?)
    /// Nil stands for the command itself, without a verb.
    case unknownOption(String, VerbName?, nearest: String?)
    case repeatedOption(String, VerbName)
    case missingValue(String, String, VerbName)
    case unexpectedValue(String, VerbName)
    case unexpectedArgument(String, VerbName?)
    case missingArgument(String, String)
    case unknownTopic(String, nearest: String?)
    case unknownFault(String, nearest: String?)
    /// The option means something only together with these words.
    case optionNeeds(String, String)
}

extension UsageError {
    /// What is wrong, which word it is, and what was probably meant.
    var text: String {
        switch self {
        case .noVerb: "a verb is missing"
        case .unknownVerb(let word, let nearest): "\(quoted(word)) is not a verb\(UsageError.suggestion(nearest))"
        case .unknownOption(let word, let verb, let nearest):
            "\(quoted(word)) is not an option of \(UsageError.command(verb))\(UsageError.suggestion(nearest))"
        case .repeatedOption(let word, _): "\(quoted(word)) is given twice"
        case .missingValue(let word, let value, _): "\(quoted(word)) needs a value: \(word)=\(value)"
        case .unexpectedValue(let word, _): "\(quoted(word)) takes no value"
        case .unexpectedArgument(let word, _): "\(quoted(word)) is one word too many"
        case .missingArgument(let topic, let argument): "\(quoted("explain " + topic)) needs \(argument)"
        case .unknownTopic(let word, let nearest):
            "\(quoted(word)) is neither a topic nor a key of an envelope file\(UsageError.suggestion(nearest))"
        case .unknownFault(let word, let nearest):
            "there is no fault \(quoted(word))\(UsageError.suggestion(nearest))"
        case .optionNeeds(let option, let words): "\(quoted(option)) goes with \(quoted("explain " + words)) only"
        }
    }

    /// The command that helps.
    var nextStep: String {
        switch self {
        case .noVerb, .unknownVerb: "understudy --help"
        case .unknownOption(_, let verb, _), .unexpectedArgument(_, let verb): "\(UsageError.command(verb)) --help"
        case .repeatedOption(_, let verb), .missingValue(_, _, let verb), .unexpectedValue(_, let verb):
            "understudy \(verb.rawValue) --help"
        case .unknownFault: "understudy explain ladder"
        case .unknownTopic, .missingArgument("fault", _): "understudy explain"
        case .missingArgument, .optionNeeds: "understudy explain --help"
        }
    }

    private static func command(_ verb: VerbName?) -> String {
        verb.map { "understudy \($0.rawValue)" } ?? "understudy"
    }

    private static func suggestion(_ nearest: String?) -> String {
        nearest.map { "; did you mean \(quoted($0))?" } ?? ""
    }
}
