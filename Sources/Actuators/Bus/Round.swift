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

    init(_ wanted: JointSet) { self.wanted = wanted }

    var isComplete: Bool { answered == wanted }
    var missing: JointSet { wanted.subtracting(answered) }
    var credible: JointSet { answered.subtracting(doubted) }

    mutating func take(_ joint: JointIndex) -> Take {
        guard !answered.contains(joint) else { return .again }
        answered.insert(joint)
        // Joints are asked in their order, and answer in it.
        if joint.rawValue < last { doubted = wanted }
        last = max(last, joint.rawValue)
        return .new
    }

    mutating func doubt(_ joint: JointIndex) { doubted.insert(joint) }
}
