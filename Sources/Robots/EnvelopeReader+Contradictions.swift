import Quantities
import Supervision

// Values that are each in range can still contradict each other. The supervisor's own list of defects decides; here
// they only get their places and their numbers back.
extension EnvelopeReader {
    mutating func contradictions(of robot: RobotEnvelope, _ numbers: SectionNumbers) {
        let defects = Defects(of: robot)
        for index in 0..<defects.count {
            guard let defect = defects[index] else { continue }
            report(defect, Context(own: numbers, robot: numbers, joint: nil, deadline: robot.deadline))
        }
    }

    /// The joint's envelope; what could not be read in it is filled with something harmless, as the file is refused.
    mutating func envelope(
        of draft: JointDraft, on robot: RobotEnvelope, _ robotNumbers: SectionNumbers
    ) -> JointEnvelope {
        let numbers = draft.numbers
        let position = limit(PositionKeys.low, PositionKeys.high, numbers) ?? EnvelopeReader.anyPosition
        let voltage = limit(SupplyKeys.voltageLow, SupplyKeys.voltageHigh, numbers) ?? EnvelopeReader.anyVoltage
        let drive = draft.drive.map { Drive($0, numbers) } ?? .position
        let joint = JointEnvelope(numbers, drive: drive, position: position, voltage: voltage)
        let defects = Defects(of: joint, on: robot)
        for index in 0..<defects.count {
            guard let defect = defects[index] else { continue }
            report(defect, Context(own: numbers, robot: robotNumbers, joint: joint, deadline: robot.deadline))
        }
        return joint
    }

    private mutating func limit<Unit: NamedUnit>(
        _ low: Key<Unit>, _ high: Key<Unit>, _ numbers: SectionNumbers
    ) -> Limit<Unit>? {
        if let limit = Limit(numbers[low], numbers[high]) { return limit }
        if !numbers.isFaulty(low.row) && !numbers.isFaulty(high.row) {
            let complaint = FileComplaint.notBelow(numbers.quoted(low.row), numbers.quoted(high.row))
            append(numbers.section.problem(low.row, complaint))
        }
        return nil
    }

    private mutating func report(_ defect: Defect, _ context: Context) {
        guard let row = KeyTable.envelope.row(setting: defect.key), let complaint = context.complaint(defect, row)
        else {
            return
        }
        append(context.numbers(row).section.problem(row, complaint))
    }
}

/// The numbers that one defect may speak of.
private struct Context {
    /// Those of the object that was judged: the robot itself or one joint.
    let own: SectionNumbers
    let robot: SectionNumbers
    let joint: JointEnvelope?
    let deadline: Seconds

    func numbers(_ row: KeyRow) -> SectionNumbers { row.scope == .robot ? robot : own }

    private func quoted(_ row: KeyRow) -> QuotedValue { numbers(row).quoted(row) }

    private func isSound(_ rows: KeyRow...) -> Bool { rows.allSatisfy { !numbers($0).isFaulty($0) } }

    /// Nil when the defect only follows from a value that has been complained about already.
    func complaint(_ defect: Defect, _ row: KeyRow) -> FileComplaint? {
        guard isSound(row), isSound(TimeKeys.period.row) || !isCountedInTicks(row) else { return nil }
        switch defect.complaint {
        case .notPositive: return notPositive(row)
        case .notFinite: return .notANumber(row)
        case .notBelow(let other): return against(other) { .notBelow(quoted(row), $0) }
        case .above(let other): return against(other) { .above(quoted(row), $0) }
        case .notReachable: return notReachable(row)
        case .tooWide: return tooWide(row)
        case .tooQuickForDeadline: return tooQuick()
        }
    }

    private func against(_ key: EnvelopeKey, _ make: (QuotedValue) -> FileComplaint) -> FileComplaint? {
        guard let row = KeyTable.envelope.row(setting: key), isSound(row) else { return nil }
        return make(quoted(row))
    }

    /// The table allows nothing below zero here; what is left are durations that are shorter than half a tick.
    private func notPositive(_ row: KeyRow) -> FileComplaint? {
        .noTick(quoted(row), period: robot[TimeKeys.period].value)
    }

    private func isCountedInTicks(_ row: KeyRow) -> Bool {
        (LadderKeys.times + [TimeKeys.horizon]).contains { $0.row == row }
    }

    private var hasPositions: Bool {
        let ends = isSound(PositionKeys.low.row, PositionKeys.high.row)
        return ends && own[PositionKeys.low] < own[PositionKeys.high]
    }

    private func notReachable(_ row: KeyRow) -> FileComplaint? {
        guard hasPositions, isSound(PositionKeys.softening.row), let (low, high) = joint?.commanded, low <= high else {
            return nil
        }
        return .parkOutside(quoted(row), low: low.value, high: high.value)
    }

    private func tooWide(_ row: KeyRow) -> FileComplaint? {
        guard hasPositions, let joint else { return nil }
        return .softeningTooWide(quoted(row), span: joint.position.span.value)
    }

    private func tooQuick() -> FileComplaint? {
        let rows = [MotorKeys.windingCapacity.row, MotorKeys.windingToHousing.row, TimeKeys.deadline.row]
        guard rows.allSatisfy({ isSound($0) }), let joint else { return nil }
        return .motorTooQuick(windingTime: joint.motor.windingTime.value, deadline: deadline.value)
    }
}
