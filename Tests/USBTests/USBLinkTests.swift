import CAllocationCounter
import Testing
import USBEmulator

/// `USBLink` over an unchanged libusb, in a program that sees an emulated board.
@Suite(.enabled(if: EmulatedMachine.isAvailable)) struct USBLinkTests {
    static let board = "usb:1209:0001:E0001"

    @Test("devices are listed with identity, texts, place and permission, and hubs are not")
    func listing() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board()
        let nameless = try machine.board(nil, socket: "1-2")
        var hub = USBModel(serial: nil, interfaces: [])
        hub.isHub = true
        let device = EmulatedUSBDevice(hub, QuietFunction(), socket: "1-3", on: machine)
        try device.plug()
        var probe = try machine.probe()
        #expect(
            try probe.ask("devices")
                == "usb:1209:0001:E0001 Understudy board 1-1 22 rw; usb:1209:0001 Understudy board 1-2 42 rw")
        withExtendedLifetime((board, nameless, device)) {}
    }

    @Test("a board is opened by its serial number among others, and frames of any size come back in order")
    func exchange() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board()
        let other = try machine.board("E0002", socket: "1-2")
        var probe = try machine.probe()
        try expect(probe.ask("open \(Self.board)"), "1-1 22 events")
        try expect(probe.ask("exchange 2000 48"), "exchanged 2000")
        // Whole packets, where nothing short says that a frame is over; and more than one transfer each.
        try expect(probe.ask("exchange 20 64"), "exchanged 20")
        try expect(probe.ask("exchange 20 128"), "exchanged 20")
        try expect(probe.ask("exchange 3 700"), "exchanged 3")
        let bytes = 2_000 * 48 + 20 * 64 + 20 * 128 + 3 * 700
        try expect(probe.ask("counters"), "in \(bytes) out \(bytes) time-outs 0 hang-ups 0 discarded 0")
        #expect(other.heard(on: 1).isEmpty)
        #expect(board.heard(on: 1).joined().count == bytes)
    }

    @Test(
        "what is not there is missing, and two that answer to one identity are ambiguous",
        arguments: [
            ("usb:1209:0001:E0009", "error missing"), ("usb:1209:0009", "error missing"),
            ("usb:1209:0001", "error ambiguous(count: 2)"),
        ])
    func identity(asked: String, answer: String) throws {
        let machine = try EmulatedMachine()
        let boards = try [machine.board(), machine.board("E0002", socket: "1-2")]
        var probe = try machine.probe()
        try expect(probe.ask("open \(asked)"), answer)
        withExtendedLifetime(boards) {}
    }

    @Test("a device without an interface for a stream is unsuitable")
    func unsuitable() throws {
        let machine = try EmulatedMachine()
        let pedal = try machine.pedal()
        var probe = try machine.probe()
        try expect(probe.ask("open usb:1209:0002"), "error unsuitable")
        #expect(pedal.driver(of: 0) == "usbhid")
    }

    @Test("a second opener is refused until the first one has closed or died")
    func twoOpeners() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board()
        var first: Child? = try machine.probe()
        var second = try machine.probe()
        try expect(first?.ask("open \(Self.board)"), "1-1 22 events")
        try expect(second.ask("open \(Self.board)"), "error busy")
        try expect(first?.ask("exchange 10 48"), "exchanged 10")
        try expect(first?.ask("close"), "closed")
        try expect(second.ask("open \(Self.board)"), "1-1 22 events")
        try expect(first?.ask("open \(Self.board)"), "error busy")
        try expect(second.ask("close"), "closed")
        try expect(first?.ask("open \(Self.board)"), "1-1 22 events")
        first = nil
        #expect(eventually { board.waiting(on: 0x81) == 0 })
        try expect(second.ask("open \(Self.board)"), "1-1 22 events")
    }

    @Test("what it was left to say in the end reaches the device, and nothing once that was taken back")
    func lastWords() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board(as: QuietFunction())
        var probe = try machine.probe()
        try expect(probe.ask("open \(Self.board)"), "1-1 22 events")
        try expect(probe.ask("last 70"), "heeded")
        try expect(probe.ask("close"), "closed")
        #expect(eventually { board.heard(on: 1).joined().count == 70 })
        try expect(probe.ask("open \(Self.board)"), "1-1 22 events")
        try expect(probe.ask("last 70"), "heeded")
        try expect(probe.ask("last 0"), "heeded")
        try expect(probe.ask("close"), "closed")
        #expect(eventually { board.waiting(on: 0x81) == 0 })
        #expect(board.heard(on: 1).joined().count == 70)
    }

    @Test("a deadline ends a read that brings nothing, and the link goes on")
    func readDeadline() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board(as: QuietFunction())
        var probe = try machine.probe()
        _ = try probe.ask("open \(Self.board)")
        try expect(probe.ask("read 20"), "error timedOut(transferred: 0)")
        try expect(probe.ask("read 0"), "error timedOut(transferred: 0)")
        board.send([1, 2, 3], on: 0x81)
        try expect(probe.ask("read 60000"), "010203")
        #expect(board.waiting(on: 0x81) == 8)
    }

    @Test("a full packet is handed on at once, though nothing short follows it")
    func fullPacket() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board(as: QuietFunction())
        var probe = try machine.probe()
        _ = try probe.ask("open \(Self.board)")
        board.send([UInt8](repeating: 0xAB, count: 64), on: 0x81)
        try expect(probe.ask("read 60000"), String(repeating: "ab", count: 64))
    }

    @Test("a deadline calls back a write that the device does not take, says what went out, and the link goes on")
    func writeDeadline() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board()
        var probe = try machine.probe()
        _ = try probe.ask("open \(Self.board)")
        board.setFlow(.waits, of: 0x01)
        try expect(probe.ask("write 48 50"), "error timedOut(transferred: 0)")
        #expect(board.waiting(on: 0x01) == 0)
        board.setFlow(.takes, of: 0x01)
        #expect(board.heard(on: 0x01).isEmpty)
        try expect(probe.ask("write 48 -1"), "error timedOut(transferred: 0)")
        #expect(board.heard(on: 0x01).isEmpty)
        try expect(probe.ask("exchange 10 48"), "exchanged 10")
    }

    @Test("a program that has used everything, also what was unplugged, ends well and keeps no memory")
    func ending() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board()
        let pedal = try machine.pedal(socket: "1-2")
        var probe = try machine.probe()
        for _ in 0..<3 {
            _ = try probe.ask("watch \(Self.board)")
            try expect(probe.ask("pedal usb:1209:0002:P1 1 2"), "repeats")
            #expect(try probe.ask("open \(Self.board)").hasPrefix("1-1"))
            try expect(probe.ask("exchange 10 48"), "exchanged 10")
            board.unplug()
            try expect(probe.ask("read 600000"), "error hungUp(transferred: 0)")
            pedal.unplug()
            try expect(probe.ask("held 0"), "unplugged")
            try board.plug()
            try pedal.plug()
        }
        #expect(try probe.ask("open \(Self.board)").hasPrefix("1-1"))
        try expect(probe.ask("close"), "closed")
        #expect(eventually { board.openFiles == 0 && pedal.openFiles == 0 })
        // Under the address sanitizer this is also where a leak would show.
        #expect(probe.finish() == 0)
    }

    @Test("an endpoint that refuses is an error with its number, and works again after it")
    func stall() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board()
        var probe = try machine.probe()
        _ = try probe.ask("open \(Self.board)")
        board.setFlow(.stalls, of: 0x01)
        try expect(probe.ask("write 48 60000"), "error system(call: Ports.PortCall.write, errno: 32)")
        try expect(probe.ask("exchange 10 48"), "exchanged 10")
        board.setFlow(.stalls, of: 0x81)
        try expect(probe.ask("read 60000"), "error system(call: Ports.PortCall.read, errno: 32)")
    }

    @Test("unplugging ends reads and writes that wait, and what had arrived is still delivered")
    func unplug() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board(as: QuietFunction())
        var probe = try machine.probe()
        _ = try probe.ask("open \(Self.board)")
        board.setFlow(.waits, of: 0x01)
        probe.say("write 48 600000")
        #expect(eventually { board.waiting(on: 0x01) == 1 })
        board.send([7, 8], on: 0x81)
        board.unplug()
        try expect(probe.answer(), "error hungUp(transferred: 0)")
        try expect(probe.ask("read 600000"), "0708")
        try expect(probe.ask("read 600000"), "error hungUp(transferred: 0)")
        try expect(probe.ask("read 600000"), "error hungUp(transferred: 0)")
        try expect(probe.ask("event 600000"), "error hungUp(transferred: 0)")
        try expect(probe.ask("write 48 600000"), "error hungUp(transferred: 0)")
        try expect(probe.ask("discard"), "error hungUp(transferred: 0)")
        try expect(probe.ask("open \(Self.board)"), "error missing")
    }

    @Test("unplugging wakes a read that waits")
    func unplugWhileReading() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board(as: QuietFunction())
        var probe = try machine.probe()
        _ = try probe.ask("open \(Self.board)")
        probe.say("read 600000")
        board.unplug()
        try expect(probe.answer(), "error hungUp(transferred: 0)")
    }

    @Test("a watch tells of leaving and arriving, and then the device opens again")
    func replug() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board()
        var probe = try machine.probe()
        _ = try probe.ask("open \(Self.board)")
        try expect(probe.ask("watch \(Self.board)"), "1-1 22")
        try expect(probe.ask("next 20"), "error timedOut(transferred: 0)")
        probe.say("next 600000")
        board.unplug()
        try expect(probe.answer(), "left 1-1 22")
        probe.say("next 600000")
        try board.plug()
        try expect(probe.answer(), "arrived 1-1 23")
        // The old handle stays dead.
        try expect(probe.ask("read 600000"), "error hungUp(transferred: 0)")
        try expect(probe.ask("open \(Self.board)"), "1-1 23 events")
        try expect(probe.ask("exchange 100 48"), "exchanged 100")
    }

    @Test("a device that left and came back between two calls has done both, and others do not count")
    func quickReplug() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board()
        var probe = try machine.probe()
        try expect(probe.ask("watch \(Self.board)"), "1-1 22")
        let other = try machine.board("E0002", socket: "1-2")
        board.unplug()
        try board.plug()
        try expect(probe.ask("next 600000"), "left 1-1 22")
        try expect(probe.ask("next 600000"), "arrived 1-1 23")
        other.unplug()
        try expect(probe.ask("next 50"), "error timedOut(transferred: 0)")
    }

    @Test("events come through their own endpoint, in order, beside the stream")
    func events() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board()
        var probe = try machine.probe()
        _ = try probe.ask("open \(Self.board)")
        try expect(probe.ask("event 20"), "error timedOut(transferred: 0)")
        for number in UInt8(1)...6 { board.send([number, 0xEE], on: 0x82) }
        try expect(probe.ask("exchange 10 48"), "exchanged 10")
        for number in 1...6 { try expect(probe.ask("event 60000"), "0\(number)ee") }
    }

    @Test("a board without an event endpoint says so")
    func noEvents() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board(events: false)
        var probe = try machine.probe()
        try expect(probe.ask("open \(Self.board)"), "1-1 22")
        try expect(probe.ask("event 60000"), "error unsuitable")
        withExtendedLifetime(board) {}
    }

    @Test("what arrived and was not read is thrown away when asked, also beyond what waits in the kernel")
    func discard() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board(as: QuietFunction())
        var probe = try machine.probe()
        _ = try probe.ask("open \(Self.board)")
        try expect(probe.ask("discard"), "0")
        board.send([UInt8](repeating: 1, count: 1_000), on: 0x81)
        try expect(probe.ask("discard"), "1000")
        board.send([9], on: 0x81)
        try expect(probe.ask("read 60000"), "09")
        try expect(probe.ask("counters"), "in 1 out 0 time-outs 0 hang-ups 0 discarded 1000")
    }

    @Test("a packet of length zero is no bytes and no end")
    func emptyPacket() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board(as: QuietFunction())
        var probe = try machine.probe()
        _ = try probe.ask("open \(Self.board)")
        board.send([], on: 0x81)
        try expect(probe.ask("read 50"), "error timedOut(transferred: 0)")
        board.send([], on: 0x81)
        board.send([4], on: 0x81)
        try expect(probe.ask("read 60000"), "04")
    }

    @Test(
        "a frame each way costs the one block that libusb takes for each transfer, and nothing of ours",
        .enabled(if: callocationcounter_counts()))
    func allocations() throws {
        let machine = try EmulatedMachine()
        let board = try machine.board()
        var probe = try machine.probe()
        _ = try probe.ask("open \(Self.board)")
        try expect(probe.ask("allocations 500"), "1000")
        withExtendedLifetime(board) {}
    }
}
