import Actuators
import Testing
import VirtualRobot

@Suite struct MoteusProtocolTests {
    @Test("the documented line is acknowledged, taken and answered register by register")
    func documented() throws {
        var bench = try MoteusBench(stiff: false)
        let answers = bench.line("can send 8001 01000a07206000200150ff140400130d")
        #expect(answers.first == "OK\n")
        #expect(answers.dropFirst().map { $0.prefix(8) } == ["rcv 100 "])
        #expect(answers.last == "rcv 100 2404000000000000000000230d0f1900\n")
        #expect(try bench.mode() == .position)
    }

    @Test("without a wish for a reply there is none, and a frame for nobody is acknowledged all the same")
    func silence() throws {
        var bench = try MoteusBench(stiff: false)
        #expect(bench.line("can send 0001 1400") == ["OK\n"])
        #expect(bench.line("can send 8009 1400") == ["OK\n"])
        #expect(bench.bench.send([]).isEmpty)
    }

    @Test("everyone answers a broadcast, the lowest number first")
    func broadcast() throws {
        var bench = try MoteusBench(3, stiff: false)
        let answers = bench.line("can send 807f 1100")
        #expect(answers == ["OK\n"] + (1...3).map { "rcv \($0)00 210000\n" })
    }

    @Test("lines arrive in pieces of any size, several at once, with carriage returns", arguments: 1...30)
    func pieces(size: Int) throws {
        var bench = try MoteusBench(stiff: false)
        let stream = Array("can send 8001 1100\r\n\ncan send 8001 1100\n".utf8)
        var answers: [WireAnswer] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            answers += bench.bench.send([UInt8](stream[start..<min(start + size, stream.count)]))
        }
        let texts = answers.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(texts == ["OK\n", "rcv 100 210000\n", "OK\n", "rcv 100 210000\n"])
    }

    @Test("a line that is no command is refused with a reason")
    func refused() throws {
        var bench = try MoteusBench(stiff: false)
        #expect(bench.line("can sent 8001 1100") == ["ERR unknown command\n"])
        #expect(bench.line("can send zz 1100") == ["ERR invalid frame\n"])
        #expect(bench.line("can send 8001 110") == ["ERR invalid frame\n"])
        #expect(bench.line(String(repeating: "x", count: 600)).first == "ERR line too long\n")
    }

    @Test("over USB a checksum is asked for once the master has used one")
    func checksums() throws {
        var bench = try MoteusBench(stiff: false)
        #expect(bench.line("can send 8001 1100110f") == ["OK\n", "rcv 100 210000210f00\n"])
        let checked = bench.line("can send 8001 1100110f *EC")
        #expect(checked.first == "OK *BD\n")
        #expect(checked.last?.hasPrefix("rcv 100 210000210f00 *") == true)
        #expect(bench.line("can send 8001 1100110f").first?.hasPrefix("ERR checksum") == true)
        #expect(bench.line("can send 8001 1100110f *ED").first?.hasPrefix("ERR checksum") == true)
    }

    @Test("a controller's own port always checks what it says, and listens at its rate")
    func serial() throws {
        var bench = try MoteusBench(adapter: .serial, stiff: false)
        #expect(bench.line("can send 8001 1100").allSatisfy { $0.contains(" *") })
        #expect(bench.bench.wire.bitsPerSecond(of: 0) == 921_600)
        #expect(try MoteusBench(stiff: false).bench.wire.bitsPerSecond(of: 0) == nil)
    }

    @Test("unknown, unreadable and unwritable registers are named in errors, and their neighbours answer")
    func errors() throws {
        var bench = try MoteusBench(stiff: false)
        #expect(bench.line("can send 8001 12ff01").last == "rcv 100 31ff010131800201\n")
        #expect(bench.line("can send 8001 01017f").last == "rcv 100 300102\n")
        #expect(bench.line("can send 8001 01ff0101").last == "rcv 100 30ff0101\n")
        #expect(bench.line("can send 8001 010003").last == "rcv 100 300003\n")
        #expect(bench.line("can send 8001 118002").last == "rcv 100 31800201\n")
    }

    @Test("what identifies a controller is read in 32 bits and in nothing else")
    func identity() throws {
        var bench = try MoteusBench(stiff: false)
        #expect(try bench.read(0x102, as: .int32) == .int32(5))
        #expect(bench.line("can send 8001 118202").last == "rcv 100 31820201\n")
        #expect(try bench.read(0x150, as: .int32) != bench.read(0x151, as: .int32))
    }

    @Test("a mask of the long identifier lets only its controller take the rest")
    func mask() throws {
        var bench = try MoteusBench(2, stiff: false)
        let word: [1 of Moteus.Word] = [try bench.read(0x150, as: .int32)]
        var payload = Moteus.Payload()
        try payload.write(Moteus.Register(0x154), word.span)
        try payload.read(.mode, count: 1, as: .int8)
        let frames = try bench.exchange(payload, 0x7F, wantsReply: true)
        #expect(frames.map(\.address.source) == [1])
    }

    @Test("each resolution has its scale, and what is too large for it becomes the largest")
    func scales() throws {
        var bench = try MoteusBench(stiff: false)
        bench.bench.body.joints[0].position = -0.25 * 2 * .pi
        bench.bench.body.joints[0].supply = 24
        bench.run(milliseconds: 1)
        #expect(try bench.read(1, as: .int8) == .int8(-25))
        #expect(try bench.read(1, as: .int16) == .int16(-2_500))
        #expect(try bench.read(1, as: .int32) == .int32(-25_000))
        #expect(try bench.read(1) == .float(-0.25))
        #expect(try bench.read(0x00D, as: .int16) == .int16(240))
        #expect(try bench.read(0x00E, as: .int8) == .int8(25))
        bench.bench.body.joints[0].supply = 70
        bench.run(milliseconds: 1)
        #expect(try bench.read(0x00D, as: .int8) == .int8(127))
        #expect(try bench.read(0x00A, as: .int16) == .int16(.min))
        try bench.type("d exact -3\n")
        #expect(try bench.read(1, as: .int8) == .int8(-127))
    }

    @Test("milliseconds are counted, and wrap where the resolution does")
    func milliseconds() throws {
        var bench = try MoteusBench(stiff: false)
        let before = try bench.number(0x070)
        bench.run(milliseconds: 300)
        #expect(abs(try bench.number(0x070) - before - 300) <= 1)
        guard case .int8(let low) = try bench.read(0x070, as: .int8) else { return }
        #expect(Int(low) == Int(Int8(truncatingIfNeeded: Int(try bench.number(0x070)))))
    }

    @Test("a command is read back as it stands, and writing the mode forgets it")
    func readBack() throws {
        var bench = try MoteusBench(stiff: false)
        try bench.tell(try moteusOrder(.position, [0x020: .nan, 0x025: 0.5, 0x027: 1]))
        #expect(try bench.number(0x020).isNaN)
        #expect(try bench.read(0x020, as: .int16) == .int16(.min))
        #expect(try bench.number(0x025) == 0.5)
        #expect(try bench.number(0x045) == 0.5)
        #expect(try bench.number(0x046) == 1)
        try bench.tell(try moteusOrder(.position))
        #expect(try bench.number(0x020) == 0)
        #expect(try bench.number(0x025).isNaN)
        #expect(try bench.number(0x023) == 1)
    }
}
