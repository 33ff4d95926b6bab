import Testing

@testable import Ports

/// What is said about USB devices without touching one.
@Suite struct USBIdentityTests {
    @Test(
        "an identity reads what it writes",
        arguments: [
            USBIdentity(vendor: 0x1209, product: 1), USBIdentity(vendor: 0, product: 0xFFFF, serial: "A:B c"),
        ])
    func roundTrip(identity: USBIdentity) { #expect(USBIdentity(identity.description) == identity) }

    @Test(
        "anything else is no identity",
        arguments: [
            "", "usb", "usb:1209", "usb:1209:1", "usb:1209:00001", "usb:1209:0001:", "tty:1209:0001", "usb:12g9:0001",
        ])
    func malformed(text: String) { #expect(USBIdentity(text) == nil) }

    @Test("devices are read from sysfs, hubs and interfaces left out, and found by identity")
    func listing() throws {
        let folder = try ScratchFolder()
        let tree = DeviceTree(usb: folder.path)
        func put(_ socket: String, _ serial: String?, class code: String = "00") throws {
            let facts = ["busnum": "1", "devnum": "\(socket.utf8.count)", "idVendor": "1209", "idProduct": "0001"]
            for (name, value) in facts { try folder.put(value + "\n", in: "\(socket)/\(name)") }
            try folder.put(code + "\n", in: "\(socket)/bDeviceClass")
            if let serial { try folder.put(serial + "\n", in: "\(socket)/serial") }
        }
        try put("1-1", "A")
        try put("1-1.2", "")
        try put("usb1", "0000:00:14.0", class: "09")
        try folder.put("ff\n", in: "1-1:1.0/bInterfaceClass")
        let all = USBDevices.all(in: tree)
        #expect(all.map(\.socket) == ["1-1", "1-1.2"])
        #expect(all.map(\.usb.serial) == ["A", nil])
        #expect(all.map(\.path) == ["/dev/bus/usb/001/003", "/dev/bus/usb/001/005"])
        #expect(all.allSatisfy { !$0.permission.canRead })
        #expect(try USBDevices.device(USBIdentity(vendor: 0x1209, product: 1, serial: "A"), in: tree).socket == "1-1")
        let both = USBIdentity(vendor: 0x1209, product: 1)
        #expect(portError { _ = try USBDevices.device(both, in: tree) } == .ambiguous(count: 2))
        let none = USBIdentity(vendor: 0x1209, product: 2)
        #expect(portError { _ = try USBDevices.device(none, in: tree) } == .missing)
    }

    @Test("a serial number of the longest kind is read whole")
    func longSerial() throws {
        let folder = try ScratchFolder()
        let serial = String(repeating: "€", count: 126)
        for (name, value) in ["busnum": "1", "devnum": "2", "idVendor": "1209", "idProduct": "0001", "serial": serial] {
            try folder.put(value + "\n", in: "1-1/\(name)")
        }
        #expect(USBDevices.all(in: DeviceTree(usb: folder.path)).map(\.usb.serial) == [serial])
    }

    private static let bulkIn = USBInterface.Endpoint(address: 0x81, packetSize: 64, isBulk: true)
    private static let bulkOut = USBInterface.Endpoint(address: 0x01, packetSize: 64, isBulk: true)
    private static let events = USBInterface.Endpoint(address: 0x82, packetSize: 8, isBulk: false)

    private func interface(
        _ endpoints: [USBInterface.Endpoint], class code: UInt8 = 0xFF, _ kind: USBInterface.Kind = .stream
    ) -> USBInterface? {
        USBInterface(number: 1, class: code, endpoints: endpoints, kind: kind)
    }

    @Test("a stream has one bulk endpoint each way and its maker's own class")
    func stream() {
        let found = interface([Self.events, Self.bulkOut, Self.bulkIn])
        #expect(found?.input == Self.bulkIn && found?.output == Self.bulkOut && found?.events == Self.events)
        #expect(interface([Self.bulkOut, Self.bulkIn]) != nil)
        #expect(interface([Self.bulkOut, Self.bulkIn], class: 0x0A) == nil)
        #expect(interface([Self.bulkIn]) == nil && interface([Self.bulkOut]) == nil)
        #expect(interface([Self.bulkIn, Self.bulkIn, Self.bulkOut]) == nil)
        #expect(interface([Self.bulkIn, Self.bulkOut, Self.events, Self.events]) == nil)
    }

    @Test("a button has an interrupt endpoint, and the number that was asked for")
    func button() {
        #expect(interface([Self.events], class: 3, .humanInput(number: nil))?.events == Self.events)
        #expect(interface([Self.events], class: 3, .humanInput(number: 1)) != nil)
        #expect(interface([Self.events], class: 3, .humanInput(number: 0)) == nil)
        #expect(interface([Self.events], class: 0xFF, .humanInput(number: nil)) == nil)
        #expect(interface([Self.bulkIn], class: 3, .humanInput(number: nil)) == nil)
    }
}
