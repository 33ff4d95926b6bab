// Objects inside objects, and the kinds of value that are no numbers.
extension RobotReader {
    typealias Named = (name: String, position: TextPosition, section: Section)

    mutating func section(of value: JSON5Value, _ scope: KeyRow.Scope, label: String) -> Section? {
        guard case .object(let members) = value.content else {
            append(FileProblem(value.position, String(label.dropLast()), .notAnObject(ValueKind(value.content))))
            return nil
        }
        let section = Section(position: value.position, label: label, members: members)
        section.refuseStrangers(to: KeyTable.robot.rows(of: scope), problems: &problems)
        return section
    }

    /// What the file says, or nil; a problem when it must say something.
    mutating func value(_ row: KeyRow, _ section: Section) -> JSON5Value? {
        if row.presence == .required { return section.value(row, problems: &problems) }
        return section.members[row.name]?.member.value
    }

    private mutating func wrongKind(_ row: KeyRow, _ section: Section, _ value: JSON5Value) {
        append(section.problem(row, .wrongKind(ValueKind(value.content), wanted: row.kind)))
    }

    /// An optional object that is not there is read as an empty one, which gives every default.
    mutating func object(_ row: KeyRow, _ section: Section, _ scope: KeyRow.Scope) -> Section? {
        let label = section.label + row.name + "."
        guard let value = value(row, section) else {
            return row.presence == .required ? nil : Section(position: section.position, label: label, members: [])
        }
        return self.section(of: value, scope, label: label)
    }

    mutating func elements(_ row: KeyRow, _ section: Section) -> [JSON5Value] {
        guard let value = value(row, section) else { return [] }
        guard case .list(let elements) = value.content else {
            wrongKind(row, section, value)
            return []
        }
        if elements.isEmpty, row.presence == .required { append(section.problem(row, .robot(.empty(row)))) }
        return elements
    }

    /// The objects that the file names itself, in its order.
    mutating func named(_ row: KeyRow, _ section: Section, _ scope: KeyRow.Scope) -> [Named] {
        guard let value = value(row, section) else { return [] }
        guard case .object(let members) = value.content else {
            wrongKind(row, section, value)
            return []
        }
        if members.isEmpty, row.presence == .required { append(section.problem(row, .robot(.empty(row)))) }
        return members.compactMap { member in
            let label = "\(section.label)\(row.name).\(member.key)."
            return self.section(of: member.value, scope, label: label).map { (member.key, member.keyPosition, $0) }
        }
    }

    mutating func text(_ row: KeyRow, _ section: Section) -> (text: String, value: JSON5Value)? {
        guard let value = value(row, section) else { return nil }
        guard case .text(let text) = value.content else {
            wrongKind(row, section, value)
            return nil
        }
        return (text, value)
    }

    /// A name for files and messages; nil when there is none.
    mutating func name(_ row: KeyRow, _ section: Section) -> String? {
        if row.presence != .required, section.members[row.name] == nil { return nil }
        return section.name(row, problems: &problems)
    }

    mutating func choice<Choice: RawRepresentable>(_ row: KeyRow, _ section: Section) -> Choice?
    where Choice.RawValue == String {
        word(row, section).flatMap(Choice.init)
    }

    /// One of the row's words.
    mutating func word(_ row: KeyRow, _ section: Section) -> String? {
        guard case .choice(let words) = row.kind else { preconditionFailure("\(row.name) is no choice") }
        if case .usual(let usual) = row.presence, section.members[row.name] == nil { return usual }
        guard let (text, _) = text(row, section) else { return nil }
        if words.contains(text) { return text }
        let complaint = FileComplaint.unknownChoice(text, choices: words, nearest: nearest(to: text, among: words))
        append(section.problem(row, complaint))
        return nil
    }

    mutating func flag(_ row: KeyRow, _ section: Section) -> Bool {
        guard let value = value(row, section) else { return false }
        guard case .boolean(let truth) = value.content else {
            wrongKind(row, section, value)
            return false
        }
        return truth
    }

    /// A number in a unit that stands beside it.
    mutating func plain(_ row: KeyRow, _ section: Section) -> Double? {
        guard let value = value(row, section) else {
            if case .standard(let value) = row.presence { return Double(value) }
            return nil
        }
        guard case .number(let number) = value.content else {
            wrongKind(row, section, value)
            return nil
        }
        guard number.isFinite, number.magnitude <= 1e30 else {
            append(section.problem(row, .notANumber(row)))
            return nil
        }
        return number
    }

    mutating func formula(_ row: KeyRow, _ section: Section) -> Formula? {
        text(row, section).map { Formula($0.text, of: $0.value, path: section.label + row.name) }
    }

    /// Lines `name = expression`.
    mutating func lines(_ row: KeyRow, _ section: Section) -> [FormulaLine] {
        elements(row, section).enumerated().compactMap { index, element in
            let path = "\(section.label)\(row.name)[\(index)]"
            guard case .text(let text) = element.content, let line = FormulaLine(text, of: element, path: path) else {
                append(FileProblem(element.position, path, .robot(.notALine(ValueKind(element.content)))))
                return nil
            }
            return line
        }
    }

    /// What one line after another calls its value; each name once.
    mutating func refuseTwins(_ lines: [FormulaLine]) {
        var seen: [String: TextPosition] = [:]
        for line in lines {
            if let first = seen[line.label] {
                append(FileProblem(line.namePosition, line.formula.path, .robot(.sameName(line.label, first: first))))
            } else {
                seen[line.label] = line.namePosition
            }
        }
    }

    /// Lines whose names have no mark, as everywhere but in equations.
    mutating func unmarked(_ lines: [FormulaLine]) -> [FormulaLine] {
        lines.filter { line in
            if line.mark == .none { return true }
            append(FileProblem(line.namePosition, line.formula.path, .robot(.markedName(line.label))))
            return false
        }
    }

    mutating func unit(_ row: KeyRow, _ section: Section) -> String? { text(row, section)?.text }

    /// Two numbers that mean something only together and in order; nil when neither is there, or something is wrong.
    mutating func range(_ low: KeyRow, _ high: KeyRow, _ section: Section, _ numbers: (Double?, Double?))
        -> ClosedRange<Double>?
    {
        switch numbers {
        case (let first?, let last?):
            if first < last { return first...last }
            append(section.problem(low, .robot(.inverted(first, last, highKey: high.name))))
        case (nil, _?) where section.members[low.name] == nil:
            append(section.problem(high, .robot(.alone(without: low.name))))
        case (_?, nil) where section.members[high.name] == nil:
            append(section.problem(low, .robot(.alone(without: high.name))))
        default: break
        }
        return nil
    }
}
