import Quantities

extension [DeviceFinding] {
    /// Two devices that stand in each other's place are one mistake, not two strange models.
    mutating func nameSwaps() {
        let found = self
        for position in found.indices {
            guard case .otherModel(let expected, let model) = found[position].problem else { continue }
            let other = found.first { $0.problem == .otherModel(expected: model, found: expected) }
            guard let other, expected != model else { continue }
            let joint = found[position].joint
            self[position] = DeviceFinding(joint: joint, id: found[position].id, problem: .swapped(with: other.joint))
        }
    }
}

extension JointSet {
    /// Those of the findings that keep the robot from being armed.
    init(blocking findings: [DeviceFinding]) {
        self.init()
        for finding in findings where !finding.isAdvice { insert(finding.joint) }
    }
}

/// What most of them are; the greater of two that are equally frequent.
func mostFrequent(_ versions: [UInt32]) -> UInt32? {
    let counts = Dictionary(grouping: versions) { $0 }
    return counts.max { ($0.value.count, $0.key) < ($1.value.count, $1.key) }?.key
}
