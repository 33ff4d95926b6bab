import Actuators
import FuzzDriver

@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let all = unsafe input(start, count)
    let steps = Step.all(in: all)
    let stream =
        [UInt8](repeating: 0, count: lead(of: all))
        + steps.flatMap { $0.isPacket ? packet(of: $0.content) : $0.content }
    for expectation in [nil, expectation(from: steps)] {
        let whole = Wire.heard(in: [stream], expectation)
        let cut = Wire.heard(in: pieces(stream), expectation)
        expect(whole == cut, "in one piece: \(whole), in many: \(cut)")
    }
    return 0
}

func expectation(from steps: [Step]) -> Feetech.Expectation? {
    guard let content = steps.first?.content, content.count >= 2 else { return nil }
    return Feetech.ServoID(content[0]).map { Feetech.Expectation(id: $0, parameters: UInt8(content.count - 2)) }
}

/// A parser, and what became of each byte.
struct Wire: ~Copyable {
    enum Heard: Equatable {
        case packet(Feetech.Packet, [UInt8])
        case refused(Feetech.Refusal)
    }

    private var parser = Feetech.Parser()
    private var heard: [Heard] = []
    private var packets: UInt64 = 0
    private var packetBytes: UInt64 = 0

    static func heard(in chunks: [[UInt8]], _ expectation: Feetech.Expectation?) -> [Heard] {
        var wire = Wire()
        wire.parser.expectation = expectation
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
            case .refused(let refusal): heard.append(.refused(refusal))
            }
        }
    }

    private mutating func take(_ packet: Feetech.Packet) {
        let parameters = bytes(parser.parameters)
        heard.append(.packet(packet, parameters))
        packets += 1
        packetBytes += UInt64(written(packet, parameters).count)
        if let expectation = parser.expectation {
            var found: Feetech.Expectation?
            if case .one(let id) = packet.target { found = .init(id: id, parameters: UInt8(parameters.count)) }
            expect(found == expectation, "\(packet) with \(parameters.count) bytes is not what was awaited")
        }
        guard let request = Feetech.Request(code: packet.code, parameters: parser.parameters) else { return }
        for number in [UInt8(0), 1, 253] {
            guard let id = Feetech.ServoID(number), let share = request.share(of: id, in: parser.parameters) else {
                continue
            }
            expect(share.data.upperBound <= parameters.count, "\(share) is beyond the end")
        }
    }

    private func expectCounters(_ count: Int) {
        let counters = parser.counters
        let refused = Feetech.Refusal.allCases.reduce(UInt64(0)) { $0 + counters[$1] }
        expect(counters.packets == packets, "\(packets) packets were taken, counted: \(counters.packets)")
        expect(refused == UInt64(heard.count) - packets, "\(heard) were heard, refused: \(refused)")
        let accounted = packetBytes + counters.skippedBytes
        expect(accounted == UInt64(count), "\(accounted) of \(count) bytes are accounted for")
    }
}

/// What was accepted has only one spelling, and the writer has the same.
func written(_ packet: Feetech.Packet, _ parameters: [UInt8]) -> [UInt8] {
    guard case .one(let id) = packet.target else { return packetBytes(0xFE, packet.code, parameters) }
    let spelled = packetBytes(id.rawValue, packet.code, parameters)
    var writer = Feetech.Writer()
    expect((try? writer.status(from: id, packet.faults, parameters.span)) != nil, "\(packet) cannot be written")
    expect(bytes(writer.bytes) == spelled, "\(packet) is written as \(bytes(writer.bytes)), not \(spelled)")
    var parser = Feetech.Parser()
    _ = parser.take(spelled.span)
    expect(parser.next() == .packet(packet), "\(packet) is not read back from \(spelled)")
    expect(bytes(parser.parameters) == parameters, "\(parameters) are not read back from \(spelled)")
    return spelled
}

func packet(of content: [UInt8]) -> [UInt8] {
    guard content.count >= 2 else { return content }
    return packetBytes(content[0], content[1], Array(content.dropFirst(2)))
}

func packetBytes(_ target: UInt8, _ code: UInt8, _ parameters: [UInt8]) -> [UInt8] {
    let summed = [target, UInt8(parameters.count + 2), code] + parameters
    return [0xFF, 0xFF] + summed + [~summed.reduce(0, &+)]
}

func bytes(_ span: Span<UInt8>) -> [UInt8] { span.indices.map { span[$0] } }
