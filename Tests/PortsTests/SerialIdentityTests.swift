import Testing

@testable import Ports

@Suite struct SerialIdentityTests {
    @Test(
        "an identity is read and written back",
        arguments: [
            ("/dev/serial/by-id/usb-FTDI-if00", SerialIdentity.link("usb-FTDI-if00")),
            ("/dev/serial/by-path/pci-0:1.2", .place("pci-0:1.2")),
            ("usb:0403:6001:S1", .usb(vendor: 0x0403, product: 0x6001, serial: "S1")),
            ("usb:ffff:000a:a:b", .usb(vendor: 0xFFFF, product: 10, serial: "a:b")),
        ])
    func reading(text: String, identity: SerialIdentity) {
        #expect(SerialIdentity(text) == identity)
        #expect(identity.description == text)
    }

    @Test(
        "what can be another device tomorrow is no identity",
        arguments: [
            "", "ttyUSB0", "/dev/ttyUSB0", "/dev/ttyACM1", "/dev/pts/3", "/dev/serial/by-id/", "/dev/serial/by-id/..",
            "/dev/serial/by-id/../../ttyUSB0", "/dev/serial/by-path/a/b", "usb:0403:6001", "usb:0403:6001:",
            "usb:403:6001:S1", "usb:0403:60011:S1", "usb:+403:6001:S1", "usb:wxyz:6001:S1", "USB:0403:6001:S1",
        ])
    func refused(text: String) { #expect(SerialIdentity(text) == nil) }

    @Test(
        "a rate is near another one up to 2 % of it",
        arguments: [
            (980_000, 1_000_000, true), (979_999, 1_000_000, false), (1_020_000, 1_000_000, true),
            (1_020_001, 1_000_000, false), (1, 1, true), (2, 1, false), (51, 50, true), (UInt32.max, .max, true),
            (1, .max, false),
        ])
    func near(got: UInt32, asked: UInt32, isNear: Bool) throws {
        #expect(try #require(BaudRate(got)).isNear(#require(BaudRate(asked))) == isNear)
    }

    @Test("there is no rate of 0")
    func zero() { #expect(BaudRate(0) == nil) }
}
