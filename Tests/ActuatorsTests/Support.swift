import Testing

@testable import Actuators

/// The house generator of tests: small, fast, the same on every machine.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

    mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next() >> 32) }

    /// Bytes that look like headers far more often than chance would have it.
    mutating func nastyBytes(_ count: Int, from alphabet: [UInt8]) -> [UInt8] {
        (0..<count).map { _ in below(3) == 0 ? byte() : alphabet[below(alphabet.count)] }
    }
}

/// `"FF FE"` as bytes.
func bytes(_ hex: String) -> [UInt8] { hex.split(separator: " ").compactMap { UInt8($0, radix: 16) } }

extension [UInt8] {
    init(_ span: Span<UInt8>) { self = span.indices.map { span[$0] } }

    /// The bytes with one bit turned over.
    func flipping(_ bit: Int) -> [UInt8] {
        var damaged = self
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        return damaged
    }
}

/// An event of a Dynamixel parser with the bytes that belong to it.
struct DynamixelSight: Equatable {
    let event: Dynamixel.Parser.Event
    var parameters: [UInt8] = []
    var raw: [UInt8] = []

    var isPacket: Bool {
        if case .packet = event { true } else { false }
    }
}

extension Dynamixel.Parser {
    /// Everything that comes out while the bytes go in, in chunks.
    mutating func sights(_ bytes: [UInt8], chunk: Int = .max) -> [DynamixelSight] {
        var sights: [DynamixelSight] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = [UInt8](rest.prefix(chunk))
            let taken = take(piece.span)
            rest = rest.dropFirst(taken)
            sights += drain()
        }
        return sights
    }

    mutating func drain(afterSilence: Bool = false) -> [DynamixelSight] {
        var sights: [DynamixelSight] = []
        while let event = next(afterSilence: afterSilence) {
            sights.append(DynamixelSight(event: event, parameters: [UInt8](parameters), raw: [UInt8](raw)))
        }
        return sights
    }
}

func dynamixelID(_ number: UInt8) throws -> Dynamixel.ServoID { try #require(Dynamixel.ServoID(number)) }

/// What a writer makes of one packet.
func dynamixelPacket(_ write: (inout Dynamixel.Writer) throws -> Void) rethrows -> [UInt8] {
    var writer = Dynamixel.Writer()
    try write(&writer)
    return [UInt8](writer.bytes)
}
