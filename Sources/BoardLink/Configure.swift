public import Quantities

/// Names the envelope that a configuration was made from: the first eight bytes of its hash.
public struct EnvelopeHash: Equatable, Sendable {
    public internal(set) var rawValue: DoubleWord

    @_noAllocation @_noLocks
    public init(_ rawValue: DoubleWord) { self.rawValue = rawValue }

    @_noAllocation @_noLocks
    public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

/// The part of the envelope that a board enforces by itself for one joint.
///
/// Bounds are rounded to the nearest step; those beyond a scale become the end of it, which is tighter. How a joint
/// brakes is no bound: what its scale cannot say does not exist.
public struct JointBounds: Equatable, Sendable {
    /// Which joint of the robot this one is.
    public internal(set) var joint: JointIndex
    public internal(set) var position: Limit<Radians>
    public internal(set) var speed: RadiansPerSecond
    public internal(set) var effort: NewtonMetres
    public internal(set) var temperature: Celsius
    public internal(set) var current: Amperes
    /// How quickly the board slows the joint down when it stops by itself: what the envelope says that it surely reaches.
    public internal(set) var braking: RadiansPerSecondSquared

    /// Nil when the bound of speed, effort or current is not a number above zero, the temperature is no number, or the
    /// braking is nothing or more than its scale can say.
    public init?(
        joint: JointIndex, position: Limit<Radians>, speed: RadiansPerSecond, effort: NewtonMetres,
        temperature: Celsius, current: Amperes, braking: RadiansPerSecondSquared
    ) {
        guard speed.isFinite, speed > .zero, effort.isFinite, effort > .zero else { return nil }
        guard current.isFinite, current > .zero, temperature.isFinite else { return nil }
        guard braking.isFinite, Scales.braking.raw(braking) > 0 else { return nil }
        guard let most = Scales.braking.quantity(Scales.braking.largest), braking <= most else { return nil }
        self.joint = joint
        self.position = position
        self.speed = speed
        self.effort = effort
        self.temperature = temperature
        self.current = current
        self.braking = braking
    }
}

/// Host to board: the bounds of this session. Answered by `Answer`; a board takes it only while it is not armed.
public struct Configure: Equatable, Sendable {
    public internal(set) var envelope: EnvelopeHash
    public internal(set) var supply: Limit<Volts>
    /// After so many ticks without a command the board stops by itself.
    public internal(set) var silence: Ticks
    public internal(set) var joints: BoardJointCount
    // What lies past the last joint never travels and is never compared.
    private var bounds: InlineArray<4, JointBounds>

    /// Bounds for one to four joints, in the order of the board's joints.
    ///
    /// Nil when two joints of the board stand for one joint of the robot, or a joint is left out before another.
    public init?(
        envelope: EnvelopeHash, supply: Limit<Volts>, silence: Ticks, _ first: JointBounds,
        _ second: JointBounds? = nil, _ third: JointBounds? = nil, _ fourth: JointBounds? = nil
    ) {
        guard second != nil || third == nil, third != nil || fourth == nil else { return nil }
        self.envelope = envelope
        self.supply = supply
        self.silence = silence
        joints = fourth != nil ? .four : third != nil ? .three : second != nil ? .two : .one
        bounds = [first, second ?? first, third ?? first, fourth ?? first]
        guard !mapsAJointTwice else { return nil }
    }

    public subscript(joint: BoardJoint) -> JointBounds {
        @_noAllocation @_noLocks get { bounds[Int(joint.rawValue)] }
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.envelope == right.envelope && left.supply == right.supply && left.silence == right.silence
            && left.joints == right.joints && left.joints.agree(left.bounds, right.bounds)
    }

    private var mapsAJointTwice: Bool {
        var later: UInt8 = 1
        while let joint = joints.joint(at: later) {
            var earlier: UInt8 = 0
            while earlier < later, let other = joints.joint(at: earlier) {
                if self[joint].joint == self[other].joint { return true }
                earlier += 1
            }
            later += 1
        }
        return false
    }
}

extension Limit {
    // Where a failable initialiser is no use, because the ends are known.
    fileprivate static var specimen: Limit {
        guard let range = Limit(Unit(-1), Unit(1)) else { preconditionFailure() }
        return range
    }
}

extension EnvelopeHash {
    @_noAllocation @_noLocks
    init() { self.init(.zero) }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        fields.plain(&rawValue)
    }
}

extension JointBounds {
    fileprivate static var specimen: JointBounds { JointBounds() }

    private init() {
        joint = .first
        position = .specimen
        speed = RadiansPerSecond(1)
        effort = NewtonMetres(1)
        temperature = Celsius(1)
        current = Amperes(1)
        braking = RadiansPerSecondSquared(1)
    }

    fileprivate mutating func visit(_ fields: inout Fields) {
        fields.joint(&joint)
        fields.limit(&position)
        fields.bound(&speed)
        fields.bound(&effort)
        fields.scaled(&temperature)
        fields.bound(&current)
        fields.braking(&braking)
    }
}

extension Configure {
    @_noAllocation @_noLocks
    init() {
        envelope = EnvelopeHash()
        supply = .specimen
        silence = Ticks(1)
        joints = .four
        bounds = InlineArray(repeating: .specimen)
    }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        envelope.visit(&fields)
        fields.limit(&supply)
        fields.span(&silence)
        fields.count(&joints)
        var position: UInt8 = 0
        while let joint = joints.joint(at: position) {
            bounds[Int(joint.rawValue)].visit(&fields)
            position += 1
        }
        if mapsAJointTwice { fields.refuse(.jointMap) }
    }
}
