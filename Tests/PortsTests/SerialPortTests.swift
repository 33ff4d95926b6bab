import CSerialShim
import Foundation
import Glibc
import Testing

@testable import Ports

/// libserialport, unchanged, on pseudo terminals that the shim dresses up as USB adapters.
@Suite(.serialized, .enabled(if: serialshim_works())) struct SerialPortTests {
    /// One adapter that is plugged in, and the folders that Linux would show it in.
    struct Adapter: ~Copyable {
        var terminal: PseudoTerminal
        let number: Int32
        let folder: ScratchFolder
        static let name = "usb-FTDI_servo_bus_S0001-if00-port0"

        init(serial: String = "S0001", timer: String? = "16\n") throws {
            let terminal = try PseudoTerminal()
            let number = try #require(Int32(terminal.path.dropFirst("/dev/pts/".count)))
            let folder = try ScratchFolder()
            let attributes = [
                "busnum": "1", "devnum": "3", "idVendor": "0403", "idProduct": "6001", "manufacturer": "FTDI",
                "product": "servo bus", "serial": serial,
            ]
            for (name, value) in attributes { try folder.put(value + "\n", in: "usb/\(name)") }
            try folder.link("by-id/\(Self.name)", to: terminal.path)
            try folder.link("by-path/pci-1-2", to: terminal.path)
            if let timer { try folder.put(timer, in: Self.timerFile(number)) }
            // SAFETY: the shim copies the path.
            unsafe serialshim_set_attributes(number, "\(folder.path)/usb")
            self.terminal = terminal
            self.number = number
            self.folder = folder
        }

        private static func timerFile(_ number: Int32) -> String { "tty/pts/\(number)/device/latency_timer" }
        var timerFile: String { "\(folder.path)/\(Self.timerFile(number))" }

        var tree: DeviceTree {
            DeviceTree(
                links: "\(folder.path)/by-id", places: "\(folder.path)/by-path", terminals: "\(folder.path)/tty")
        }

        func open(baud: UInt32 = 1_000_000, by identity: SerialIdentity = .link(name)) throws -> SerialPort {
            try SerialPort(identity, baudRate: #require(BaudRate(baud)), in: tree)
        }

        deinit {
            serialshim_set_attributes(number, nil)
        }
    }

    @Test(
        "a port is opened by any of its identities, and bytes go both ways",
        arguments: [
            SerialIdentity.link(Adapter.name), .place("pci-1-2"),
            .usb(vendor: 0x0403, product: 0x6001, serial: "S0001"),
        ])
    func opening(identity: SerialIdentity) throws {
        var adapter = try Adapter()
        var port = try adapter.open(by: identity)
        #expect(port.path == adapter.terminal.path)
        let all = (UInt8.min...UInt8.max).map { $0 }
        try port.send(all)
        #expect(try adapter.terminal.receive(256) == all)
        try adapter.terminal.send(all)
        #expect(try port.receive(256) == all)
    }

    @Test("a port says what it is, and its best identity is the serial number")
    func listing() throws {
        let adapter = try Adapter()
        let port = try #require(SerialPorts.all(in: adapter.tree).first { $0.path == adapter.terminal.path })
        #expect(
            port.usb
                == USBDescription(
                    vendor: 0x0403, product: 0x6001, maker: "FTDI", model: "servo bus", serial: "S0001"))
        #expect(port.links == [Adapter.name] && port.places == ["pci-1-2"])
        #expect(port.permission.canRead && port.permission.canWrite && port.permission.group != nil)
        #expect(port.identity == .usb(vendor: 0x0403, product: 0x6001, serial: "S0001"))
    }

    @Test(
        "a device that is not there is missing",
        arguments: [
            SerialIdentity.link("usb-other"), .place("pci-9"), .usb(vendor: 0x0403, product: 0x6001, serial: "S2"),
            .usb(vendor: 0x0404, product: 0x6001, serial: "S0001"),
            .usb(vendor: 0x0403, product: 0x6002, serial: "S0001"),
        ])
    func missing(identity: SerialIdentity) throws {
        let adapter = try Adapter()
        #expect(portError { _ = try adapter.open(by: identity) } == .missing)
    }

    @Test("two devices with one serial number are ambiguous")
    func ambiguous() throws {
        let adapter = try Adapter()
        let twin = try Adapter()
        try adapter.folder.link("by-id/twin", to: twin.terminal.path)
        let identity = SerialIdentity.usb(vendor: 0x0403, product: 0x6001, serial: "S0001")
        #expect(portError { _ = try adapter.open(by: identity) } == .ambiguous(count: 2))
        #expect(portError { _ = try adapter.open(by: .link("twin")) } == nil)
    }

    @Test("a second opener is refused until the first one has closed")
    func twoOpeners() throws {
        let adapter = try Adapter()
        let port = try adapter.open()
        #expect(portError { _ = try adapter.open() } == .busy)
        try port.close()
        #expect(portError { _ = try adapter.open() } == nil)
        #expect(portError { _ = try adapter.open() } == nil)
    }

    @Test("a port that another program has for itself is busy")
    func foreignOpener() throws {
        let adapter = try Adapter()
        let other = try TerminalEnd(adapter.terminal.path)
        #expect(ioctl(other.descriptor.number, UInt(TIOCEXCL)) == 0)
        #expect(portError { _ = try adapter.open() } == .busy)
        #expect(ioctl(other.descriptor.number, UInt(TIOCNXCL)) == 0)
        #expect(portError { _ = try adapter.open() } == nil)
    }

    @Test(
        "any rate is set and read back exactly, and the device sees it",
        arguments: [9_600, 12_345, 115_200, 1_000_000, 4_000_000, 4_500_000])
    func rates(bitsPerSecond: UInt32) throws {
        let adapter = try Adapter()
        var port = try adapter.open(baud: bitsPerSecond)
        #expect(port.baudRate?.bitsPerSecond == bitsPerSecond)
        #expect(try adapter.terminal.baudRateOfPeer() == port.baudRate)
        try port.setBaudRate(#require(BaudRate(57_600)))
        #expect(try adapter.terminal.baudRateOfPeer()?.bitsPerSecond == 57_600)
    }

    @Test(
        "a driver that runs at another rate is refused beyond 2 %",
        arguments: [(979, false), (980, true), (999, true), (1_000, true), (1_020, true), (1_021, false)])
    func skewedRate(thousandths: Int32, isTaken: Bool) throws {
        let adapter = try Adapter()
        serialshim_set_rate_of_drivers(thousandths)
        defer { serialshim_set_rate_of_drivers(1_000) }
        let got = try #require(BaudRate(UInt32(thousandths) * 1_000))
        let asked = try #require(BaudRate(1_000_000))
        let error = portError {
            let port = try adapter.open()
            #expect(port.baudRate == got)
        }
        #expect(error == (isTaken ? nil : .baudRefused(asked: asked, got: got)))
    }

    @Test("an unplugged adapter is a hang-up at once, where libserialport would spin")
    func unplugged() throws {
        var adapter: Adapter? = try Adapter()
        guard var port = try adapter?.open() else { return }
        adapter = nil
        #expect(port.errorOfReading() == .hungUp(transferred: 0))
        #expect(port.errorOfWriting([1]) == .hungUp(transferred: 0))
        #expect(port.counters.hangUps == 2)
    }

    @Test("the adapter's timer is read, lowered where allowed, and both are reported")
    func latency() throws {
        let adapter = try Adapter()
        let port = try adapter.open()
        #expect(port.latencyFound.timer == .milliseconds(16) && port.latencyFound.isWorseThanNeeded)
        #expect(port.latency.timer == .milliseconds(1) && !port.latency.isWorseThanNeeded)
    }

    @Test("an adapter without a timer has none to lower")
    func noTimer() throws {
        let adapter = try Adapter(timer: nil)
        let port = try adapter.open()
        #expect(port.latencyFound.timer == nil && port.latency.timer == nil && port.latency.isLow == nil)
        #expect(!FileManager.default.fileExists(atPath: adapter.timerFile))
    }

    @Test("what arrived before the port was opened is not taken for an answer")
    func staleBytes() throws {
        var adapter = try Adapter()
        let early = try TerminalEnd(adapter.terminal.path)
        try adapter.terminal.send([1, 2, 3])
        #expect(try Linux.wait(early.descriptor.number, for: .readable, by: soon()) == .readable)
        var port = try adapter.open()
        try adapter.terminal.send([9])
        #expect(try port.take() == [9])
    }
}
