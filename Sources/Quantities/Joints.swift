/// The most joints that one supervised robot may have.
///
/// The robot folder decides the number at run time, and one binary serves every robot, so vectors that cross the safety
/// core have this capacity and a `JointCount` beside them.
public let jointCapacity = 16

/// Which joint. One that exists is below `jointCapacity`.
@frozen public struct JointIndex: Hashable, Sendable {
    public let rawValue: UInt8

    @inlinable public init?(_ rawValue: UInt8) {
        guard rawValue < 16 else { return nil }
        self.rawValue = rawValue
    }

    @inlinable init(known rawValue: UInt8) { self.rawValue = rawValue }

    /// The joint that every robot has.
    @inlinable public static var first: JointIndex { JointIndex(known: 0) }

    @inlinable public static func == (left: JointIndex, right: JointIndex) -> Bool { left.rawValue == right.rawValue }
}

/// How many joints. One that exists lies in `1 ... jointCapacity`.
@frozen public struct JointCount: Hashable, Sendable {
    public let rawValue: UInt8

    @inlinable public init?(_ rawValue: UInt8) {
        guard (1...16).contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    /// The joint at `position`, or nil past the last one: the loop `while let joint = count.joint(at: position)`.
    @inlinable public func joint(at position: UInt8) -> JointIndex? {
        position < rawValue ? JointIndex(position) : nil
    }
}

/// One value a joint; the size is part of the type, so a vector of six never meets a vector of seven.
@frozen public struct JointVector<let count: Int, Element: Sendable>: Sendable {
    public var elements: InlineArray<count, Element>

    @inlinable public init(repeating element: Element) { elements = InlineArray(repeating: element) }

    @inlinable public subscript(joint: JointIndex) -> Element {
        get { elements[Int(joint.rawValue)] }
        _modify { yield &elements[Int(joint.rawValue)] }
    }
}

#if hasFeature(Embedded)
    /// One value for each joint that a board could have. The sources are the same as on the host; copying places that no
    /// board has took half of its time and most of its stack (2026-11-27: 28,000 instructions a tick, 62 KiB).
    public typealias PerJoint<Element: Sendable> = JointVector<4, Element>
#else
    /// One value for each joint that a robot could have.
    public typealias PerJoint<Element: Sendable> = JointVector<16, Element>
#endif
