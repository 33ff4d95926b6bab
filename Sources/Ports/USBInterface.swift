internal import CUSB

/// The part of a device that we talk to, as its descriptors say.
struct USBInterface: Equatable, Sendable {
    enum Kind: Sendable {
        /// Of its maker's own class, with one bulk endpoint each way and perhaps one for events.
        case stream
        /// A button, pedal or key: reports come through an interrupt endpoint. nil for whichever comes first.
        case humanInput(number: UInt8?)
    }

    struct Endpoint: Equatable, Sendable {
        let address: UInt8
        let packetSize: Int
        let isBulk: Bool

        var isInput: Bool { address & 0x80 != 0 }
    }

    let number: UInt8
    let input: Endpoint?
    let output: Endpoint?
    let events: Endpoint?

    /// nil when the endpoints are not those of this kind.
    init?(number: UInt8, class code: UInt8, endpoints: [Endpoint], kind: Kind) {
        let inputs = endpoints.filter { $0.isBulk && $0.isInput }
        let outputs = endpoints.filter { $0.isBulk && !$0.isInput }
        let events = endpoints.filter { !$0.isBulk && $0.isInput }
        switch kind {
        case .stream:
            guard code == 0xFF, inputs.count == 1, outputs.count == 1, events.count <= 1 else { return nil }
        case .humanInput(let asked):
            guard code == 0x03, asked == nil || asked == number, !events.isEmpty else { return nil }
        }
        self.number = number
        (input, output, self.events) = (inputs.first, outputs.first, events.first)
    }

    /// The first interface of this kind in the configuration that is active.
    static func find(_ kind: Kind, on handle: OpaquePointer) throws(PortError) -> USBInterface {
        var found: UnsafeMutablePointer<libusb_config_descriptor>?
        // SAFETY: the handle is open, and lends the device. The library fills the variable with a descriptor that is
        // ours to free.
        try USBLibrary.check(.configure, unsafe libusb_get_active_config_descriptor(libusb_get_device(handle), &found))
        guard let configuration = unsafe found else { throw .unsuitable }
        defer { unsafe libusb_free_config_descriptor(configuration) }
        for index in unsafe 0..<Int(configuration.pointee.bNumInterfaces) {
            // SAFETY: the library says how many interfaces, settings and endpoints there are. The first setting is the
            // one that holds unless another is asked for.
            let interface = unsafe configuration.pointee.interface[index]
            guard unsafe interface.num_altsetting > 0, let setting = unsafe interface.altsetting?.pointee else {
                continue
            }
            let endpoints = unsafe (0..<Int(setting.bNumEndpoints)).compactMap { unsafe endpoint(setting.endpoint[$0]) }
            let suitable = unsafe USBInterface(
                number: setting.bInterfaceNumber, class: setting.bInterfaceClass, endpoints: endpoints, kind: kind)
            if let suitable { return suitable }
        }
        throw .unsuitable
    }

    /// nil for endpoints that are neither bulk nor interrupt.
    private static func endpoint(_ descriptor: libusb_endpoint_descriptor) -> Endpoint? {
        let (bulk, interrupt): (UInt8, UInt8) = (2, 3)
        let kind = unsafe descriptor.bmAttributes & 3
        guard kind == bulk || kind == interrupt else { return nil }
        // The bits above say how many packets fit into one moment of the bus.
        let size = unsafe Int(descriptor.wMaxPacketSize & 0x7FF)
        return unsafe size == 0
            ? nil : Endpoint(address: descriptor.bEndpointAddress, packetSize: size, isBulk: kind == bulk)
    }
}
