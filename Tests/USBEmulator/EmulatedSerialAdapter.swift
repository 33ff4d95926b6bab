import Foundation
import Glibc
public import Ports
import Synchronization

/// A USB adapter for serial lines, with a device behind it that says back what it hears.
///
/// Programs on the emulated machine find it as `/dev/ttyUSB0` through an unchanged libserialport, with all that sysfs
/// says about it. At another rate than that of the device everything is garbled, as on a wire.
public final class EmulatedSerialAdapter: Sendable {
    public let machine: EmulatedMachine
    public let name: String
    public let serial: String
    public let rate: BaudRate
    private let state = Mutex(State())

    private struct State {
        /// Counts up with every plugging in; 0 while there is none.
        var plugged = 0
        var plugs = 0
        /// Whether the thread behind the line still runs.
        var isAnswering = false
        var listener: Int32 = -1
        var modem: UInt32 = 0
        var isMute = false
        var openers = 0
        /// Whether a program has the line for itself.
        var isExclusive = false
    }

    /// What the emulator answers itself: a pseudo terminal has no such lines, and forgets its owner later than a line.
    private enum Request {
        static let modem: ClosedRange<UInt32> = 0x5415...0x5418
        static let (getModem, raise, lower): (UInt32, UInt32, UInt32) = (0x5415, 0x5416, 0x5417)
        static let (exclude, admit, isExclusive): (UInt32, UInt32, UInt32) = (0x540C, 0x540D, 0x8004_5440)
    }

    /// Lines of the modem, by their bits in Linux.
    public enum Modem {
        public static let dataTerminalReady: UInt32 = 0x002
        public static let requestToSend: UInt32 = 0x004
        /// Clear to send, data set ready, carrier: what a device drives.
        static let ofDevice: UInt32 = 0x160
    }

    public init(serial: String, rate: BaudRate, name: String = "ttyUSB0", on machine: EmulatedMachine) {
        (self.serial, self.rate, self.name, self.machine) = (serial, rate, name, machine)
    }

    deinit { unplug() }

    private var device: String { "sys/devices/pci0000:00/0000:00:14.0/usb1/1-9" }
    private var terminal: String { "\(device)/1-9:1.0/\(name)/tty/\(name)" }

    // MARK: The plug

    public func plug() throws {
        let port = try PseudoTerminal()
        let facts = [
            "busnum": "1", "devnum": "9", "idVendor": "0403", "idProduct": "6001", "manufacturer": "FTDI",
            "product": "servo bus", "serial": serial, "uevent": "DEVTYPE=usb_device",
        ]
        try machine.put(facts, in: device)
        try machine.link("\(device)/subsystem", to: "../../../../../bus/usb")
        try machine.put(["uevent": "DEVNAME=\(name)\nMAJOR=188\nMINOR=0", "dev": "188:0"], in: terminal)
        try machine.put(["latency_timer": "16"], in: "\(device)/1-9:1.0/\(name)")
        try machine.link("\(terminal)/device", to: "../../../\(name)")
        try machine.link("\(terminal)/subsystem", to: "../../../../../../../../../class/tty")
        try machine.link("dev/\(name)", to: port.path)
        // What the preload library answers who asks for the number of the device: that of the pseudo terminal, which
        // is what who asks the open file is told.
        try machine.link("dev/.node/\(name)", to: "136:\(port.path.dropFirst("/dev/pts/".count))")
        let listener = try UnixSocket.listen(at: "\(machine.root)/ioctl/dev/\(name)")
        let plug = state.withLock { state in
            state.plugs += 1
            (state.plugged, state.listener, state.isAnswering) = (state.plugs, listener, true)
            return state.plugs
        }
        UnixSocket.serve(listener) { [weak self] in self?.answer($0) }
        answer(on: port, plug)
        try machine.link("sys/class/tty/\(name)", to: "../../\(terminal.dropFirst("sys/".count))")
    }

    /// Pulls the plug. When this returns, the line has hung up.
    public func unplug() {
        let listener = state.withLock { state in
            guard state.plugged != 0 else { return Int32(-1) }
            state.plugged = 0
            return state.listener
        }
        guard listener >= 0 else { return }
        shutdown(listener, Int32(SHUT_RDWR))
        for path in ["sys/class/tty/\(name)", device, "dev/\(name)", "ioctl/dev/\(name)"] { machine.remove(path) }
        _ = eventually { state.withLock { !$0.isAnswering } }
    }

    // MARK: The line

    /// Which of its lines the program has raised.
    public var modem: UInt32 { state.withLock { $0.modem } }

    /// Whether a program has the line open.
    public var isOpen: Bool { state.withLock { $0.openers > 0 } }

    /// Whether the device behind the line answers.
    public func setMute(_ isMute: Bool) { state.withLock { $0.isMute = isMute } }

    /// Says back what it hears until the plug is pulled.
    private func answer(on port: consuming PseudoTerminal, _ plug: Int) {
        let handed = Mutex(Optional(port))
        Thread.detachNewThread { [weak self] in
            var port = handed.withLock { $0.take() }
            while let self, self.state.withLock({ $0.plugged == plug }) {
                guard let isAlone = port?.echo(at: self.rate, isMute: self.state.withLock { $0.isMute }) else { break }
                // Nobody has the line open, and nobody tells when that changes.
                if isAlone { usleep(1_000) }
            }
            port = nil
            self?.state.withLock { $0.isAnswering = false }
        }
    }

    // MARK: The file

    private func answer(_ descriptor: Int32) {
        let connection = PreloadConnection(descriptor: descriptor)
        // The kernel raises both lines when a port is opened, and lowers them when the last one has closed it.
        state.withLock { state in
            state.openers += 1
            state.modem |= Modem.dataTerminalReady | Modem.requestToSend
        }
        while let call = connection.next() {
            if case .ioctl(let number, let argument) = call {
                answer(number, argument, through: connection)
            } else {
                connection.letItRun()
            }
        }
        state.withLock { state in
            state.openers -= 1
            if state.openers == 0 { (state.modem, state.isExclusive) = (0, false) }
        }
    }

    private func answer(_ number: UInt32, _ argument: UInt64, through connection: PreloadConnection) {
        switch number {
        case Request.exclude, Request.admit: state.withLock { $0.isExclusive = number == Request.exclude }
        case Request.isExclusive:
            connection.write(UInt32(state.withLock { $0.isExclusive } ? 1 : 0), at: argument)
        case Request.getModem: connection.write(modem | Modem.ofDevice, at: argument)
        case Request.modem: setModem(number, PreloadConnection.half(connection.read(4, at: argument), at: 0))
        default: return connection.letItRun()
        }
        connection.answer()
    }

    private func setModem(_ number: UInt32, _ bits: UInt32) {
        let bits = bits & (Modem.dataTerminalReady | Modem.requestToSend)
        state.withLock { state in
            switch number {
            case Request.raise: state.modem |= bits
            case Request.lower: state.modem &= ~bits
            default: state.modem = bits
            }
        }
    }
}

extension PseudoTerminal {
    /// Says back what comes within a moment; true when nobody is there.
    fileprivate mutating func echo(at rate: BaudRate, isMute: Bool) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        do throws(PortError) {
            var room = bytes.mutableSpan
            let count = try read(into: &room, by: .now() + .milliseconds(2))
            let isUnderstood = try baudRateOfPeer() == rate
            let answer = bytes.prefix(count).map { isUnderstood ? $0 : $0 ^ 0x5A }
            if !isMute { try write(answer.span, by: .now() + .seconds(60)) }
            return false
        } catch .timedOut {
            return false
        } catch {
            return true
        }
    }
}
