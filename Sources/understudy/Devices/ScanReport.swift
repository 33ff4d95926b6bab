import Actuators
import Ports
import Robots

/// What a scan found, for people and for programs.
struct ScanReport {
    let scan: DeviceScan
    let address: DeviceAddress

    var status: ExitStatus {
        switch scan.end {
        case .failed: .deviceFault
        case .stopped: .failed
        case nil: scan.servos.isEmpty || scan.hasTrouble ? .deviceFault : .done
        }
    }

    func text(_ style: Style) -> String {
        let title = style.bold("Servos at \(shown(address.description))") + "\n\n"
        let rows = scan.servos.map { ScanReport.row($0.family, $0.servo) }
        let heads = ["family", "rate", "id", "model", "firmware", "supply", "heat", "torque", "alarms"]
        let table = rows.isEmpty ? "  none\n" : columns([heads] + rows)
        return title + table + notes(style) + "\n" + sum + "\n"
    }

    private static func row(_ family: ServoFamily, _ servo: ServoSighting) -> [String] {
        let facts = family.facts
        func said(_ role: BenchRegister.Role) -> String {
            guard let model = servo.identity?.model, let value = servo.values[role],
                let register = facts.register(role, of: model)
            else { return "?" }
            return facts.meaning(value, register, model)?.text ?? "\(value)"
        }
        let model = servo.identity.map { facts.modelName($0.model) ?? "unknown (\($0.model))" } ?? "garbled"
        let firmware = servo.identity.map { $0.firmware.map { "\($0)" }.joined(separator: ".") } ?? "?"
        let torque = servo.values[.torque].map { $0 == 0 ? "off" : "on" } ?? "?"
        return [
            family.rawValue, servo.rate.map { "\($0.bitsPerSecond)" } ?? "-", "\(servo.id)", model, firmware,
            said(.voltage), said(.temperature), torque, said(.alarms),
        ]
    }

    private func notes(_ style: Style) -> String {
        var notes: [(String, String)] = []
        for (family, servo) in scan.servos { notes += ScanReport.notes(on: servo, family) }
        for cause in scan.found.flatMap(\.causes) { notes.append((cause.text, cause.nextStep)) }
        for rate in scan.skipped { notes.append(("the adapter does not run at \(rate)", "leave that rate out")) }
        if case .failed(.port(let error))? = scan.end {
            notes.append(("the look ended early: the port \(error.text)", error.nextStep))
        }
        return notes.map { "\n\(style.yellow("note:")) \(wrapped($0.0, width: 74, indent: 6))\n  next: \($0.1)\n" }
            .joined()
    }

    private static func notes(on servo: ServoSighting, _ family: ServoFamily) -> [(String, String)] {
        var notes = servo.causes.map { ($0.text, $0.nextStep) }
        guard let identity = servo.identity else { return notes }
        if family.facts.modelName(identity.model) == nil {
            notes.append(
                (
                    "servo \(servo.id) is of model \(identity.model), whose registers this program does not know",
                    "leave it alone, or use its maker's program"
                ))
        } else if servo.values.isEmpty {
            notes.append(
                (
                    "servo \(servo.id) answers pings and nothing else: its status return level is 0",
                    "set its status return level to 2 with its maker's program"
                ))
        }
        if let alarms = servo.values[.alarms], alarms != 0 {
            notes.append(
                (
                    "servo \(servo.id) complains, and stays switched off until it is started again",
                    "mend the cause, then: understudy servo \(servo.id) ... reboot"
                ))
        }
        return notes
    }

    private var sum: String {
        let count = scan.servos.count
        let servos = count == 1 ? "1 servo" : "\(count) servos"
        switch scan.end {
        case .stopped: return "\(servos) found before it was stopped"
        case .failed: return "\(servos) found before it ended"
        case nil where count == 0:
            return "no servo answered: check supply and wires; without --family, --baud and --ids everything is asked"
        case nil where scan.leftRates:
            return "\(servos) found at the rates of new servos; --baud all asks at every rate"
        case nil: return "\(servos) found"
        }
    }

    var json: JSONText {
        let servos = scan.servos.map { ScanReport.json($0.family, $0.servo) }
        let end: JSONText =
            switch scan.end {
            case nil: .null
            case .stopped: .text("stopped")
            case .failed(.port(let error)): .text("the port \(error.text)")
            case .failed: .text("failed")
            }
        return .object([
            ("port", .text(address.description)), ("servos", .list(servos)),
            ("causes", .list(scan.found.flatMap(\.causes).map(\.json))),
            ("skipped_rates", .list(scan.skipped.map { .integer(Int($0.bitsPerSecond)) })),
            ("left_rates", .boolean(scan.leftRates)), ("ended_early", end),
        ])
    }

    private static func json(_ family: ServoFamily, _ servo: ServoSighting) -> JSONText {
        let facts = family.facts
        let model = servo.identity?.model
        let roles: [(BenchRegister.Role, String)] = [
            (.voltage, "voltage"), (.temperature, "temperature"), (.torque, "is_driven"), (.alarms, "alarms"),
            (.returnDelay, "return_delay"), (.position, "position"),
        ]
        let values = roles.map { role, name -> (key: String, value: JSONText) in
            guard let model, let value = servo.values[role], let register = facts.register(role, of: model) else {
                return (name, .null)
            }
            return (name, facts.meaning(value, register, model)?.json ?? .integer(Int(value)))
        }
        return .object(
            [
                ("family", .text(family.rawValue)), ("id", .integer(Int(servo.id))),
                ("baud", servo.rate.map { .integer(Int($0.bitsPerSecond)) } ?? .null),
                ("is_intact", .boolean(servo.identity != nil)),
                ("model", .optional(model.flatMap { facts.modelName($0) })),
                ("model_number", model.map { .integer(Int($0)) } ?? .null),
                ("firmware", .optional(servo.identity.map { $0.firmware.map { "\($0)" }.joined(separator: ".") })),
            ] + values + [("causes", .list(servo.causes.map(\.json)))])
    }
}

/// Rows under each other, two blanks between columns.
func columns(_ rows: [[String]]) -> String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in rows.compactMap { $0.count > column ? $0[column].count : nil }.max() ?? 0 }
    return rows.map { row in
        let cells = row.enumerated().map { $0 == row.count - 1 ? $1 : padded($1, widths[$0]) }
        return "  " + cells.joined(separator: "  ") + "\n"
    }.joined()
}
