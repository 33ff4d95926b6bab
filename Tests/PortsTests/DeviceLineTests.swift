import Testing

@testable import Ports

@Suite("A line by its address")
struct DeviceLineTests {
    @Test("identities, pseudo terminals and paths are addresses")
    func understood() throws {
        let link = try #require(SerialIdentity("/dev/serial/by-id/usb-FTDI_a"))
        #expect(try DeviceAddress("/dev/serial/by-id/usb-FTDI_a") == .serial(link))
        #expect(try DeviceAddress("usb:0403:6014:FT7").description == "usb:0403:6014:FT7")
        #expect(try DeviceAddress("/dev/pts/4") == .path("/dev/pts/4"))
        #expect(try DeviceAddress("./robot") == .path("./robot"))
    }

    @Test(
        "a name that belongs to whatever was plugged in first is refused",
        arguments: [
            "/dev/ttyUSB0", "/dev/ttyACM1", "/dev/pts/ptmx", "/dev/pts/", "/dev/serial/by-id/../x", "/dev/robot",
        ])
    func unstable(text: String) {
        #expect(throws: AddressProblem.unstable) { try DeviceAddress(text) }
    }

    @Test("a word is no address", arguments: ["", "ttyUSB0", "usb:0403:6014", "usb:0403:6014:/x/"])
    func noAddress(text: String) {
        if text == "usb:0403:6014:/x/" {
            #expect(throws: Never.self) { try DeviceAddress(text) }
        } else {
            #expect(throws: AddressProblem.noAddress) { try DeviceAddress(text) }
        }
    }

    @Test("bytes go both ways through a pseudo terminal, whose rate the other side can read")
    func terminal() throws {
        var far = try PseudoTerminal()
        let (slow, fast) = try (#require(BaudRate(57_600)), #require(BaudRate(1_000_000)))
        var line = try DeviceLine(DeviceAddress(far.path), baudRate: slow)
        let (hasRate, latency) = (line.hasRate, line.latency)
        #expect(hasRate && latency == nil)
        #expect(try far.baudRateOfPeer() == slow)
        try line.setBaudRate(fast)
        #expect(try far.baudRateOfPeer() == fast)
        let deadline = MonotonicInstant.now() + .seconds(20)
        let bytes: [UInt8] = [1, 2, 3]
        try line.write(bytes.span, by: deadline)
        #expect(try received(&far, by: deadline) == bytes)
        try far.write(bytes.span, by: deadline)
        #expect(try received(&line, by: deadline) == bytes)
        let counters = line.counters
        #expect(counters.bytesIn == 3 && counters.bytesOut == 3)
    }

    @Test("a socket is a line without a rate; what was not read can be thrown away")
    func socket() throws {
        var other: SocketLink?
        var line = DeviceLine(try SocketLink(pairedWith: &other))
        let hasRate = line.hasRate
        #expect(!hasRate)
        try line.setBaudRate(#require(BaudRate(9_600)))
        let bytes: [UInt8] = [7, 8]
        let deadline = MonotonicInstant.now() + .seconds(20)
        try other?.write(bytes.span, by: deadline)
        #expect(try line.discardInput() == 2)
        try other?.write(bytes.span, by: deadline)
        #expect(try received(&line, by: deadline) == bytes)
    }

    @Test("what is not there is missing, and what another program has is busy")
    func refused() throws {
        let rate = try #require(BaudRate(57_600))
        for path in ["/nowhere/at/all", "/dev/pts/999999", "/dev/serial/by-id/none"] {
            #expect(throws: PortError.missing) { _ = try DeviceLine(DeviceAddress(path), baudRate: rate) }
        }
        let far = try PseudoTerminal()
        let first = try DeviceLine(DeviceAddress(far.path), baudRate: rate)
        #expect(throws: PortError.busy) { _ = try DeviceLine(DeviceAddress(far.path), baudRate: rate) }
        _ = consume first
    }

    private func received(
        _ port: inout some BytePort & ~Copyable, by deadline: MonotonicInstant
    ) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 16)
        var room = bytes.mutableSpan
        let count = try port.read(into: &room, by: deadline)
        return Array(bytes[..<count])
    }
}
