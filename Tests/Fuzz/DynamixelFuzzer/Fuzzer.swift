import Actuators
import FuzzDriver

@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let all = unsafe input(start, count)
    let steps = Step.all(in: all)
    let stream =
        [UInt8](repeating: 0, count: lead(of: all))
        + steps.flatMap { $0.isPacket ? packet(of: $0.content) : $0.content }
    let longest = steps.first.map { 10 + $0.content.count * 8 } ?? 1_024
    let whole = Wire.heard(in: [stream], longest: longest)
    let cut = Wire.heard(in: pieces(stream), longest: longest)
    expect(whole == cut, "in one piece: \(whole), in many: \(cut)")
    return 0
}

/// A parser, and what became of each byte.
struct Wire: ~Copyable {
    enum Heard: Equatable {
        case packet(Dynamixel.Packet, [UInt8])
        case shared([UInt8])
        case broken([UInt8])
        case refused(Dynamixel.Refusal)
    }

    private var parser: Dynamixel.Parser
    private var heard: [Heard] = []
    private var packets: UInt64 = 0
    private var packetBytes: UInt64 = 0
    private var refusals: UInt64 = 0

    init(longest: Int) { parser = Dynamixel.Parser(longestPacket: longest) }

    static func heard(in chunks: [[UInt8]], longest: Int) -> [Heard] {
        var wire = Wire(longest: longest)
        for chunk in chunks { wire.hear(chunk) }
        wire.drain(afterSilence: true)
        wire.expectCounters(chunks.reduce(0) { $0 + $1.count })
        return wire.heard
    }

    private mutating func hear(_ chunk: [UInt8]) {
        var rest = chunk[...]
        while !rest.isEmpty {
            let piece = Array(rest)
            let taken = parser.take(piece.span)
            expect(taken > 0, "no room although nothing more can be understood")
            rest = rest.dropFirst(taken)
            drain(afterSilence: false)
        }
    }

    private mutating func drain(afterSilence: Bool) {
        while let event = parser.next(afterSilence: afterSilence) {
            switch event {
            case .packet(let packet): take(packet)
            case .fastReply(isIntact: true): takeShared()
            case .fastReply(isIntact: false):
                refusals += 1
                heard.append(.broken(bytes(parser.raw)))
                judgeParts()
            case .refused(let refusal):
                refusals += 1
                heard.append(.refused(refusal))
            }
        }
    }

    private mutating func take(_ packet: Dynamixel.Packet) {
        let parameters = bytes(parser.parameters)
        heard.append(.packet(packet, parameters))
        packets += 1
        packetBytes += UInt64(written(packet, parameters).count)
        guard case .instruction(let code) = packet.kind else { return }
        if let request = try? Dynamixel.Request(code: code, parameters: parser.parameters) { expectShares(request) }
    }

    private func expectShares(_ request: Dynamixel.Request) {
        for number in [UInt8(0), 1, 252] {
            guard let id = Dynamixel.ServoID(number), let share = request.share(of: id, in: parser.parameters) else {
                continue
            }
            expect(share.data.upperBound <= parser.parameters.count, "\(share) is beyond the end")
        }
    }

    private mutating func takeShared() {
        let raw = bytes(parser.raw)
        heard.append(.shared(raw))
        packets += 1
        packetBytes += UInt64(raw.count)
        expect(Array(checksum(of: raw.dropLast(2))) == Array(raw.suffix(2)), "\(raw) was taken")
        judgeParts()
    }

    /// The parts of a shared answer lie inside it, each behind the one before.
    private func judgeParts() {
        let widths = bytes(parser.raw).suffix(6).map { UInt16($0 & 0x1F) }
        var reply = Dynamixel.FastReply()
        var end = 0
        for width in widths {
            guard let id = Dynamixel.ServoID(1) else { continue }
            guard case .intact(_, let data) = reply.next(from: id, width: width, in: parser.raw) else { continue }
            expect(data.lowerBound > end && data.upperBound + 2 <= parser.raw.count, "\(data) is no part")
            end = data.upperBound
            let before = bytes(parser.raw)[..<end]
            let closing = bytes(parser.raw)[end..<end + 2]
            expect(Array(checksum(of: before)) == Array(closing), "the part \(data) was taken")
        }
    }

