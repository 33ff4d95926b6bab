public import Quantities
import Supervision

// What whoever proposes motions needs: the band around them, and the motions that show a robot's directions.
extension MotionScript {
    /// Each joint there and back, one after the other, with a rest at both ends.
    ///
    /// - Parameters:
    ///   - starts: where the joints stand.
    ///   - distances: how far each is to go; signed, so that it goes away from a limit that is near.
    ///   - moving: the time for each way.
    ///   - resting: the time at each end.
    public static func directions(
        from starts: [Radians], distances: [Radians], moving: Ticks, resting: Ticks
    ) throws(ScriptDefect) -> MotionScript {
        var steps: [Step] = []
        let all = [Motion](repeating: .hold, count: starts.count)
        steps.append(Step(ticks: resting, motions: all))
        for joint in zip(starts, distances).enumerated() {
            for target in [joint.element.0 + joint.element.1, joint.element.0] {
                var motions = all
                motions[joint.offset] = .move(to: target)
                steps.append(Step(ticks: moving, motions: motions))
                steps.append(Step(ticks: resting, motions: all))
            }
        }
        return try MotionScript(.direction, steps: steps)
    }

    /// The band around the course of the script, for its dossier.
    ///
    /// - Parameters:
    ///   - starts: where the joints are planned to begin.
    ///   - margins: how far beside its course each joint may be.
    ///   - free: where each joint may be while it is pushed, and after that until it is moved; nothing leads out of it.
    ///   - stride: the ticks of one step of the band.
    public func band(
        from starts: [Radians], margins: [Radians], free: [Limit<Radians>], stride: Ticks, period: Seconds
    ) throws(PlanDefect) -> ApprovedBand {
        let count = joints
        guard let joints = JointCount(UInt8(clamping: count)), stride > .zero, starts.count == count,
            margins.count == count, free.count == count
        else { throw .jointCount(starts.count) }
        let steps = (Int(ticks.rawValue) + Int(stride.rawValue) - 1) / Int(stride.rawValue)
        var lows = [Radians?](repeating: nil, count: steps * count)
        var highs = lows
        var isFree = [Bool](repeating: false, count: steps * count)
        try forEachPoint(from: starts, period: period) { _, tick, joint, point throws(PlanDefect) in
            let place = Int(tick.rawValue / stride.rawValue) * count + joint
            guard case .position(let position)? = point else {
                isFree[place] = true
                return
            }
            lows[place] = min(lows[place] ?? position, position)
            highs[place] = max(highs[place] ?? position, position)
        }
        var limits: [Limit<Radians>] = []
        for place in lows.indices {
            let (joint, allowed) = (place % count, free[place % count])
            guard !isFree[place], let low = lows[place], let high = highs[place] else {
                limits.append(allowed)
                continue
            }
            let around = Limit(max(low - margins[joint], allowed.low), min(high + margins[joint], allowed.high))
            guard let around else { throw .notFinite }
            limits.append(around)
        }
        return try ApprovedBand(stride: stride, joints: joints, limits: limits)
    }
}
