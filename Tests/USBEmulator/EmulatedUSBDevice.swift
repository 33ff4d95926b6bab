import Foundation
import Glibc
import Synchronization

/// A USB device that programs on an emulated machine find, open and use through an unchanged libusb.
///
/// It answers what usbfs answers: transfers wait until there is something for them, come back in order, can be called
/// back, and end as those of a device that is gone when it is unplugged. Each plugging in gives it a new address.
public final class EmulatedUSBDevice: Sendable {
    public let machine: EmulatedMachine
    public let model: USBModel
    public let socket: String
    let state: Mutex<State>

    /// How an endpoint treats what it is given.
    public enum Flow: Sendable { case takes, waits, stalls }

    struct State: Sendable {
        var function: any USBFunction
        let packetSizes: [UInt8: Int]
        var plug: Plug?
        var address = 1
        var clients: [Int: Client] = [:]
        var nextClient = 0
        /// Who has an interface.
        var claims: [UInt32: Int] = [:]
        /// The kernel's drivers that are at work.
        var drivers: [UInt32: String] = [:]
        /// What the device has to say, by endpoint.
        var outbox: [UInt8: [[UInt8]]] = [:]
        var flows: [UInt8: Flow] = [:]
        var requests: [ControlRequest] = []
        var heard: [UInt8: [[UInt8]]] = [:]
    }

    /// What there is while it is plugged in.
    struct Plug: Sendable {
        let node: String
        let terminal: TerminalPair
        let listener: Int32
    }

    /// One open file of a program.
    struct Client: Sendable {
        let address: Int
        var pending: [Transfer] = []
        var done: [Transfer] = []
    }

    public init(_ model: USBModel, _ function: any USBFunction, socket: String = "1-1", on machine: EmulatedMachine) {
        (self.model, self.machine, self.socket) = (model, machine, socket)
        let sizes = model.interfaces.flatMap(\.endpoints).map { ($0.address, $0.packetSize) }
        state = Mutex(State(function: function, packetSizes: Dictionary(sizes) { first, _ in first }))
    }

    deinit {
        state.withLock { state in
            guard let plug = state.plug else { return }
            shutdown(plug.listener, Int32(SHUT_RDWR))
            plug.terminal.hangUp()
        }
    }

    private var bus: Int { Int(socket.prefix { $0 != "-" }) ?? 1 }
    private var folder: String { "sys/devices/pci0000:00/0000:00:14.0/usb\(bus)/\(socket)" }

    private static func threeDigits(_ number: Int) -> String { String("00\(number)".suffix(3)) }

    // MARK: The plug

    /// Puts the plug in; `.busy` programs hear of it.
    public func plug() throws {
        let address = state.withLock { state in
            // Every device of the machine has addresses of its own, however often it is plugged in.
            state.address += state.address == 1 ? 1 + (Int(socket.suffix(1)) ?? 1) * 20 : 1
            state.drivers = Dictionary(
                uniqueKeysWithValues: model.interfaces.enumerated().compactMap { number, interface in
                    interface.driver.map { (UInt32(number), $0) }
                })
            return state.address
        }
        let node = "bus/usb/\(Self.threeDigits(bus))/\(Self.threeDigits(address))"
        try machine.put(
            model.attributes.merging(["busnum": "\(bus)", "devnum": "\(address)"]) { $1 }, in: folder)
        try machine.put(model.descriptors, in: "\(folder)/descriptors")
        try machine.put(
            Array(uevent(node, address).map { "\($0)=\($1)\n" }.joined().utf8), in: "\(folder)/uevent")
        try machine.link("\(folder)/subsystem", to: "../../../../../bus/usb")
        try machine.makeFolder("ioctl/dev/bus/usb/\(Self.threeDigits(bus))")
        let terminal = try TerminalPair()
        // Nothing has ended yet.
        terminal.setWritable(false)
        try machine.link("dev/\(node)", to: terminal.path)
        let listener = try UnixSocket.listen(at: "\(machine.root)/ioctl/dev/\(node)")
        state.withLock { $0.plug = Plug(node: node, terminal: terminal, listener: listener) }
        UnixSocket.serve(listener) { [weak self] in self?.serve($0, address: address) }
        try machine.link(
            "sys/bus/usb/devices/\(socket)", to: "../../../devices/pci0000:00/0000:00:14.0/usb\(bus)/\(socket)")
        announce("add", node, address)
    }

