import Actuators
import Quantities
import Testing
import VirtualRobot
import Simulator

@Suite struct MoteusModeTests {
    @Test("a position that is commanded again and again is reached", arguments: [-0.4, 0.25] as [Float])
    func position(revolutions: Float) throws {
        var bench = try MoteusBench()
        try bench.keep(try moteusOrder(.position, [0x020: revolutions, 0x028: 1, 0x029: 4]), milliseconds: 1_500)
        #expect(abs(try bench.number(0x001) - revolutions) < 0.005)
        #expect(abs(try bench.number(0x038) - revolutions) < 0.000_1)
        #expect(try bench.number(0x00B) == 1)
        #expect(try bench.mode() == .position)
    }

    @Test("the limits of velocity and acceleration shape the way there")
    func limits() throws {
        var bench = try MoteusBench()
        let order = try moteusOrder(.position, [0x020: 5, 0x028: 0.5, 0x029: 1])
        try bench.keep(order, milliseconds: 300)
        #expect(abs(try bench.number(0x039) - 0.3) < 0.01)
        try bench.keep(order, milliseconds: 500)
        #expect(abs(try bench.number(0x039) - 0.5) < 0.001)
        #expect(abs(try bench.number(0x002) - 0.5) < 0.05)
        #expect(try bench.number(0x00B) == 0)
    }

    @Test("without any limit the position is wanted at once")
    func unlimited() throws {
        var bench = try MoteusBench()
        try bench.tell(try moteusOrder(.position, [0x020: 0.3, 0x028: -1, 0x029: -1]))
        bench.run(milliseconds: 2)
        #expect(abs(try bench.number(0x038) - 0.3) < 0.000_1)
    }

    @Test("a velocity without a position goes on from where the output is")
    func velocity() throws {
        var bench = try MoteusBench()
        bench.bench.body.joints[0].position = 1
        bench.run(milliseconds: 1)
        try bench.keep(try moteusOrder(.position, [0x020: .nan, 0x021: 0.5]), milliseconds: 1_000)
        #expect(abs(try bench.number(0x002) - 0.5) < 0.02)
        #expect(abs(try bench.number(0x001) - 0.66) < 0.05)
    }

    @Test("torque is what is left without stiffness, and its limit is named")
    func torque() throws {
        var bench = try MoteusBench()
        bench.bench.body.joints[0].isStuck = true
        let order: [UInt16: Float] = [0x020: .nan, 0x022: 0.7, 0x023: 0, 0x024: 0]
        try bench.keep(try moteusOrder(.position, order), milliseconds: 40)
        #expect(abs(try bench.number(0x003) - 0.7) < 0.001)
        #expect(abs(try bench.number(0x034) - 0.7) < 0.001)
        #expect(try bench.number(0x00F) == 0)
        try bench.keep(try moteusOrder(.position, order.merging([0x025: 0.2]) { $1 }), milliseconds: 40)
        #expect(abs(try bench.number(0x003) - 0.2) < 0.001)
        #expect(try bench.number(0x00F) == Float(Moteus.Limiter.commandedTorque.rawValue))
    }

    @Test("current mode drives that current, within the configured one")
    func current() throws {
        var bench = try MoteusBench()
        try bench.tell(try moteusOrder(.current, [0x01C: -0.5]))
        bench.run(milliseconds: 2)
        #expect(bench.bench.wire.drives == [.current(Amperes(-0.5))])
        try bench.type("conf set servo.max_current_A 0.25\n")
        bench.run(milliseconds: 2)
        #expect(bench.bench.wire.drives == [.current(Amperes(-0.25))])
        #expect(try bench.number(0x00F) == Float(Moteus.Limiter.current.rawValue))
    }

    @Test("a brake shorts the motor, zero velocity damps it, stopped lets it turn")
    func passive() throws {
        var bench = try MoteusBench()
        try bench.tell(try moteusOrder(.brake))
        bench.run(milliseconds: 2)
        #expect(bench.bench.wire.drives == [.duty(.zero)])
        try bench.tell(try moteusOrder(.stopped))
        bench.run(milliseconds: 2)
        #expect(bench.bench.wire.drives == [.off])
        bench.bench.body.joints[0].speed = 6
        try bench.keep(try moteusOrder(.zeroVelocity), milliseconds: 600)
        #expect(abs(bench.bench.body.joints[0].speed) < 0.1)
    }

    @Test("within its bounds an output is free, and outside it is brought back to them")
    func within() throws {
        var bench = try MoteusBench()
        let order = try moteusOrder(.stayWithin, [0x040: -0.1, 0x041: 0.1])
        try bench.keep(order, milliseconds: 40)
        #expect(bench.bench.wire.drives == [.current(.zero)])
        bench.bench.body.joints[0].position = 1.5
        try bench.keep(order, milliseconds: 2_000)
        #expect(try bench.number(0x001) < 0.13)
        #expect(try bench.number(0x001) > -0.13)
    }

    @Test("the phases of the modes without a current loop push the way the rotor can turn")
    func phases() throws {
        var bench = try MoteusBench()
        // The field a quarter of an electrical turn ahead of a rotor at zero.
        try bench.tell(try moteusOrder(.pwm, [0x010: 0.5, 0x011: 0.75, 0x012: 0.25]))
        bench.run(milliseconds: 1)
        guard case .duty(let ahead) = bench.bench.wire.drives[0] else {
            Issue.record("no duty")
            return
        }
        #expect(abs(ahead.value - 0.288_7) < 0.03)
        try bench.tell(try moteusOrder(.voltageDQ, [0x01B: 3.7]))
        bench.run(milliseconds: 2)
        #expect(bench.bench.wire.drives == [.duty(Duty(0.5))])
        try bench.tell(try moteusOrder(.voltageFOC, [0x019: 1, 0x018: 0]))
        bench.run(milliseconds: 500)
        #expect(abs(bench.bench.body.joints[0].speed) < 0.5)
    }

    @Test("the output can be declared, exactly or to the nearest turn of the rotor")
    func output() throws {
        var bench = try MoteusBench()
        bench.bench.body.joints[0].position = 0.2 * 2 * .pi
        bench.run(milliseconds: 1)
        #expect(try bench.number(0x00C) == 1)
        var payload = Moteus.Payload()
        let nearest: [1 of Moteus.Word] = [.float(4.9)]
        try payload.write(Moteus.Register(0x130), nearest.span)
        try bench.tell(payload)
        #expect(abs(try bench.number(0x001) - 5.2) < 0.001)
        #expect(try bench.number(0x00C) == 2)
        try bench.type("d exact -1\n")
        bench.run(milliseconds: 1)
        #expect(abs(try bench.number(0x001) + 1) < 0.001)
        bench.bench.wire.suffer(.powerLoss, slave: 0, isPresent: true, at: bench.bench.now)
        bench.bench.wire.suffer(.powerLoss, slave: 0, isPresent: false, at: bench.bench.now)
        bench.run(milliseconds: 1)
        #expect(abs(try bench.number(0x001) - 0.2) < 0.001)
    }
}
