import Actuators
import Ports
import Quantities
import Testing

@testable import VirtualRobot
import Simulator

@Suite("the registers of virtual Dynamixel servos")
struct DynamixelRegisterTests {
    private func asked(
        _ bus: inout DynamixelBus, _ write: (inout Dynamixel.Writer) throws -> Void
    ) throws -> Dynamixel.Failure? {
        try #require(try bus.ask(write).first).failure
    }

    @Test("come from the factory as the vendor documents them")
    func defaults() {
        let values: [(Dynamixel.Item, Int64, Int64, Int64?)] = [
            (.temperatureLimit, 70, 72, 80), (.maxVoltageLimit, 70, 140, 160), (.minVoltageLimit, 35, 60, 95),
            (.pwmLimit, 885, 885, 885), (.velocityLimit, 445, 265, 200), (.shutdown, 0x35, 0x34, 0x34),
            (.velocityIGain, 1_600, 1_000, 1_920), (.velocityPGain, 180, 100, 100), (.positionPGain, 400, 640, 800),
            (.positionIGain, 0, 4_000, 0), (.returnDelay, 250, 250, 250), (.baudCode, 1, 1, 1),
            (.operatingMode, 3, 3, 3), (.shadowID, 255, 255, 255), (.maxPositionLimit, 4_095, 4_095, 4_095),
        ]
        let models: [Dynamixel.Model] = [.xl330M288, .xl430W250, .xm430W350]
        let wire = DynamixelWire(models.map { DynamixelServo($0, id: id(1)) })
        for (item, first, second, third) in values {
            #expect((0...2).map { wire.number(item, of: $0) } == [first, second, third], "\(item)")
        }
        #expect((0...2).map { wire.number(.currentLimit, of: $0) } == [1_750, nil, 1_193])
        #expect((0...2).map { wire.number(.pwmSlope, of: $0) } == [140, nil, nil])
    }

    @Test("are closed for writing while they persist and the torque is on")
    func persistentUnderTorque() throws {
        var bus = try bench()
        #expect(try bus.write(.returnDelay, 5) == nil)
        #expect(try bus.write(.torqueEnable, 1) == nil)
        #expect(try bus.write(.returnDelay, 6) == .access)
        #expect(try bus.write(.led, 1) == nil)
        #expect(try bus.write(.torqueEnable, 0) == nil)
        #expect(try bus.write(.returnDelay, 0) == nil)
    }

