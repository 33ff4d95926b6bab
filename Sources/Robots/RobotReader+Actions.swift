import Expressions
import Quantities
import Supervision

// What the policy's output does.
extension RobotReader {
    mutating func commands(_ section: Section) -> [RobotFile.LearningTask.Command] {
        let actions = byJoint(TaskKeys.action, section, .action)
        guard section.members[TaskKeys.action.name] != nil, let joints else { return [] }
        return joints.compactMap { joint in
            guard let own = actions[joint.name] else {
                append(section.problem(TaskKeys.action, .robot(.noneForJoint(joint.name))))
                return nil
            }
            return undriven.contains(joint.name) ? nil : command(own, joint.drive)
        }
    }

    private mutating func command(_ section: Section, _ drive: DriveName) -> RobotFile.LearningTask.Command? {
        let numbers = numbers(section, .action)
        let isRelative = flag(ActionKeys.relative, section)
        if drive != .position, section.members[ActionKeys.relative.name] != nil {
            refuse(ActionKeys.relative, section, drive, wanted: .position)
        }
        refuseForeign(section, drive)
        switch drive {
        case .position:
            guard let range = range(ActionKeys.lowPosition, ActionKeys.highPosition, section, numbers) else {
                return nil
            }
            return isRelative
                ? .step(low: Radians(range.lowerBound), high: Radians(range.upperBound))
                : .direct(low: range.lowerBound, high: range.upperBound)
        case .speed:
            return range(ActionKeys.lowSpeed, ActionKeys.highSpeed, section, numbers)
                .map { .direct(low: $0.lowerBound, high: $0.upperBound) }
        case .effort: return effort(section, numbers)
        }
    }

    /// A torque, or a spring towards a position.
    private mutating func effort(_ section: Section, _ numbers: SectionNumbers) -> RobotFile.LearningTask.Command? {
        let springs = [
            ActionKeys.lowPosition.row, ActionKeys.highPosition.row, ActionKeys.stiffness.row, ActionKeys.damping.row,
        ]
        guard let first = springs.first(where: { section.members[$0.name] != nil }) else {
            return range(ActionKeys.lowEffort, ActionKeys.highEffort, section, numbers)
                .map { .direct(low: $0.lowerBound, high: $0.upperBound) }
        }
        for row in [ActionKeys.lowEffort.row, ActionKeys.highEffort.row] where section.members[row.name] != nil {
            append(section.problem(row, .robot(.oneOf(first.name))))
        }
        let range = range(ActionKeys.lowPosition, ActionKeys.highPosition, section, numbers)
        for row in springs.suffix(2) where section.members[row.name] == nil {
            append(section.problem(row, .missing(row)))
        }
        guard let range, let stiffness = numbers.optional(ActionKeys.stiffness),
            let damping = numbers.optional(ActionKeys.damping)
        else { return nil }
        return .spring(low: Radians(range.lowerBound), high: Radians(range.upperBound), stiffness, damping)
    }

    /// Keys in the unit of another drive.
    private mutating func refuseForeign(_ section: Section, _ drive: DriveName) {
        let keys: [(KeyRow, DriveName)] = [
            (ActionKeys.lowPosition.row, .position), (ActionKeys.highPosition.row, .position),
            (ActionKeys.lowSpeed.row, .speed), (ActionKeys.highSpeed.row, .speed),
            (ActionKeys.lowEffort.row, .effort), (ActionKeys.highEffort.row, .effort),
            (ActionKeys.stiffness.row, .effort), (ActionKeys.damping.row, .effort),
        ]
        for (row, wanted) in keys where wanted != drive && section.members[row.name] != nil {
            if wanted == .position, drive == .effort { continue }
            refuse(row, section, drive, wanted: wanted)
        }
    }

    private mutating func refuse(_ row: KeyRow, _ section: Section, _ drive: DriveName, wanted: DriveName) {
        append(section.problem(row, .otherDrive(wanted: wanted, actual: drive)))
    }

