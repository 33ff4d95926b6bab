import Quantities
import Testing

@testable import Actuators

func moteusPayload(_ write: (inout Moteus.Payload) throws -> Void) rethrows -> Moteus.Payload {
    var payload = Moteus.Payload()
    try write(&payload)
    return payload
}

func moteusPayload(_ hex: String) throws -> Moteus.Payload {
    try moteusPayload { payload in for byte in bytes(hex) { try payload.append(byte) } }
}

/// Register accesses in a frame.
@Suite struct MoteusTests {
    static let command = "01 00 0A 07 20 60 00 20 01 50 FF 14 04 00 13 0D"
    static let reply = "24 04 00 0A 00 50 00 00 01 70 FF 23 0D 18 14 00"

    private func words(_ resolution: Moteus.Resolution, _ values: [(Float?, Moteus.Scale)]) throws -> [Moteus.Word] {
        try values.map { try #require(Moteus.Word($0, in: $1, resolution)) }
    }

    private func subframes(_ payload: Moteus.Payload) throws -> [Moteus.Subframe] {
        var reader = Moteus.SubframeReader(payload)
        var found: [Moteus.Subframe] = []
        while let subframe = try reader.next() { found.append(subframe) }
        return found
    }

    @Test("the documented command is written byte by byte")
    func written() throws {
        let motion = try words(
            .int16, [(0.0096, .revolutions), (0.072, .revolutionsPerSecond), (-1.76, .newtonMetres)])
        var payload = try Moteus.Payload(.position)
        try payload.write(.commandPosition, motion.span)
        try payload.read(.mode, count: 4, as: .int16)
        try payload.read(.voltage, count: 3, as: .int8)
        payload.pad()
        #expect([UInt8](payload.bytes) == bytes(Self.command))
    }

    @Test("a controller understands the documented command")
    func understood() throws {
        let payload = try moteusPayload(Self.command)
        let found = try subframes(payload)
        #expect(found.count == 4)
        #expect(found[2] == .read(start: .mode, count: 4, .int16))
        #expect(found[3] == .read(start: .voltage, count: 3, .int8))
        guard case .write(let mode) = found[0], case .write(let motion) = found[1] else {
            Issue.record("\(found)")
            return
        }
        #expect(mode.word(at: 0, in: payload) == .int8(10))
        #expect(motion.register(at: 2) == .commandTorque)
        #expect((0..<3).map { motion.word(at: $0, in: payload) } == [.int16(96), .int16(288), .int16(-176)])
    }

    @Test("the documented reply is the state of a joint")
    func reading() throws {
        var reading = Moteus.Reading()
        try reading.take(try moteusPayload(Self.reply))
        #expect(reading.mode == .position)
        #expect(reading.position?.value.isNear(0.008 * 2 * .pi) == true)
        #expect(reading.velocity?.value.isNear(0.064 * 2 * .pi) == true)
        #expect(reading.torque?.value.isNear(-1.44) == true)
        #expect(reading.voltage == Volts(12) && reading.boardTemperature == Celsius(20))
        #expect(reading.condition?.rawValue == 0)
        #expect(reading.current == nil && reading.motorTemperature == nil)
    }

    @Test("the rest of a reading comes from the other registers, and unknown ones are passed over")
    func rest() throws {
        let payload = try moteusPayload {
            try $0.reply(.qCurrent, [Moteus.Word.int16(-25)].span)
            try $0.reply(.motorTemperature, [Moteus.Word.int16(415)].span)
            try $0.reply(.fault, [Moteus.Word.int8(103)].span)
            try $0.reply(.mode, [Moteus.Word.int8(99)].span)
            try $0.reply(.id, [Moteus.Word.int32(7)].span)
            try $0.readError(.model, code: 5)
        }
        var reading = Moteus.Reading()
        try reading.take(payload)
        #expect(reading.current?.value.isNear(-2.5) == true)
        #expect(reading.motorTemperature?.value.isNear(41.5) == true)
        #expect(reading.condition?.limiter == .positionBound && reading.condition?.fault == nil)
        #expect(reading.mode == nil)
    }

    @Test("a malformed reply changes nothing")
    func malformed() throws {
        var reading = Moteus.Reading()
        try reading.take(try moteusPayload(Self.reply))
        let before = reading
        let broken = try moteusPayload("21 00 05 24 04 00 0A")
        #expect(throws: Moteus.Malformation.truncated) { try reading.take(broken) }
        #expect(reading == before)
    }

    @Test("a command travels with its cap and its watchdog")
    func capped() throws {
        let command = try #require(
            Moteus.PositionCommand(
                position: Radians(.pi), velocity: RadiansPerSecond(0), torque: NewtonMetres(0),
                maximumTorque: NewtonMetres(2), watchdog: Seconds(0.1)))
        var payload = try Moteus.Payload(command)
        try payload.queryReading()
        payload.pad()
        let expected =
            "01 00 0A 0F 20 00 00 00 3F 00 00 00 00 00 00 00 00 0D 25 00 00 00 40 0D 27 CD CC CC 3D 18 05 00 15 0A 17 0D"
        let padding = [UInt8](repeating: 0x50, count: 12)
        #expect([UInt8](payload.bytes) == bytes(expected) + padding)
    }

