import Actuators
import Quantities
internal import Simulator

extension MoteusController {
    /// One round of the firmware: look, count down, guard, control.
    mutating func run(_ state: MotorState, over time: Double) {
        look(at: state)
        milliseconds += time * 1_000
        countDown(time)
        if let fault = fault() { fail(fault) }
        if time > 0 { obeyLate() }
        drive = control(over: time)
    }

    /// A command comes into force, unless a fault or a timeout waits to be acknowledged by a stop.
    mutating func take(_ next: MoteusOrder) {
        if next.mode == .stopped {
            stop()
            return
        }
        guard mode != .fault && mode != .timeout else { return }
        if mode == .stopped, let refusal = refusal(of: next) {
            fail(refusal)
            return
        }
        condition = 0
        patience = next.timeout(configured: configuration[.timeout])
        guard !late.holds(next, in: mode) else { return }
        if next.mode != mode { trajectory.stop() }
        mode = next.mode
        obey(next)
    }

    private mutating func obey(_ next: MoteusOrder) {
        order = next
        if mode == .position { trajectory.follow(next.position) }
    }

    mutating func delayCommands(by milliseconds: Int) {
        // What was under way when the delay ends counts then.
        if let last = late.pending, last.mode == mode { obey(last) }
        late = MoteusLate(milliseconds, order)
    }

    private mutating func obeyLate() {
        // A mode that ended by itself obeys nothing that was told before.
        guard let due = late.pass(), mode == due.mode else { return }
        obey(due)
    }

    mutating func stop() {
        order = MoteusOrder(.stopped)
        mode = .stopped
        condition = 0
        patience = nil
        trajectory.stop()
        control = MoteusControl()
        drive = .off
    }

    mutating func fail(_ fault: Moteus.Fault) {
        mode = .fault
        condition = fault.rawValue
        patience = nil
        trajectory.stop()
        drive = .off
    }

    /// Only a command feeds it; reading does not.
    private mutating func countDown(_ time: Double) {
        guard let left = patience, isCommanded else { return }
        patience = left - time
        if left - time <= 0 {
            mode = .timeout
            patience = nil
            if configuration[.timeoutMode] == 10 { trajectory.follow(nil) }
        }
    }

    private var isCommanded: Bool {
        switch mode {
        case .stopped, .fault, .timeout, .brake, .measureInductance: false
        case .pwm, .voltage, .voltageFOC, .voltageDQ, .current, .position, .zeroVelocity, .stayWithin: true
        }
    }

    var bounds: ClosedRange<Double> {
        let low = configuration[.lowest]
        let high = configuration[.highest]
        let least = low.isNaN ? -.infinity : low
        let most = high.isNaN ? .infinity : high
        return order.ignoresBounds || least > most ? -.infinity ... .infinity : least...most
    }

    /// Why the controller does not begin.
    private func refusal(of next: MoteusOrder) -> Moteus.Fault? {
        guard configuration[.rpmPerVolt] > 0, configuration[.poles] > 0 else { return .notConfigured }
        guard next.mode == .position, !next.ignoresBounds else { return nil }
        let low = configuration[.lowest]
        let high = configuration[.highest]
        return sight.position < low || sight.position > high ? .outsideLimit : nil
    }

    /// Why the controller gives up, while it drives at all.
    private func fault() -> Moteus.Fault? {
        guard mode != .stopped && mode != .fault else { return nil }
        if !sight.position.isFinite { return .encoder }
        if sight.voltage > configuration[.voltage] { return .overVoltage }
        if sight.voltage < 4 { return .underVoltage }
        if sight.temperature > configuration[.temperature] { return .overTemperature }
        if configuration[.motorTemperatureEnabled] != 0 && sight.temperature > configuration[.motorTemperature] {
            return .overTemperature
        }
        return mode == .position ? trackingFault() : nil
    }

    private func trackingFault() -> Moteus.Fault? {
        if order.stopPosition != nil && (velocityLimit != nil || accelerationLimit != nil) { return .stopPosition }
        guard let wanted = trajectory.position else { return nil }
        if abs(sight.position - wanted) > configuration[.positionError] { return .positionError }
        return abs(sight.velocity - trajectory.velocity) > configuration[.velocityError] ? .velocityError : nil
    }

    var velocityLimit: Double? { order.limit(0x028, configured: configuration[.velocityLimit]) }

    var accelerationLimit: Double? { order.limit(0x029, configured: configuration[.accelerationLimit]) }
}
