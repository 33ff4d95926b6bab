/// A robot's texts with another name: comments, order and numbers stay; what else could be said is listed at the end.
public struct RobotTemplate: Sendable {
    private let like: Robot
    private let name: String

    public init(like robot: Robot, name: String) {
        like = robot
        self.name = name
    }

    /// Whether a robot can be called so.
    public static func isName(_ text: String) -> Bool { Section.isName(text) }

    public static var nameRule: String { KeyRow.allowed(.name) }

    /// Nil when it is not the text that the robot was read from.
    public func robotText(_ text: String) -> String? {
        guard let document = try? JSON5.parse(Array(text.utf8)), case .object(let members) = document.content,
            let renamed = renamed(text, members, [FolderKeys.robot.name, FolderKeys.envelope.name])
        else { return nil }
        // A robot that was made like another one has such a list already.
        let own = renamed.split(separator: RobotTemplate.headline, maxSplits: 1).first.map(String.init) ?? renamed
        return own.trimmingEnd + "\n\n" + RobotTemplate.headline + "\n" + otherKeys(document)
    }

    public func envelopeText(_ text: String) -> String? {
        guard let document = try? JSON5.parse(Array(text.utf8)), case .object(let members) = document.content else {
            return nil
        }
        return renamed(text, members, [FileKeys.robot.name])
    }

    /// The values of these keys become the new name, and so do the commands and paths that comments speak of.
    private func renamed(_ text: String, _ members: [JSON5Member], _ keys: [String]) -> String? {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
        for member in members where keys.contains(member.key) {
            guard case .text = member.value.content else { return nil }
            let (line, column) = (member.value.position.line - 1, member.value.position.column - 1)
            guard lines.indices.contains(line), lines[line].indices.contains(column) else { return nil }
            let quote = lines[line][column]
            guard let end = lines[line][(column + 1)...].firstIndex(of: quote) else { return nil }
            lines[line].replaceSubrange((column + 1)..<end, with: Array(name.unicodeScalars))
        }
        let text = lines.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n")
        return mentions.reduce(text) { $0.replacing($1.old, with: $1.new) }
    }

    private var mentions: [(old: String, new: String)] {
        let (robot, envelope) = (like.file.name, like.file.envelopeName)
        return [
            ("explain robot \(robot)'", "explain robot \(name)'"),
            ("explain envelope \(envelope)'", "explain envelope \(name)'"),
            ("safety/envelopes/\(envelope).json5", "safety/envelopes/\(name).json5"),
            ("Calibration/\(robot)/", "Calibration/\(name)/"),
        ]
    }

    private static let headline = "// What else this file could say; 'understudy explain KEY' says more:"

    /// The keys that this file leaves to their defaults, as comments that the table has written.
    private func otherKeys(_ document: JSON5Value) -> String {
        var used: Set<String> = []
        note(document, .folder, &used)
        let rows = KeyTable.robot.rows.filter { row in
            row.scope != .metal && row.presence != .required && !used.contains(row.path)
        }
        let lines = rows.map { "//   \($0.path): \($0.help)\n" }
        return lines.joined()
    }

    /// Which rows the document uses somewhere.
    private func note(_ value: JSON5Value, _ scope: KeyRow.Scope, _ used: inout Set<String>) {
        guard case .object(let members) = value.content else { return }
        for member in members {
            guard let row = KeyTable.robot.rows(of: scope).first(where: { $0.name == member.key }) else { continue }
            used.insert(row.path)
            switch (row.kind, member.value.content) {
            case (.object(let inner), _): note(member.value, inner, &used)
            case (.everyJoint, _): note(member.value, .mount, &used)
            case (.objects(let inner), .list(let elements)): for element in elements { note(element, inner, &used) }
            case (.named(let inner), .object(let named)): for entry in named { note(entry.value, inner, &used) }
            default: break
            }
        }
    }
}

extension String {
    /// Without blanks and line breaks at its end.
    fileprivate var trimmingEnd: String {
        var scalars = unicodeScalars
        while let last = scalars.last, last.isBlank { scalars.removeLast() }
        return String(scalars)
    }
}
