import Actuators
public import Ports
public import VirtualRobot

/// One servo of a virtual bus.
public struct VirtualServo: Equatable, Sendable {
    public let product: VirtualProduct
    public let id: UInt8
    /// What the encoder reads where the joint is at zero.
    public var stepAtZero: Int32

    public init(product: VirtualProduct, id: UInt8, stepAtZero: Int32 = 2_048) {
        self.product = product
        self.id = id
        self.stepAtZero = stepAtZero
    }
}

// Servos along a wire, as a careful owner has set them up.
extension [VirtualServo] {
    /// - Parameter rate: nil is what most owners set.
    public func dynamixelWire(at rate: BaudRate?) -> DynamixelWire {
        DynamixelWire(
            compactMap { servo in
                guard case .dynamixel(let model) = servo.product, let id = Dynamixel.ServoID(servo.id) else {
                    return nil
                }
                var slave = DynamixelServo(
                    model, id: id, bitsPerSecond: rate?.bitsPerSecond ?? 1_000_000, returnDelay: 0)
                slave.zeroStep = servo.stepAtZero
                return slave
            })
    }

    public var feetechWire: FeetechWire {
        FeetechWire(
            compactMap { servo in
                guard case .feetech(let model, let supply) = servo.product, let id = Feetech.ServoID(servo.id) else {
                    return nil
                }
                return FeetechServo.Identity(
                    id: id, model: model, supply: supply, readingAtZero: servo.stepAtZero, returnDelay: 0)
            })
    }

    public var moteusWire: MoteusWire {
        MoteusWire(compactMap { MoteusController.Identity(id: $0.id, rpmPerVolt: 304, winding: 0.05) }, adapter: .usb)
    }
}

extension LineSettings {
    /// Through USB, where the rate of the port means nothing.
    public static var adapter: LineSettings {
        var line = LineSettings(rate: nil, isShared: false)
        line.heedsPort = false
        return line
    }
}
