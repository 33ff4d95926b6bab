import Supervision

/// One state of the guard, in words. The supervisor's tests prove the same arrows; a test here compares the two.
struct ModeText {
    let number: UInt8
    let name: String
    let outputs: String
    let meaning: String
    /// What leads on, and where to.
    let exits: [(when: String, to: String)]

    static let all: [ModeText] = [
        ModeText(
            number: 0, name: "unknown", outputs: "off", meaning: "Nothing is known of the robot yet.",
            exits: [("the expected devices answered", "identified"), doubtful]),
        ModeText(
            number: 1, name: "identified", outputs: "off", meaning: "The expected devices answered.",
            exits: [("calibration, temperatures, voltages and watchdogs were checked", "verified"), doubtful]),
        ModeText(
            number: 2, name: "verified", outputs: "off",
            meaning: "Calibration, temperatures, voltages and watchdogs were checked.",
            exits: [("watching begins", "observing"), doubtful]),
        ModeText(
            number: 3, name: "observing", outputs: "off", meaning: "The robot is watched on every tick.",
            exits: [("an approval is granted, while nothing is found", "permitted"), doubtful]),
        ModeText(
            number: 4, name: "permitted", outputs: "off", meaning: "A permit has been given and waits to be used.",
            exits: [
                ("the permit is used", "running"), ("the permit was not used in time", "observing"),
                ("any other fault comes", "observing"), doubtful,
            ]),
        ModeText(
            number: 5, name: "running", outputs: "on, inside the envelope", meaning: "An episode runs.",
            exits: [
                ("the episode ends, or a fault comes that needs no person", "held"),
                ("a fault comes that needs a person", "latched"),
            ]),
        ModeText(
            number: 6, name: "held", outputs: "on until limp",
            meaning: "On the stop ladder; no person is needed to come back to observing.",
            exits: [
                ("a hold heals, or an operator resumes it", "running"),
                ("it is limp and was read back at rest", "observing"),
                ("a fault comes that needs a person", "latched"),
            ]),
        ModeText(
            number: 7, name: "latched", outputs: "on until limp",
            meaning: "On the stop ladder or stopped, for a reason that a person has to see.",
            exits: [("it is limp, was read back at rest, and a person clears it", "unknown")]),
    ]

    private static let doubtful = (when: "a fault makes the robot itself doubtful", to: "latched")
}

extension Explanation {
    static func modes(_ style: Style) -> Explanation {
        let sections = ModeText.all.map { mode in
            let exits = mode.exits.map { "    \(padded($0.to, 11)) when \(wrapped($0.when, width: 58, indent: 21))" }
            let title = "\(mode.number) \(style.bold(mode.name)) (outputs \(mode.outputs))"
            return "\(title)\n  \(mode.meaning)\n\(exits.joined(separator: "\n"))\n"
        }
        let text = """
            \(style.bold("The modes of the guard"))

            \(wrapped(introduction))

            \(sections.joined(separator: "\n"))
            """
        return Explanation(text: text, json: .object([("modes", .list(ModeText.all.map(\.json)))]))
    }

    private static let introduction = """
        The way up goes one step at a time. From 'latched' no way leads to motion without a person's act and a new \
        verification. Outputs can be on only in 'running', and on the stop ladder above the rung limp.
        """
}

extension ModeText {
    fileprivate var json: JSONText {
        let exits = exits.map { JSONText.object([("to", .text($0.to)), ("when", .text($0.when))]) }
        return .object([
            ("number", .integer(Int(number))), ("name", .text(name)), ("outputs", .text(outputs)),
            ("meaning", .text(meaning)), ("exits", .list(exits)),
        ])
    }
}
