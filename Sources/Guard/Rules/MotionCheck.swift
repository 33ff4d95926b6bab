public import Episodes
import Quantities
import Supervision

/// What is wrong with the motions of a plan, with the numbers that show it.
public enum MotionFlaw: Equatable, Sendable {
    case notCanonical(CanonicalError)
    case joints(Int, needed: Int)
    case ticks(Int32, horizon: Int32)
    /// Only a joint that follows efforts can be pushed.
    case pushes(joint: String, step: Int)
    case effort(joint: String, step: Int, Float, most: Float)
    case position(joint: String, step: Int, Float, low: Float, high: Float)
    case band(joint: String, tick: Int32, Float, low: Float, high: Float)
    case speed(joint: String, step: Int, Float, most: Float)
    /// A check of directions goes further or faster than such a check needs.
    case direction(joint: String, step: Int, Float, most: Float)
    /// A check of directions moves one joint in a step.
    case together(step: Int)
}

/// Holds motions against the envelope and their own band, tick by tick.
struct MotionCheck {
    private let facts: RobotFacts

    init(_ facts: RobotFacts) { self.facts = facts }

    func flaw(in script: MotionScript, of proposal: Proposal) -> MotionFlaw? {
        let (count, horizon) = (facts.joints.count, proposal.plan.horizon)
        guard script.joints == count else { return .joints(script.joints, needed: count) }
        guard script.ticks == horizon else { return .ticks(script.ticks.rawValue, horizon: horizon.rawValue) }
        return pushFlaw(script) ?? courseFlaw(script, proposal)
            ?? (script.purpose == .direction ? directionFlaw(script, proposal.plan.start) : nil)
    }

    private func limits(of place: Int) -> JointEnvelope { facts.envelope.joints.elements[place] }

    private func pushFlaw(_ script: MotionScript) -> MotionFlaw? {
        for (number, step) in script.steps.enumerated() {
            for (place, motion) in step.motions.enumerated() {
                guard case .push(let effort, let waves) = motion else { continue }
                guard case .effort = limits(of: place).drive else {
                    return .pushes(joint: facts.joints[place], step: number)
                }
                let most = waves.reduce(effort.magnitude) { $0 + $1.amplitude.magnitude }
                guard most <= limits(of: place).effort else {
                    return .effort(
                        joint: facts.joints[place], step: number, most.value, most: limits(of: place).effort.value)
                }
            }
        }
        return nil
    }

    private func courseFlaw(_ script: MotionScript, _ proposal: Proposal) -> MotionFlaw? {
        let starts = proposal.plan.start.map(\.position)
        let (band, period) = (proposal.dossier.band, facts.envelope.robot.period)
        var (found, last): (MotionFlaw?, [Radians?]) = (nil, starts.map { Optional($0) })
        do throws(PlanDefect) {
            try script.forEachPoint(from: starts, period: period) { step, tick, place, point throws(PlanDefect) in
                guard case .position(let position)? = point else {
                    last[place] = nil
                    return
                }
                found = flaw(at: position, after: last[place], place, step, tick, band)
                last[place] = position
                // The first one is enough; anything thrown ends the walk.
                if found != nil { throw .notFinite }
            }
        } catch {
            return found
        }
        return nil
    }

    private func flaw(
        at position: Radians, after last: Radians?, _ place: Int, _ step: Int, _ tick: Ticks, _ band: ApprovedBand
    ) -> MotionFlaw? {
        let (name, limits) = (facts.joints[place], limits(of: place))
        let (low, high) = limits.commanded
        guard low <= position, position <= high else {
            return .position(joint: name, step: step, position.value, low: low.value, high: high.value)
        }
        guard let limit = band.tube(at: tick)?.elements[place], limit.contains(position) else {
            let hull = band.tube(at: tick)?.elements[place]
            return .band(
                joint: name, tick: tick.rawValue, position.value, low: hull?.low.value ?? .nan,
                high: hull?.high.value ?? .nan)
        }
        guard let last else { return nil }
        let speed = (position - last).magnitude / facts.envelope.robot.period
        guard speed <= limits.speed else {
            return .speed(joint: name, step: step, speed.value, most: limits.speed.value)
        }
        return nil
    }

    /// So slowly that a hand can stop it, and a tenth of the way that the joint has.
    private func directionFlaw(_ script: MotionScript, _ starts: [JointStart]) -> MotionFlaw? {
        var bases = starts.map(\.position)
        for (number, step) in script.steps.enumerated() {
            var movers = 0
            for (place, motion) in step.motions.enumerated() {
                guard case .move(let target) = motion else {
                    if motion == .hold { continue }
                    return .together(step: number)
                }
                let distance = (target - bases[place]).magnitude
                let (name, most) = (facts.joints[place], limits(of: place).position.span / 10)
                guard distance <= most else {
                    return .direction(joint: name, step: number, distance.value, most: most.value)
                }
                // The course of least jerk is at its middle 15/8 as fast as on the average.
                let time = Seconds(Float(step.ticks.rawValue) * facts.envelope.robot.period.value)
                let speed = distance * 1.875 / time
                let slow = facts.envelope.robot.parkSpeed
                guard speed <= slow else {
                    return .direction(joint: name, step: number, speed.value, most: slow.value)
                }
                bases[place] = target
                movers += 1
            }
            guard movers <= 1 else { return .together(step: number) }
        }
        return nil
    }
}

extension MotionFlaw {
    var field: String {
        switch self {
        case .notCanonical: "policy.bytes"
        case .joints: "motions.joints"
        case .ticks: "horizon"
        case .pushes(let joint, let step), .effort(let joint, let step, _, _), .position(let joint, let step, _, _, _),
            .speed(let joint, let step, _, _), .direction(let joint, let step, _, _):
            "motions[\(step)].\(joint)"
        case .band(let joint, _, _, _, _): "band.\(joint)"
        case .together(let step): "motions[\(step)]"
        }
    }

    var given: String {
        switch self {
        case .notCanonical(let error): "at byte \(error.position): \(error.problem)"
        case .joints(let count, _): "\(count)"
        case .ticks(let ticks, _): "\(ticks) ticks"
        case .pushes: "a push"
        case .effort(_, _, let value, _), .position(_, _, let value, _, _), .speed(_, _, let value, _),
            .direction(_, _, let value, _):
            "\(value)"
        case .band(_, let tick, let value, _, _): "\(value) on tick \(tick)"
        case .together: "several joints, or more than moving them"
        }
    }

    var needed: String {
        switch self {
        case .notCanonical: "the canonical bytes of motions"
        case .joints(_, let needed): "\(needed)"
        case .ticks(_, let horizon): "\(horizon) ticks, as the plan's horizon"
        case .pushes: "a joint that follows efforts"
        case .effort(_, _, _, let most), .speed(_, _, _, let most): "at most \(most)"
        case .direction(_, _, _, let most): "at most \(most) in a check of directions"
        case .position(_, _, _, let low, let high), .band(_, _, _, let low, let high): "\(low) to \(high)"
        case .together: "one joint that moves, in a check of directions"
        }
    }
}
