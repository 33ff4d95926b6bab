import Expressions
import Quantities
import Robots
import Supervision
import Episodes

extension Explanation {
    static func robot(_ robot: Robot, at path: String, _ style: Style) -> Explanation {
        let words = RobotFileWords(robot: robot)
        let file = robot.file
        var sections = [("the bus", words.busLines)]
        sections += file.joints.map { ("joint '\($0.name)'", words.jointLines($0)) }
        if !file.sensors.isEmpty {
            sections.append(("sensors", file.sensors.map { EnvelopeLine($0.name, "in \($0.unit)") }))
        }
        sections += [("the task", words.taskLines), ("the start and the way back to it", words.startLines)]
        sections += file.models.map { ("the model '\($0.name)'", words.modelLines($0)) }
        sections += [
            ("the virtual body", words.bodyLines), ("learning", words.learningLines),
            ("the budget", words.budgetLines),
        ]
        let title = "\(style.bold("robot \(file.name)")), from \(shown(path))"
        let texts = [title + lines(words.robotLines, style)] + sections.map { style.bold($0.0) + lines($0.1, style) }
        let last =
            "The file is valid and fits its envelope. Numbers are rounded here; --json gives all of their digits."
        let text = (texts + [wrapped(last)]).joined(separator: "\n\n") + "\n"
        return Explanation(text: text, json: json(robot, at: path))
    }

    private static func lines(_ lines: [EnvelopeLine], _ style: Style) -> String {
        lines.map { "\n  \(style.faint(padded($0.subject, 15))) \(wrapped($0.words, width: 62, indent: 18))" }.joined()
    }

    private static func json(_ robot: Robot, at path: String) -> JSONText {
        let file = robot.file
        let joints = zip(file.joints, file.starts).map { joint, start in
            JSONText.object([
                ("name", .text(joint.name)), ("model", .text(joint.model)), ("id", .integer(Int(joint.id))),
                ("drive", .text(joint.drive.rawValue)), ("zero_rad", .number(joint.zero.value)),
                ("gear", .number(joint.gear)), ("opposite", .boolean(joint.isOpposite)),
                ("start_rad", .number(start.position.value)), ("spread_rad", .number(start.spread.value)),
            ])
        }
        return .object([
            ("file", .text(path)), ("valid", .boolean(true)), ("robot", .text(file.name)),
            ("about", .optional(file.about)), ("envelope", .text(file.envelopeName)),
            ("envelope_identity", .text(robot.envelope.envelope.identity.text)),
            ("period_s", .number(file.period.value)), ("dead_man", .optional(file.deadMan)),
            ("driver", .text(file.bus.driver.rawValue)),
            ("port", .optional(file.bus.port)), ("baud", file.bus.baud.map { .integer($0) } ?? .null),
            ("watchdog_s", file.bus.watchdog.map { .number($0.value) } ?? .null), ("joints", .list(joints)),
            ("sensors", .texts(file.sensors.map(\.name))), ("task", task(file)),
            ("models", .list(file.models.map(model))), ("budget", budget(file.budget)),
        ])
    }

    private static func task(_ file: RobotFile) -> JSONText {
        let outputs = file.task.outputs.map { JSONText.object([("name", .text($0.name)), ("text", .text($0.text))]) }
        return .object([
            ("horizon_s", .number(file.task.horizon.value)), ("ticks", .integer(Int(file.horizon.rawValue))),
            ("observations", .integer(file.task.observationCount)), ("expressions", .list(outputs)),
            ("failure_reward", .number(Float(file.task.failureReward))),
            ("draws", .texts(file.task.draws.map(\.name))),
        ])
    }

    private static func model(_ model: RobotFile.Model) -> JSONText {
        let parameters = model.parameters.map { parameter in
            JSONText.object([
                ("name", .text(parameter.name)), ("value", .number(Float(parameter.value))),
                ("unit", .text(parameter.unit)), ("identified", .boolean(parameter.prior != nil)),
            ])
        }
        return .object([
            ("name", .text(model.name)), ("states", .texts(model.states.map(\.name))),
            ("parameters", .list(parameters)), ("integrator", .text(model.integrator.rawValue)),
            ("substeps", .integer(model.substeps)), ("delay_ticks", .integer(Int(model.delay.rawValue))),
        ])
    }

    private static func budget(_ budget: RobotFile.Budget) -> JSONText {
        let numbers: [(String, Float?)] = [
            ("episode_price_credits", budget.perEpisode), ("time_price_credits_s", budget.perSecond),
            ("travel_price_credits_rad", budget.perRadian), ("torque_price_credits_nm_s", budget.perNewtonMetreSecond),
            ("heat_price_credits_k", budget.perKelvin), ("operator_price_credits_min", budget.perOperatorMinute),
            ("operator_time_min", budget.operatorMinutes), ("limit_credits", budget.limit),
            ("limit_episodes", budget.limitEpisodes.map { Float($0) }), ("limit_time_s", budget.limitTime?.value),
            ("limit_travel_rad", budget.limitTravel?.value),
        ]
        return .object(numbers.map { (key: $0.0, value: $0.1.map { .number($0) } ?? .null) })
    }
}
