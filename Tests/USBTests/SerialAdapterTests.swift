import Ports
import Testing
import USBEmulator

/// `SerialPort` over an unchanged libserialport, in a program that sees an emulated USB adapter.
@Suite(.enabled(if: EmulatedMachine.isAvailable)) struct SerialAdapterTests {
    private static let line = "usb:0403:6001:S0001"
    private static let open = "serial \(line) 1000000"

    private func adapter(on machine: EmulatedMachine) throws -> EmulatedSerialAdapter {
        let adapter = EmulatedSerialAdapter(serial: "S0001", rate: try #require(BaudRate(1_000_000)), on: machine)
        try adapter.plug()
        return adapter
    }

    @Test("the adapter is listed by what stays the same about it")
    func listing() throws {
        let machine = try EmulatedMachine()
        let adapter = try adapter(on: machine)
        var probe = try machine.probe()
        try expect(probe.ask("ports"), "/dev/ttyUSB0 \(Self.line) servo bus")
        withExtendedLifetime(adapter) {}
    }

    @Test("a line is opened by the adapter's serial number, and another number is missing")
    func opening() throws {
        let machine = try EmulatedMachine()
        let adapter = try adapter(on: machine)
        var probe = try machine.probe()
        try expect(probe.ask("serial usb:0403:6001:S0002 1000000"), "error missing")
        try expect(probe.ask(Self.open), "/dev/ttyUSB0")
        try expect(probe.ask("exchange 500 48"), "exchanged 500")
        withExtendedLifetime(adapter) {}
    }

    @Test("at another rate the device understands nothing, and at its own it does again")
    func rates() throws {
        let machine = try EmulatedMachine()
        let adapter = try adapter(on: machine)
        var probe = try machine.probe()
        try expect(probe.ask("serial \(Self.line) 115200"), "/dev/ttyUSB0")
        // Byte 1 of frame 0 is 7, and garbled it is another.
        try expect(probe.ask("exchange 1 4"), "frame 0 came back as 5a5d544f")
        try expect(probe.ask("rate 1000000"), "rate")
        try expect(probe.ask("exchange 100 48"), "exchanged 100")
        withExtendedLifetime(adapter) {}
    }

    @Test("an open line drives its modem lines, a closed one lets them fall")
    func modem() throws {
        let machine = try EmulatedMachine()
        let adapter = try adapter(on: machine)
        let both = EmulatedSerialAdapter.Modem.dataTerminalReady | EmulatedSerialAdapter.Modem.requestToSend
        #expect(adapter.modem == 0)
        var probe = try machine.probe()
        try expect(probe.ask(Self.open), "/dev/ttyUSB0")
        #expect(adapter.modem == both)
        try expect(probe.ask("close"), "closed")
        #expect(eventually { adapter.modem == 0 })
    }

    @Test("unplugging ends a read that waits; plugged in again, the line opens")
    func unplug() throws {
        let machine = try EmulatedMachine()
        let adapter = try adapter(on: machine)
        var probe = try machine.probe()
        try expect(probe.ask(Self.open), "/dev/ttyUSB0")
        try expect(probe.ask("exchange 10 48"), "exchanged 10")
        probe.say("read 600000")
        adapter.unplug()
        try expect(probe.answer(), "error hungUp(transferred: 0)")
        try expect(probe.ask("write 4 600000"), "error hungUp(transferred: 0)")
        try expect(probe.ask(Self.open), "error missing")
        try adapter.plug()
        try expect(probe.ask(Self.open), "/dev/ttyUSB0")
        try expect(probe.ask("exchange 10 48"), "exchanged 10")
    }

    @Test("a device that says nothing is a deadline, not a hang-up")
    func mute() throws {
        let machine = try EmulatedMachine()
        let adapter = try adapter(on: machine)
        adapter.setMute(true)
        var probe = try machine.probe()
        try expect(probe.ask(Self.open), "/dev/ttyUSB0")
        try expect(probe.ask("write 4 60000"), "written")
        try expect(probe.ask("read 30"), "error timedOut(transferred: 0)")
    }

    @Test("a second opener is refused until the first one has closed or died")
    func twoOpeners() throws {
        let machine = try EmulatedMachine()
        let adapter = try adapter(on: machine)
        var first: Child? = try machine.probe()
        var second = try machine.probe()
        try expect(first?.ask(Self.open), "/dev/ttyUSB0")
        try expect(second.ask(Self.open), "error busy")
        try expect(first?.ask("close"), "closed")
        try expect(second.ask(Self.open), "/dev/ttyUSB0")
        try expect(second.ask("close"), "closed")
        try expect(first?.ask(Self.open), "/dev/ttyUSB0")
        first = nil
        #expect(eventually { !adapter.isOpen })
        try expect(second.ask(Self.open), "/dev/ttyUSB0")
        withExtendedLifetime(adapter) {}
    }
}
