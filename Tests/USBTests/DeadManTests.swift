import Testing
import USBEmulator

/// `DeadMan` on an emulated foot pedal that the kernel takes for a keyboard. Times are made up by the probe.
@Suite(.enabled(if: EmulatedMachine.isAvailable)) struct DeadManTests {
    /// Bit 2 of byte 1, silent for at most 200 ms.
    private static let pedal = "pedal usb:1209:0002:P1 1 2"
    private static let pressed: [UInt8] = [0, 0b100, 0, 0]
    private static let open: [UInt8] = [0, 0b1111_1011, 0xFF, 0]

    /// What the probe answers once the report has reached it.
    private func heard(_ probe: inout Child, after report: [UInt8], from device: EmulatedUSBDevice, at time: Int) throws
        -> String
    {
        device.send(report, on: 0x81)
        return try probe.ask("held \(time)")
    }

    @Test("held while the pedal says so, released at once when it says otherwise")
    func heldAndReleased() throws {
        let machine = try EmulatedMachine()
        let device = try machine.pedal()
        var probe = try machine.probe()
        try expect(probe.ask(Self.pedal), "repeats")
        try expect(probe.ask("held 0"), "notHeard")
        try expect(heard(&probe, after: Self.pressed, from: device, at: 10), "held")
        try expect(probe.ask("held 20"), "held")
        try expect(heard(&probe, after: Self.open, from: device, at: 30), "letGo")
        try expect(probe.ask("held 40"), "letGo")
        try expect(heard(&probe, after: Self.pressed, from: device, at: 50), "held")
    }

    @Test("a short release between two calls is not missed")
    func shortRelease() throws {
        let machine = try EmulatedMachine()
        let device = try machine.pedal()
        var probe = try machine.probe()
        _ = try probe.ask(Self.pedal)
        for report in [Self.pressed, Self.open, Self.pressed] { device.send(report, on: 0x81) }
        try expect(probe.ask("held 10"), "letGo")
        try expect(probe.ask("held 20"), "held")
    }

    @Test("silence is a release when it is longer than allowed, and a new report ends it")
    func silence() throws {
        let machine = try EmulatedMachine()
        let device = try machine.pedal()
        var probe = try machine.probe()
        _ = try probe.ask(Self.pedal)
        _ = try probe.ask("held 100")
        try expect(heard(&probe, after: Self.pressed, from: device, at: 110), "held")
        // The report came after the call at 100, and may be as old as that.
        try expect(probe.ask("held 300"), "held")
        try expect(probe.ask("held 301"), "silent(for: 0.201 seconds)")
        try expect(heard(&probe, after: Self.pressed, from: device, at: 310), "held")
    }

    @Test("a report that waited for a late call counts as old")
    func lateCall() throws {
        let machine = try EmulatedMachine()
        let device = try machine.pedal()
        var probe = try machine.probe()
        _ = try probe.ask(Self.pedal)
        _ = try probe.ask("held 0")
        try expect(heard(&probe, after: Self.pressed, from: device, at: 5_000), "silent(for: 5.0 seconds)")
        try expect(heard(&probe, after: Self.pressed, from: device, at: 5_010), "held")
    }

    @Test("an unplugged pedal is released, for good, and can be opened again when it is back")
    func unplugged() throws {
        let machine = try EmulatedMachine()
        let device = try machine.pedal()
        var probe = try machine.probe()
        _ = try probe.ask(Self.pedal)
        try expect(heard(&probe, after: Self.pressed, from: device, at: 10), "held")
        device.unplug()
        try expect(probe.ask("held 20"), "unplugged")
        try expect(probe.ask("held 30"), "unplugged")
        try expect(probe.ask(Self.pedal), "error missing")
        try device.plug()
        try expect(probe.ask(Self.pedal), "repeats")
        try expect(heard(&probe, after: Self.pressed, from: device, at: 40), "held")
    }

    @Test("unplugged is told at once, also when every transfer had brought a report before")
    func unpluggedBehindReports() throws {
        let machine = try EmulatedMachine()
        let device = try machine.pedal()
        var probe = try machine.probe()
        _ = try probe.ask(Self.pedal)
        for _ in 0..<4 { device.send(Self.pressed, on: 0x81) }
        #expect(device.waiting(on: 0x81) == 0)
        device.unplug()
        try expect(probe.ask("held 10"), "unplugged")
    }

    @Test("a report without the byte is released, with its length")
    func malformed() throws {
        let machine = try EmulatedMachine()
        let device = try machine.pedal()
        var probe = try machine.probe()
        _ = try probe.ask(Self.pedal)
        try expect(heard(&probe, after: Self.pressed, from: device, at: 10), "held")
        try expect(heard(&probe, after: [0xFF], from: device, at: 20), "malformed(length: 1)")
        try expect(heard(&probe, after: Self.pressed, from: device, at: 30), "held")
    }

    @Test("an endpoint that refuses is released, and held again only after a new report")
    func stalled() throws {
        let machine = try EmulatedMachine()
        let device = try machine.pedal()
        var probe = try machine.probe()
        _ = try probe.ask(Self.pedal)
        try expect(heard(&probe, after: Self.pressed, from: device, at: 10), "held")
        device.setFlow(.stalls, of: 0x81)
        #expect(try probe.ask("held 20").hasPrefix("failed("))
        device.setFlow(.takes, of: 0x81)
        // Each transfer that waited was refused, and each is told.
        var answer = try probe.ask("held 30")
        while answer.hasPrefix("failed(") {
            answer = try heard(&probe, after: Self.pressed, from: device, at: 40)
        }
        #expect(answer == "held")
    }

    @Test("the kernel's driver is put aside while the pedal is ours, and gets it back")
    func driver() throws {
        let machine = try EmulatedMachine()
        let device = try machine.pedal()
        var probe = try machine.probe()
        #expect(device.driver(of: 0) == "usbhid")
        _ = try probe.ask(Self.pedal)
        #expect(device.driver(of: 0) == nil)
        _ = try probe.ask("close")
        #expect(device.driver(of: 0) == "usbhid")
    }

    @Test("the pedal is asked to repeat its report four times in the time that it may be silent")
    func repeating() throws {
        let machine = try EmulatedMachine()
        let device = try machine.pedal()
        var probe = try machine.probe()
        _ = try probe.ask(Self.pedal)
        let asked = try #require(device.requests.first { $0.type == 0x21 && $0.request == 0x0A })
        // 48 ms, in steps of 4 ms, for all reports.
        #expect(asked.value == 12 << 8 && asked.index == 0)
    }

    @Test("a pedal that will not repeat itself says so, and its silence is a release all the same")
    func notRepeating() throws {
        let machine = try EmulatedMachine()
        let device = try machine.pedal(QuietFunction(takesRequests: false))
        var probe = try machine.probe()
        try expect(probe.ask(Self.pedal), "does not repeat")
        _ = try probe.ask("held 0")
        try expect(heard(&probe, after: Self.pressed, from: device, at: 10), "held")
        try expect(probe.ask("held 400"), "silent(for: 0.4 seconds)")
    }
}
