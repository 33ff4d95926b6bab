public import Actuators
public import Ports
import Quantities
public import Simulator
public import VirtualRobot

/// What can be bought, and so pretended.
public enum VirtualProduct: Equatable, Sendable {
    case dynamixel(Dynamixel.Model)
    case feetech(Feetech.Model, FeetechServo.Supply)
    case moteus

    public enum Family: Hashable { case dynamixel, feetech, moteus }

    public static let mostServos = 32

    private static let all: [(name: String, product: VirtualProduct)] =
        Dynamixel.Model.allCases.map { ($0.productName.lowercased(), .dynamixel($0)) } + [
            ("sts3215", .feetech(.sts3215, .sevenVolts)), ("sts3215-12v", .feetech(.sts3215, .twelveVolts)),
            ("sts3250", .feetech(.sts3250, .twelveVolts)), ("moteus", .moteus),
        ]

    public static var allNames: [String] { all.map(\.name) }

    /// As it is written on a command line.
    public var name: String { Self.all.first { $0.product == self }?.name ?? "?" }

    public init?(_ name: String) {
        guard let found = Self.all.first(where: { $0.name == name.lowercased() }) else { return nil }
        self = found.product
    }

    public var family: Family {
        switch self {
        case .dynamixel: .dynamixel
        case .feetech: .feetech
        case .moteus: .moteus
        }
    }

    public var leastID: UInt8 { self == .moteus ? 1 : 0 }

    public var greatestID: UInt8 {
        switch self {
        case .dynamixel: 252
        case .feetech: 253
        case .moteus: 126
        }
    }

    /// What a careful owner sets; a servo fresh from the box is slower.
    public var usualRate: BaudRate? { BaudRate(self == .moteus ? 115_200 : 1_000_000) }

    public var motor: MotorSettings {
        switch self {
        case .dynamixel(.xl330M077), .dynamixel(.xl330M288): .xl330
        case .dynamixel: .xm430
        case .feetech: .sts3215
        case .moteus: .moteusKit
        }
    }

    /// What its makers feed it with.
    public var supply: SupplySettings {
        switch self {
        case .dynamixel(.xl330M077), .dynamixel(.xl330M288): SupplySettings(voltage: Volts(5))
        case .dynamixel, .feetech(_, .twelveVolts): SupplySettings(voltage: Volts(12))
        case .feetech(_, .sevenVolts): SupplySettings(voltage: Volts(7.4))
        case .moteus: SupplySettings(voltage: Volts(24), resistance: Ohms(0.01))
        }
    }
}
