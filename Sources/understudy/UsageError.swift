import Actuators
import Learner
import Learning
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
    /// What, the word that was given for it, and what was expected.
    case badValue(String, String, String, VerbName)
    case missingOption(Option, VerbName)
    /// The first means something only together with the second.
    case optionWithout(Option, Option, VerbName)
    /// One of the two, not both.
    case exclusive(Option, Option, VerbName)
    /// What the robot's folder says already.
    case optionOfRobot(Option, VerbName)
    case optionOfTask(Option, String, VerbName)
    case missingWord(String, VerbName)
    /// The option means something to these methods of learning, and nothing to the one that was chosen.
    case optionOfMethods(Option, [Course.Settings.Method], not: Course.Settings.Method)
    case unknownTask(String, nearest: String?)
    case unknownRecordingTask(String, nearest: String?)
    case unknownRegister(String, ServoFamily, nearest: String?)
}

extension UsageError {
    func outcome(_ style: Style) -> Outcome { .failure(.usage, text, next: "run '\(nextStep)'", style) }

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
            "\(quoted(word)) is neither a topic nor a key of a file\(UsageError.suggestion(nearest))"
        case .unknownFault(let word, let nearest):
            "there is no fault \(quoted(word))\(UsageError.suggestion(nearest))"
        case .optionNeeds(let option, let words): "\(quoted(option)) goes with \(quoted("explain " + words)) only"
        case .badValue(let what, let word, let expected, _): "\(what) cannot be \(quoted(word)): expected \(expected)"
        case .missingOption(let option, _): "\(option.usage) is missing"
        case .optionWithout(let option, let other, _): "\(quoted(option.name)) goes with \(quoted(other.name)) only"
        case .exclusive(let option, let other, _): "\(quoted(option.name)) and \(quoted(other.name)) exclude each other"
        case .optionOfRobot(let option, _):
            "\(quoted(option.name)) does not go with a ROBOT, whose folder says that already"
        case .optionOfTask(let option, let task, _): "\(quoted(option.name)) goes with \(quoted(task)) only"
        case .missingWord(let what, let verb): "\(quoted(verb.rawValue)) needs \(what)"
        case .optionOfMethods(let option, let methods, let method):
            "\(quoted(option.name)) does nothing when a run learns by '\(method.word)': leave it out, or choose "
                + methods.map { "--method \($0.word)" }.joined(separator: " or ")
        case .unknownTask(let word, let nearest):
            "\(quoted(word)) is nothing that can be done with a servo\(UsageError.suggestion(nearest))"
        case .unknownRecordingTask(let word, let nearest):
            "\(quoted(word)) is nothing that can be done with a recording\(UsageError.suggestion(nearest))"
        case .unknownRegister(let word, let family, let nearest):
            "\(quoted(word)) is no register of \(family.rawValue) servos\(UsageError.suggestion(nearest))"
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
        case .badValue(_, _, _, let verb), .missingOption(_, let verb), .optionWithout(_, _, let verb),
            .exclusive(_, _, let verb), .missingWord(_, let verb), .optionOfTask(_, _, let verb),
            .optionOfRobot(_, let verb):
            "understudy \(verb.rawValue) --help"
        case .optionOfMethods: "understudy learn --help"
        case .unknownTask, .unknownRegister: "understudy servo --help"
        case .unknownRecordingTask: "understudy recording --help"
        }
    }

    private static func command(_ verb: VerbName?) -> String {
        verb.map { "understudy \($0.rawValue)" } ?? "understudy"
    }

    private static func suggestion(_ nearest: String?) -> String {
        nearest.map { "; did you mean \(quoted($0))?" } ?? ""
    }
}
