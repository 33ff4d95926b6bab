import Testing

@testable import Actuators

/// The one answer that several servos share, and who is to blame when it is not whole.
@Suite struct DynamixelFastReplyTests {
    typealias Part = Dynamixel.FastReply.Part

    static let answer = bytes(DynamixelGoldenTests.fastAnswers[0].hex)
    static let whole: [Part] = [
        .intact(.none, data: 10..<14), .intact(.none, data: 18..<22), .intact(.none, data: 26..<30),
    ]

    private func parts(_ raw: [UInt8], ids: [UInt8] = [3, 7, 4], widths: [UInt16] = [4, 4, 4]) throws -> [Part] {
        var reply = Dynamixel.FastReply()
        return try zip(ids, widths).map { try reply.next(from: dynamixelID($0), width: $1, in: raw.span) }
    }

    @Test("a whole answer gives every servo's data")
    func intact() throws {
        var parser = Dynamixel.Parser()
        let sights = parser.sights(Self.answer)
        #expect(sights == [DynamixelSight(event: .fastReply(isIntact: true), raw: Self.answer)])
        #expect(try parts(Self.answer) == Self.whole)
    }

    @Test("servos that were asked for different widths are told apart")
    func bulk() throws {
        let answer = bytes(DynamixelGoldenTests.fastAnswers[1].hex)
        let expected: [Part] = [
            .intact(.none, data: 10..<14), .intact(.none, data: 18..<20), .intact(.none, data: 24..<25),
        ]
        #expect(try parts(answer, widths: [4, 2, 1]) == expected)
    }

    @Test("a missing servo is named, and those before it are read", arguments: 0..<32)
    func missing(length: Int) throws {
        var parser = Dynamixel.Parser()
        let start = Array(Self.answer.prefix(length))
        #expect(parser.sights(start) == [])
        let raw = parser.drain(afterSilence: true).first?.raw ?? []
        let present = [16, 24, 32].count { length >= $0 }
        let expected = Self.whole.prefix(present) + Array(repeating: Part.missing, count: 3 - present)
        #expect(raw.count == (length >= 8 ? length : 0))
        #expect(try parts(raw) == Array(expected))
    }

    @Test("a damaged byte names the first servo whose part cannot be trusted", arguments: 8..<32)
    func damaged(position: Int) throws {
        for bit in 0..<8 {
            let raw = Self.answer.flipping(position * 8 + bit)
            var parser = Dynamixel.Parser()
            #expect(parser.sights(raw).first?.event == .fastReply(isIntact: false))
            let parts = try parts(raw)
            let first = (position - 8) / 8
            #expect(parts.firstIndex(of: .damaged) == first)
            #expect(Array(parts.prefix(first)) == Array(Self.whole.prefix(first)))
        }
    }

    @Test("damage that the next servos heard too costs only the one part")
    func heard() throws {
        var raw = try dynamixelPacket {
            try $0.beginFastReply(servos: 2, dataBytes: 2)
            try $0.addFastReply(from: dynamixelID(1), .none, [0x11].span)
        }
        raw[10] = 0x12
        var checksum = Dynamixel.Checksum()
        checksum.add((raw + [0x00, 0x02, 0x22]).span)
        raw += [0x00, 0x02, 0x22, checksum.low, checksum.high]
        #expect(try parts(raw, ids: [1, 2], widths: [1, 1]) == [.damaged, .intact(.none, data: 15..<16)])
    }

    @Test("an answer of the wrong servo is not taken for the right one's")
    func wrongServo() throws {
        #expect(try parts(Self.answer, ids: [3, 8, 4]) == [Self.whole[0], .wrongServo(7), Self.whole[2]])
    }

    @Test("data is never stuffed, and may look like a header")
    func unstuffed() throws {
        let data = bytes("FF FF FD 00")
        let raw = try dynamixelPacket {
            try $0.beginFastReply(servos: 1, dataBytes: 4)
            try $0.addFastReply(from: dynamixelID(5), Dynamixel.StatusError(rawValue: 0x80), data.span)
        }
        #expect(Array(raw[10..<14]) == data)
        var parser = Dynamixel.Parser()
        #expect(parser.sights(raw, chunk: 1).map(\.event) == [.fastReply(isIntact: true)])
        let alert = Dynamixel.StatusError(hasAlert: true, failure: nil)
        #expect(try parts(raw, ids: [5], widths: [4]) == [.intact(alert, data: 10..<14)])
    }
}
