/// What stays the same about a serial port when it is unplugged, when the machine starts again, and beside other ports.
///
/// `/dev/ttyUSB0` is no identity: it is whatever was plugged in first.
public enum SerialIdentity: Hashable, Sendable {
    /// A name in `/dev/serial/by-id`: maker, product and serial number.
    case link(String)
    /// A name in `/dev/serial/by-path`: the socket it is plugged into. For adapters without a serial number.
    case place(String)
    case usb(vendor: UInt16, product: UInt16, serial: String)

    private static let linkFolder = "/dev/serial/by-id/"
    private static let placeFolder = "/dev/serial/by-path/"

    /// Reads `/dev/serial/by-id/NAME`, `/dev/serial/by-path/NAME` or `usb:VENDOR:PRODUCT:SERIAL` with numbers of four
    /// hexadecimal digits; nil for anything else.
    public init?(_ text: String) {
        if let name = Self.name(text, in: Self.linkFolder) {
            self = .link(name)
        } else if let name = Self.name(text, in: Self.placeFolder) {
            self = .place(name)
        } else if let usb = Self.usb(text) {
            self = usb
        } else {
            return nil
        }
    }

    private static func name(_ text: String, in folder: String) -> String? {
        let name = text.dropFirst(folder.count)
        guard text.hasPrefix(folder), !name.isEmpty, !name.contains("/"), name != ".", name != ".." else { return nil }
        return String(name)
    }

    private static func usb(_ text: String) -> SerialIdentity? {
        let parts = text.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "usb", !parts[3].isEmpty, let vendor = UInt16(hexadecimal: parts[1]),
            let product = UInt16(hexadecimal: parts[2])
        else { return nil }
        return .usb(vendor: vendor, product: product, serial: String(parts[3]))
    }

    func isThat(of port: SerialPortInfo) -> Bool {
        switch self {
        case .link(let name): port.links.contains(name)
        case .place(let name): port.places.contains(name)
        case .usb(let vendor, let product, let serial):
            port.usb.map { $0.vendor == vendor && $0.product == product && $0.serial == serial } ?? false
        }
    }
}

extension SerialIdentity: CustomStringConvertible {
    /// What `init(_:)` reads.
    public var description: String {
        switch self {
        case .link(let name): Self.linkFolder + name
        case .place(let name): Self.placeFolder + name
        case .usb(let vendor, let product, let serial):
            "usb:\(vendor.fourHexadecimalDigits):\(product.fourHexadecimalDigits):\(serial)"
        }
    }
}
