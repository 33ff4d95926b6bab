import Actuators
import Testing
import VirtualRobot

@Suite struct FeetechProtocolTests {
    @Test("the vendor's packets get the answers that the vendor prints")
    func golden() throws {
        var bench = try FeetechBench(2)
        #expect(bench.bench.send(bytes("FF FF 01 02 01 FB")).map(\.bytes) == [bytes("FF FF 01 02 00 FC")])
        let position = bench.bench.send(bytes("FF FF 01 04 02 38 02 BE"))
        #expect(position.map(\.bytes) == [bytes("FF FF 01 04 00 00 08 F2")])
        let both = bench.bench.send(bytes("FF FF FE 06 82 38 02 01 02 3C"))
        #expect(both.map(\.bytes) == [bytes("FF FF 01 04 00 00 08 F2"), bytes("FF FF 02 04 00 00 08 F1")])
        #expect(both.map(\.slave) == [0, 1])
        #expect(bench.bench.send(bytes("FF FF FE 0A 83 2A 02 01 00 08 02 00 08 35")).isEmpty)
        #expect(try bench.get(.goalPosition, of: 2) == 2_048)
    }

    @Test("packets arrive in pieces of any size, between noise, and each is answered once", arguments: 1...9)
    func pieces(size: Int) throws {
        var bench = try FeetechBench(1)
        let ping = bytes("FF FF 01 02 01 FB")
        let stream = bytes("00 FF 13") + ping + bytes("FF FF 01 02 01 FA") + ping + ping
        var answers: [WireAnswer] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            answers += bench.bench.send([UInt8](stream[start..<min(start + size, stream.count)]))
        }
        #expect(answers.map(\.bytes) == Array(repeating: bytes("FF FF 01 02 00 FC"), count: 3))
    }

    @Test("silence ends what was begun")
    func silence() throws {
        var bench = try FeetechBench(1)
        #expect(bench.bench.send(bytes("FF FF 01 04")).isEmpty)
        bench.bench.wire.hearSilence()
        #expect(bench.bench.send(bytes("FF FF 01 02 01 FB")).count == 1)
    }

    @Test("a servo that listens at another rate hears nothing, and keeps nothing of it")
    func deaf() throws {
        var bench = try FeetechBench(2)
        let everyone = bytes("FF FF FE 02 01 FE")
        #expect(bench.bench.send(everyone) { $0 == 1 }.map(\.slave) == [1])
        #expect(bench.bench.send(everyone).map(\.slave) == [0, 1])
    }

    @Test("a synchronous read is answered in the order of its list, without those that are missing")
    func order() throws {
        var bench = try FeetechBench(3)
        let ids = try [3, 9, 1].map(feetechID)
        let packet = try feetechPacket { try $0.syncRead(Feetech.Item.id.register.region, from: ids.span) }
        #expect(bench.bench.send(packet).map { FeetechStatus($0.bytes)?.parameters } == [[3], [1]])
    }

    @Test("a registered write waits for the action, and the flag says so")
    func action() throws {
        var bench = try FeetechBench(2)
        let goal: [2 of UInt8] = [0x00, 0x09]
        for number in [UInt8(1), 2] {
            let id = try feetechID(number)
            #expect(try bench.ask { try $0.registerWrite(.one(id), at: 42, goal.span) } != nil)
        }
        #expect(try bench.get(.asyncWrite) == 1)
        #expect(try bench.get(.goalPosition) == 0)
        #expect(bench.bench.send(try feetechPacket { try $0.action(.everyone) }).isEmpty)
        #expect(try bench.get(.goalPosition) == 0x0900)
        #expect(try bench.get(.goalPosition, of: 2) == 0x0900)
        #expect(try bench.get(.asyncWrite) == 0)
    }

    @Test("at response level 0 only questions are answered")
    func level() throws {
        var bench = try FeetechBench(1)
        #expect(try bench.set(.responseLevel, 0) == nil)
        #expect(try bench.set(.torqueLimit, 500) == nil)
        #expect(try bench.get(.torqueLimit) == 500)
        #expect(try !bench.faults().isPresent)
    }

    @Test("the return delay is two microseconds a unit", arguments: [0, 1, 250, 254])
    func delay(units: Int32) throws {
        var bench = try FeetechBench(1)
        try bench.set(.returnDelay, units)
        let answers = bench.bench.send(bytes("FF FF 01 02 01 FB"))
        #expect(answers.map(\.delayNanoseconds) == [Int64(units) * 2_000])
    }

    @Test("a new number holds for the next packet, and the answer still comes from the old one")
    func renumbered() throws {
        var bench = try FeetechBench(1)
        #expect(try bench.set(.id, 7)?.id == 1)
        #expect(bench.bench.send(bytes("FF FF 01 02 01 FB")).isEmpty)
        #expect(try bench.get(.id, of: 7) == 7)
    }

    @Test("a new rate holds as soon as the firmware comes round", arguments: UInt8(0)...7)
    func rate(code: UInt8) throws {
        var bench = try FeetechBench(1)
        try bench.set(.baudCode, Int32(code))
        #expect(bench.bench.wire.bitsPerSecond(of: 0) == 1_000_000)
        bench.run(milliseconds: 1)
        #expect(bench.bench.wire.bitsPerSecond(of: 0) == Feetech.bitsPerSecond(code: code))
    }

    @Test("an unknown instruction, a region past the end and too short a request are passed over")
    func nonsense() throws {
        var bench = try FeetechBench(1)
        #expect(bench.bench.send(bytes("FF FF 01 02 55 A7")).isEmpty)
        #expect(bench.bench.send(bytes("FF FF 01 04 02 FF 02 F7")).isEmpty)
        #expect(bench.bench.send(bytes("FF FF 01 02 02 FA")).isEmpty)
        #expect(try !bench.faults().isPresent)
    }
}
