public import Quantities

/// What a device says of which one it is, beside its model. Servos of Dynamixel and Feetech have no serial number: of
/// those only the settings that they keep tell two of a kind apart, if anybody has set them differently.
public struct DevicePassport: Equatable, Sendable {
    public let joint: JointIndex
    /// As its maker counts.
    public let firmware: String
    /// Nil where this kind of device has none.
    public let serial: String?
    /// The settings that it keeps without its supply, as they lie in its memory, without those that its driver writes;
    /// empty where there are none to be read.
    public let stored: [UInt8]

    public init(joint: JointIndex, firmware: String, serial: String?, stored: [UInt8]) {
        self.joint = joint
        self.firmware = firmware
        self.serial = serial
        self.stored = stored
    }
}

/// Sixteen digits for a number are the same sixteen on every machine.
func hexadecimal(_ words: UInt32...) -> String {
    words.map { word in
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }.joined()
}
