public import Quantities

/// What the board is doing.
public enum BoardMode: UInt8, Equatable, Sendable {
    /// Started, outputs off, no bounds yet.
    case unconfigured = 0
    /// Outputs off.
    case disarmed = 1
    case armed = 2
    /// Slowing down by itself; outputs off afterwards.
    case stopping = 3
    /// Outputs off until the fault is cleared by its number.
    case latched = 4
}

/// Conditions of the board that can hold at the same time.
public struct StateFlags: Equatable, Sendable {
    public let rawValue: UInt8

    private init(known rawValue: UInt8) { self.rawValue = rawValue }

    /// Nil when a bit is set that has no name.
    public init?(_ rawValue: UInt8) {
        guard rawValue & ~Self.all.rawValue == 0 else { return nil }
        self.rawValue = rawValue
    }

    public static var none: Self { @_noAllocation @_noLocks get { Self(known: 0) } }
    /// The last command has ended and no new one came.
    public static var commandEnded: Self { @_noAllocation @_noLocks get { Self(known: 1) } }
    /// The board made the last command smaller.
    public static var clamped: Self { @_noAllocation @_noLocks get { Self(known: 2) } }
    /// A tick of the board came late.
    public static var tickLate: Self { @_noAllocation @_noLocks get { Self(known: 4) } }
    /// A frame was damaged since the last state.
    public static var linkDamaged: Self { @_noAllocation @_noLocks get { Self(known: 8) } }
    /// The board started again and nobody has configured it since.
    public static var restarted: Self { @_noAllocation @_noLocks get { Self(known: 16) } }

    fileprivate static var all: Self { Self(known: 31) }

    @_noAllocation @_noLocks public func contains(_ flag: Self) -> Bool { rawValue & flag.rawValue == flag.rawValue }
    @_noAllocation @_noLocks public func with(_ flag: Self) -> Self { Self(known: rawValue | flag.rawValue) }
    @_noAllocation @_noLocks public func without(_ flag: Self) -> Self { Self(known: rawValue & ~flag.rawValue) }
}

/// What the board measures at one joint. Nil where it cannot tell.
public struct JointState: Equatable, Sendable {
    public internal(set) var position: Radians?
    public internal(set) var speed: RadiansPerSecond?
    public internal(set) var effort: NewtonMetres?
    public internal(set) var temperature: Celsius?

    public init(position: Radians?, speed: RadiansPerSecond?, effort: NewtonMetres?, temperature: Celsius?) {
        self.position = position
        self.speed = speed
        self.effort = effort
        self.temperature = temperature
    }
}

/// Board to host: everything that it knows at one tick.
public struct State: Equatable, Sendable {
    public internal(set) var tick: Tick
    /// The sequence number of the newest command that the board took.
    public internal(set) var commandSequence: UInt16
    public internal(set) var mode: BoardMode
    /// Why the board stopped, while it is stopping or latched.
    public internal(set) var fault: FaultNumber?
    public internal(set) var flags: StateFlags
    public internal(set) var supply: Volts?
    public internal(set) var joints: BoardJointCount
    // What lies past the last joint never travels and is never compared.
    private var measured: InlineArray<4, JointState>
    /// Sensors beside the joints.
    public internal(set) var inputs: BoardInputCount
    private var counted: InlineArray<4, Int32?>

    /// A state whose joints and inputs are unknown, to be filled in by `set`.
    @_noAllocation @_noLocks
    public init(
        tick: Tick, commandSequence: UInt16, mode: BoardMode, fault: FaultNumber?, flags: StateFlags, supply: Volts?,
        joints: BoardJointCount, inputs: BoardInputCount = .zero
    ) {
        self.tick = tick
        self.commandSequence = commandSequence
        self.mode = mode
        self.fault = fault
        self.flags = flags
        self.supply = supply
        self.joints = joints
        self.inputs = inputs
        measured = InlineArray(repeating: .unknown)
        counted = InlineArray(repeating: nil)
    }

    /// What the sensor there has counted; nil where the board cannot tell.
    public subscript(input: BoardInput) -> Int32? {
        @_noAllocation @_noLocks get { counted[Int(input.rawValue)] }
    }

    @_noAllocation @_noLocks
    public mutating func set(_ input: BoardInput, to counts: Int32?) { counted[Int(input.rawValue)] = counts }

    public subscript(joint: BoardJoint) -> JointState {
        @_noAllocation @_noLocks get { measured[Int(joint.rawValue)] }
    }

    // Not a setter of the subscript: that would come with a coroutine that can allocate.
    @_noAllocation @_noLocks
    public mutating func set(_ joint: BoardJoint, to state: JointState) { measured[Int(joint.rawValue)] = state }

    public static func == (left: Self, right: Self) -> Bool {
        left.tick == right.tick && left.commandSequence == right.commandSequence && left.mode == right.mode
            && left.fault == right.fault && left.flags == right.flags && left.supply == right.supply
            && left.joints == right.joints && left.joints.agree(left.measured, right.measured)
            && left.inputs == right.inputs && left.inputs.agree(left.counted, right.counted)
    }
}

extension State {
    @_noAllocation @_noLocks
    init() {
        self.init(
            tick: Tick(0), commandSequence: 0, mode: .unconfigured, fault: nil, flags: .none, supply: nil,
            joints: .four,
            inputs: .four
        )
    }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        fields.moment(&tick)
        fields.plain(&commandSequence)
        mode.visit(&fields)
        fields.fault(&fault)
        flags.visit(&fields)
        fields.scaled(&supply)
        fields.count(&joints)
        var position: UInt8 = 0
        while let joint = joints.joint(at: position) {
            measured[Int(joint.rawValue)].visit(&fields)
            position += 1
        }
        fields.count(&inputs)
        position = 0
        while let input = inputs.input(at: position) {
            fields.counts(&counted[Int(input.rawValue)])
            position += 1
        }
    }
}

extension JointState {
    fileprivate static var unknown: Self { Self(position: nil, speed: nil, effort: nil, temperature: nil) }

    fileprivate mutating func visit(_ fields: inout Fields) {
        fields.scaled(&position)
        fields.scaled(&speed)
        fields.scaled(&effort)
        fields.scaled(&temperature)
    }
}

extension BoardMode {
    fileprivate mutating func visit(_ fields: inout Fields) {
        var raw = rawValue
        fields.choice(&raw, below: 5, .mode)
        self = BoardMode(rawValue: raw) ?? self
    }
}

extension StateFlags {
    fileprivate mutating func visit(_ fields: inout Fields) {
        fields.note(.flags, UInt32(Self.all.rawValue))
        var raw = rawValue
        fields.byte(&raw)
        guard let read = StateFlags(raw) else { return fields.refuse(.flags) }
        self = read
    }
}
