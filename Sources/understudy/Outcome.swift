import Robots

/// What a command has to say, before anything is written.
struct Outcome: Equatable, Sendable {
    var status = ExitStatus.done
    var output = ""
    var errors = ""

    /// Something went wrong before there was anything to show: what, and the command that helps.
    static func failure(_ status: ExitStatus, _ text: String, next: String, _ style: Style) -> Outcome {
        Outcome(status: status, errors: "\(style.red("error:")) \(text)\n  next: \(next)\n")
    }
}

extension FileProblem {
    /// Three lines: what is wrong and where, what was expected, what to do.
    func lines(in file: String, _ style: Style) -> String {
        """
        \(style.bold("\(file):\(position.line):\(position.column):")) \(style.red("error:")) \(problem)
          expected: \(expected)
          next: \(nextStep)

        """
    }
}
