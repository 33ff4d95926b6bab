import BoardFirmware
import BoardLink
import Foundation
import Quantities
import Testing
import VirtualRobot

/// The same seconds of a board's life in the program that is compiled for this machine and in both images: ten of them in
/// `make test`, a hundred in `make proof`.
@Suite(.timeLimit(.minutes(10))) struct TraceTests {
    private static let isCampaign = ProcessInfo.processInfo.environment["UNDERSTUDY_CAMPAIGN"] == "proof"
    private static let ticks = isCampaign ? 100_000 : 10_000
    private static let golden = Images.root.appending(
        path: "Tests/FirmwareTests/Golden/trace-\(isCampaign ? "long" : "short").txt")

    /// A hash after every thousand ticks, and what was seen of the board meanwhile.
    private struct Life {
        var hashes: [UInt64] = []
        var modes: Set<UInt8> = []
        var faults: Set<UInt8> = []
        var refused: UInt32 = 0
    }

    private struct Astray: Error { let tick: Int }

    /// A board with what happens to it.
    private struct Stage {
        var host: Host
        private var drama = Drama(seed: 8)

        init(_ board: any BoardProgram) throws {
            // Every byte costs the emulator dearly; a state at each tick is what the other tests have.
            host = try Host(board, ticksBetweenStates: 5)
        }

        mutating func advance() throws {
            try drama.act(on: &host)
            host.tick()
            _ = host.takeReports()
        }
    }

    /// Beside a board that lives as it should, one that goes astray is not lived to its end.
    private func live(_ board: any BoardProgram, beside right: (any BoardProgram)? = nil) throws -> Life {
        var stage = try Stage(board)
        var other = try right.map(Stage.init)
        var life = Life()
        for tick in 1...Self.ticks {
            try stage.advance()
            try other?.advance()
            if let other, other.host.trace != stage.host.trace { throw Astray(tick: tick) }
            life.modes.insert(stage.host.mode.rawValue)
            if let fault = stage.host.last.fault { life.faults.insert(fault.rawValue) }
            if tick % 1_000 == 0 { life.hashes.append(stage.host.trace.value) }
        }
        life.refused = stage.host.last.refusedFrames
        return life
    }

    private func line(_ life: Life) -> String {
        let hash = String(life.hashes.last ?? 0, radix: 16)
        return "ticks \(Self.ticks) hash \(hash) faults \(life.faults.sorted()) refused \(life.refused)\n"
    }

    @Test("the compiled board's torques and words are those that were written down")
    func compiled() throws {
        let life = try live(CompiledBoard(try Host.settings()))
        // Everything but unconfigured, which it leaves before the first tick, and every way to stop that is played.
        #expect(life.modes.count == 4)
        #expect(life.faults.count >= 7)
        let text = line(life)
        if let place = ProcessInfo.processInfo.environment["UNDERSTUDY_GOLDEN"] {
            try text.write(toFile: place, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: Self.golden, encoding: .utf8) == text)
    }

    @Test("both images say and do the same, bit for bit, within their time and stack", arguments: Images.machines)
    func image(machine: BoardMachine) throws {
        let board = try Images.board(machine)
        let life = try live(board, beside: Images.areMutated ? CompiledBoard(try Host.settings()) : nil)
        #expect(try String(contentsOf: Self.golden, encoding: .utf8) == line(life))
        let status = board.look()
        #expect(status.trouble == nil)
        #expect(status.starts == 1)
        if Images.areMutated { return }
        let instructions = machine.instructions(busy: status.worstTick)
        print(
            "\(machine.rawValue): worst tick \(Int(instructions)) instructions,",
            "stack \(status.answer.stackUsed) of \(status.answer.stackSize) bytes")
        // A tenth of the millisecond at 168 MHz.
        #expect(instructions > 500 && instructions < 16_800)
        #expect(status.answer.stackUsed > 1_000 && 2 * status.answer.stackUsed <= status.answer.stackSize)
    }
}
