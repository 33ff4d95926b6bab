import Actuators
import Ports
import Robots

extension ServoOptions {
    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> Verb {
        let allowed = CommandLineWords.deviceOptions + [.patience, .dryRun, .mayMove, .plan, .state]
        let line = try CommandLineWords(words, of: .servo, allowed: allowed)
        guard let first = line.arguments.first else { throw .missingWord("the number of a servo, or setup", .servo) }
        if first == "setup" { return try SetupOptions.parse(line) }
        if let lonely = [Option.plan, .state].first(where: line.has) {
            throw .unknownOption(lonely.name, .servo, nearest: nil)
        }
        let family = try line.neededFamily()
        let id = try ServoTask.id(first, "the number of a servo", family)
        var options = ServoOptions(
            id: id, port: try line.neededPort(), family: family, rate: try line.rate(),
            task: try ServoTask.parse(line.arguments.dropFirst(), family), isDryRun: line.has(.dryRun),
            mayMove: line.has(.mayMove), asJSON: line.has(.json))
        if let patience = try line.patience() { options.patience = patience }
        if case .read = options.task, let lonely = [Option.dryRun, .mayMove].first(where: line.has) {
            throw .unknownOption(lonely.name, .servo, nearest: nil)
        }
        return .servo(options)
    }
}
