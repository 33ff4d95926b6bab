import Actuators
import Ports
import Quantities
import Testing

@testable import VirtualRobot
import Simulator

@Suite("the instructions of virtual Dynamixel servos")
struct DynamixelInstructionTests {
    private let region = Dynamixel.Region(address: 132, count: 4)

    /// Positions in the register, without a body that moves.
    private func posed(_ servos: [(UInt8, Int32)], firmware: UInt8? = nil, model: Dynamixel.Model = .xl330M288) throws
        -> DynamixelBus
    {
        let settings = servos.map { number, steps in
            var servo = DynamixelServo(model, id: id(number), bitsPerSecond: 1_000_000, returnDelay: 0)
            servo.zeroStep = steps
            if let firmware { servo.firmware = Dynamixel.Firmware(firmware) }
            return servo
        }
        return DynamixelBus(
            wire: DynamixelWire(settings), body: .xl330(servos.count), line: LineSettings(rate: BaudRate(1_000_000)))
    }

    @Test("a fast sync read is answered as the vendor prints it, by each servo with its own part")
    func fastSyncRead() throws {
        var bus = try posed([(3, 166), (7, 2_079), (4, 1_023)])
        let heard = bus.ask(bytes("FF FF FD 00 FE 0A 00 8A 84 00 04 00 03 07 04 20 F2"))
        #expect(heard.map(\.bytes.count) == [16, 8, 8])
        #expect(
            heard.flatMap(\.bytes)
                == bytes(
                    """
                    FF FF FD 00 FE 19 00 55 00 03 A6 00 00 00 84 08 00 07 1F 08 00 00 16 CA 00 04 FF 03 00 00 D1 9E
                    """))
    }

    @Test("behind a missing servo a fast read falls silent, and a plain one goes on")
    func missing() throws {
        var bus = try posed([(1, 10), (3, 30)])
        let ids = [1, 2, 3].map(id)
        let fast = bus.ask(try packet { try $0.syncRead(region, from: ids.span, fast: true) })
        #expect(fast.map(\.bytes.count) == [16])
        // It promises what it would have been with all of them.
        #expect(fast.first?.bytes[5] == 25)
        #expect(try bus.ask { try $0.syncRead(region, from: ids.span) }.map(\.id) == [1, 3])
    }

    @Test("a fast bulk read is answered as the vendor prints it")
    func fastBulkRead() throws {
        var bus = try posed([(3, 166), (7, 0), (4, 0)])
        bus.preset(.presentPWM, of: 1, to: 421)
        bus.preset(.presentTemperature, of: 2, to: 0x1F)
        let heard = bus.ask(
            bytes("FF FF FD 00 FE 12 00 9A 03 84 00 04 00 07 7C 00 02 00 04 92 00 01 00 DA 2D"), within: 0.9)
        #expect(
            heard.flatMap(\.bytes)
                == bytes("FF FF FD 00 FE 14 00 55 00 03 A6 00 00 00 67 A4 00 07 A5 01 24 74 00 04 1F D9 C1"))
        var reply = Dynamixel.FastReply()
        let raw = heard.flatMap(\.bytes)
        let widths: [(UInt8, UInt16)] = [(3, 4), (7, 2), (4, 1)]
        for (number, width) in widths {
            let part = reply.next(from: id(number), width: width, in: raw.span)
            guard case .intact = part else {
                Issue.record("servo \(number): \(part)")
                continue
            }
        }
    }

    @Test(
        "fast reads need their firmware, and never work on double servos",
        arguments: [
            (Dynamixel.Model.xl330M288, UInt8(45), false), (.xl330M288, 46, true), (.xl430W250, 44, false),
            (.xl430W250, 45, true), (.doubleXL430W250, 99, false),
        ])
    func firmware(model: Dynamixel.Model, firmware: UInt8, answers: Bool) throws {
        var bus = try posed([(1, 0)], firmware: firmware, model: model)
        let ids = [id(1)]
        #expect(bus.ask(try packet { try $0.syncRead(region, from: ids.span, fast: true) }).isEmpty != answers)
    }

    @Test("bulk reads and writes reach each servo's own registers")
    func bulk() throws {
        var bus = try posed([(1, 100), (2, 200)])
        let said = try bus.ask { writer in
            writer.beginBulkRead()
            writer.addBulkRead(id(2), .init(address: 146, count: 1))
            writer.addBulkRead(id(1), region)
            try writer.finish()
        }
        #expect(said.map(\.id) == [2, 1])
        #expect(said.map(\.data) == [[25], [100, 0, 0, 0]])
        let silence = try bus.ask { writer in
            writer.beginBulkWrite()
            try writer.addBulkWrite(id(1), at: 65, [1].span)
            try writer.addBulkWrite(id(2), at: 116, bytes("07 00 00 00").span)
            try writer.finish()
        }
        #expect(silence.isEmpty)
        #expect(try bus.read(.led, id: 1) == 1)
        #expect(try bus.read(.goalPosition, id: 2) == 7)
    }

    @Test("a registered write waits for the action")
    func registered() throws {
        var bus = try posed([(1, 0), (2, 0)])
        #expect(try bus.ask { try $0.action(.one(id(1))) }.first?.failure == .instruction)
        for servo in UInt8(1)...2 {
            #expect(try bus.ask { try $0.registerWrite(.one(id(servo)), at: 65, [1].span) }.first?.failure == nil)
            #expect(try bus.read(.registeredInstruction, id: servo) == 1)
        }
        #expect(try bus.read(.led) == 0)
        #expect(try bus.ask { try $0.action(.everyone) }.isEmpty)
        for servo in UInt8(1)...2 { #expect(try bus.read(.led, id: servo) == 1) }
        #expect(try bus.read(.registeredInstruction) == 0)
        #expect(try bus.ask { try $0.registerWrite(.one(id(1)), at: 65, [7].span) }.first?.failure == .dataRange)
    }

    @Test("broadcast writes are carried out and not answered, broadcast reads are nothing")
    func broadcast() throws {
        var bus = try posed([(1, 0), (2, 0)])
        #expect(try bus.ask { try $0.write(.everyone, at: 65, [1].span) }.isEmpty)
        #expect(try bus.read(.led, id: 2) == 1)
        #expect(
            bus.ask(bytes("FF FF FD 00 FE 07 00 02 84 00 04 00") + checksum("FF FF FD 00 FE 07 00 02 84 00 04 00"))
                .isEmpty)
    }

    private func checksum(_ hex: String) -> [UInt8] {
        var checksum = Dynamixel.Checksum()
        checksum.add(bytes(hex).span)
        return [UInt8(truncatingIfNeeded: checksum.value), UInt8(checksum.value >> 8)]
    }

    private func raw(_ hex: String) -> [UInt8] { bytes(hex) + checksum(hex) }

    @Test("an unknown instruction and a damaged packet are refused by who is named")
    func refusals() throws {
        var bus = try posed([(1, 0), (2, 0)])
        let unknown = answers(in: bus.ask(raw("FF FF FD 00 02 03 00 77")))
        #expect(unknown.map(\.failure) == [.instruction])
        let damaged = answers(in: bus.ask(bytes("FF FF FD 00 01 03 00 01 19 4F")))
        #expect(damaged.map(\.id) == [1])
        #expect(damaged.map(\.failure) == [.checksum])
        #expect(bus.ask(bytes("FF FF FD 00 FE 03 00 01 31 43")).isEmpty)
    }

    @Test("data with a header inside is stuffed on its way in and on its way out")
    func stuffing() throws {
        var bus = try posed([(1, 0)])
        let data = bytes("FF FF FD 00 FF FF FD FD")
        #expect(try bus.ask { try $0.write(.one(id(1)), at: 224, data.span) }.first?.failure == nil)
        #expect(try bus.ask { try $0.read(id(1), .init(address: 224, count: 8)) }.first?.data == data)
    }

    @Test("a reboot is answered, then silent, then everything volatile is forgotten and everything else kept")
    func reboot() throws {
        var bus = try posed([(1, 0)])
        #expect(try bus.write(.returnDelay, 7) == nil)
        #expect(try bus.write(.led, 1) == nil)
        #expect(try bus.ask { try $0.reboot(id(1)) }.count == 1)
        #expect(try bus.ask { try $0.ping(.one(id(1))) }.isEmpty)
        _ = bus.listen(400)
        #expect(try bus.read(.led) == 0)
        #expect(try bus.read(.returnDelay) == 7)
        #expect(try bus.read(.realtimeTick) < 200)
    }

    @Test(
        "a factory reset keeps what it is told to keep",
        arguments: [("FF", Int64(1), Int64(1)), ("01", 5, 1), ("02", 5, 3)])
    func factoryReset(option: String, number: Int64, baudCode: Int64) throws {
        var bus = try posed([(5, 0)])
        #expect(try bus.write(.returnDelay, 7, id: 5) == nil)
        #expect(answers(in: bus.ask(raw("FF FF FD 00 05 04 00 06 \(option)"))).map(\.failure) == [nil])
        _ = bus.listen(400)
        #expect(bus.wire.number(.id, of: 0) == number)
        #expect(bus.wire.number(.baudCode, of: 0) == baudCode)
        #expect(bus.wire.number(.returnDelay, of: 0) == 250)
    }

    @Test(
        "nobody resets a whole bus to the number 1, unless the firmware is old",
        arguments: [(UInt8(41), true), (42, false)])
    func broadcastReset(firmware: UInt8, isObeyed: Bool) throws {
        var bus = try posed([(5, 0)], firmware: firmware)
        _ = bus.ask(raw("FF FF FD 00 FE 04 00 06 FF"))
        #expect((bus.wire.number(.id, of: 0) == 1) == isObeyed)
    }

    @Test("a backup brings gains and profile back when the start-up is told to, and goals never")
    func backup() throws {
        var bus = try posed([(1, 2_048)])
        #expect(try bus.write(.positionPGain, 555) == nil)
        #expect(answers(in: bus.ask(raw("FF FF FD 00 01 08 00 20 01 43 54 52 4C"))).map(\.failure) == [nil])
        #expect(try bus.read(.backupReady) == 1)
        #expect(try bus.write(.positionPGain, 777) == nil)
        #expect(answers(in: bus.ask(raw("FF FF FD 00 01 08 00 20 02 43 54 52 4C"))).map(\.failure) == [nil])
        #expect(try bus.read(.positionPGain) == 555)
        #expect(try bus.write(.startupConfiguration, 3) == nil)
        #expect(try bus.ask { try $0.reboot(id(1)) }.count == 1)
        _ = bus.listen(400)
        #expect(try bus.read(.positionPGain) == 555)
        #expect(try bus.read(.torqueEnable) == 1)
        #expect(answers(in: bus.ask(raw("FF FF FD 00 01 08 00 20 01 43 54 52 4D"))).map(\.failure) == [.dataRange])
    }

    @Test("answers of others are no requests, whatever is in them")
    func overhearing() throws {
        var bus = try posed([(1, 0), (2, 0)])
        // What servo 1 keeps looks like the beginning of a request to servo 2.
        #expect(try bus.ask { try $0.write(.one(id(1)), at: 224, bytes("FF FF FD 00 02 04 00 03").span) }.count == 1)
        for _ in 0..<3 {
            let ids = [id(1), id(2)]
            let region = Dynamixel.Region(address: 224, count: 8)
            #expect(bus.ask(try packet { try $0.syncRead(region, from: ids.span, fast: true) }).count == 2)
            #expect(try bus.ask { try $0.syncRead(region, from: ids.span) }.map(\.id) == [1, 2])
        }
    }
}

extension VirtualBus where Wire == DynamixelWire {
    /// Puts a number where only the servo itself writes. The next step of its program writes over it.
    mutating func preset(_ item: Dynamixel.Item, of slave: Int, to number: Int64) {
        wire.slaves[slave][item] = number
    }
}
