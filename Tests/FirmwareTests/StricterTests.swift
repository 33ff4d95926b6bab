import BoardFirmware
import BoardLink
import Quantities
import Supervision
import Testing
import VirtualRobot

/// What several faults come to inside the image, and what is none.
@Suite(.timeLimit(.minutes(10))) struct StricterTests {
    private func armed(_ board: any BoardProgram) throws -> Host {
        let host = try Host(nearTheEnd: board)
        #expect(host.mode == .armed)
        return host
    }

    @Test("a fault that needs a person, during a stop that needs none, latches the board")
    func stricterClearing() throws {
        var host = try armed(Images.board(Images.usual))
        (host.joints[1].position, host.joints[1].speed) = (1.99, 3)
        host.tick()
        #expect(host.faults() == [Supervision.Fault.stoppingDistance.rawValue] && host.mode == .stopping)
        host.joints[0].temperature = 71
        host.tick()
        host.joints[0].temperature = 25
        var ticks = 0
        while host.mode == .stopping, ticks < 1_000 {
            host.tick()
            ticks += 1
        }
        #expect(host.mode == .latched && host.isOff)
    }

    @Test("the graver fault is the one that a board names, also when a lesser one comes after it")
    func graver() throws {
        var host = try armed(Images.board(Images.usual))
        host.joints[1].temperature = .nan
        host.tick()
        #expect(host.isOff && host.last.fault?.rawValue == Supervision.Fault.sensorNotFinite.rawValue)
        host.joints[1].temperature = 25
        host.joints[0].temperature = 71
        host.tick()
        #expect(host.isOff && host.last.fault?.rawValue == Supervision.Fault.sensorNotFinite.rawValue)
    }

    @Test(
        "what is measured exactly at a bound is no fault, and neither are two late ticks with one in time between them")
    func bounds() throws {
        var host = try armed(Images.board(Images.usual))
        for voltage in [18.0, 28.0] {
            host.joints[1].voltage = voltage
            host.tick()
        }
        host.joints[1].voltage = 24
        host.joints[2].temperature = 70
        host.tick()
        for _ in 0..<4 {
            host.tick()
            host.tick(elapsed: 0.003)
            host.tick(elapsed: 0.003)
        }
        #expect(host.mode == .armed && host.faults().isEmpty)
    }

    /// How many ticks after a joint that rests got hot the outputs are off, and every bit until then.
    private func standstill(_ board: any BoardProgram) throws -> (ticks: Int, trace: FowlerNoll) {
        var host = try armed(board)
        host.joints[0].temperature = 71
        var ticks = 0
        repeat {
            host.tick()
            ticks += 1
        } while !host.isOff && ticks < 1_000
        return (ticks, host.trace)
    }

    @Test("a stop at rest is seen to rest for twenty ticks, not one less, before everything is off, bit for bit alike")
    func resting() throws {
        let compiled = try standstill(CompiledBoard(try Host.settings()))
        #expect(compiled.ticks == 21)
        let image = try standstill(Images.board(Images.usual))
        #expect(image.ticks == compiled.ticks && image.trace == compiled.trace)
    }
}
