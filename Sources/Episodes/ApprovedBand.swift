public import Quantities
public import Supervision

/// Where each joint may be at each tick of an episode: what the supervisor enforces as the tube.
///
/// It is given in steps of some ticks, each constant over its ticks, so that what a person saw is exactly what is
/// enforced and nothing is made up between two points.
public struct ApprovedBand: Equatable, Sendable {
    /// The ticks of one step.
    public let stride: Ticks
    public let joints: JointCount
    /// Step by step, the joints of a step in their order.
    private let limits: [Limit<Radians>]

    /// The most values of all joints together: an hour at 1 kHz in steps of a second for 16 joints.
    public static let longest = 3_600 * jointCapacity

    public init(stride: Ticks, joints: JointCount, limits: [Limit<Radians>]) throws(PlanDefect) {
        let count = Int(joints.rawValue)
        let isWhole = !limits.isEmpty && limits.count % count == 0 && limits.count <= ApprovedBand.longest
        guard stride > .zero, isWhole else {
            throw .bandShape(values: limits.count, joints: count, stride: stride)
        }
        self.stride = stride
        self.joints = joints
        self.limits = limits
    }

    public var steps: Int { limits.count / Int(joints.rawValue) }

    /// The first tick that the band says nothing about.
    public var end: Ticks { Ticks(Int32(clamping: Int64(steps) * Int64(stride.rawValue))) }

    public func limit(of joint: JointIndex, step: Int) -> Limit<Radians> {
        limits[step * Int(joints.rawValue) + Int(joint.rawValue)]
    }

    /// The band at one tick of the episode; nil before its start and from its end on. Allocates nothing.
    public func tube(at tick: Ticks) -> Tube? {
        guard tick >= .zero, tick < end else { return nil }
        let step = Int(tick.rawValue / stride.rawValue)
        var tube = Tube(repeating: limit(of: .first, step: step))
        var position: UInt8 = 0
        while let joint = joints.joint(at: position) {
            tube[joint] = limit(of: joint, step: step)
            position += 1
        }
        return tube
    }

    /// How wide it is where it is widest, over all joints and ticks; nil where that is no number.
    public var widest: Radians? {
        let widest = limits.reduce(Radians.zero) { max($0, $1.span) }
        return widest.isFinite ? widest : nil
    }

    /// The least range that holds the band of one joint at all times.
    public func hull(of joint: JointIndex) -> Limit<Radians> {
        (1..<steps).reduce(limit(of: joint, step: 0)) { hull, step in
            let next = limit(of: joint, step: step)
            return Limit(min(hull.low, next.low), max(hull.high, next.high)) ?? hull
        }
    }
}

extension ApprovedBand: Canonical {
    public func write(to writer: inout CanonicalWriter) {
        writer.append(stride.rawValue)
        writer.append(joints.rawValue)
        writer.append(UInt32(limits.count))
        for limit in limits { writer.append(limit) }
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        let place = reader
        let (stride, count) = (Ticks(try reader.integer(Int32.self)), try reader.integer(UInt8.self))
        guard let joints = JointCount(count) else { throw place.error(.contradiction) }
        var limits: [Limit<Radians>] = []
        for _ in 0..<(try reader.count(atMost: ApprovedBand.longest)) { limits.append(try reader.limit(Radians.self)) }
        do throws(PlanDefect) {
            try self.init(stride: stride, joints: joints, limits: limits)
        } catch {
            throw place.error(.contradiction)
        }
    }
}
