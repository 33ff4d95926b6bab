import BoardFirmware
import BoardLink
import Quantities
import Supervision
import Testing
import VirtualRobot

/// The ladder's times inside the image, tick by tick.
@Suite(.timeLimit(.minutes(10))) struct LadderTests {
    /// A joint that somebody shakes: it never rests, and stays where it is.
    private func shake(_ host: inout Host) {
        host.joints[0].mobility = 0
        host.joints[0].speed = host.joints[0].speed > 0 ? -0.5 : 0.5
        host.tick()
    }

    /// Two holds after three late ticks each: how many ticks in time each of them took to end, and every bit.
    private func holds(_ board: any BoardProgram) throws -> (ticks: [Int], trace: FowlerNoll) {
        var host = try Host(armed: board)
        host.keep(.speed(RadiansPerSecond(2)), ticks: 40)
        var lengths: [Int] = []
        for _ in 0..<2 {
            for _ in 0..<3 {
                host.command(.speed(RadiansPerSecond(2)))
                host.tick(elapsed: 0.003)
            }
            #expect(host.mode == .stopping)
            #expect(host.faults() == [Supervision.Fault.lateTicks.rawValue])
            var ticks = 0
            while host.mode == .stopping, ticks < 100 {
                host.tick()
                ticks += 1
            }
            lengths.append(ticks)
            // Somebody has to say anew what is wanted.
            #expect(host.mode == .armed && host.isOff && host.last.fault == nil)
            host.keep(.speed(RadiansPerSecond(2)), ticks: 20)
            #expect(host.mode == .armed && !host.isOff)
        }
        return (lengths, host.trace)
    }

    @Test(
        "a hold after three late ticks ends with the twentieth in time, each time, and each is told; bit for bit alike")
    func hold() throws {
        let compiled = try holds(CompiledBoard(try Host.settings()))
        #expect(compiled.ticks == [20, 20])
        let image = try holds(Images.board(Images.usual))
        #expect(image.ticks == compiled.ticks && image.trace == compiled.trace)
    }

    /// Joints that lie at places of their own, on a board that drives none of them.
    private func lying(_ board: any BoardProgram) throws -> Host {
        var host = try Host(board)
        for place in 0..<4 { host.joints[place].position = [0.5, -0.7, 0.9, -1.1][place] }
        host.tick()
        try host.arm()
        return host
    }

    @Test("a fault on the first tick after arming moves nothing: each joint is held where it lies, without any effort")
    func firstTick() throws {
        var host = try lying(Images.board(Images.usual))
        let before = (0..<4).map { host.joints[$0].position }
        host.joints[2].temperature = 71
        // The twentieth is that of park.
        for _ in 0..<19 {
            host.tick()
            #expect(host.mode == .stopping)
            for number in UInt8(0)..<4 {
                let joint = try #require(BoardJoint(number))
                #expect(host.last.drives[joint] == .current(.zero), "\(number)")
            }
        }
        #expect((0..<4).map { host.joints[$0].position } == before)
        host.run(2)
        #expect(host.isOff)
    }

    @Test(
        "a stop that must not park ends a tick earlier, also when the fault that forbids it comes later",
        arguments: [(0, 20), (1, 20), (18, 20), (19, 20), (20, 21), (-1, 21)])
    func forbiddenToPark(late: Int, ticks: Int) throws {
        var host = try lying(Images.board(Images.usual))
        host.joints[2].temperature = 71
        var (off, over) = (0, 0)
        for tick in 0..<100 where over == 0 {
            // Too little supply is no reason to drive anywhere.
            if tick == late { host.joints[1].voltage = 17 }
            host.tick()
            host.joints[2].temperature = 25
            if host.isOff, off == 0 { off = tick + 1 }
            if host.mode == .latched { over = tick + 1 }
        }
        #expect(off == ticks)
        // On the way to park it is let go of at once, and has rested for that tick already.
        #expect(over == (late == 20 ? off + 19 : off + 20))
    }

    @Test("a hold that goes on for a thousand ticks becomes a stop, and the board is disarmed without a person")
    func longHold() throws {
        var host = try Host(nearTheEnd: Images.board(Images.usual))
        // Three late ticks in every twenty: enough to hold, too few to be lost, and never as many in time as end a hold.
        var (beginning, off) = (0, 0)
        for tick in 0..<2_000 where host.mode != .disarmed {
            host.tick(elapsed: tick % 20 < 3 ? 0.003 : 0.001)
            if host.mode == .stopping, beginning == 0 { beginning = host.ticks }
            if host.mode == .stopping, host.isOff, off == 0 { off = host.ticks }
        }
        #expect(host.faults() == [Supervision.Fault.lateTicks.rawValue])
        // With the tick that begins the hold a thousand of hold, twenty of rest and one of park; then twenty of rest.
        #expect(off - beginning == 1_020)
        #expect(host.mode == .disarmed && host.ticks - off == 20)
        host.tick()
        #expect(try host.armAgain() == .accepted)
    }

    @Test("a joint that does not come to rest within a thousand ticks is let go of, and that is the fault then")
    func didNotStop() throws {
        var host = try Host(nearTheEnd: Images.board(Images.usual))
        host.joints[0].temperature = 71
        var ticks = 0
        repeat {
            shake(&host)
            host.joints[0].temperature = 25
            ticks += 1
        } while host.mode != .latched && ticks < 2_000
        #expect(ticks == 1_000 && host.isOff)
        let faults: [Supervision.Fault] = [.overTemperature, .didNotStop]
        #expect(host.faults() == faults.map(\.rawValue))
    }

    @Test("a joint that still moves ten thousand ticks after its output went off is a fault of its own")
    func movesWhileOff() throws {
        var host = try Host(Images.board(Images.usual), ticksBetweenStates: 100)
        try host.arm()
        host.joints[0].temperature = 71
        repeat { host.tick() } while host.mode == .armed || (!host.isOff && host.ticks < 100)
        host.joints[0].temperature = 25
        #expect(host.mode == .stopping && host.isOff)
        var ticks = 0
        while host.mode == .stopping, ticks < 11_000 {
            shake(&host)
            ticks += 1
        }
        #expect(ticks == 10_000 && host.mode == .latched)
        let faults: [Supervision.Fault] = [.overTemperature, .movesWhileOff]
        #expect(host.faults() == faults.map(\.rawValue))
    }
}
