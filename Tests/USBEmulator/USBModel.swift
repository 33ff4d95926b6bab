/// What a USB device says about itself, in its descriptors and in sysfs.
public struct USBModel: Sendable {
    public struct Endpoint: Sendable {
        public let address: UInt8
        public let packetSize: Int
        /// 2 for bulk, 3 for interrupt.
        public let kind: UInt8

        public static func bulk(_ address: UInt8, packetSize: Int = 64) -> Endpoint {
            Endpoint(address: address, packetSize: packetSize, kind: 2)
        }

        public static func interrupt(_ address: UInt8, packetSize: Int = 8) -> Endpoint {
            Endpoint(address: address, packetSize: packetSize, kind: 3)
        }
    }

    public struct Interface: Sendable {
        public let code: UInt8
        public let endpoints: [Endpoint]
        /// The driver of the kernel that has it from the start.
        public let driver: String?

        public init(class code: UInt8, _ endpoints: [Endpoint], driver: String? = nil) {
            (self.code, self.endpoints, self.driver) = (code, endpoints, driver)
        }
    }

    public var vendor: UInt16 = 0x1209
    public var product: UInt16 = 0x0001
    public var maker = "Understudy"
    public var name = "board"
    public var serial: String?
    public var interfaces: [Interface]
    public var isHub = false

    public init(serial: String?, interfaces: [Interface]) {
        self.serial = serial
        self.interfaces = interfaces
    }

    /// A board of our own: bytes both ways and events.
    public static func board(_ serial: String?, events: Bool = true) -> USBModel {
        let stream = [Endpoint.bulk(0x01), .bulk(0x81)]
        return USBModel(
            serial: serial, interfaces: [Interface(class: 0xFF, stream + (events ? [.interrupt(0x82)] : []))])
    }

    /// A foot pedal, which the kernel takes for a keyboard.
    public static func pedal(_ serial: String?) -> USBModel {
        var model = USBModel(serial: serial, interfaces: [Interface(class: 3, [.interrupt(0x81)], driver: "usbhid")])
        (model.product, model.name) = (0x0002, "pedal")
        return model
    }

    var attributes: [String: String] {
        let hexadecimal = { (number: UInt16) in
            let digits = String(number, radix: 16)
            return String(repeating: "0", count: 4 - digits.count) + digits
        }
        var attributes = [
            "speed": "480", "idVendor": hexadecimal(vendor), "idProduct": hexadecimal(product), "product": name,
            "manufacturer": maker, "bConfigurationValue": "1", "bDeviceClass": isHub ? "09" : "00",
        ]
        attributes["serial"] = serial
        return attributes
    }

    /// The descriptor of the device and that of its one configuration.
    var descriptors: [UInt8] {
        let bytes = { (number: UInt16) in [UInt8(truncatingIfNeeded: number), UInt8(number >> 8)] }
        let kind: UInt8 = isHub ? 9 : 0
        var device: [UInt8] = [18, 1, 0, 2, kind, 0, 0, 64]
        device += bytes(vendor) + bytes(product)
        device += [0, 1, 1, 2, serial == nil ? 0 : 3, 1]
        let parts = interfaces.enumerated().flatMap { Self.descriptors(of: $1, number: UInt8($0)) }
        device += [9, 2] + bytes(UInt16(9 + parts.count))
        device += [UInt8(interfaces.count), 1, 0, 0x80, 50]
        return device + parts
    }

    private static func descriptors(of interface: Interface, number: UInt8) -> [UInt8] {
        var bytes: [UInt8] = [9, 4, number, 0, UInt8(interface.endpoints.count), interface.code, 0, 0, 0]
        // What a device of this class says between its interface and its endpoints.
        if interface.code == 3 { bytes += [9, 0x21, 0x11, 1, 0, 1, 0x22, 0, 0] }
        for endpoint in interface.endpoints {
            let size = UInt16(endpoint.packetSize)
            bytes += [7, 5, endpoint.address, endpoint.kind, UInt8(truncatingIfNeeded: size), UInt8(size >> 8), 4]
        }
        return bytes
    }
}
