public import Episodes
public import Learning
internal import Policies
internal import Quantities
internal import Robots
public import Supervision

/// Where the rollouts of a plan are at each of its ticks: what its band is made of, and what its flight is held against.
public struct Foretold: Equatable, Sendable {
    /// Where a joint is in one step, and what counts as room beside that.
    struct Reach: Equatable, Sendable {
        let low: Float
        let high: Float
        let room: Float
    }

    /// The ticks of one step.
    private let stride: Int
    let joints: Int
    /// Step by step, the joints of a step in their order.
    let reaches: [Reach]

    /// Around all rollouts, a step earlier and later; its room is a quarter of that and a twentieth of the joint's range.
    init(_ forecast: Forecast, stride: Int, horizon: Ticks) {
        let joints = forecast.joints
        let steps = (Int(horizon.rawValue) + stride - 1) / stride
        let hulls = (0..<joints).map { Self.hulls(of: $0, forecast, stride, steps) }
        var reaches: [Reach] = []
        for step in 0..<steps {
            for joint in 0..<joints {
                let allowed = forecast.pupil.robot.envelope.envelope.joints.elements[joint].position
                let around = hulls[joint][max(0, step - 1)...min(steps - 1, step + 1)]
                let start = step == 0 ? forecast.pupil.robot.file.starts[joint].position.value : around.first?.low ?? 0
                let low = around.reduce(start) { min($0, $1.low) }
                let high = around.reduce(start) { max($0, $1.high) }
                let room = (high - low) / 4 + (allowed.high - allowed.low).value / 20
                reaches.append(Reach(low: low, high: high, room: room))
            }
        }
        (self.stride, self.joints, self.reaches) = (stride, joints, reaches)
    }

    /// Step by step; where every rollout is over already, as at its end.
    private static func hulls(
        of joint: Int, _ forecast: Forecast, _ stride: Int, _ steps: Int
    ) -> [(low: Float, high: Float)] {
        var hulls: [(low: Float, high: Float)] = []
        for step in 0..<steps {
            var (low, high) = (Float.infinity, -Float.infinity)
            for path in forecast.paths {
                // One that is over has stopped where it ended.
                let ticks = min(step * stride, path.ticks - 1)...min((step + 1) * stride - 1, path.ticks - 1)
                for tick in ticks {
                    let place = forecast.position(path, tick, joint)
                    (low, high) = (min(low, place), max(high, place))
                }
            }
            hulls.append((low, high))
        }
        return hulls
    }

    /// How far beside the rollouts a flight went at worst, in rooms; zero for one that stayed within them.
    public func miss(of trace: Trace) -> Float {
        var worst: Float = 0
        for tick in 0..<min(trace.ticks, reaches.count / joints * stride) {
            for joint in 0..<joints {
                let reach = reaches[tick / stride * joints + joint]
                let place = trace.measurements[tick * trace.measured + joint]
                let miss = max(reach.low - place, place - reach.high) / reach.room
                // Where a rollout is no number nothing was foretold, and the band is the envelope.
                if miss.isFinite { worst = max(worst, miss) }
            }
        }
        return worst
    }

    /// So many rooms beside the rollouts, and never where the envelope ends.
    public func band(rooms: Float, within envelope: Envelope) throws(PlanDefect) -> ApprovedBand {
        let limits = reaches.enumerated().map { place, reach in
            let allowed = envelope.joints.elements[place % joints].position
            let (low, high) = (Radians(reach.low - rooms * reach.room), Radians(reach.high + rooms * reach.room))
            // Rollouts that leave the envelope, or the numbers, promise nothing narrower.
            return Limit(max(allowed.low, low), min(allowed.high, high)) ?? allowed
        }
        guard let count = JointCount(UInt8(clamping: joints)) else { throw .jointCount(joints) }
        return try ApprovedBand(stride: Ticks(Int32(stride)), joints: count, limits: limits)
    }

    /// By joint, how far a band goes beyond the rollouts at most.
    func widest(_ band: ApprovedBand) -> [Radians] {
        (0..<joints).map { place in
            guard let joint = band.joints.joint(at: UInt8(clamping: place)) else { return .zero }
            return (0..<band.steps).reduce(Radians.zero) { widest, step in
                let (reach, limit) = (reaches[step * joints + place], band.limit(of: joint, step: step))
                let beyond = max(reach.low - limit.low.value, limit.high.value - reach.high)
                return beyond.isFinite ? max(widest, Radians(beyond)) : max(widest, limit.high - limit.low)
            }
        }
    }
}
