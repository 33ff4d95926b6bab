import Actuators
import Episodes
import Robots
import Supervision

/// The settings of one servo that survive a loss of power, as a file keeps them: what there was before somebody wrote.
struct ServoSettings: Equatable, Sendable {
    let family: ServoFamily
    let model: UInt32
    let id: UInt8
    /// By the registers' names, in the order of their addresses.
    let values: [(name: String, number: Int64)]

    static func == (left: ServoSettings, right: ServoSettings) -> Bool { left.text == right.text }

    private static let head = "settings of a servo, 1"

    var text: String {
        let lines = values.map { "\($0.name) \($0.number)" }
        return ([Self.head, "family \(family.rawValue)", "model \(model)", "servo \(id)"] + lines)
            .map { "\($0)\n" }.joined()
    }

    /// The same settings have the same name, so that a second backup of them is the first one.
    var fileName: String {
        "\(family.rawValue)-\(id)-\(Digest(of: Array(text.utf8).span).text.prefix(12)).settings"
    }

    init(family: ServoFamily, model: UInt32, id: UInt8, values: [(name: String, number: Int64)]) {
        (self.family, self.model, self.id, self.values) = (family, model, id, values)
    }

    /// Nil for anything that `text` would not have written.
    init?(_ text: String) {
        let lines = text.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
        guard lines.count > 3, lines.allSatisfy({ $0.count == 2 }), lines[0].joined(separator: " ") == Self.head,
            lines[1][0] == "family", let family = ServoFamily(rawValue: lines[1][1]), lines[2][0] == "model",
            let model = UInt32(lines[2][1]), lines[3][0] == "servo", let id = UInt8(lines[3][1])
        else { return nil }
        var values: [(name: String, number: Int64)] = []
        for line in lines.dropFirst(4) {
            guard let number = Int64(line[1]) else { return nil }
            values.append((line[0], number))
        }
        self.init(family: family, model: model, id: id, values: values)
    }
}

// Before a setting is changed all of them are kept, and they can be put back.
extension ServoJob {
    private static func kept<Bench: ServoBench & ~Copyable>(
        _ type: Bench.Type, _ model: UInt32
    ) -> [BenchRegister] {
        Bench.registers(ofModel: model).filter { $0.memory == .persistent && $0.access != .readOnly }
    }

    /// Nobody has to have asked for it: what a servo was set to is known nowhere else.
    mutating func keepSettings<Bench: ServoBench & ~Copyable>(
        _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) {
        guard let folder = devices.stateFolder() else {
            return report.say("  its settings are not kept: there is no place for them, since HOME is not set")
        }
        var values: [(name: String, number: Int64)] = []
        for register in Self.kept(Bench.self, found.identity.model) {
            values.append((register.name, try value(register, &found)))
        }
        let settings = ServoSettings(
            family: options.family, model: found.identity.model, id: options.id, values: values)
        let path = "\(folder)/servos/\(settings.fileName)"
        if let trouble = devices.save(path, settings.text) {
            throw Outcome.Refusal(
                status: .failed, text: "its settings cannot be kept in '\(shown(path))': \(trouble.reason)",
                next: "make room there; nothing was written to the servo")
        }
        report.say("  its settings are kept in \(shown(path))")
        report.add("kept", .text(path))
    }

    /// Puts back what differs. Number and rate have verbs of their own, since a servo that is lost is not set.
    mutating func restore<Bench: ServoBench & ~Copyable>(
        _ settings: ServoSettings, _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) {
        guard settings.family == options.family, settings.model == found.identity.model else {
            throw Outcome.Refusal(
                status: .refused, text: "these are the settings of another kind of servo",
                next: "restore those that were kept of \(name)")
        }
        guard try isDriven(&found) == false else {
            throw WriteObjection.isDriven.refusal(of: "these settings", servo: options.id)
        }
        var count = 0
        for register in Self.kept(Bench.self, found.identity.model) where register.role != .id && register.role != .rate
        {
            guard let wanted = settings.values.first(where: { $0.name == register.name })?.number,
                try value(register, &found) != wanted
            else { continue }
            try write(wanted, by: .write(wanted, to: register), register, &found)
            count += 1
        }
        report.say(count == 0 ? "  all settings are as they were kept" : "  \(count) settings are as they were kept")
        report.add("restored", .integer(count))
    }
}
