public import BoardFirmware
public import BoardLink
public import Quantities
import Simulator

/// A board as a thing: its chip, its program, what its electronics can do and what hangs on its inputs.
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
    public var ticksBetweenStates: UInt32 = 5

    public init(joints: BoardJointCount, torqueConstant: NewtonMetresPerAmpere) {
        self.joints = joints
        self.torqueConstant = torqueConstant
        chip = ChipIdentifier(high: 0x0042_0031, middle: 0x3437_5114, low: 0x3831_3830)
        firmwareBuild = DoubleWord(high: 0, low: 1)
        layout = .ofThisBuild()
    }

    /// What its program knows of it.
    public var settings: BoardSettings {
        var settings = BoardSettings(
            chip: chip, firmwareBuild: firmwareBuild, joints: joints, torqueConstant: torqueConstant)
        settings.layout = layout
        settings.most = most
        settings.inputs = inputs
        settings.ticksBetweenStates = ticksBetweenStates
        return settings
    }

    /// All inputs up to the last that something hangs on.
    private var inputs: BoardInputCount {
        let last = sensors.map(\.input.rawValue).max()
        return last.flatMap { BoardInputCount($0 + 1) } ?? .zero
    }

    /// What it measures of the body.
    func measurement(of body: some VirtualBody) -> BoardMeasurement {
        var measured = BoardMeasurement()
        for place in 0..<min(body.jointCount, 4) {
            guard let joint = BoardJoint(UInt8(place)) else { break }
            let state = body.state(of: place)
            measured.set(
                joint,
                to: JointMeasurement(
                    position: state.position, speed: state.speed, current: state.current, voltage: state.voltage,
                    temperature: state.temperature))
        }
        for sensor in sensors {
            measured.set(sensor.input, to: body.measurement(of: sensor.place).flatMap(sensor.counts))
        }
        return measured
    }
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
