public import Quantities

/// What a joint's drive shall do.
public enum Drive: Equatable, Sendable {
    case off
    case position(Radians)
    case speed(RadiansPerSecond)
    case effort(NewtonMetres)

    public var kind: DriveKind {
        switch self {
        case .off: .off
        case .position: .position
        case .speed: .speed
        case .effort: .effort
        }
    }
}

public enum DriveKind: UInt8, Equatable, Sendable {
    case off = 0
    case position = 1
    case speed = 2
    case effort = 3
}

/// Host to board: what every joint of the board shall do until the next command or the end of its lifetime.
public struct Command: Equatable, Sendable {
    /// How many ticks of the board after its arrival the command ends; sent as 1 to 65,535.
    public internal(set) var lifetime: Ticks
    public internal(set) var joints: BoardJointCount
    // What lies past the last joint never travels and is never compared.
    private var drives: InlineArray<4, Drive>

    /// A command that switches every joint off, to be filled in by `set`.
    @_noAllocation @_noLocks
    public init(lifetime: Ticks, joints: BoardJointCount) {
        self.lifetime = lifetime
        self.joints = joints
        drives = InlineArray(repeating: .off)
    }

    public subscript(joint: BoardJoint) -> Drive {
        @_noAllocation @_noLocks get { drives[Int(joint.rawValue)] }
    }

    // Not a setter of the subscript: that would come with a coroutine that can allocate.
    @_noAllocation @_noLocks
    public mutating func set(_ joint: BoardJoint, to drive: Drive) { drives[Int(joint.rawValue)] = drive }

    /// Whether the command has ended. Ask at every tick and forget a command that has.
    ///
    /// One that arrived after `now` has not ended: the board may be catching up on ticks.
    @_noAllocation @_noLocks
    public func hasEnded(at now: Tick, arrived: Tick) -> Bool { now - arrived >= lifetime }

    public static func == (left: Self, right: Self) -> Bool {
        left.lifetime == right.lifetime && left.joints == right.joints && left.joints.agree(left.drives, right.drives)
    }
}

extension Command {
    /// Four joints, so that the layout hash sees every kind of drive.
    @_noAllocation @_noLocks
    init() {
        lifetime = Ticks(1)
        joints = .four
        drives = [.off, .position(.zero), .speed(.zero), .effort(.zero)]
    }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        fields.span(&lifetime)
        fields.count(&joints)
        var position: UInt8 = 0
        while let joint = joints.joint(at: position) {
            drives[Int(joint.rawValue)].visit(&fields)
            position += 1
        }
    }
}

extension Drive {
    @_noAllocation @_noLocks
    fileprivate mutating func visit(_ fields: inout Fields) {
        var number = kind.rawValue
        fields.choice(&number, below: 4, .drive)
        switch DriveKind(rawValue: number) ?? .off {
        case .off: self = .off
        case .position: self = .position(fields.walked(Radians(target)))
        case .speed: self = .speed(fields.walked(RadiansPerSecond(target)))
        case .effort: self = .effort(fields.walked(NewtonMetres(target)))
        }
    }

    /// The number of the present case, whatever its unit.
    private var target: Float {
        switch self {
        case .off: 0
        case .position(let position): position.value
        case .speed(let speed): speed.value
        case .effort(let effort): effort.value
        }
    }
}

extension Fields {
    fileprivate mutating func walked(_ target: Radians) -> Radians {
        var value = target
        scaled(&value)
        return value
    }

    fileprivate mutating func walked(_ target: RadiansPerSecond) -> RadiansPerSecond {
        var value = target
        scaled(&value)
        return value
    }

    fileprivate mutating func walked(_ target: NewtonMetres) -> NewtonMetres {
        var value = target
        scaled(&value)
        return value
    }
}