    @Test("a command without a position travels as not-a-number, and only there")
    func ignored() throws {
        let command = try #require(
            Moteus.PositionCommand(
                position: nil, velocity: RadiansPerSecond(1), torque: .zero, maximumTorque: .zero,
                watchdog: Seconds(0.1)))
        let payload = try Moteus.Payload(command)
        guard case .write(let values) = try subframes(payload)[1] else { return }
        #expect(values.word(at: 0, in: payload).value(in: .revolutions) == nil)
        #expect(values.word(at: 1, in: payload).value(in: .revolutionsPerSecond)?.isNear(1 / (2 * .pi)) == true)
    }

    static let senseless: [(Float?, Float, Float, Float, Float)] = [
        (.nan, 0, 0, 1, 0.1), (0, .nan, 0, 1, 0.1), (0, 0, .infinity, 1, 0.1), (0, 0, 0, .nan, 0.1),
        (0, 0, 0, -1, 0.1), (0, 0, 0, .infinity, 0.1), (0, 0, 0, 1, 0), (0, 0, 0, 1, .nan), (0, 0, 0, 1, .infinity),
    ]

    @Test("a command that makes no sense does not exist", arguments: senseless)
    func none(position: Float?, velocity: Float, torque: Float, cap: Float, watchdog: Float) {
        let command = Moteus.PositionCommand(
            position: position.map(Radians.init), velocity: RadiansPerSecond(velocity), torque: NewtonMetres(torque),
            maximumTorque: NewtonMetres(cap), watchdog: Seconds(watchdog))
        #expect(command == nil)
    }

    static let steps: [(Moteus.Scale, Float, Float, Float)] = [
        (.count, 1, 1, 1), (.revolutions, 0.01, 0.0001, 0.00001), (.revolutionsPerSecond, 0.1, 0.00025, 0.00001),
        (.revolutionsPerSecondSquared, 0.05, 0.001, 0.00001), (.newtonMetres, 0.5, 0.01, 0.001),
        (.amperes, 1, 0.1, 0.001), (.volts, 0.5, 0.1, 0.001), (.celsius, 1, 0.1, 0.001),
        (.seconds, 0.01, 0.001, 0.000001), (.share, 1 / 127, 1 / 32_767, 1 / 2_147_483_648), (.watts, 10, 0.05, 0.0001),
    ]

    @Test("integers have the documented steps, and their ends hold", arguments: steps)
    func scales(scale: Moteus.Scale, int8: Float, int16: Float, int32: Float) throws {
        let small = Moteus.Word.int8(1).value(in: scale)
        #expect(small?.isNear(int8) == true)
        #expect(Moteus.Word.int16(-1).value(in: scale)?.isNear(-int16) == true)
        #expect(Moteus.Word.int32(1_000).value(in: scale)?.isNear(1_000 * int32) == true)
        #expect(Moteus.Word(int8 * 127, in: scale, .int8) == .int8(127))
        #expect(Moteus.Word(int8 * -127, in: scale, .int8) == .int8(-127))
        #expect(Moteus.Word(int8 * -128, in: scale, .int8) == nil && Moteus.Word(int8 * 128, in: scale, .int8) == nil)
        #expect(Moteus.Word(int16 * 32_768, in: scale, .int16) == nil)
        #expect(Moteus.Word(int32 * 2.2e9, in: scale, .int32) == nil)
    }

    @Test("the most negative number and not-a-number mean not set, in both directions")
    func unset() {
        for resolution in Moteus.Resolution.allCases {
            let word = Moteus.Word(nil, in: .revolutions, resolution)
            #expect(word?.value(in: .revolutions) == nil)
            #expect(word?.resolution == resolution)
            #expect(Moteus.Word(.nan, in: .revolutions, resolution) == nil)
            #expect(Moteus.Word(.infinity, in: .revolutions, resolution) == nil)
        }
        #expect(Moteus.Word(nil, in: .count, .int8) == .int8(.min))
        #expect(Moteus.Word(nil, in: .count, .int16) == .int16(.min))
        #expect(Moteus.Word(nil, in: .count, .int32) == .int32(.min))
        #expect(Moteus.Word(2.5, in: .revolutions, .float) == .float(2.5))
        #expect(Moteus.Word.float(.infinity).value(in: .volts) == nil)
    }

    @Test("registers count in their own units")
    func registers() {
        let pairs: [(Moteus.Register, Moteus.Scale)] = [
            (.mode, .count), (.absolutePosition, .revolutions), (.commandVelocityLimit, .revolutionsPerSecond),
            (.commandAccelerationLimit, .revolutionsPerSecondSquared), (.commandMaximumTorque, .newtonMetres),
            (.dCurrent, .amperes), (.power, .watts), (.boardTemperature, .celsius), (.commandWatchdog, .seconds),
            (.commandStiffnessShare, .share), (Moteus.Register(0x999), .count),
        ]
        for (register, scale) in pairs { #expect(register.scale == scale) }
    }

    static let malformedPayloads: [(String, Moteus.Malformation)] = [
        ("40 01 02", .unknownType(0x40)), ("32 00", .unknownType(0x32)), ("11", .truncated), ("10", .truncated),
        ("29 00", .truncated), ("21 80", .truncated), ("30 00", .truncated), ("11 FF FF FF FF 0F", .number),
        ("11 FF FF FF FF 1F", .number), ("11 80 80 80 80 80 00", .number), ("11 80 80 04", .number),
        ("10 41 00", .number),
    ]

    @Test("what makes no sense is said so", arguments: malformedPayloads)
    func refused(hex: String, malformation: Moteus.Malformation) throws {
        let payload = try moteusPayload(hex)
        #expect(throws: malformation) { try subframes(payload) }
    }

    @Test("errors of a controller, and padding between")
    func errors() throws {
        let payload = try moteusPayload {
            try $0.writeError(Moteus.Register(0x130), code: 3)
            try $0.append(0x50)
            try $0.readError(.model, code: 300)
        }
        #expect([UInt8](payload.bytes) == bytes("30 B0 02 03 50 31 80 02 AC 02"))
        let expected: [Moteus.Subframe] = [
            .writeError(Moteus.Register(0x130), code: 3), .readError(.model, code: 300),
        ]
        #expect(try subframes(payload) == expected)
    }

    @Test("values of every resolution come back", arguments: 0..<64)
    func roundTrip(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for resolution in Moteus.Resolution.allCases {
            let count = 1 + generator.below(12)
            let start = Moteus.Register(UInt16(generator.below(0x8000)))
            let sent = (0..<count).map { _ in
                Moteus.Word(bits: UInt32(truncatingIfNeeded: generator.next()), resolution)
            }
            let payload = try moteusPayload { try $0.reply(start, sent.span) }
            guard case .reply(let values) = try #require(try subframes(payload).first) else { return }
            #expect(values.start == start && values.count == count && values.resolution == resolution)
            for position in 0..<count { #expect(values.word(at: position, in: payload).bits == sent[position].bits) }
        }
    }

    @Test("any payload is read to its end or refused", arguments: 0..<2_000)
    func random(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var payload = Moteus.Payload()
        let alphabet: [UInt8] = [0x00, 0x01, 0x07, 0x10, 0x1C, 0x20, 0x24, 0x2F, 0x30, 0x31, 0x50, 0x80, 0xFF]
        for byte in generator.nastyBytes(generator.below(65), from: alphabet) { try? payload.append(byte) }
        var reading = Moteus.Reading()
        var reader = Moteus.SubframeReader(payload)
        var accesses = 0
        while let found = try? reader.next(), accesses <= 64 {
            accesses += 1
            if case .write(let values) = found { #expect(values.offset + values.count <= payload.count) }
        }
        #expect(accesses <= 64, "seed \(seed)")
        try? reading.take(payload)
    }

    @Test("a payload is never longer than a frame")
    func tooLong() throws {
        var payload = try moteusPayload { try $0.reply(.mode, [Moteus.Word](repeating: .float(1), count: 15).span) }
        #expect(payload.count == 63)
        #expect(throws: EncodingError.tooLong) { try payload.write(.mode, [Moteus.Word.int8(1)].span) }
        var other = Moteus.Payload()
        #expect(throws: EncodingError.tooLong) { try other.read(.mode, count: 65, as: .int8) }
        #expect(throws: EncodingError.tooLong) { try other.read(.mode, count: -1, as: .int8) }
        #expect(throws: EncodingError.wrongWidth(expected: 1, found: 2)) {
            try other.write(.mode, [Moteus.Word.int8(1), .int16(1)].span)
        }
    }

    @Test("nothing is written of no values")
    func empty() throws {
        let payload = try moteusPayload { try $0.write(.mode, [Moteus.Word]().span) }
        #expect(payload == Moteus.Payload())
        #expect(try moteusPayload("01") != moteusPayload("02"))
    }

    static let lengths = [
        (0, 0), (8, 8), (9, 12), (12, 12), (13, 16), (17, 20), (21, 24), (25, 32), (33, 48), (49, 64), (64, 64),
    ]

    @Test("padding goes up to a length that the bus has", arguments: lengths)
    func padding(count: Int, padded: Int) throws {
        var payload = try moteusPayload { for _ in 0..<count { try $0.append(0) } }
        payload.pad()
        #expect(payload.count == padded)
    }

    @Test("faults and limiters have their documented numbers")
    func conditions() {
        #expect(Moteus.Fault.allCases.map(\.rawValue) == Array(32...50))
        #expect(Moteus.Limiter.allCases.map(\.rawValue) == Array(96...103))
        #expect(Moteus.Condition(rawValue: 38).fault == .overTemperature)
        #expect(Moteus.Condition(rawValue: 50).limiter == nil)
    }

    @Test("addresses", arguments: [0x8001, 0x0100, 0x0001, 0xFF7F])
    func address(identifier: UInt32) throws {
        let address = try #require(Moteus.Address(identifier: identifier))
        #expect(address.identifier == identifier)
        #expect(address.wantsReply == (identifier >= 0x8000))
        let again = Moteus.Address(
            source: address.source, destination: address.destination, wantsReply: address.wantsReply)
        #expect(again == address)
        #expect(Moteus.Address(source: 0x80, destination: 0, wantsReply: false) == nil)
        #expect(Moteus.Address(identifier: 0x80) == nil && Moteus.Address(identifier: 0x1_0000) == nil)
    }
}