    /// Pulls it out. Transfers that wait end as the kernel ends them.
    public func unplug() {
        let gone = state.withLock { state -> (Plug, Int)? in
            guard let plug = state.plug else { return nil }
            for client in state.clients.keys { state.clients[client]?.endAll(with: -ESHUTDOWN) }
            (state.plug, state.claims, state.outbox) = (nil, [:], [:])
            plug.terminal.hangUp()
            return (plug, state.address)
        }
        guard let (plug, address) = gone else { return }
        // Wakes the thread that waits there, and ends it.
        shutdown(plug.listener, Int32(SHUT_RDWR))
        machine.remove("sys/bus/usb/devices/\(socket)")
        machine.remove(folder)
        machine.remove("dev/\(plug.node)")
        machine.remove("ioctl/dev/\(plug.node)")
        announce("remove", plug.node, address)
    }

    private func uevent(_ node: String, _ address: Int) -> [(String, String)] {
        [
            ("DEVTYPE", "usb_device"), ("SUBSYSTEM", "usb"), ("BUSNUM", Self.threeDigits(bus)),
            ("DEVNUM", Self.threeDigits(address)), ("DEVNAME", node), ("MAJOR", "189"), ("MINOR", "\(address - 1)"),
        ]
    }

    private func announce(_ action: String, _ node: String, _ address: Int) {
        let facts = uevent(node, address).filter { !["DEVTYPE", "SUBSYSTEM", "DEVNAME"].contains($0.0) }
        machine.announce(
            UdevMessage(
                properties: [
                    ("ACTION", action), ("DEVPATH", "/" + folder.dropFirst("sys/".count)), ("DEVNAME", "/dev/\(node)"),
                ] + facts, subsystem: "usb", deviceType: "usb_device"))
    }

    // MARK: What a test does with it

    /// Says something. It is cut into packets; nothing at all is a packet too.
    public func send(_ bytes: [UInt8], on endpoint: UInt8) {
        state.withLock { state in
            state.say(USBMessage(bytes, on: endpoint))
            state.pump()
        }
    }

    /// From now on an endpoint does this with what it is given.
    public func setFlow(_ flow: Flow, of endpoint: UInt8) {
        state.withLock { state in
            state.flows[endpoint] = flow
            deliver(&state)
            state.pump()
        }
    }

    /// The requests to the device itself that were not refused before they came to it.
    public var requests: [ControlRequest] { state.withLock { $0.requests } }
    /// What came through an endpoint.
    public func heard(on endpoint: UInt8) -> [[UInt8]] { state.withLock { $0.heard[endpoint] ?? [] } }
    /// The kernel's driver of an interface, while it has it.
    public func driver(of interface: Int) -> String? { state.withLock { $0.drivers[UInt32(interface)] } }

    /// How many programs have its file open, each as often as it has.
    public var openFiles: Int { state.withLock { $0.clients.count } }

    /// How many transfers wait at an endpoint.
    public func waiting(on endpoint: UInt8) -> Int {
        state.withLock { state in
            state.clients.values.reduce(0) { $0 + $1.pending.count { $0.endpoint == endpoint } }
        }
    }
}

extension EmulatedUSBDevice.State {
    /// Cuts what is said into packets.
    mutating func say(_ message: USBMessage) {
        let size = packetSizes[message.endpoint] ?? 64
        let starts = message.bytes.isEmpty ? [0] : Array(stride(from: 0, to: message.bytes.count, by: size))
        outbox[message.endpoint, default: []] += starts.map {
            Array(message.bytes[$0..<min($0 + size, message.bytes.count)])
        }
    }
}
