import Quantities
import Episodes
import Robots
import Supervision

extension Explanation {
    static func envelope(_ file: EnvelopeFile, at path: String, _ style: Style) -> Explanation {
        let robot = file.envelope.robot
        let words = RobotWords(robot: robot)
        let doubts = file.doubts
        var sections = [
            "\(style.bold("envelope of \(file.robot)")), from \(shown(path))\nidentity \(file.envelope.identity.text)",
            section("time", words.time, style), section("all joints together", words.together, style),
            section("the stop ladder", words.ladder, style),
        ]
        for (joint, limits) in file.pairs {
            let title = "joint '\(joint.name)', driven by \(joint.drive.rawValue)"
            sections.append(section(title, JointWords(limits, on: robot).lines, style))
        }
        if !doubts.isEmpty {
            let lines = doubts.map { EnvelopeLine($0.joint, $0.doubt) }
            sections.append(section("worth a second look", lines, style))
        }
        sections.append("The file is valid. Numbers are rounded here; --json gives all of their digits.")
        return Explanation(text: sections.joined(separator: "\n\n") + "\n", json: file.json(at: path))
    }

    private static func section(_ title: String, _ lines: [EnvelopeLine], _ style: Style) -> String {
        let body = lines.map { "\n  \(style.faint(padded($0.subject, 15)))\(wrapped($0.words, width: 63, indent: 17))" }
        return style.bold(title) + body.joined()
    }

    /// What is wrong with a file, for programs; people get it on standard error.
    static func problems(_ problems: [FileProblem], at path: String) -> JSONText {
        let errors = problems.map { problem in
            JSONText.object([
                ("line", .integer(problem.position.line)), ("column", .integer(problem.position.column)),
                ("key", .text(problem.key)), ("problem", .text(problem.problem)), ("expected", .text(problem.expected)),
                ("next", .text(problem.nextStep)),
            ])
        }
        return .object([("file", .text(path)), ("valid", .boolean(false)), ("errors", .list(errors))])
    }
}

extension EnvelopeFile {
    /// The joints as the file describes them and as the supervisor sees them.
    fileprivate var pairs: [(joint: Joint, limits: JointEnvelope)] {
        joints.indices.map { (joints[$0], envelope.joints.elements[$0]) }
    }

    /// What is allowed and still deserves a second look, by joint.
    var doubts: [(joint: String, doubt: String)] {
        let doubts = EnvelopeDoubts(robot: envelope.robot)
        return pairs.flatMap { pair in doubts.doubts(pair.limits).map { (pair.joint.name, $0) } }
    }

    fileprivate func json(at path: String) -> JSONText {
        let joints = pairs.map { joint, limits in
            let figures = JointFigures(limits, on: envelope.robot)
            let derived = JSONText.object([
                ("stopping_distance_rad", .number(figures.stoppingDistance.value)),
                ("stopping_time_s", .number(figures.stoppingTime.value)),
                ("longest_park_s", .number(figures.longestPark.value)),
                ("lasting_current_a", .number(figures.lastingCurrent.value)),
                ("housing_time_s", .number(figures.housingTime.value)),
            ])
            return JSONText.object(
                [("name", .text(joint.name)), ("drive", .text(joint.drive.rawValue))] + members(joint.values)
                    + [("derived", derived)])
        }
        let doubts = doubts.map { JSONText.object([("joint", .text($0.joint)), ("doubt", .text($0.doubt))]) }
        return .object(
            [
                ("file", .text(path)), ("valid", .boolean(true)), ("robot", .text(robot)),
                ("identity", .text(envelope.identity.text)),
            ] + members(values) + [("joints", .list(joints)), ("doubts", .list(doubts))])
    }

    private func members(_ values: [QuotedValue]) -> [(key: String, value: JSONText)] {
        // A number without a unit is a count.
        values.map { value in
            (key: value.row.name, value: value.row.symbol == nil ? .integer(Int(value.value)) : .number(value.value))
        }
    }
}
