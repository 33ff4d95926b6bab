import BoardFirmware
import BoardLink
import Glibc
import Ports
import Quantities
import Simulator
import Synchronization
import Testing
import USBEmulator
import VirtualRobot

/// The whole way of our own board: driver, frames, `USBLink`, an unchanged libusb, and the board's own safety behind an
/// emulated plug.
@Suite(.enabled(if: EmulatedMachine.isAvailable)) struct BoardOverUSBTests {
    /// For how long the board may hear nothing, in milliseconds: longer than any machine is away.
    fileprivate static let silence = 2_000

    @Test("a board is identified, armed after its silence was proven, driven, and read back as off")
    func drives() throws {
        let board = try BoardAtPlug()
        var probe = try board.machine.probe()
        try expect(probe.ask("board usb:1209:0001:E0001 \(Self.silence)"), "board")
        try expect(probe.ask("board-identify"), "[]")
        try expect(probe.ask("board-arm"), "armed")
        // Every cycle brings both joints, and the goal is where they go.
        try expect(probe.ask("board-cycles 150 0.4"), "300 fresh")
        let positions = try probe.ask("board-positions").split(separator: " ").compactMap { Double($0) }
        #expect(positions.count == 2 && positions.allSatisfy { abs($0 - 0.4) < 0.1 }, "\(positions)")
        try expect(probe.ask("board-disarm"), "disarmed")
        let outcome = board.stop()
        #expect(outcome.wire.mode != .armed)
        for joint in 0..<2 { #expect(abs(outcome.body.state(of: joint).position.value - 0.4) < 0.15) }
    }

    @Test("pulled out in the middle of driving is a hang-up, and the board stops by itself")
    func unplugged() throws {
        let board = try BoardAtPlug()
        var probe = try board.machine.probe()
        try expect(probe.ask("board usb:1209:0001:E0001 \(Self.silence)"), "board")
        try expect(probe.ask("board-arm"), "armed")
        try expect(probe.ask("board-cycles 10 0"), "20 fresh")
        board.device.unplug()
        try expect(probe.ask("board-cycles 10 0"), "error port(Ports.PortError.hungUp(transferred: 0))")
        try expect(probe.ask("board-disarm"), "error port(Ports.PortError.hungUp(transferred: 0))")
        #expect(board.modeAfter(milliseconds: Int64(Self.silence) + 500) != .armed)
    }

    @Test("a host that is killed leaves a board that stops by itself")
    func killed() throws {
        let board = try BoardAtPlug()
        do {
            var probe = try board.machine.probe()
            try expect(probe.ask("board usb:1209:0001:E0001 \(Self.silence)"), "board")
            try expect(probe.ask("board-arm"), "armed")
        }
        #expect(board.modeAfter(milliseconds: Int64(Self.silence) + 500) != .armed)
    }
}

/// A virtual board in real time behind the plug of an emulated USB device.
private struct BoardAtPlug: ~Copyable {
    let machine: EmulatedMachine
    let device: EmulatedUSBDevice
    private let host: VirtualRobotHost<BoardWire, LooseJoints>

    init() throws {
        let inbox = Inbox()
        let machine = try EmulatedMachine()
        let device = try machine.board(as: inbox.function)
        var hardware = BoardHardware(joints: .two, torqueConstant: MotorSettings.sts3215.torqueConstant)
        hardware.most.silence = Ticks(Int32(BoardOverUSBTests.silence))
        let bus = VirtualBus(
            wire: BoardWire(hardware),
            body: LooseJoints.sts3215(2), line: LineSettings(rate: nil, isShared: false))
        host = try VirtualRobotHost(bus, on: PlugPort(device: device, inbox: inbox))
        self.machine = machine
        self.device = device
    }

    consuming func stop() -> VirtualBus<BoardWire, LooseJoints> { host.stop().bus }

    /// What the board is doing when so much of its own time has passed without a word.
    consuming func modeAfter(milliseconds: Int64) -> BoardMode {
        var bus = host.stop().bus
        bus.advance(to: BusInstant(nanoseconds: bus.now.nanoseconds + milliseconds * 1_000_000))
        return bus.wire.mode
    }
}

/// What programs have sent through the plug and the board has not read yet.
private final class Inbox: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    func put(_ more: [UInt8]) { bytes.withLock { $0 += more } }

    func take(_ room: Int) -> [UInt8] {
        bytes.withLock { bytes in
            let taken = Array(bytes.prefix(room))
            bytes.removeFirst(taken.count)
            return taken
        }
    }

    var function: Function { Function(inbox: self) }

    struct Function: USBFunction {
        let inbox: Inbox

        mutating func control(_ request: ControlRequest) -> [UInt8]? { nil }

        mutating func receive(_ bytes: [UInt8], on endpoint: UInt8) -> [USBMessage] {
            inbox.put(bytes)
            return []
        }
    }
}

/// The board's end of the plug.
private struct PlugPort: HostPort, ~Copyable {
    let device: EmulatedUSBDevice
    let inbox: Inbox

    var path: String? { nil }

    func masterRate() -> BaudRate? { nil }

    mutating func receive(into buffer: inout MutableSpan<UInt8>, by deadline: MonotonicInstant) -> Int {
        while true {
            let bytes = inbox.take(buffer.count)
            for place in bytes.indices { buffer[place] = bytes[place] }
            if !bytes.isEmpty || MonotonicInstant.now() >= deadline { return bytes.count }
            usleep(200)
        }
    }

    mutating func deliver(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) -> Bool {
        device.send(bytes.indices.map { bytes[$0] }, on: 0x81)
        return true
    }

    mutating func unplug() { device.unplug() }

    mutating func plug() { try? device.plug() }
}
