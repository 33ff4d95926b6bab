import Supervision

extension Rule {
    /// Every rule that can object, in the order of judging.
    static let all: [Rule] = (1...UInt8.max).compactMap(Rule.init)

    /// What it objects to: one sentence.
    var text: String {
        switch self {
        case .none: "Nothing objected."
        case .finite: "A number is NaN or infinite."
        case .staleness: "A sensor has been silent for too long."
        case .deadline: "A tick came late, or the clock did not advance."
        case .jump: "A position changed by more than the joint can move."
        case .stopping: "The joint could not be stopped before its position limit."
        case .position: "A position, measured or commanded, is outside its limits."
        case .speed: "A speed, measured or commanded, is above its limit."
        case .acceleration: "A command changes its speed too quickly."
        case .effort: "An effort, measured or commanded, is above its limit."
        case .effortSlew: "A command changes its effort too quickly."
        case .tracking: "A command is too far from the measurement."
        case .tube: "The motion leaves the band that was approved with the plan."
        case .temperature: "A joint is too hot."
        case .thermal: "The motor model runs out of seconds at this load."
        case .voltage: "The supply voltage is outside its limits."
        case .power: "All joints together give too much mechanical power."
        case .energy: "All joints together gave too much mechanical energy."
        case .commandRate: "All commands together change too much."
        case .ladder: "The stop ladder itself: its time-outs, and stops from outside the tick."
        }
    }

    fileprivate var faults: [Fault] { Fault.all.filter { $0.rule == self } }
}

extension Explanation {
    static func rules(_ style: Style) -> Explanation {
        let lines = Rule.all.map { rule in
            let number = String(repeating: " ", count: rule.rawValue < 10 ? 1 : 0) + "\(rule.rawValue)"
            let faults = rule.faults.map { "\($0.name) (\($0.rawValue))" }.joined(separator: ", ")
            let found = wrapped(faults.isEmpty ? "only clamps" : "finds \(faults)", width: 61, indent: 19)
            let text = wrapped(rule.text, width: 61, indent: 19)
            let indent = String(repeating: " ", count: 19)
            return "  \(number)  \(style.bold(padded("\(rule)", 13)))\(text)\n\(indent)\(style.faint(found))"
        }
        let text = """
            \(style.bold("What the supervisor can object to"))

            Every verdict names one rule. A rule clamps the command, finds a fault, or both.

            \(lines.joined(separator: "\n"))

            """
        let json = Rule.all.map { rule in
            JSONText.object([
                ("number", .integer(Int(rule.rawValue))), ("name", .text("\(rule)")), ("text", .text(rule.text)),
                ("faults", .texts(rule.faults.map(\.name))),
            ])
        }
        return Explanation(text: text, json: .object([("rules", .list(json))]))
    }
}
