import BoardLink
import Quantities
import Testing

@Suite struct PacketTests {
    @Test("a golden message becomes its golden frame", arguments: GoldenFrame.all)
    func goldenEncoding(golden: GoldenFrame) throws {
        var sender = Sender(nextSequence: golden.sequence)
        #expect(sender.frame(try golden.message()).hex == golden.hex)
    }

    @Test("a golden frame is taken, and written again it is the same", arguments: GoldenFrame.all)
    func goldenDecoding(golden: GoldenFrame) throws {
        let heard = heard(bytes(hex: golden.hex))
        try #require(heard.packets.count == 1 && heard.errors.isEmpty)
        var sender = Sender(nextSequence: heard.packets[0].sequence)
        #expect(sender.frame(heard.packets[0].message).hex == golden.hex)
        #expect(heard.packets[0].message.kind == (try golden.message()).kind)
    }

    @Test("there is a golden frame for every kind of message") func everyKind() throws {
        let kinds = Set(try GoldenFrame.all.map { try $0.message().kind })
        #expect(kinds == Set((0...255).compactMap(MessageKind.init(rawValue:))))
    }

    @Test("every message comes back as it was sent", arguments: 0..<32 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = RandomMessage(random: SplitMix64(seed: seed))
        var sender = Sender()
        var heard = Heard()
        for count in 1...200 {
            let message = try random.message()
            heard.hear(sender.frame(message).array)
            #expect(heard.packets.last?.message == message, "seed \(seed), message \(count)")
        }
        #expect(heard.packets.map(\.sequence) == Array(0..<200))
        #expect(heard.errors.isEmpty && heard.addsUp)
    }

    @Test("the largest message of every kind fits into a payload", arguments: GoldenFrame.all)
    func capacity(golden: GoldenFrame) throws {
        #expect(try golden.packet.payload().count <= payloadCapacity)
    }

    @Test("sequence numbers start again after the largest") func sequenceWraps() {
        var sender = Sender(nextSequence: .max)
        _ = sender.frame(.disarm)
        #expect(sender.nextSequence == 0)
    }

    // MARK: Refusals

    @Test("identification is version 0, everything else version 1", arguments: UInt8.min...UInt8.max)
    func version(version: UInt8) throws {
        for golden in GoldenFrame.all {
            var payload = try golden.packet.payload()
            let right: UInt8 = golden.name.hasPrefix("identif") ? 0 : 1
            payload[0] = version
            #expect(refusal(of: payload.array) == (version == right ? nil : .unknownVersion(version)))
        }
    }

    @Test("a kind that nobody knows is refused by its number", arguments: UInt8.min...UInt8.max)
    func kind(number: UInt8) {
        let error = refusal(of: [1, number, 0, 0])
        #expect((error == .unknownType(number)) == (MessageKind(rawValue: number) == nil))
    }

    @Test("a payload of another length is refused", arguments: GoldenFrame.all)
    func length(golden: GoldenFrame) throws {
        let payload = try golden.packet.payload().array
        let kind = try golden.message().kind
        for shorter in 4..<payload.count {
            #expect(refusal(of: payload.prefix(shorter)) == .wrongLength(kind), "\(shorter) bytes")
        }
        #expect(refusal(of: payload + [0]) == .wrongLength(kind))
        #expect(refusal(of: payload + [1]) == .wrongLength(kind))
    }

    @Test("a payload without a whole header is refused", arguments: 0..<4)
    func header(length: Int) { #expect(refusal(of: [1, 5, 0].prefix(length)) == .truncated) }
}
