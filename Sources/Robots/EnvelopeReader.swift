import Episodes
import Quantities
import Supervision

/// Turns the document into an envelope and collects everything that is wrong on the way.
struct EnvelopeReader {
    private(set) var problems: [FileProblem] = []

    /// Stand in for limits that the file does not give.
    static let anyPosition = EnvelopeReader.limit(Radians(-1), Radians(1))
    static let anyVoltage = EnvelopeReader.limit(Volts(1), Volts(2))

    private static func limit<Unit: Quantity>(_ low: Unit, _ high: Unit) -> Limit<Unit> {
        guard let limit = Limit(low, high) else { preconditionFailure("these ends are in order") }
        return limit
    }

    mutating func append(_ problem: FileProblem) { problems.append(problem) }

    /// One joint, as far as it could be read.
    struct JointDraft {
        let name: String?
        let drive: DriveName?
        let numbers: SectionNumbers

        /// Nil when its name or its drive could not be read.
        var joint: EnvelopeFile.Joint? {
            guard let name, let drive else { return nil }
            let rows = KeyTable.envelope.rows(of: .joint).filter { $0.applies(to: drive) }
            return EnvelopeFile.Joint(name: name, drive: drive, values: numbers.quoted(rows))
        }
    }

    /// Nil only when a problem has been found.
    mutating func read(_ document: JSON5Value) -> EnvelopeFile? {
        guard let top = section(of: document, label: "") else { return nil }
        top.refuseStrangers(to: KeyTable.envelope.rows(of: .robot), problems: &problems)
        let name = top.name(FileKeys.robot, problems: &problems)
        let numbers = SectionNumbers(top, KeyTable.envelope.rows(of: .robot), drive: nil, problems: &problems)
        let drafts = joints(of: top)
        let robot = RobotEnvelope(numbers)
        contradictions(of: robot, numbers)
        let joints = drafts.map { envelope(of: $0, on: robot, numbers) }
        guard problems.isEmpty, let name else { return nil }
        return file(name, robot, numbers, drafts, joints)
    }

    private mutating func section(of value: JSON5Value, label: String) -> Section? {
        guard case .object(let members) = value.content else {
            let key = String(label.dropLast())
            problems.append(FileProblem(value.position, key, .notAnObject(ValueKind(value.content))))
            return nil
        }
        return Section(position: value.position, label: label, members: members)
    }

    private mutating func joints(of top: Section) -> [JointDraft] {
        var every: Section?
        if let placed = top.members[FileKeys.everyJoint.name] {
            every = section(of: placed.member.value, label: "every_joint.")
            every?.refuseStrangers(to: KeyTable.envelope.rows(of: .joint), problems: &problems)
        }
        guard let list = top.value(FileKeys.joints, problems: &problems) else { return [] }
        guard case .list(let elements) = list.content else {
            let complaint = FileComplaint.wrongKind(ValueKind(list.content), wanted: .joints)
            problems.append(FileProblem(list.position, FileKeys.joints.name, complaint))
            return []
        }
        guard (1...jointCapacity).contains(elements.count) else {
            problems.append(FileProblem(list.position, FileKeys.joints.name, .jointCount(elements.count)))
            return []
        }
        let drafts = elements.indices.compactMap { draft(of: elements[$0], label: "joints[\($0)].", every: every) }
        refuseTwins(drafts)
        return drafts
    }

    private mutating func draft(of value: JSON5Value, label: String, every: Section?) -> JointDraft? {
        guard var section = section(of: value, label: label) else { return nil }
        section.refuseStrangers(to: KeyTable.envelope.rows(of: .joint), problems: &problems)
        if let every { section.inherit(from: every, problems: &problems) }
        let name = section.name(DriveKeys.name, problems: &problems)
        let drive = section.drive(problems: &problems)
        let rows = KeyTable.envelope.rows(of: .joint)
        return JointDraft(
            name: name, drive: drive, numbers: SectionNumbers(section, rows, drive: drive, problems: &problems))
    }

    private mutating func refuseTwins(_ drafts: [JointDraft]) {
        var seen: [String: TextPosition] = [:]
        for draft in drafts {
            guard let name = draft.name else { continue }
            let section = draft.numbers.section
            let (position, _) = section.place(of: DriveKeys.name)
            if let first = seen[name] {
                problems.append(section.problem(DriveKeys.name, .sameJointName(name, first: first)))
            } else {
                seen[name] = position
            }
        }
    }

    private func file(
        _ name: String, _ robot: RobotEnvelope, _ numbers: SectionNumbers, _ drafts: [JointDraft],
        _ joints: [JointEnvelope]
    ) -> EnvelopeFile? {
        let described = drafts.compactMap(\.joint)
        let values = numbers.quoted(KeyTable.envelope.rows(of: .robot))
        guard let count = JointCount(UInt8(joints.count)), let first = joints.first else { return nil }
        var each = PerJoint<JointEnvelope>(repeating: first)
        for (index, joint) in joints.enumerated() { each.elements[index] = joint }
        let identity = Digest(of: canonicalText(name, values, described))
        return Envelope(identity: identity, robot: robot, count: count, joints: each)
            .map { EnvelopeFile(robot: name, values: values, joints: described, envelope: $0) }
    }

    /// Every value that the supervisor gets, as the bits that it gets, in the order of the table: comments, spelling and
    /// the order of keys do not change it, and nothing else is left out.
    private func canonicalText(_ name: String, _ values: [QuotedValue], _ joints: [EnvelopeFile.Joint]) -> String {
        var text = "understudy envelope\nrobot \(name)\n" + values.map(\.canonicalLine).joined()
        for joint in joints {
            text += "joint \(joint.name) \(joint.drive.rawValue)\n" + joint.values.map(\.canonicalLine).joined()
        }
        return text
    }
}

extension SectionNumbers {
    /// Those of the rows that are numbers.
    fileprivate func quoted(_ rows: [KeyRow]) -> [QuotedValue] { rows.filter(\.isNumber).map(quoted) }
}

extension QuotedValue {
    fileprivate var canonicalLine: String { "\(row.name) \(String(value.bitPattern, radix: 16))\n" }
}
