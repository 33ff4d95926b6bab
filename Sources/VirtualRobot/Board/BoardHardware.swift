public import BoardLink
public import Quantities
public import Simulator

/// What a board is, whoever talks to it: its chip, its program and what its electronics can do.
public struct BoardHardware: Sendable {
    public var chip: ChipIdentifier
    public var firmwareBuild: DoubleWord
    public var layout: LinkLayout
    public var joints: BoardJointCount
    public var torqueConstant: NewtonMetresPerAmpere
    /// Bounds beyond these are refused.
    public var most = BoardLimits()
    /// What hangs on its inputs.
    public var sensors: [BoardSensor] = []
    /// So many ticks lie between two reports of its state.
    public var ticksBetweenStates: Int32 = 5

    public init(joints: BoardJointCount, torqueConstant: NewtonMetresPerAmpere) {
        self.joints = joints
        self.torqueConstant = torqueConstant
        chip = ChipIdentifier(high: 0x0042_0031, middle: 0x3437_5114, low: 0x3831_3830)
        firmwareBuild = DoubleWord(high: 0, low: 1)
        layout = .ofThisBuild()
    }

    static let tickPeriod = Seconds(0.001)
    /// How long a challenge can be answered.
    static let patience = Ticks(500)
}

/// A sensor of the body on an input of a board, which counts.
public struct BoardSensor: Equatable, Sendable {
    public let input: BoardInput
    /// Which of the body's sensors it is.
    public let place: Int
    /// What it measures for each count, and where it counts nothing.
    public let scale: Double
    public let offset: Double

    public init(input: BoardInput, place: Int, scale: Double, offset: Double) {
        self.input = input
        self.place = place
        self.scale = scale
        self.offset = offset
    }

    /// Nil for what is beyond all counting.
    func counts(of value: Float) -> Int32? { Int32(exactly: ((Double(value) - offset) / scale).rounded()) }
}

extension BoardHardware {
    /// All inputs up to the last that something hangs on.
    var inputs: BoardInputCount {
        let last = sensors.map(\.input.rawValue).max()
        return last.flatMap { BoardInputCount($0 + 1) } ?? .zero
    }
}

/// What the electronics of a board can keep.
public struct BoardLimits: Equatable, Sendable {
    public var speed = RadiansPerSecond(60)
    public var effort = NewtonMetres(20)
    public var current = Amperes(20)
    public var temperature = Celsius(100)
    public var supply = Volts(30)

    func allow(_ configuration: Configure) -> Bool {
        var position: UInt8 = 0
        while let joint = configuration.joints.joint(at: position) {
            let bounds = configuration[joint]
            guard bounds.speed <= speed, bounds.effort <= effort, bounds.current <= current else { return false }
            guard bounds.temperature <= temperature else { return false }
            position += 1
        }
        return configuration.supply.high <= supply
    }
}
