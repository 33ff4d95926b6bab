import Robots
import Supervision

/// The answer to `understudy explain`, for people and for programs.
struct Explanation {
    let text: String
    let json: JSONText

    /// Explains what needs no file.
    init?(_ topic: Topic, _ style: Style) {
        switch topic {
        case .topics: self = .topics(style)
        case .modes: self = .modes(style)
        case .ladder: self = .ladder(style)
        case .fault(let fault): self = .fault(fault, style)
        case .rules: self = .rules(style)
        case .key(let rows): self = .keys(rows, style)
        case .reference: self = .reference(KeyTable.all)
        case .robotReference: self = .reference([.robot])
        case .exitStatus: self = .exitStatus(style)
        case .envelope, .robot: return nil
        }
    }

    init(text: String, json: JSONText) {
        self.text = text
        self.json = json
    }
}

extension Explanation {
    private static let topicLines: [(topic: String, summary: String)] = [
        ("modes", "where the guard can stand, and what leads on"),
        ("ladder", "the stop ladder: what each fault does and who clears it"),
        ("fault NUMBER|NAME", "one fault: cause, remedy, what it does"),
        ("rules", "what the supervisor can object to"),
        ("envelope FILE|NAME", "check an envelope and say its limits in plain words"),
        ("robot", "every key of a robot file, as a Markdown document"),
        ("robot FILE|NAME", "check a robot folder and say in plain words what it does"),
        ("reference", "every key of all files, as a Markdown document"),
        ("exit-status", "what the exit status of a command means"),
    ]

    private static func topics(_ style: Style) -> Explanation {
        let lines = topicLines.map { "  \(padded($0.topic, 20)) \($0.summary)" }
        let tables = KeyTable.all.map { table in
            let names = names(of: table).joined(separator: " ")
            return "\(style.bold("and each key of \(table.file)"))\n\n  \(wrapped(names, width: 78, indent: 2))"
        }
        let text = """
            \(style.bold("What can be explained"))

            \(lines.joined(separator: "\n"))

            \(tables.joined(separator: "\n\n"))

            For example: understudy explain fault 13

            """
        let topics = topicLines.map { JSONText.object([("topic", .text($0.topic)), ("summary", .text($0.summary))]) }
        return Explanation(
            text: text, json: .object([("topics", .list(topics)), ("keys", .texts(KeyTable.all.flatMap(names)))]))
    }

    /// Each name once, in the order of the table.
    private static func names(of table: KeyTable) -> [String] {
        var seen: Set<String> = []
        return table.rows.map(\.name).filter { seen.insert($0).inserted }
    }

    private static func exitStatus(_ style: Style) -> Explanation {
        let lines = ExitStatus.allCases.map {
            "  \($0.rawValue)  \(padded($0.name, 22)) \(wrapped($0.meaning, width: 52, indent: 28))"
        }
        let statuses = ExitStatus.allCases.map {
            JSONText.object([
                ("status", .integer(Int($0.rawValue))), ("name", .text($0.name)), ("meaning", .text($0.meaning)),
            ])
        }
        let text = style.bold("Exit status") + "\n\n" + lines.joined(separator: "\n") + "\n"
        return Explanation(text: text, json: .object([("exit_statuses", .list(statuses))]))
    }
}
