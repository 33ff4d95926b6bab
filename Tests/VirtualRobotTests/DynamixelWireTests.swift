import Actuators
import Ports
import Quantities
import Testing

@testable import VirtualRobot
import Simulator

@Suite("Dynamixel servos on a virtual bus")
struct DynamixelWireTests {
    @Test("a ping answers model and firmware, byte for byte as the vendor prints it")
    func ping() throws {
        let servo = DynamixelServo(.xm430W210, id: id(1), firmware: Dynamixel.Firmware(38), bitsPerSecond: 1_000_000)
        var bus = DynamixelBus(
            wire: DynamixelWire([servo]), body: LooseJoints([.xm430], supply: SupplySettings(voltage: Volts(12))),
            line: LineSettings(rate: BaudRate(1_000_000)))
        let answer = bus.ask(bytes("FF FF FD 00 01 03 00 01 19 4E"))
        #expect(answer.map(\.bytes) == [bytes("FF FF FD 00 01 07 00 55 00 06 04 26 65 5D")])
        // Ten bytes there, 500 µs of return delay, fourteen bytes back.
        #expect(answer.first?.instant == instant(0.1 + 0.5 + 0.14))
    }

    @Test("a broadcast ping is answered by all, in the order of their numbers and not of the wire")
    func broadcastPing() throws {
        let servos = [7, 3, 5].map { DynamixelServo(.xl330M288, id: id($0), bitsPerSecond: 1_000_000, returnDelay: 0) }
        var bus = DynamixelBus(
            wire: DynamixelWire(servos), body: .xl330(3), line: LineSettings(rate: BaudRate(1_000_000)))
        let said = try bus.ask { try $0.ping(.everyone) }
        #expect(said.map(\.id) == [3, 5, 7])
        #expect(said.allSatisfy { $0.data == [0xB0, 0x04, 53] })
    }

    @Test("what is written is read again, and moves nothing while the torque is off")
    func writeAndRead() throws {
        var bus = try bench()
        #expect(try bus.write(.goalPosition, 3_000) == nil)
        #expect(try bus.read(.goalPosition) == 3_000)
        _ = bus.listen(200)
        #expect(try bus.read(.presentPosition) == 2_048)
    }

    @Test("a joint goes where it is told when the torque is on")
    func moves() throws {
        var bus = try bench()
        #expect(try bus.write(.torqueEnable, 1) == nil)
        #expect(try bus.write(.goalPosition, 3_000) == nil)
        _ = bus.listen(1_500)
        #expect(abs(try bus.read(.presentPosition) - 3_000) < 60)
        #expect(abs(bus.body.state(of: 0).position.value - (3_000 - 2_048) * 2 * .pi / 4_096) < 0.1)
    }

    @Test("a sync read is answered by each servo that is listed and there, in the order of the list")
    func syncRead() throws {
        var bus = try bench(count: 3)
        let region = Dynamixel.Region(address: 132, count: 4)
        let ids = [3, 9, 1].map(id)
        let said = try bus.ask { try $0.syncRead(region, from: ids.span) }
        #expect(said.map(\.id) == [3, 1])
        #expect(said.allSatisfy { $0.data == [0x00, 0x08, 0, 0] })
    }

    @Test("a sync write is carried out by all and answered by nobody")
    func syncWrite() throws {
        var bus = try bench(count: 2)
        let said = try bus.ask { writer in
            writer.beginSyncWrite(Dynamixel.Region(address: 116, count: 4))
            try writer.addSyncWrite(id(1), bytes("96 00 00 00").span)
            try writer.addSyncWrite(id(2), bytes("AA 00 00 00").span)
            try writer.finish()
        }
        #expect(said.isEmpty)
        #expect(try bus.read(.goalPosition, id: 1) == 150)
        #expect(try bus.read(.goalPosition, id: 2) == 170)
    }
}
