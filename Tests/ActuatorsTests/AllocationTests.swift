import CAllocationCounter
import Quantities
import Testing

@testable import Actuators

/// How often this thread asks for memory while `body` runs.
private func allocations(_ body: () throws -> Void) rethrows -> UInt64 {
    let before = callocationcounter_of_this_thread()
    try body()
    return callocationcounter_of_this_thread() - before
}

/// A tick writes and reads thousands of packets a second and may not ask for memory. In each test the first cycle warms
/// up what is set up once in a process, and the counted ones run the same code.
///
/// In debug builds the library's iterators of arrays and of reversed ranges are not specialised, and each step of one asks
/// for memory. So the loops here count with `Int`, and those of the codecs do as well.
@Suite(.enabled(if: callocationcounter_counts())) struct AllocationTests {
    @Test("asking six Dynamixels and reading their answers allocates nothing")
    func dynamixel() throws {
        let ids = try (1...6).map { try dynamixelID($0) }
        var rig = DynamixelRig(ids: ids)
        try rig.cycle()
        let count = try allocations { for _ in 0..<100 { try rig.cycle() } }
        #expect(count == 0)
        #expect(rig.parts == 6 * 101)
        #expect(rig.samples == 6 * 101)
    }

    @Test("asking six Feetech servos and reading their answers allocates nothing")
    func feetech() throws {
        let ids = try (1...6).map { try #require(Feetech.ServoID($0)) }
        var rig = FeetechRig(ids: ids)
        try rig.cycle()
        let count = try allocations { for _ in 0..<100 { try rig.cycle() } }
        #expect(count == 0)
        #expect(rig.answers == 6 * 101)
    }

    @Test("commanding six moteus controllers and reading their answers allocates nothing")
    func moteus() throws {
        let addresses = try (1...6).map { number in
            try #require(Moteus.Address(source: 0, destination: number, wantsReply: true))
        }
        let command = try #require(
            Moteus.PositionCommand(
                position: Radians(1), velocity: .zero, torque: .zero, maximumTorque: NewtonMetres(1),
                watchdog: Seconds(0.1)))
        var rig = MoteusRig(addresses: addresses, command: command)
        try rig.cycle()
        let count = try allocations { for _ in 0..<100 { try rig.cycle() } }
        #expect(count == 0)
        #expect(rig.replies == 6 * 101)
    }
}

/// A master and six servos at the two ends of a wire.
private struct DynamixelRig: ~Copyable {
    let ids: [Dynamixel.ServoID]
    let region = Dynamixel.Region(address: 224, count: Dynamixel.Sample.width)
    let window = bytes("00 01 05 64 00 9C FF FF FF 00 08 00 00 7B B0 29 00 00 00 00")
    let goal: [UInt8] = [1, 2, 3, 4]
    var writer = Dynamixel.Writer()
    var servo = Dynamixel.Parser()
    var master = Dynamixel.Parser()
    var parts = 0
    var samples = 0

    init(ids: [Dynamixel.ServoID]) { self.ids = ids }

    mutating func cycle() throws(EncodingError) {
        let ids = ids, goal = goal, window = window
        guard let register = Dynamixel.Model.xl330M288.register(.goalPosition) else { return }
        writer.beginSyncWrite(Dynamixel.Region(address: 116, count: 4))
        for place in ids.indices { try writer.addSyncWrite(ids[place], goal.span) }
        try writer.finish()
        hear()
        try writer.syncRead(region, from: ids.span)
        hear()
        for place in ids.indices {
            try writer.status(from: ids[place], .none, window.span)
            _ = master.take(writer.bytes)
            while master.next() != nil {
                if Dynamixel.Sample(master.parameters, of: .xl330M288, goal: register) != nil { samples += 1 }
            }
        }
        try fast()
    }