    /// Both ends must be there.
    private mutating func range<Unit: NamedUnit>(
        _ low: Key<Unit>, _ high: Key<Unit>, _ section: Section, _ numbers: SectionNumbers
    ) -> ClosedRange<Float>? {
        for key in [low, high] where section.members[key.row.name] == nil {
            append(section.problem(key.row, .missing(key.row)))
        }
        guard let first = numbers.optional(low), let last = numbers.optional(high) else { return nil }
        if first < last { return first.value...last.value }
        append(
            section.problem(low.row, .robot(.inverted(Double(first.value), Double(last.value), highKey: high.row.name)))
        )
        return nil
    }

    mutating func starts(_ top: Section) -> [RobotFile.Start] {
        let sections = byJoint(FolderKeys.start, top, .start)
        return (joints ?? []).map { joint in
            let label = "\(FolderKeys.start.name).\(joint.name)."
            let own = sections[joint.name] ?? Section(position: top.position, label: label, members: [])
            let numbers = numbers(own, .start)
            return RobotFile.Start(
                position: numbers[StartKeys.position], spread: numbers[StartKeys.spread],
                speedSpread: numbers[StartKeys.speedSpread])
        }
    }

    mutating func reset(_ top: Section, _ task: ReadTask?) -> RobotFile.Reset? {
        guard let section = object(FolderKeys.reset, top, .reset) else { return nil }
        let numbers = numbers(section, .reset)
        let steps = elements(ResetKeys.steps, section).enumerated().map { index, element in
            self.section(of: element, .step, label: "reset.steps[\(index)].").flatMap { step($0) }
        }
        let accept = formula(ResetKeys.accept, section)
        var program: Program?
        if let accept, let task {
            let wanted = Wanted("accept", accept, .truth)
            program = self.program(task.task.vocabulary, task.definitions, [wanted])
        }
        let known = steps.compactMap { $0 }
        guard known.count == steps.count else { return nil }
        return RobotFile.Reset(
            steps: known, accept: program, acceptText: accept?.text, attempts: numbers.count(ResetKeys.attempts))
    }

    private mutating func step(_ section: Section) -> RobotFile.Reset.Step? {
        let numbers = numbers(section, .step)
        let targets = targets(section)
        guard let name: ResetStepName = choice(StepKeys.step, section) else { return nil }
        refuseUseless(section, name)
        let (duration, timeout) = (numbers[StepKeys.duration], numbers[StepKeys.timeout])
        switch name {
        case .move: return .move(to: targets, speed: numbers.optional(StepKeys.speed), within: timeout)
        case .relax: return .relax
        case .hold: return .hold(duration)
        case .rest: return .rest(duration, within: timeout)
        case .wait: return .wait(duration)
        }
    }

    private mutating func refuseUseless(_ section: Section, _ name: ResetStepName) {
        let useful: [KeyRow]
        switch name {
        case .move: useful = [StepKeys.target, StepKeys.speed.row, StepKeys.timeout.row]
        case .relax: useful = []
        case .hold, .wait: useful = [StepKeys.duration.row]
        case .rest: useful = [StepKeys.duration.row, StepKeys.timeout.row]
        }
        for row in StepKeys.group.rows.dropFirst() where section.members[row.name] != nil && !useful.contains(row) {
            append(section.problem(row, .robot(.uselessIn(name.rawValue))))
        }
    }

    /// Where a move goes; without a word about it to the start.
    private mutating func targets(_ section: Section) -> [Radians?] {
        let row = StepKeys.target
        guard let value = value(row, section), case .byJoint(_, let low, let high) = row.kind else {
            return starts.map(\.position)
        }
        guard case .object(let members) = value.content else {
            append(section.problem(row, .wrongKind(ValueKind(value.content), wanted: row.kind)))
            return []
        }
        var targets: [String: Radians] = [:]
        for member in members {
            let path = "\(section.label)\(row.name).\(member.key)"
            guard (joints ?? []).contains(where: { $0.name == member.key }) else {
                if joints != nil { append(unknownJoint(member.key, at: member.keyPosition, path)) }
                continue
            }
            guard case .number(let number) = member.value.content else {
                let kind = ValueKind(member.value.content)
                append(FileProblem(member.value.position, path, .wrongKind(kind, wanted: .plain)))
                continue
            }
            if number >= Double(low), number <= Double(high) {
                targets[member.key] = Radians(Float(number))
            } else {
                append(FileProblem(member.value.position, path, .outside(number, row)))
            }
        }
        return (joints ?? []).map { targets[$0.name] }
    }
}
