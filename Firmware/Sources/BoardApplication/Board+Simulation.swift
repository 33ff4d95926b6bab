import BoardFirmware
import BoardLink
import CPU
import Quantities

// Where time passes by request. The bytes of the line take the real way through its registers and interrupts; a request
// says how many there are, so that none is early or late.

extension Board {
    /// Serves until the simulator is gone. Without one the board runs by its own clock.
    mutating func serveSimulator() {
        guard let port = SimulationPort() else { return }
        var heard: UInt32 = 0
        port.write(answer(to: 0, at: sent, busy: 0))
        while let words = port.read() {
            TickClock.comeRound()
            electronics.feedWatchdog()
            guard let request = SimulationRequest(words) else { continue }
            let start = Self.steps(electronics)
            var answersEnd = sent
            switch request {
            case .begin(var settings, let salt):
                settings.firmwareBuild = DoubleWord(high: cpu_build_high(), low: cpu_build_low())
                let cause = report.start.cause
                controller = BoardController(settings, start: BoardStart(salt: salt, cause: cause))
            case .hear(let end, let since, let isStopPressed):
                controller.setStopPressed(isStopPressed)
                while heard != end {
                    TickClock.comeRound()
                    electronics.feedWatchdog()
                    guard let byte = lineIn.pop() else { continue }
                    heard = heard &+ 1
                    if let frame = controller.hear(byte, since: since) { say(frame) }
                }
                answersEnd = sent
            case .tick(let measured, let elapsed):
                Self.checkMemory()
                controller.tick(measured, elapsed: elapsed)
            case .fail: controller.fail()
            case .injure(let injury): Self.suffer(injury)
            }
            let busy = Self.steps(electronics) &- start
            while let frame = controller.nextReport() { say(frame) }
            port.write(answer(to: words[0], at: answersEnd, busy: busy))
        }
        port.leave()
    }

    /// Since the start, in steps of the tick timer; asked again when a tick passed between its two halves.
    private static func steps(_ electronics: Hardware) -> UInt32 {
        while true {
            let before = TickClock.now
            let left = electronics.stepsLeft
            if before == TickClock.now {
                return before &* electronics.tickSteps &+ (electronics.tickSteps &- left)
            }
        }
    }

    private mutating func say(_ frame: Frame) {
        var position = 0
        while position < frame.count {
            while !electronics.canSend { TickClock.comeRound() }
            electronics.send(frame[position])
            position += 1
        }
        sent = sent &+ UInt32(truncatingIfNeeded: frame.count)
    }

    private mutating func answer(to number: UInt32, at answersEnd: UInt32, busy: UInt32) -> SimulationWords {
        var answer = SimulationAnswer()
        answer.number = number
        answer.cause = report.start.cause
        answer.answersEnd = answersEnd
        answer.reportsEnd = sent
        answer.mode = controller.mode
        answer.fault = controller.fault
        answer.refusedFrames = controller.counters.damaged &+ controller.counters.misunderstood
        answer.drives = controller.drives
        answer.busy = busy
        if number & 1_023 == 0 { answer.stackUsed = cpu_stack_used() }
        answer.stackSize = cpu_stack_size()
        answer.firmwareBuild = DoubleWord(high: cpu_build_high(), low: cpu_build_low())
        answer.faultAddress = report.faultAddress
        answer.hungTicks = report.hungTicks
        return answer.words
    }

    private static func suffer(_ injury: Injury) {
        switch injury {
        case .hang: while true { cpu_barrier() }
        case .deafHang:
            cpu_interrupts_off()
            while true { cpu_barrier() }
        case .busFault: cpu_store_nowhere()
        case .wildCounter: cpu_jump_nowhere()
        case .stackExhaustion: cpu_exhaust_stack()
        case .memoryDamage:
            cpu_damage_memory()
            checkMemory()
        case .doubleFault: cpu_fault_twice()
        case .trap:
            let words = SimulationWords()
            // A place that no compiler knows.
            if words[Int(TickClock.now | 64)] == 0 { cpu_barrier() }
        }
    }
}