    private mutating func fast() throws(EncodingError) {
        let ids = ids, window = window
        try writer.syncRead(region, from: ids.span, fast: true)
        hear()
        try writer.beginFastReply(servos: ids.count, dataBytes: ids.count * window.count)
        for place in ids.indices { try writer.addFastReply(from: ids[place], .none, window.span) }
        _ = master.take(writer.bytes)
        while master.next() != nil {
            var reply = Dynamixel.FastReply()
            for place in ids.indices {
                if case .intact = reply.next(from: ids[place], width: region.count, in: master.raw) { parts += 1 }
            }
        }
    }

    /// What a servo makes of the request that was written last.
    private mutating func hear() {
        _ = servo.take(writer.bytes)
        while let event = servo.next() {
            guard case .packet(let packet) = event, case .instruction(let code) = packet.kind else { continue }
            guard let request = try? Dynamixel.Request(code: code, parameters: servo.parameters) else { continue }
            for place in ids.indices { _ = request.share(of: ids[place], in: servo.parameters) }
        }
    }
}

private struct FeetechRig: ~Copyable {
    let ids: [Feetech.ServoID]
    let region = Feetech.Region(address: 56, count: 15)
    let state = [UInt8](repeating: 0x5A, count: 15)
    let goal: [UInt8] = [1, 2, 3, 4, 5, 6]
    var writer = Feetech.Writer()
    var servo = Feetech.Parser()
    var master = Feetech.Parser()
    var answers = 0

    init(ids: [Feetech.ServoID]) { self.ids = ids }

    mutating func cycle() throws(EncodingError) {
        let ids = ids, goal = goal, state = state
        writer.beginSyncWrite(Feetech.Region(address: 42, count: 6))
        for place in ids.indices { try writer.addSyncWrite(ids[place], goal.span) }
        try writer.finish()
        hear()
        try writer.syncRead(region, from: ids.span)
        hear()
        for place in ids.indices {
            master.expectation = Feetech.Expectation(id: ids[place], parameters: region.count)
            try writer.status(from: ids[place], Feetech.ServoFaults(rawValue: 0), state.span)
            _ = master.take(writer.bytes)
            while master.next() != nil {
                let register = Feetech.Item.presentPosition.register
                if register.number(in: master.parameters) == 0x5A5A { answers += 1 }
            }
        }
    }

    private mutating func hear() {
        _ = servo.take(writer.bytes)
        while let event = servo.next() {
            guard case .packet(let packet) = event else { continue }
            guard let request = Feetech.Request(code: packet.code, parameters: servo.parameters) else { continue }
            for place in ids.indices { _ = request.share(of: ids[place], in: servo.parameters) }
        }
    }
}

private struct MoteusRig: ~Copyable {
    let addresses: [Moteus.Address]
    let command: Moteus.PositionCommand
    let motion: [Moteus.Word] = [.int32(10), .int32(1_000), .int32(-5), .int32(3), .int32(0)]
    var writer = Moteus.LineWriter(hasChecksum: true)
    var adapter = Moteus.LineParser(needsChecksum: true)
    var master = Moteus.LineParser(needsChecksum: true)
    var replies = 0

    init(addresses: [Moteus.Address], command: Moteus.PositionCommand) {
        self.addresses = addresses
        self.command = command
    }

    mutating func cycle() throws {
        for place in addresses.indices {
            let address = addresses[place]
            var payload = try Moteus.Payload(command)
            try payload.queryReading()
            payload.pad()
            writer.send(Moteus.Frame(address: address, payload: payload))
            _ = adapter.take(writer.bytes)
            while adapter.next() != nil { try answer(address) }
        }
    }

    private mutating func answer(_ address: Moteus.Address) throws {
        let motion = motion
        var payload = Moteus.Payload()
        try payload.reply(.mode, motion.span)
        writer.received(Moteus.Frame(address: address, payload: payload))
        _ = master.take(writer.bytes)
        while let event = master.next() {
            guard case .line(.received(let frame)) = event else { continue }
            var reading = Moteus.Reading()
            try reading.take(frame.payload)
            if reading.mode == .position { replies += 1 }
        }
    }
}
