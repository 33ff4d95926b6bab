import Actuators
import Testing
import VirtualRobot

@Suite struct MoteusConsoleTests {
    @Test("the whole configuration is listed, in order, with an OK at the end")
    func enumerate() throws {
        var bench = try MoteusBench(stiff: false)
        try bench.type("conf enumerate\n")
        let lines = try bench.fetch().split(separator: "\r\n")
        #expect(lines.first == "id.id 1")
        #expect(lines.contains("servo.default_timeout_s 0.1"))
        #expect(lines.contains("servo.timeout_mode 12"))
        #expect(lines.contains("servopos.position_min nan"))
        #expect(lines.last == "OK")
        #expect(lines.count == 30)
    }

    @Test("what is set holds at once, and after a power cut only what was written")
    func saved() throws {
        var bench = try MoteusBench(stiff: false)
        try bench.type("conf set servo.max_current_A 5\nconf write\nconf set servo.max_current_A 6\n")
        try bench.type("conf get servo.max_current_A\n")
        #expect(try bench.fetch() == "OK\r\nOK\r\nOK\r\n6.0\r\n")
        bench.bench.wire.suffer(.powerLoss, slave: 0, isPresent: true, at: bench.bench.now)
        bench.bench.wire.suffer(.powerLoss, slave: 0, isPresent: false, at: bench.bench.now)
        try bench.type("conf get servo.max_current_A\nconf default\nconf get servo.max_current_A\nconf load\n")
        try bench.type("conf get servo.max_current_A\n")
        #expect(try bench.fetch() == "5.0\r\nOK\r\n100.0\r\nOK\r\n5.0\r\n")
    }

    @Test("a name or a command that is not there is an error")
    func unknown() throws {
        var bench = try MoteusBench(stiff: false)
        try bench.type("conf get servo.nothing\nconf set servo.nothing 1\nconf set id.id one\nmake coffee\nd fly\n")
        let lines = try bench.fetch().split(separator: "\r\n")
        #expect(lines.count == 5)
        #expect(lines.allSatisfy { $0.hasPrefix("ERR") })
    }

    @Test("a stop from the console ends whatever there was")
    func stop() throws {
        var bench = try MoteusBench()
        try bench.type("d pos nan 0.5 2 a4 t0.2\n")
        bench.run(milliseconds: 150)
        #expect(try bench.mode() == .position)
        #expect(abs(try bench.number(0x039) - 0.5) < 0.01)
        bench.run(milliseconds: 100)
        #expect(try bench.mode() == .timeout)
        try bench.type("d stop\n")
        #expect(try bench.mode() == .stopped)
        #expect(try bench.fetch() == "OK\r\nOK\r\n")
    }

    @Test("a new number holds at once")
    func renumbered() throws {
        var bench = try MoteusBench(stiff: false)
        try bench.type("conf set id.id 5\n")
        #expect(bench.line("can send 8001 1100") == ["OK\n"])
        #expect(bench.line("can send 8005 1100") == ["OK\n", "rcv 500 210000\n"])
    }

    @Test("a controller can be silent, be without power and answer as its neighbour")
    func troubles() throws {
        var bench = try MoteusBench(2, stiff: false)
        for fault in [SlaveFault.hang, .powerLoss] {
            bench.bench.wire.suffer(fault, slave: 0, isPresent: true, at: bench.bench.now)
            #expect(bench.line("can send 8001 1100") == ["OK\n"])
            bench.bench.wire.suffer(fault, slave: 0, isPresent: false, at: bench.bench.now)
            #expect(bench.line("can send 8001 1100").count == 2)
        }
        bench.bench.wire.suffer(.wrongIdentity, slave: 0, isPresent: true, at: bench.bench.now)
        #expect(bench.line("can send 8001 1100").last == "rcv 200 210000\n")
        bench.bench.wire.suffer(.overload, slave: 1, isPresent: true, at: bench.bench.now)
        #expect(bench.line("can send 8002 1100110f").last == "rcv 200 210001210f21\n")
    }
}
