/// One USB device of the machine: what it is, where it is now, and whether this user may open it.
public struct USBDeviceInfo: Equatable, Sendable {
    public let usb: USBDescription
    /// The socket it is plugged into, as Linux names it: bus, then the ports of the hubs on the way, `1-2.4`.
    public let socket: String
    public let bus: UInt8
    /// Given anew each time it is plugged in.
    public let address: UInt8
    public let permission: PortPermission

    /// What a program opens.
    public var path: String { Self.path(bus: bus, address: address) }

    public var identity: USBIdentity { USBIdentity(vendor: usb.vendor, product: usb.product, serial: usb.serial) }

    fileprivate static func path(bus: UInt8, address: UInt8) -> String {
        "/dev/bus/usb/\(threeDigits(bus))/\(threeDigits(address))"
    }

    private static func threeDigits(_ number: UInt8) -> String {
        String(repeating: "0", count: 3 - String(number).count) + String(number)
    }
}

/// The USB devices of the machine.
public enum USBDevices {
    /// All that are there, hubs left out, by the socket they are in.
    ///
    /// Costs some reads of sysfs for each and opens none, so it also lists those that this user may not open.
    public static func all() -> [USBDeviceInfo] { all(in: .machine) }

    static func all(in tree: DeviceTree) -> [USBDeviceInfo] {
        // Interfaces are in this folder too; only devices have a number.
        Linux.names(in: tree.usb).compactMap { device(in: $0, of: tree) }
    }

    /// Where the one device with this identity is now.
    static func device(_ identity: USBIdentity, in tree: DeviceTree = .machine) throws(PortError) -> USBDeviceInfo {
        let found = all(in: tree).filter(identity.isThat)
        guard let first = found.first else { throw .missing }
        if found.count > 1 { throw .ambiguous(count: found.count) }
        return first
    }

    private static let hubs = "09"

    private static func device(in socket: String, of tree: DeviceTree) -> USBDeviceInfo? {
        let line = { (name: String) in Linux.line(of: "\(tree.usb)/\(socket)/\(name)") }
        let text = { (name: String) in line(name).flatMap { $0.isEmpty ? nil : $0 } }
        let number = { (name: String) in line(name).flatMap { UInt8($0) } }
        let code = { (name: String) in line(name).flatMap { UInt16(hexadecimal: $0[...]) } }
        guard line("bDeviceClass") != hubs, let bus = number("busnum"), let address = number("devnum"),
            let vendor = code("idVendor"), let product = code("idProduct")
        else { return nil }
        return USBDeviceInfo(
            usb: USBDescription(
                vendor: vendor, product: product, maker: text("manufacturer"), model: text("product"),
                serial: text("serial")),
            socket: socket, bus: bus, address: address,
            permission: Linux.permission(of: USBDeviceInfo.path(bus: bus, address: address)))
    }
}
