import Quantities
import Supervision

/// The numbers of one object of the file, each checked against its row.
///
/// What is missing or wrong is remembered, so that no later check complains about its consequences.
struct SectionNumbers {
    let section: Section
    private var numbers: [String: Float] = [:]
    private var faulty: Set<String> = []

    /// Reads every number that the table has for this kind of object and, for a joint, this drive.
    init(_ section: Section, _ rows: [KeyRow], drive: DriveName?, problems: inout [FileProblem]) {
        self.section = section
        for row in rows {
            do throws(FileProblem.Raised) {
                numbers[row.name] = try number(row, drive: drive)
            } catch {
                faulty.insert(row.name)
                problems.append(error.problem)
            }
        }
    }

    func isFaulty(_ row: KeyRow) -> Bool { faulty.contains(row.name) }

    /// NaN where the file gives no usable number; the file is refused then, whatever is made of it.
    subscript<Unit: NamedUnit>(key: Key<Unit>) -> Unit { Unit(numbers[key.row.name] ?? .nan) }

    subscript(key: Key<Ticks>) -> Ticks { ticks(Double(numbers[key.row.name] ?? .nan)) }

    /// Nil where the file gives no usable number and need not.
    func optional<Unit: NamedUnit>(_ key: Key<Unit>) -> Unit? { optional(key.row).map { Unit($0) } }

    func optional(_ row: KeyRow) -> Float? { numbers[row.name] }

    /// A count; 0 where the file gives no usable one.
    func count(_ row: KeyRow) -> Int { numbers[row.name].flatMap { Int(exactly: $0) } ?? 0 }

    /// The bare number, for the identity of the file and for messages.
    func bare(_ row: KeyRow) -> Float { numbers[row.name] ?? .nan }

    func quoted(_ row: KeyRow) -> QuotedValue {
        QuotedValue(key: section.place(of: row).path, value: bare(row), row: row)
    }

    /// A duration, counted in periods, rounded to the nearest.
    func ticks(_ key: Key<Seconds>, of period: Seconds) -> Ticks {
        ticks((Double(self[key].value) / Double(period.value)).rounded())
    }

    /// The ranges of the table keep every count far below the largest; NaN becomes none.
    private func ticks(_ count: Double) -> Ticks { Ticks(Int32(exactly: count) ?? 0) }

    private func number(_ row: KeyRow, drive: DriveName?) throws(FileProblem.Raised) -> Float? {
        guard case .number(_, let low, let high) = row.kind else { return try whole(row) }
        if case .only(let wanted) = row.presence, drive != wanted {
            if let drive, section.members[row.name] != nil {
                throw raised(row, .otherDrive(wanted: wanted, actual: drive))
            }
            return nil
        }
        guard let given = try given(row) else { return nil }
        let kept = Float(given)
        guard low <= kept, kept <= high else { throw raised(row, .outside(given, row)) }
        return kept
    }

    private func whole(_ row: KeyRow) throws(FileProblem.Raised) -> Float? {
        guard case .whole(let low, let high) = row.kind, let given = try given(row) else { return nil }
        guard Double(low) <= given, given <= Double(high) else { throw raised(row, .outside(given, row)) }
        guard given == given.rounded() else { throw raised(row, .notWhole(given, row)) }
        return Float(given)
    }

    /// What the file says, or the table when the file may be silent.
    private func given(_ row: KeyRow) throws(FileProblem.Raised) -> Double? {
        guard let placed = section.members[row.name] else {
            switch row.presence {
            case .standard(let value): return Double(value)
            case .optional: return nil
            case .required, .only, .usual: throw raised(row, .missing(row))
            }
        }
        guard case .number(let number) = placed.member.value.content else {
            throw raised(row, .wrongKind(ValueKind(placed.member.value.content), wanted: row.kind))
        }
        guard !number.isNaN else { throw raised(row, .notANumber(row)) }
        return number
    }

    private func raised(_ row: KeyRow, _ complaint: FileComplaint) -> FileProblem.Raised {
        FileProblem.Raised(problem: section.problem(row, complaint))
    }
}

extension FileProblem {
    /// A problem on its way to the list of problems.
    struct Raised: Error { let problem: FileProblem }
}
