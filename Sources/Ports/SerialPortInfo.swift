/// One serial port of the machine: where it is now, what it is, and whether this user may open it.
public struct SerialPortInfo: Equatable, Sendable {
    /// Where it is now; another time it may be elsewhere.
    public let path: String
    /// nil for ports that are no USB devices.
    public let usb: USBDescription?
    /// Its names in `/dev/serial/by-id`.
    public let links: [String]
    /// Its names in `/dev/serial/by-path`.
    public let places: [String]
    public let permission: PortPermission

    /// The best identity to write into a robot's file; nil when nothing about the port is stable.
    public var identity: SerialIdentity? {
        if let usb, let serial = usb.serial {
            return .usb(vendor: usb.vendor, product: usb.product, serial: serial)
        }
        // Without a serial number all adapters of one model share their name in by-id.
        return places.first.map(SerialIdentity.place) ?? links.first.map(SerialIdentity.link)
    }
}

/// What a USB device says about itself.
public struct USBDescription: Equatable, Sendable {
    public let vendor: UInt16
    public let product: UInt16
    public let maker: String?
    public let model: String?
    public let serial: String?
}

/// Whether this user may open a device.
public struct PortPermission: Equatable, Sendable {
    public let canRead: Bool
    public let canWrite: Bool
    /// The group of the device file: who is in it may open it. nil when there is no such file.
    public let group: UInt32?
}

/// The serial ports of the machine.
public enum SerialPorts {
    /// All that are there, by path. Costs some reads of sysfs for each.
    public static func all() throws(PortError) -> [SerialPortInfo] { try all(in: .machine) }

    static func all(in tree: DeviceTree) throws(PortError) -> [SerialPortInfo] {
        let links = targets(in: tree.links)
        let places = targets(in: tree.places)
        // A link may lead to a port that libserialport does not list.
        let paths = try Set(SerialLibrary.paths()).union(links.values).union(places.values)
        return paths.sorted().compactMap { path in
            guard let usb = try? SerialLibrary.usb(of: path) else { return nil }
            return SerialPortInfo(
                path: path, usb: usb.description, links: names(in: links, of: path),
                places: names(in: places, of: path), permission: Linux.permission(of: path))
        }
    }

    /// Where the one port with this identity is now.
    static func path(of identity: SerialIdentity, in tree: DeviceTree) throws(PortError) -> String {
        let found = try all(in: tree).filter(identity.isThat)
        guard let first = found.first else { throw .missing }
        if found.count > 1 { throw .ambiguous(count: found.count) }
        return first.path
    }

    private static func targets(in folder: String) -> [String: String] {
        var targets: [String: String] = [:]
        for name in Linux.names(in: folder) { targets[name] = Linux.resolved("\(folder)/\(name)") }
        return targets
    }

    private static func names(in targets: [String: String], of path: String) -> [String] {
        targets.filter { $0.value == path }.keys.sorted()
    }
}

/// Where Linux keeps what there is to know about serial ports and USB devices.
struct DeviceTree {
    var links = "/dev/serial/by-id"
    var places = "/dev/serial/by-path"
    var terminals = "/sys/class/tty"
    var usb = "/sys/bus/usb/devices"

    static let machine = DeviceTree()
}
