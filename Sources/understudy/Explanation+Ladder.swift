import Robots
import Supervision

extension Explanation {
    private static let rungs: [(rung: Rung, does: String)] = [
        (.limp, "Every output off."),
        (.park, "Go to the park position at park speed, then limp."),
        (.slowStop, "Slow down; the episode is over. Once at rest: park, or limp where parking is unsafe."),
        (.hold, "Slow down, then stay in place under power; the episode may go on. Later: slow stop."),
    ]

    static func ladder(_ style: Style) -> Explanation {
        let sections = rungs.map { rung, does in section(rung, does, style) }
        let text = """
            \(style.bold("The stop ladder"))

            \(wrapped(introduction))

            \(sections.joined(separator: "\n"))
            Each line: number, fault, whether the robot parks on the way, what clears it.
            'understudy explain fault NUMBER' says what to do about one of them.

            """
        let json = JSONText.object([
            ("rungs", .list(rungs.map { .object([("rung", .text("\($0.rung)")), ("does", .text($0.does))]) })),
            ("faults", .list(Fault.all.map(\.json))),
        ])
        return Explanation(text: text, json: json)
    }

    private static let introduction = """
        A command that leaves the envelope is first of all clamped into it. A fault does more: it puts the robot on a \
        rung of this ladder, from where it can only go down. Of several faults the one listed first here decides.
        """

    private static func section(_ rung: Rung, _ does: String, _ style: Style) -> String {
        let faults = Fault.all.filter { $0.row.rung == rung }.sorted { $0.outranks($1) }
        var lines = [style.bold("\(rung)") + ": " + wrapped(does, width: 70, indent: 2)]
        if faults.isEmpty { lines.append("  no fault enters here; the robot comes here on its way down") }
        lines += faults.map { fault in
            let number = String(repeating: " ", count: fault.rawValue < 10 ? 1 : 0) + "\(fault.rawValue)"
            let parks = rung == .limp ? "-" : fault.row.parks ? "parks" : "no"
            return "  \(number)  \(padded(fault.name, 21)) \(padded(parks, 6)) \(fault.row.clearing.words)"
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func fault(_ fault: Fault, _ style: Style) -> Explanation {
        let row = fault.row
        let path = row.path.map { "\($0)" }.joined(separator: ", then ")
        let lines = [
            ("cause", fault.text.cause), ("next", fault.text.remedy), ("the robot", path),
            ("cleared by", row.clearing.words), ("found by", "the rule '\(fault.rule)'"), ("page", fault.page),
        ]
        let body = lines.map { "  \(style.faint(padded($0.0, 12)))\(wrapped($0.1, width: 66, indent: 14))" }
        let title = style.bold("fault \(fault.rawValue) \(fault.name)") + ": " + fault.text.title
        return Explanation(text: "\(title)\n\n\(body.joined(separator: "\n"))\n", json: fault.json)
    }
}

extension Fault {
    /// Where the long explanation is.
    var page: String {
        let digits = "\(rawValue)"
        return "safety/faults/\(String(repeating: "0", count: 3 - digits.count))\(digits).md"
    }

    var json: JSONText {
        .object([
            ("number", .integer(Int(rawValue))), ("name", .text(name)), ("title", .text(text.title)),
            ("cause", .text(text.cause)), ("remedy", .text(text.remedy)), ("rule", .text("\(rule)")),
            ("rung", .text("\(row.rung)")), ("path", .texts(row.path.map { "\($0)" })),
            ("parks", .boolean(row.parks)), ("latches", .boolean(row.latches)),
            ("cleared_by", .text(row.clearing.words)), ("page", .text(page)),
        ])
    }
}
