/// What stays the same about a USB device when it is unplugged and when the machine starts again.
public struct USBIdentity: Hashable, Sendable {
    public let vendor: UInt16
    public let product: UInt16
    /// nil for a device that has none, and for whichever one of this model is there alone.
    public let serial: String?

    public init(vendor: UInt16, product: UInt16, serial: String? = nil) {
        self.vendor = vendor
        self.product = product
        self.serial = serial
    }

    /// Reads `usb:VENDOR:PRODUCT` or `usb:VENDOR:PRODUCT:SERIAL` with numbers of four hexadecimal digits; nil for
    /// anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0] == "usb", let vendor = UInt16(hexadecimal: parts[1]),
            let product = UInt16(hexadecimal: parts[2])
        else { return nil }
        let serial = parts.dropFirst(3).first.map { String($0) }
        guard serial != "" else { return nil }
        self.init(vendor: vendor, product: product, serial: serial)
    }

    func isThat(of device: USBDeviceInfo) -> Bool {
        device.usb.vendor == vendor && device.usb.product == product && (serial == nil || device.usb.serial == serial)
    }
}

extension USBIdentity: CustomStringConvertible {
    /// What `init(_:)` reads.
    public var description: String {
        "usb:\(vendor.fourHexadecimalDigits):\(product.fourHexadecimalDigits)" + (serial.map { ":" + $0 } ?? "")
    }
}

extension UInt16 {
    /// Exactly four digits; nil for anything else.
    init?(hexadecimal text: Substring) {
        guard text.count == 4, text.allSatisfy(\.isHexDigit), let number = UInt16(text, radix: 16) else { return nil }
        self = number
    }

    var fourHexadecimalDigits: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
