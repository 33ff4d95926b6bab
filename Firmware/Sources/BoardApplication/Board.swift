public import BoardFirmware
import BoardLink
import CPU
import Quantities

/// The program of the microcontroller: the controller that the host's tests run, between registers and a line.
public struct Board<Hardware: Electronics>: ~Copyable {
    var electronics: Hardware
    var controller: BoardController
    let report: StartReport
    /// How many bytes were written to the line since the start.
    var sent: UInt32 = 0

    private init(_ electronics: consuming Hardware) {
        self.electronics = electronics
        self.electronics.startUp()
        report = StartReport(self.electronics)
        controller = BoardController(self.electronics.settings, start: report.start)
    }

    /// Runs the board for ever.
    public static func run(_ electronics: consuming Hardware) -> Never {
        var board = Board(electronics)
        TickClock.comeRound()
        cpu_interrupts_on()
        if board.electronics.isSimulated { board.serveSimulator() }
        while true { board.comeRound() }
    }

    /// What must hold on every tick, whoever counts them.
    static func checkMemory() {
        if cpu_canaries_live() == 0 { cpu_die(UInt32(ResetCause.memoryDamaged.rawValue), 0) }
    }

    // MARK: On silicon, and in a simulator without a simulation port.

    private var doneTicks: UInt32 = 0

    /// Once round the loop: at most one tick, and at most so many bytes that a flood of them delays no tick.
    private mutating func comeRound() {
        TickClock.comeRound()
        electronics.feedWatchdog()
        var taken = 0
        while taken < 64, let byte = lineIn.pop() {
            taken += 1
            let since = Float(Int(electronics.tickSteps - electronics.stepsLeft)) / Float(Int(electronics.tickSteps))
            if let frame = controller.hear(byte, since: BoardSettings.tickPeriod * since) { put(frame) }
        }
        let now = TickClock.now
        if now != doneTicks { tick(now &- doneTicks) }
        if !lineOut.isEmpty, electronics.canSend, let byte = lineOut.pop() { electronics.send(byte) }
        sleepIfIdle(since: now)
    }

    /// Ticks that were missed are not made up for: the supervisor is told how long it really was.
    private mutating func tick(_ passed: UInt32) {
        doneTicks = doneTicks &+ passed
        Self.checkMemory()
        let measured = electronics.measure()
        controller.tick(measured, elapsed: BoardSettings.tickPeriod * Float(Int(passed)))
        electronics.drive(controller.drives)
        while let frame = controller.nextReport() { put(frame) }
    }

    /// Whole frames or nothing: half of one would spoil the next.
    private mutating func put(_ frame: Frame) {
        guard lineOut.free >= UInt32(truncatingIfNeeded: frame.count) else { return }
        var position = 0
        while position < frame.count {
            lineOut.push(frame[position])
            position += 1
        }
    }

    /// An interrupt that came in between is still pending, and ends the wait at once.
    private func sleepIfIdle(since now: UInt32) {
        cpu_interrupts_off()
        if lineIn.isEmpty, lineOut.isEmpty, TickClock.now == now { cpu_wait() }
        cpu_interrupts_on()
    }
}