    @Test("refuse what is outside their range, dense at the edges")
    func ranges() throws {
        let cases: [(Dynamixel.Item, good: [Int64], bad: [Int64])] = [
            (.id, [1], [253, 254, 255]), (.returnDelay, [254, 0], [255]), (.temperatureLimit, [0, 100], [101]),
            (.maxVoltageLimit, [31, 70], [30, 71]), (.pwmLimit, [0, 885], [886]), (.currentLimit, [0, 1_750], [1_751]),
            (.maxPositionLimit, [4_095], [4_096]), (.homingOffset, [-1_044_479, 0], [-1_044_480, 1_044_480]),
            (.operatingMode, [0, 1, 4, 5, 16, 3], [2, 6, 15, 17]), (.statusReturnLevel, [2], [3]),
            (.torqueEnable, [0], [2]), (.busWatchdog, [127, 0], [128, 255]), (.positionPGain, [16_383], [16_384]),
            (.profileVelocity, [32_767], [32_768]), (.baudCode, [3], [7, 8]), (.protocolType, [2], [1, 3]),
        ]
        var bus = try bench()
        for (item, good, bad) in cases {
            for number in bad { #expect(try bus.write(item, number) == .dataRange, "\(item) := \(number)") }
            for number in good { #expect(try bus.write(item, number) == nil, "\(item) := \(number)") }
        }
    }

    @Test("refuse goals beyond the limits that their owner has set")
    func limits() throws {
        var bus = try bench()
        for (item, number) in [
            (Dynamixel.Item.pwmLimit, Int64(500)), (.currentLimit, 900), (.velocityLimit, 100),
            (.minPositionLimit, 1_000),
            (.maxPositionLimit, 3_000),
        ] { #expect(try bus.write(item, number) == nil) }
        for (item, edge) in [(Dynamixel.Item.goalPWM, Int64(500)), (.goalCurrent, 900), (.goalVelocity, 100)] {
            for number in [edge, -edge] { #expect(try bus.write(item, number) == nil) }
            for number in [edge + 1, -edge - 1] { #expect(try bus.write(item, number) == .dataLimit) }
        }
        for (number, failure) in [(Int64(999), Dynamixel.Failure?.some(.dataLimit)), (1_000, nil), (3_000, nil)] {
            #expect(try bus.write(.goalPosition, number) == failure)
        }
        #expect(try bus.write(.goalPosition, 3_001) == .dataLimit)
        #expect(try bus.write(.operatingMode, 4) == nil)
        for number in [Int64(-1_048_575), 1_048_575] { #expect(try bus.write(.goalPosition, number) == nil) }
        for number in [Int64(-1_048_576), 1_048_576] { #expect(try bus.write(.goalPosition, number) == .dataRange) }
    }

    @Test("are written whole or not at all, several of them in one piece")
    func pieces() throws {
        var bus = try bench()
        let one = Dynamixel.Target.one(id(1))
        #expect(try asked(&bus) { try $0.write(one, at: 116, [1, 2].span) } == .dataLength)
        #expect(try asked(&bus) { try $0.write(one, at: 117, [1].span) } == .dataLength)
        #expect(try asked(&bus) { try $0.write(one, at: 132, [1, 2, 3, 4].span) } == .access)
        #expect(try asked(&bus) { try $0.write(one, at: 14, [1].span) } == .access)
        #expect(try asked(&bus) { try $0.write(one, at: 4_000, [1].span) } == .access)
        // Acceleration is good and velocity is not: neither is written.
        let pair = bytes("05 00 00 00 FF FF 00 00")
        #expect(try asked(&bus) { try $0.write(one, at: 108, pair.span) } == .dataRange)
        #expect(try bus.read(.profileAcceleration) == 0)
        #expect(try asked(&bus) { try $0.write(one, at: 108, bytes("05 00 00 00 06 00 00 00").span) } == nil)
        #expect(try bus.read(.profileAcceleration) == 5)
        #expect(try bus.read(.profileVelocity) == 6)
    }

    @Test("read as zero where nothing is, and not at all beyond their end")
    func gaps() throws {
        var bus = try bench()
        let end = UInt16(bus.wire.slaves[0].table.count)
        let gap = try bus.ask { try $0.read(id(1), .init(address: 14, count: 6)) }
        #expect(gap.first?.data == [0, 0, 0, 0, 0, 0])
        #expect(try asked(&bus) { try $0.read(id(1), .init(address: end - 1, count: 1)) } == nil)
        #expect(try asked(&bus) { try $0.read(id(1), .init(address: end, count: 1)) } == .access)
        #expect(try asked(&bus) { try $0.read(id(1), .init(address: 0, count: 0)) } == .access)
    }

    @Test(
        "show others through indirect ones, where the firmware has them",
        arguments: [(UInt8(52), UInt16(208)), (53, 224)])
    func indirect(firmware: UInt8, data: UInt16) throws {
        var bus = try bench(firmware: firmware)
        let goal = try #require(Dynamixel.Model.xl330M288.register(.goalPosition))
        for place in 0..<Dynamixel.Sample.width {
            let address = Dynamixel.Sample.shownAddress(at: place, goal: goal)
            let shown = try #require(address)
            let pointer = [UInt8(truncatingIfNeeded: shown), UInt8(truncatingIfNeeded: shown >> 8)]
            #expect(try asked(&bus) { try $0.write(.one(id(1)), at: 168 + 2 * place, pointer.span) } == nil)
        }
        let window = try bus.ask { try $0.read(id(1), .init(address: data, count: Dynamixel.Sample.width)) }
        let bytes = try #require(window.first).data
        let read = Dynamixel.Sample(bytes.span, of: .xl330M288, goal: goal)
        let sample = try #require(read)
        #expect(sample.position == Dynamixel.Model.xl330M288.position(2_048))
        #expect(sample.voltage == Volts(5))
        #expect(sample.temperature == Celsius(25))
    }

    @Test("are written through indirect ones too, by the same rules")
    func indirectWriting() throws {
        var bus = try bench()
        let one = Dynamixel.Target.one(id(1))
        // Goal position and torque enable side by side.
        let pointers = bytes("74 00 75 00 76 00 77 00 40 00")
        #expect(try asked(&bus) { try $0.write(one, at: 168, pointers.span) } == nil)
        #expect(try asked(&bus) { try $0.write(one, at: 224, bytes("00 09 00 00 01").span) } == nil)
        #expect(try bus.read(.goalPosition) == 0x900)
        #expect(try bus.read(.torqueEnable) == 1)
        #expect(try asked(&bus) { try $0.write(one, at: 224, bytes("00 0A").span) } == .dataLength)
        #expect(try asked(&bus) { try $0.write(one, at: 224, bytes("FF FF 00 00 01").span) } == .dataLimit)
        #expect(try asked(&bus) { try $0.write(one, at: 168, bytes("FF 0F").span) } == .dataRange)
    }

    @Test("say as much as the status return level allows", arguments: [(Int64(0), 1), (1, 2), (2, 3)])
    func levels(level: Int64, answers: Int) throws {
        var bus = try bench()
        _ = try bus.ask { try $0.write(.one(id(1)), at: 68, [UInt8(level)].span) }
        let counts = try [
            bus.ask { try $0.ping(.one(id(1))) }.count,
            bus.ask { try $0.read(id(1), .init(address: 65, count: 1)) }.count,
            bus.ask { try $0.write(.one(id(1)), at: 65, [1].span) }.count,
        ]
        #expect(counts == [1, answers > 1 ? 1 : 0, answers > 2 ? 1 : 0])
        #expect(bus.wire.number(.led, of: 0) == 1)
    }

    @Test("a shadow number is obeyed in silence, and its own number answered")
    func shadow() throws {
        var bus = try bench(count: 2)
        #expect(try bus.write(.shadowID, 1, id: 2) == nil)
        #expect(try bus.ask { try $0.write(.one(id(1)), at: 65, [1].span) }.map(\.id) == [1])
        #expect(try bus.read(.led, id: 2) == 1)
        #expect(try bus.ask { try $0.ping(.one(id(1))) }.map(\.id) == [1])
    }

    @Test("a new number holds from the next packet on")
    func newNumber() throws {
        var bus = try bench()
        #expect(try bus.ask { try $0.write(.one(id(1)), at: 7, [9].span) }.map(\.id) == [1])
        #expect(try bus.ask { try $0.ping(.everyone) }.map(\.id) == [9])
    }

    @Test("firmware before 38 has no watchdog")
    func noWatchdog() throws {
        var bus = try bench(.xm430W350, firmware: 37, motor: .xm430, supply: Volts(12))
        #expect(try bus.write(.busWatchdog, 1) == .access)
    }

    @Test("models without a current sensor have no mode that needs one")
    func noCurrent() throws {
        var bus = try bench(.xl430W250, motor: .xm430, supply: Volts(12))
        #expect(try bus.write(.operatingMode, 0) == .dataRange)
        #expect(try bus.write(.operatingMode, 5) == .dataRange)
        let one = Dynamixel.Target.one(id(1))
        #expect(try asked(&bus) { try $0.write(one, at: 102, bytes("00 00").span) } == .access)
    }
}
