import BoardFirmware
import BoardLink
import Quantities
import Supervision
import Testing
import VirtualRobot

/// The image goes wrong, and what is left of it says why; its outputs are off from that moment on.
@Suite(.timeLimit(.minutes(10))) struct InjuryTests {
    private static let injuries: [(Injury, ResetCause)] = [
        (.hang, .loopHung), (.busFault, .processorFault), (.wildCounter, .processorFault), (.trap, .processorFault),
        (.stackExhaustion, .stackExhausted), (.memoryDamage, .memoryDamaged), (.doubleFault, .doubleFault),
    ]

    private func driven(_ board: ImageBoard) throws -> Host {
        var host = try Host(armed: board)
        host.keep(.speed(RadiansPerSecond(2)), ticks: 30)
        #expect(host.mode == .armed)
        let isOff = host.isOff
        #expect(!isOff)
        _ = host.takeReports()
        return host
    }

    /// What is left after a crash: outputs off, a latch, the cause, and nothing that was armed before.
    private func expectCrash(_ host: inout Host, _ board: ImageBoard, _ cause: ResetCause) throws {
        #expect(host.isOff)
        #expect(host.mode == .latched)
        #expect(host.last.fault?.rawValue == Supervision.Fault.deviceFault.rawValue)
        // The news of the start waits until the line is served.
        host.tick()
        let started = host.takeReports().compactMap {
            if case .event(let event) = $0, event.kind == .started { event.detail } else { nil }
        }
        #expect(started == [UInt32(cause.rawValue)])
        #expect(board.look().answer.cause == cause)
        #expect(try host.outcome(.askToArm) == .otherLayout)
        // The joints run out; a board is cleared when they have been read back as resting.
        for place in 0..<4 { host.joints[place].speed = 0 }
        host.run(30)
        #expect(host.isOff)
        host.introduce()
        let fault = try #require(FaultNumber(Supervision.Fault.deviceFault.rawValue))
        #expect(try host.outcome(.clear(Clear(fault: fault))) == .accepted)
        #expect(host.mode == .unconfigured)
        try host.arm()
        host.keep(.speed(RadiansPerSecond(1)), ticks: 30)
        #expect(!host.isOff)
    }

    @Test("every way to go wrong ends with outputs off and its cause", arguments: BoardMachine.allCases)
    func injured(machine: BoardMachine) throws {
        let board = try Images.board(machine)
        for (injury, cause) in Self.injuries {
            var host = try driven(board)
            host.take(board.injure(injury))
            try expectCrash(&host, board, cause)
            let status = board.look()
            // The interrupt waits for 20 ticks, and acts in the next.
            #expect(status.answer.hungTicks == (injury == .hang ? 21 : 0))
            #expect(status.starts == 2, "\(injury)")
        }
    }

    @Test("a program that is deaf even to its interrupts is ended by the watchdog outside of it")
    func deaf() throws {
        // QEMU has no watchdog for the STM32F405.
        let board = try Images.board(.mps2AN386)
        var host = try driven(board)
        host.take(board.injure(.deafHang))
        try expectCrash(&host, board, .watchdog)
    }

    @Test("a board whose processor is gone says nothing and drives nothing")
    func killed() throws {
        let board = try Images.board(.stm32F405)
        var host = try driven(board)
        board.kill()
        host.tick()
        #expect(host.isOff)
        #expect(host.send(.disarm).isEmpty)
        #expect(board.look().trouble != nil)
        // The power comes again: it is a new start, and old challenges are void.
        host = try Host(board, number: 2)
        host.introduce()
        #expect(host.mode == .unconfigured)
    }
}
