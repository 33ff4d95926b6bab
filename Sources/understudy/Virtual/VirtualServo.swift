import Actuators
import Ports
import VirtualRobot

/// One servo of a virtual bus.
struct VirtualServo: Equatable, Sendable {
    let product: VirtualProduct
    let id: UInt8
    /// What the encoder reads where the joint is at zero.
    var stepAtZero: Int32 = 2_048
}

// Servos along a wire, as a careful owner has set them up.
extension [VirtualServo] {
    /// - Parameter rate: nil is what most owners set.
    func dynamixelWire(at rate: BaudRate?) -> DynamixelWire {
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

    var feetechWire: FeetechWire {
        FeetechWire(
            compactMap { servo in
                guard case .feetech(let model, let supply) = servo.product, let id = Feetech.ServoID(servo.id) else {
                    return nil
                }
                return FeetechServo.Identity(id: id, model: model, supply: supply, readingAtZero: servo.stepAtZero)
            })
    }

    var moteusWire: MoteusWire {
        MoteusWire(compactMap { MoteusController.Identity(id: $0.id, rpmPerVolt: 304, winding: 0.05) }, adapter: .usb)
    }
}

extension LineSettings {
    /// Through USB, where the rate of the port means nothing.
    static var adapter: LineSettings {
        var line = LineSettings(rate: nil, isShared: false)
        line.heedsPort = false
        return line
    }
}
