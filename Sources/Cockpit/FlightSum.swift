import Actuators
import ControlLoop
import Episodes
import Guard
import Ledger
import Quantities
import Supervision

/// What a flight came to, tick by tick: what it cost and which rules spoke up.
struct FlightSum {
    private let envelope: Envelope
    private(set) var episodeTicks = Ticks.zero
    private var poweredTicks: Int64 = 0
    private var heat = 0.0
    private var clamped = [UInt32](repeating: 0, count: 32)
    private var stops = [UInt32](repeating: 0, count: 32)

    init(_ envelope: Envelope) { self.envelope = envelope }

    mutating func add(_ tick: borrowing TickRecord) {
        switch (tick.leg, tick.mode) {
        case (.episode?, .running), (.motions?, .running): episodeTicks = episodeTicks.next
        default: break
        }
        poweredTicks += 1
        addHeat(tick)
        switch tick.verdict.ruling {
        case .clamp(_, let rule, _, _): clamped[Int(rule.rawValue) & 31] += 1
        case .stop(_, let finding?): stops[Int(finding.fault.rule.rawValue) & 31] += 1
        case .idle, .pass, .stop: break
        }
    }

    /// The heat of the windings: current squared times resistance. A joint that tells no current adds none; the plan's
    /// own figure is the least that is charged then.
    private mutating func addHeat(_ tick: borrowing TickRecord) {
        var position: UInt8 = 0
        while let joint = envelope.count.joint(at: position) {
            let pull = tick.samples[joint].pull
            if case .current(let current) = pull, current.value.isFinite {
                let resistance = envelope.joints[joint].motor.resistance
                heat += Double(current.value * current.value * resistance.value) * Double(envelope.robot.period.value)
            }
            position += 1
        }
    }

    /// Time and heat as measured; a person's time as planned. Wear by the time under power: the way to the start and the
    /// way to rest wear the gears as the episode does, so whoever stops early does not get them for nothing; what was
    /// approved is the most.
    func cost(of plan: EpisodePlan) -> Cost {
        let milliseconds = Double(poweredTicks) * Double(envelope.robot.period.value) * 1_000
        let share = min(1, Double(poweredTicks) / Double(max(1, plan.horizon.rawValue)))
        let wear = (Double(plan.cost.wear.rawValue) * share).rounded(.up)
        let measured = Int64((heat * 1_000).rounded(.up))
        return Cost(
            time: Milliseconds(Int64(milliseconds.rounded(.up))), wear: Microlives(Int64(wear)),
            heat: Millijoules(measured > 0 ? measured : plan.cost.heat.rawValue), attention: plan.cost.attention)
    }

    var verdicts: [VerdictSummary] {
        clamped.indices.compactMap { number in
            guard clamped[number] + stops[number] > 0, let rule = Rule(rawValue: UInt8(number)) else { return nil }
            return VerdictSummary(rule: rule, clampedTicks: clamped[number], stops: stops[number])
        }
    }
}
