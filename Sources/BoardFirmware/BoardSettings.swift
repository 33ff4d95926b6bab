public import BoardLink
public import Quantities

/// What a board is, whoever talks to it: its chip, its program and what its electronics can do.
public struct BoardSettings: Equatable, Sendable {
    public var chip: ChipIdentifier
    public var firmwareBuild: DoubleWord
    public var layout: LinkLayout
    public var joints: BoardJointCount
    public var torqueConstant: NewtonMetresPerAmpere
    /// Bounds beyond these are refused.
    public var most: BoardLimits
    public var inputs: BoardInputCount
    /// So many ticks lie between two reports of its state.
    public var ticksBetweenStates: UInt32

    /// One joint to four, nothing on the inputs, and a report on every tick.
    public init(
        chip: ChipIdentifier, firmwareBuild: DoubleWord, joints: BoardJointCount,
        torqueConstant: NewtonMetresPerAmpere
    ) {
        self.chip = chip
        self.firmwareBuild = firmwareBuild
        layout = .ofThisBuild()
        self.joints = joints
        self.torqueConstant = torqueConstant
        most = BoardLimits()
        inputs = .zero
        ticksBetweenStates = 1
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.chip == right.chip && left.firmwareBuild == right.firmwareBuild && left.layout == right.layout
            && left.joints == right.joints && left.torqueConstant == right.torqueConstant && left.most == right.most
            && left.inputs == right.inputs && left.ticksBetweenStates == right.ticksBetweenStates
    }

    /// The time from one tick of a board to the next.
    public static var tickPeriod: Seconds { Seconds(0.001) }

    /// How long a challenge can be answered.
    static var patience: Ticks { Ticks(500) }
}

/// What the electronics of a board can keep.
public struct BoardLimits: Equatable, Sendable {
    public var speed = RadiansPerSecond(60)
    public var effort = NewtonMetres(20)
    public var current = Amperes(20)
    public var temperature = Celsius(100)
    /// From the greatest speed to rest in sixty ticks; nothing with a mass that these currents move stops sooner.
    public var braking = RadiansPerSecondSquared(1_000)
    public var supply = Volts(30)
    /// The longest that a host may be silent.
    public var silence = Ticks(100)

    public init() {}

    /// Whether the electronics can keep every bound.
    func allow(_ wanted: Configure) -> Bool {
        var position: UInt8 = 0
        while let joint = wanted.joints.joint(at: position) {
            let bounds = wanted[joint]
            guard bounds.speed <= speed, bounds.effort <= effort, bounds.current <= current else { return false }
            guard bounds.temperature <= temperature, bounds.braking <= braking else { return false }
            position += 1
        }
        return wanted.supply.high <= supply
    }
}

/// Why the program began.
public enum ResetCause: UInt8, Equatable, Sendable {
    case powerOn = 0
    /// The supply sank too low and came back.
    case brownOut = 1
    /// Somebody pulled the reset pin.
    case pin = 2
    /// Somebody asked for it, as after flashing.
    case request = 3
    /// The loop did not come round; the tick's interrupt saw it.
    case loopHung = 4
    /// The independent watchdog was not fed.
    case watchdog = 5
    /// A memory access, an instruction or the program itself was wrong.
    case processorFault = 6
    /// The stack grew into its guard.
    case stackExhausted = 7
    /// Something wrote over memory that nothing may write.
    case memoryDamaged = 8
    /// A fault while a fault was handled.
    case doubleFault = 9

    /// Whether the program failed, so that a person must say that it may go on.
    public var isCrash: Bool {
        switch self {
        case .powerOn, .brownOut, .pin, .request: false
        case .loopHung, .watchdog, .processorFault, .stackExhausted, .memoryDamaged, .doubleFault: true
        }
    }
}

/// A start of the program: how many there were since the power came, and why.
public struct BoardStart: Equatable, Sendable {
    /// Challenges of another start are void.
    public let salt: UInt32
    public let cause: ResetCause

    public init(salt: UInt32, cause: ResetCause) {
        self.salt = salt
        self.cause = cause
    }
}