    private func expectCounters(_ count: Int) {
        let counters = parser.counters
        let refused = Dynamixel.Refusal.allCases.reduce(UInt64(0)) { $0 + counters[$1] }
        expect(counters.packets == packets, "\(packets) packets were taken, counted: \(counters.packets)")
        expect(refused == refusals, "\(refusals) were refused, counted: \(refused)")
        let accounted = packetBytes + counters.skippedBytes
        expect(accounted == UInt64(count), "\(accounted) of \(count) bytes are accounted for")
    }
}

/// What was accepted has only one spelling, and it passes every test of its own again.
func written(_ packet: Dynamixel.Packet, _ parameters: [UInt8]) -> [UInt8] {
    let target: UInt8 =
        switch packet.target {
        case .one(let id): id.rawValue
        case .everyone: 0xFE
        }
    let body: [UInt8] =
        switch packet.kind {
        case .instruction(let code): [code] + parameters
        case .status(let error): [0x55, error.rawValue] + parameters
        }
    let spelled = packetBytes(target, body)
    if case .status(let error) = packet.kind, case .one(let id) = packet.target {
        var writer = Dynamixel.Writer()
        expect((try? writer.status(from: id, error, parameters.span)) != nil, "\(packet) cannot be written")
        expect(bytes(writer.bytes) == spelled, "\(packet) is written as \(bytes(writer.bytes)), not \(spelled)")
    }
    var parser = Dynamixel.Parser()
    _ = parser.take(spelled.span)
    expect(parser.next() == .packet(packet), "\(packet) is not read back from \(spelled)")
    expect(bytes(parser.parameters) == parameters, "\(parameters) are not read back from \(spelled)")
    return spelled
}

/// A target and the body of a sound packet; a shared answer is not stuffed, and each byte pair of it may be a checksum.
func packet(of content: [UInt8]) -> [UInt8] {
    guard let target = content.first else { return [] }
    let body = Array(content.dropFirst())
    guard target == 0xFE, body.first == 0x55 else { return packetBytes(target, body) }
    var shared: [UInt8] = header(target, length: body.count + 2)
    for byte in body {
        shared.append(byte)
        if byte == 0xC5 { shared += checksum(of: shared[...]) }
    }
    let length = shared.count + 2 - 7
    shared[5] = UInt8(truncatingIfNeeded: length)
    shared[6] = UInt8(truncatingIfNeeded: length >> 8)
    return shared + checksum(of: shared[...])
}

func packetBytes(_ target: UInt8, _ body: [UInt8]) -> [UInt8] {
    var stuffed: [UInt8] = []
    for byte in body {
        stuffed.append(byte)
        if stuffed.suffix(3) == [0xFF, 0xFF, 0xFD] { stuffed.append(0xFD) }
    }
    let whole = header(target, length: stuffed.count + 2) + stuffed
    return whole + checksum(of: whole[...])
}

func header(_ target: UInt8, length: Int) -> [UInt8] {
    [0xFF, 0xFF, 0xFD, 0x00, target, UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)]
}

/// The checksum bit by bit, as the vendor defines it, and not as the house computes it.
func checksum(of bytes: ArraySlice<UInt8>) -> [UInt8] {
    var register: UInt16 = 0
    for byte in bytes {
        for place in (0..<8).reversed() {
            let bit = register >> 15 ^ UInt16(byte >> place & 1)
            register = register << 1 ^ (bit == 1 ? 0x8005 : 0)
        }
    }
    return [UInt8(truncatingIfNeeded: register), UInt8(register >> 8)]
}

func bytes(_ span: Span<UInt8>) -> [UInt8] { span.indices.map { span[$0] } }
