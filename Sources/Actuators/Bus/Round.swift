import Quantities

/// Who has answered a request to many, in which order, and whom of them to believe.
///
/// Where an answer names its sender and nothing else, a device that uses another's number shows in two ways: one joint
/// answers twice and differently, or one answers after its turn.
struct Round: Sendable {
    enum Take { case new, again }

    let wanted: JointSet
    private(set) var answered = JointSet()
    private var doubted = JointSet()
    private var last: UInt8 = 0
    private let isOrdered: Bool

    /// - Parameter isOrdered: joints answer in the order in which they were asked.
    init(_ wanted: JointSet, isOrdered: Bool) {
        self.wanted = wanted
        self.isOrdered = isOrdered
    }

    var isComplete: Bool { answered == wanted }
    var missing: JointSet { wanted.subtracting(answered) }
    var credible: JointSet { answered.subtracting(doubted) }

    mutating func take(_ joint: JointIndex) -> Take {
        guard !answered.contains(joint) else { return .again }
        answered.insert(joint)
        if isOrdered && joint.rawValue < last { doubted = wanted }
        last = max(last, joint.rawValue)
        return .new
    }

    mutating func doubt(_ joint: JointIndex) { doubted.insert(joint) }
}
