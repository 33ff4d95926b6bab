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

    /// A file says something that is not allowed: all of it, and nothing of the file is shown as if it were right.
    static func invalid(
        _ problems: [FileProblem], at path: String, asJSON: Bool, in surroundings: Surroundings
    ) -> Outcome {
        let lines = problems.map { $0.lines(in: shown(path), surroundings.errors) }.joined()
        let count = problems.count
        let last = "\(count) \(count == 1 ? "problem" : "problems"); nothing of this file is used\n"
        let output = asJSON ? "\(Explanation.problems(problems, at: path))\n" : ""
        return Outcome(status: .invalidConfiguration, output: output, errors: lines + last)
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
