/// The command line door: words in, text and an exit status out.
@main
struct Understudy {
    static func main() {
        ignoreBrokenPipes()
        let surroundings = Surroundings.ofThisProcess
        let outcome = Verb.run(Array(CommandLine.arguments.dropFirst()), in: surroundings)
        finish(outcome)
    }

    /// Writes what is to be said and ends. A reader that has gone away ends the writing and is no error: it has what it
    /// wanted. Output that cannot be kept is one, or a full disk would look like success.
    private static func finish(_ outcome: Outcome) -> Never {
        let failure = write(outcome.output, to: .output)
        _ = write(outcome.errors, to: .errors)
        if let failure {
            let text = "error: cannot write the result: \(failure.reason)\n  next: make room, or write elsewhere\n"
            _ = write(text, to: .errors)
            end(.failed)
        }
        end(outcome.status)
    }
}
