import Actuators
import Quantities
import Testing
import VirtualRobot
import Simulator

@Suite struct MoteusWatchdogTests {
    private static let moving: [UInt16: Float] = [0x020: .nan, 0x021: 0.5]

    @Test("a tenth of a second without a command is a timeout, however much is read")
    func timeout() throws {
        var bench = try MoteusBench()
        try bench.tell(try moteusOrder(.position, Self.moving))
        for _ in 0..<9 {
            bench.run(milliseconds: 10)
            #expect(try bench.mode() == .position)
        }
        bench.run(milliseconds: 15)
        #expect(try bench.mode() == .timeout)
        bench.run(milliseconds: 600)
        #expect(abs(try bench.number(0x002)) < 0.02)
    }

    @Test("a timeout stays until a stop, and nothing else ends it", arguments: Moteus.Mode.allCases)
    func latched(mode: Moteus.Mode) throws {
        var bench = try MoteusBench()
        try bench.tell(try moteusOrder(.position, Self.moving))
        bench.run(milliseconds: 150)
        try bench.tell(try moteusOrder(mode))
        bench.run(milliseconds: 2)
        #expect(try bench.mode() == (mode == .stopped ? .stopped : .timeout))
    }

    @Test("a command brings its own patience, or none", arguments: [0.03, 0.5, .nan] as [Float])
    func own(seconds: Float) throws {
        var bench = try MoteusBench()
        try bench.tell(try moteusOrder(.position, Self.moving.merging([0x027: seconds]) { $1 }))
        bench.run(milliseconds: 20)
        #expect(try bench.mode() == .position)
        bench.run(milliseconds: 180)
        #expect(try bench.mode() == (seconds < 0.1 ? .timeout : .position))
        bench.run(milliseconds: 800)
        #expect(try bench.mode() == (seconds.isNaN ? .position : .timeout))
    }

    @Test("the configuration decides what a timeout does", arguments: [0, 10, 12, 15])
    func reaction(mode: Int) throws {
        var bench = try MoteusBench()
        try bench.type("conf set servo.timeout_mode \(mode)\nconf set servo.timeout_max_torque_Nm 1.5\n")
        try bench.keep(try moteusOrder(.position, Self.moving), milliseconds: 400)
        bench.run(milliseconds: 150)
        #expect(try bench.mode() == .timeout)
        switch mode {
        case 0: #expect(bench.bench.wire.drives == [.off])
        case 15: #expect(bench.bench.wire.drives == [.duty(.zero)])
        default:
            bench.run(milliseconds: 1_000)
            #expect(abs(try bench.number(0x002)) < 0.02)
            bench.bench.body.joints[0].load = 0.5
            let before = bench.bench.body.joints[0].position
            bench.run(milliseconds: 1_000)
            let way = bench.bench.body.joints[0].position - before
            #expect((way > 0.1) == (mode == 12))
        }
    }

    @Test("the torque of a timeout is capped")
    func cap() throws {
        var bench = try MoteusBench()
        try bench.type("conf set servo.timeout_max_torque_Nm 0.1\n")
        try bench.keep(try moteusOrder(.position, Self.moving), milliseconds: 400)
        bench.run(milliseconds: 85)
        #expect(try bench.mode() == .timeout)
        #expect(abs(try bench.number(0x034)) <= 0.1)
    }

    private static let faults: [(Moteus.Fault, BenchJoint)] = [
        (.overVoltage, BenchJoint(supply: 46.5)), (.underVoltage, BenchJoint(supply: 3.9)),
        (.overTemperature, BenchJoint(temperature: 75.5)), (.encoder, BenchJoint(position: .nan)),
    ]

    @Test("what the sensors forbid is a fault that a stop clears", arguments: faults)
    func sensors(fault: Moteus.Fault, joint: BenchJoint) throws {
        var bench = try MoteusBench()
        try bench.tell(try moteusOrder(.position, Self.moving))
        bench.run(milliseconds: 5)
        bench.bench.body.joints[0] = joint
        bench.run(milliseconds: 5)
        #expect(try bench.mode() == .fault)
        #expect(try bench.number(0x00F) == Float(fault.rawValue))
        #expect(bench.bench.wire.drives == [.off])
        bench.bench.body.joints[0] = BenchJoint()
        try bench.tell(try moteusOrder(.position, Self.moving))
        bench.run(milliseconds: 5)
        #expect(try bench.mode() == .fault)
        try bench.tell(try moteusOrder(.stopped))
        #expect(try bench.mode() == .stopped)
        #expect(try bench.number(0x00F) == 0)
    }

    @Test("position control does not begin outside its bounds, and inside it stops at them")
    func bounds() throws {
        var bench = try MoteusBench()
        try bench.type("conf set servopos.position_min -0.1\nconf set servopos.position_max 0.1\n")
        try bench.keep(try moteusOrder(.position, [0x020: 0.5]), milliseconds: 1_000)
        #expect(abs(try bench.number(0x001) - 0.1) < 0.005)
        #expect(try bench.number(0x00F) == Float(Moteus.Limiter.positionBound.rawValue))
        try bench.tell(try moteusOrder(.stopped))
        bench.bench.body.joints[0].position = 1
        bench.run(milliseconds: 1)
        try bench.tell(try moteusOrder(.position))
        #expect(try bench.number(0x00F) == Float(Moteus.Fault.outsideLimit.rawValue))
        try bench.tell(try moteusOrder(.stopped))
        try bench.tell(try moteusOrder(.position, [0x02D: 1]))
        #expect(try bench.mode() == .position)
    }

    @Test("an output that cannot follow is a fault where that is configured")
    func following() throws {
        var bench = try MoteusBench()
        bench.bench.body.joints[0].isStuck = true
        try bench.type("conf set servo.fault_position_error 0.05\n")
        try bench.keep(try moteusOrder(.position, [0x020: 0.5]), milliseconds: 500)
        #expect(try bench.number(0x00F) == Float(Moteus.Fault.positionError.rawValue))
    }

    @Test("a hot board gives less, and names the reason")
    func derating() throws {
        var bench = try MoteusBench()
        bench.bench.body.joints[0].temperature = 74
        try bench.tell(try moteusOrder(.current, [0x01C: 50]))
        bench.run(milliseconds: 2)
        guard case .current(let current) = bench.bench.wire.drives[0] else { return }
        #expect(abs(current.value - 4) < 0.01)
        #expect(try bench.number(0x00F) == Float(Moteus.Limiter.boardTemperature.rawValue))
    }
}
