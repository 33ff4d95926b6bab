import Glibc

/// A transfer that a program has submitted: `struct usbdevfs_urb`.
struct Transfer: Sendable {
    enum Layout {
        static let size = 56
        static let status: UInt64 = 4
        static let length: UInt64 = 28
        static let control: UInt8 = 2
    }

    /// Where the structure is in the program; its name there, too.
    let address: UInt64
    let kind: UInt8
    let endpoint: UInt8
    let room: Int
    private let buffer: UInt64
    /// What goes out, or what came in.
    var bytes: [UInt8] = []
    var status: Int32 = 0
    var length = 0

    init(at address: UInt64, of connection: PreloadConnection) {
        let fields = connection.read(Layout.size, at: address)
        self.address = address
        (kind, endpoint) = (fields[0], fields[1])
        buffer = PreloadConnection.word(fields, at: 16)
        room = Int(Int32(bitPattern: PreloadConnection.half(fields, at: 24)))
        if isControl || !isInput { bytes = connection.read(room, at: buffer) }
    }

    var isControl: Bool { kind == Layout.control }
    var isInput: Bool { endpoint & 0x80 != 0 }

    /// Takes in a packet; whether it was the last one. A transfer is over when it is full or a packet is short, and more
    /// than fits is an error of the bus.
    mutating func fill(with packet: [UInt8], of packetSize: Int) -> Bool {
        bytes += packet
        length = min(bytes.count, room)
        if bytes.count > room { status = -EOVERFLOW }
        return packet.count < packetSize || bytes.count >= room
    }

    /// Puts what became of it into the program's memory.
    func hand(to connection: PreloadConnection, at pointer: UInt64) {
        let isAnswer = isControl ? length > 0 && bytes.count == length : isInput
        if isAnswer { connection.write(Array(bytes.prefix(length)), at: isControl ? buffer + 8 : buffer) }
        connection.write(status, at: address + Layout.status)
        connection.write(Int32(length), at: address + Layout.length)
        connection.write(address, at: pointer)
    }
}

extension EmulatedUSBDevice.Client {
    mutating func endAll(with status: Int32) {
        done += pending.map { transfer in
            var ended = transfer
            ended.status = status
            return ended
        }
        pending = []
    }

    /// nil when there is no such transfer any more.
    mutating func cancel(_ address: UInt64) -> Bool {
        guard let index = pending.firstIndex(where: { $0.address == address }) else { return false }
        var ended = pending.remove(at: index)
        ended.status = -ENOENT
        done.append(ended)
        return true
    }
}
