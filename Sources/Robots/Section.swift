import Quantities

/// The members of one object of the file, against the rows that it may have.
struct Section {
    /// Where the object stands, and how its keys are called in full.
    let position: TextPosition
    let label: String
    private(set) var members: [String: Placed] = [:]

    /// A member and the full path under which a reader finds it.
    struct Placed {
        let member: JSON5Member
        let path: String
    }

    init(position: TextPosition, label: String, members: [JSON5Member]) {
        self.position = position
        self.label = label
        for member in members { self.members[member.key] = Placed(member: member, path: label + member.key) }
    }

    /// Adds what holds for every joint; what is given twice is a problem.
    mutating func inherit(from every: Section, problems: inout [FileProblem]) {
        for (key, placed) in every.members {
            if let own = members[key] {
                let complaint = FileComplaint.givenTwice(everyJoint: placed.member.keyPosition)
                problems.append(FileProblem(own.member.keyPosition, own.path, complaint))
            } else {
                members[key] = placed
            }
        }
    }

    /// Complains about keys that no row names.
    func refuseStrangers(to rows: [KeyRow], problems: inout [FileProblem]) {
        let known = rows.map(\.name)
        for (key, placed) in members where !known.contains(key) {
            let withUnit = rows.filter { $0.symbol != nil && $0.name.hasPrefix("\(key)_") }.map(\.name)
            let complaint =
                withUnit.isEmpty
                ? FileComplaint.unknownKey(key, nearest: nearest(to: key, among: known))
                : FileComplaint.unitMissing(key, known: withUnit)
            problems.append(FileProblem(placed.member.keyPosition, placed.path, complaint))
        }
    }

    /// Where a problem with this key is: at its value, or at the object that lacks it.
    func place(of row: KeyRow) -> (position: TextPosition, path: String) {
        guard let placed = members[row.name] else { return (position, label + row.name) }
        return (placed.member.value.position, placed.path)
    }

    func problem(_ row: KeyRow, _ complaint: FileComplaint) -> FileProblem {
        let (position, path) = place(of: row)
        return FileProblem(position, path, complaint)
    }

    /// The value of a row that must be there.
    func value(_ row: KeyRow, problems: inout [FileProblem]) -> JSON5Value? {
        if let placed = members[row.name] { return placed.member.value }
        problems.append(FileProblem(position, label + row.name, .missing(row)))
        return nil
    }

    /// A short name that can be part of file names and messages.
    func name(_ row: KeyRow, problems: inout [FileProblem]) -> String? {
        guard let value = value(row, problems: &problems) else { return nil }
        guard case .text(let text) = value.content else {
            problems.append(problem(row, .wrongKind(ValueKind(value.content), wanted: row.kind)))
            return nil
        }
        guard Section.isName(text) else {
            problems.append(problem(row, .badName(text)))
            return nil
        }
        return text
    }

    static func isName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let isLetter: (UInt8) -> Bool = { (0x61...0x7A).contains($0) }
        let fits: (UInt8) -> Bool = { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2D }
        return (1...32).contains(bytes.count) && isLetter(bytes[0]) && bytes.allSatisfy(fits)
    }

    func drive(problems: inout [FileProblem]) -> DriveName? {
        let row = DriveKeys.drive
        guard let value = value(row, problems: &problems) else { return nil }
        guard case .text(let text) = value.content else {
            problems.append(problem(row, .wrongKind(ValueKind(value.content), wanted: row.kind)))
            return nil
        }
        if let drive = DriveName(rawValue: text) { return drive }
        let choices = DriveName.allCases.map(\.rawValue)
        let complaint = FileComplaint.unknownChoice(text, choices: choices, nearest: nearest(to: text, among: choices))
        problems.append(problem(row, complaint))
        return nil
    }
}
