public import Actuators

/// How a virtual servo comes out of its box, or was set before it was put on the bus.
public struct DynamixelServo: Equatable, Sendable {
    public var model: Dynamixel.Model
    public var id: Dynamixel.ServoID
    public var firmware: Dynamixel.Firmware
    public var bitsPerSecond: UInt32
    /// In steps of 2 µs.
    public var returnDelay: UInt8
    /// What the encoder says where its joint is at zero.
    public var zeroStep: Int32 = 2_048

    public init(
        _ model: Dynamixel.Model, id: Dynamixel.ServoID, firmware: Dynamixel.Firmware? = nil,
        bitsPerSecond: UInt32 = 57_600, returnDelay: UInt8 = 250
    ) {
        self.model = model
        self.id = id
        self.firmware = firmware ?? model.latestFirmware
        self.bitsPerSecond = bitsPerSecond
        self.returnDelay = returnDelay
    }

    /// Servos 1, 2, 3 … as a careful owner sets them: fast, and answering at once.
    public static func set(
        _ model: Dynamixel.Model, count: UInt8, bitsPerSecond: UInt32 = 1_000_000
    ) -> [DynamixelServo] {
        (1...max(1, count)).compactMap(Dynamixel.ServoID.init).map {
            DynamixelServo(model, id: $0, bitsPerSecond: bitsPerSecond, returnDelay: 0)
        }
    }
}

extension Dynamixel.Model {
    var isX330: Bool { self == .xl330M077 || self == .xl330M288 }
    var isX540: Bool { self == .xm540W150 || self == .xm540W270 }

    /// One that has every instruction known here.
    var latestFirmware: Dynamixel.Firmware { Dynamixel.Firmware(isX330 ? 53 : 48) }

    /// What a servo of this model has in its registers when it leaves the factory; what is not here is zero.
    func factoryValue(_ item: Dynamixel.Item) -> Int64 {
        switch item {
        case .modelNumber: Int64(rawValue)
        case .id, .baudCode, .returnDelay, .shadowID, .protocolType, .operatingMode, .movingThreshold: common(item)
        case .statusReturnLevel, .maxPositionLimit, .pwmLimit, .pwmSlope, .goalPWM: common(item)
        case .temperatureLimit: isX330 ? 70 : hasCurrentSensor ? 80 : 72
        case .maxVoltageLimit: isX330 ? 70 : hasCurrentSensor ? 160 : 140
        case .minVoltageLimit: isX330 ? 35 : hasCurrentSensor ? 95 : 60
        case .currentLimit, .goalCurrent: greatestCurrent
        case .velocityLimit: velocityLimit
        case .shutdown: isX330 ? 0x35 : 0x34
        case .velocityIGain: isX330 ? 1_600 : hasCurrentSensor ? 1_920 : 1_000
        case .velocityPGain: isX330 ? 180 : 100
        case .positionIGain: isX330 || hasCurrentSensor ? 0 : 4_000
        case .positionPGain: isX330 ? 400 : hasCurrentSensor ? 800 : 640
        default: 0
        }
    }

    private func common(_ item: Dynamixel.Item) -> Int64 {
        switch item {
        case .id, .baudCode: 1
        case .returnDelay: 250
        case .shadowID: 255
        case .protocolType, .statusReturnLevel: 2
        case .operatingMode: 3
        case .movingThreshold: 10
        case .maxPositionLimit: 4_095
        case .pwmLimit, .goalPWM: 885
        case .pwmSlope: 140
        default: 0
        }
    }

    var greatestCurrent: Int64 { isX330 ? 1_750 : isX540 ? 2_047 : 1_193 }

    private var velocityLimit: Int64 {
        switch self {
        case .xl330M077: 1_620
        case .xl330M288: 445
        case .xl430W250: 265
        case .doubleXL430W250: 250
        case .xm430W210: 330
        case .xm430W350: 200
        case .xm540W150: 230
        case .xm540W270: 128
        }
    }
}
