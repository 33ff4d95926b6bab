internal import Actuators

/// A packet as one servo heard it: raw, so that only whom it is for pays for its checksum.
struct DynamixelHeard: Equatable, Sendable {
    let raw: [UInt8]

    static let statusCode: UInt8 = 0x55
    static let everyone: UInt8 = 0xFE

    var target: UInt8 { raw[4] }
    var instruction: UInt8 { raw[7] }
    var isStatus: Bool { instruction == Self.statusCode }

    var isIntact: Bool {
        var checksum = Dynamixel.Checksum()
        checksum.add(raw.span.extracting(0..<raw.count - 2))
        return UInt16(raw[raw.count - 2]) | UInt16(raw[raw.count - 1]) << 8 == checksum.value
    }

    /// Without the bytes that the sender stuffed in.
    var parameters: [UInt8] {
        var plain: [UInt8] = []
        var place = 8
        while place < raw.count - 2 {
            plain.append(raw[place])
            // From the instruction on: it may be part of the pattern that was stuffed.
            if raw[place] == 0xFD, raw[place - 1] == 0xFF, raw[place - 2] == 0xFF, place >= 9 { place += 1 }
            place += 1
        }
        return plain
    }
}

/// One servo's receiver. Written apart from the parser of the masters, so that each is a check of the other.
struct DynamixelEar: Sendable {
    private static let longest = 1_024
    private var pending: [UInt8] = []

    mutating func hearSilence() { pending = [] }

    mutating func hear(_ bytes: [UInt8]) -> [DynamixelHeard] {
        pending += bytes
        var heard: [DynamixelHeard] = []
        while let packet = next() { heard.append(packet) }
        return heard
    }

    private mutating func next() -> DynamixelHeard? {
        while true {
            pending.removeFirst(Self.header(in: pending, from: 0) ?? Self.keepable(pending))
            guard pending.count >= 8 else { return nil }
            let end = Int(pending[5]) + Int(pending[6]) << 8 + 7
            guard end >= 10, end <= Self.longest else {
                pending.removeFirst()
                continue
            }
            // A header inside a body means that the one before has lost its end.
            if let second = Self.header(in: pending, from: 7), second < end - 2 {
                pending.removeFirst(second)
                continue
            }
            guard pending.count >= end else { return nil }
            let packet = DynamixelHeard(raw: Array(pending[..<end]))
            pending.removeFirst(end)
            return packet
        }
    }

    private static func header(in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= start + 4 else { return nil }
        return (start...bytes.count - 4).first {
            bytes[$0] == 0xFF && bytes[$0 + 1] == 0xFF && bytes[$0 + 2] == 0xFD && bytes[$0 + 3] == 0
        }
    }

    /// How much may go when there is no header: its first three bytes may be the last that came.
    private static func keepable(_ bytes: [UInt8]) -> Int { max(0, bytes.count - 3) }
}
