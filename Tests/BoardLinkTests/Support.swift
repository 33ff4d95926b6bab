import BoardLink
import Quantities

/// The same numbers for the same seed on every machine and toolchain.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next() >> 32) }
    mutating func word() -> UInt32 { UInt32(truncatingIfNeeded: next() >> 16) }
    mutating func chance(_ oneIn: Int) -> Bool { below(oneIn) == 0 }
}

extension Bytes {
    init(_ bytes: some Sequence<UInt8>) {
        self.init()
        for byte in bytes { append(byte) }
    }

    var array: [UInt8] { (0..<count).map { self[$0] } }

    var hex: String { array.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ") }
}

/// The bytes written as pairs of hexadecimal digits.
func bytes(hex: String) -> [UInt8] { hex.split(separator: " ").compactMap { UInt8($0, radix: 16) } }

/// What a receiver made of a stream.
struct Heard {
    var packets: [Packet] = []
    var errors: [LinkError] = []
    var receiver = Receiver()

    mutating func hear(_ stream: some Sequence<UInt8>) {
        for byte in stream {
            do throws(LinkError) {
                if let packet = try receiver.receive(byte) { packets.append(packet) }
            } catch {
                errors.append(error)
            }
        }
    }

    /// Every frame that ended is accepted or counted as one kind of error, and was handed to the caller as such.
    var addsUp: Bool {
        let counters = receiver.counters
        return receiver.framesEnded == counters.accepted + counters.damaged + counters.misunderstood
            && Int(counters.accepted) == packets.count
            && Int(counters.damaged + counters.misunderstood) == errors.count
    }
}

func heard(_ stream: some Sequence<UInt8>) -> Heard {
    var heard = Heard()
    heard.hear(stream)
    return heard
}

/// Why a payload with these bytes is refused; nil when it is not.
func refusal(of payload: some Sequence<UInt8>) -> LinkError? {
    do throws(LinkError) {
        _ = try Packet(Payload(payload))
        return nil
    } catch {
        return error
    }
}
