public import Quantities

/// Some of a robot's joints.
@frozen public struct JointSet: Equatable, Sendable {
    public private(set) var bits: UInt16

    public init() { bits = 0 }

    public init(_ joint: JointIndex) { bits = 1 << UInt16(joint.rawValue) }

    /// The first `count` joints: all of a robot.
    public init(all count: JointCount) { bits = UInt16(truncatingIfNeeded: (1 << UInt32(count.rawValue)) - 1) }

    public var isEmpty: Bool { bits == 0 }
    public var count: Int { bits.nonzeroBitCount }
    public var first: JointIndex? { isEmpty ? nil : JointIndex(UInt8(bits.trailingZeroBitCount)) }

    public func contains(_ joint: JointIndex) -> Bool { bits & JointSet(joint).bits != 0 }

    public mutating func insert(_ joint: JointIndex) { bits |= JointSet(joint).bits }

    public mutating func remove(_ joint: JointIndex) { bits &= ~JointSet(joint).bits }

    public func subtracting(_ other: JointSet) -> JointSet {
        var rest = self
        rest.bits &= ~other.bits
        return rest
    }

    /// Takes out the first joint: the loop `while let joint = set.popFirst()`.
    public mutating func popFirst() -> JointIndex? {
        guard let joint = first else { return nil }
        remove(joint)
        return joint
    }
}
