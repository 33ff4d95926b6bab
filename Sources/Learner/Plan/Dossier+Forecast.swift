internal import Episodes
internal import Quantities
internal import Robots
internal import Supervision

extension NearestLimit {
    init(_ found: NearestLimitFound) {
        self.init(
            joint: JointIndex(UInt8(clamping: found.joint)) ?? .first, rule: found.rule,
            margin: found.margin.isFinite ? found.margin : -1)
    }
}

extension JointForecast {
    /// Where a model says nothing, the whole range of the envelope stands: nothing narrower is promised.
    init(_ joint: Int, _ forecast: Forecast, _ heat: HeatForecast) {
        let limits = forecast.pupil.robot.envelope.envelope.joints.elements[joint]
        let speeds = forecast.hull { forecast.speed($0, $1, joint) }
        let efforts = forecast.hull { forecast.effort($0, $1, joint) }
        let (most, push) = (limits.speed.value, limits.effort.value)
        let ambient = limits.motor.ambient
        self.init(
            speed: Self.limit(speeds ?? (-most, most)), effort: Self.limit(efforts ?? (-push, push)),
            temperature: Self.limit((ambient.value, heat.sensors[joint].value)))
    }

    private static func limit<Unit: Quantity>(_ hull: (low: Float, high: Float)) -> Limit<Unit> {
        // A range has a width, even that of something that stands still.
        let high = max(hull.high, hull.low + max(abs(hull.low), 1) * 1e-3)
        guard let limit = Limit(Unit(hull.low), Unit(high)) else { preconditionFailure("\(hull)") }
        return limit
    }
}

extension ApprovedBand {
    /// Around all rollouts, with room for what no rollout shows: half as wide again, a twentieth of the joint's range,
    /// and a step earlier and later.
    init(_ forecast: Forecast, stride: Int, horizon: Ticks) throws(PlanDefect) {
        let envelope = forecast.pupil.robot.envelope.envelope
        let steps = (Int(horizon.rawValue) + stride - 1) / stride
        let hulls = (0..<forecast.joints).map { Self.hulls(of: $0, forecast, stride, steps) }
        var limits: [Limit<Radians>] = []
        for step in 0..<steps {
            for joint in 0..<forecast.joints {
                let allowed = envelope.joints.elements[joint].position
                let around = hulls[joint][max(0, step - 1)...min(steps - 1, step + 1)]
                let start = step == 0 ? forecast.pupil.robot.file.starts[joint].position.value : around.first?.low ?? 0
                let low = around.reduce(start) { min($0, $1.low) }
                let high = around.reduce(start) { max($0, $1.high) }
                let room = (high - low) / 4 + (allowed.high - allowed.low).value / 20
                let band = Limit(
                    max(allowed.low, Radians(low - room)), min(allowed.high, Radians(high + room)))
                // Rollouts that leave the envelope, or the numbers, promise nothing narrower.
                limits.append(band ?? allowed)
            }
        }
        guard let count = JointCount(UInt8(clamping: forecast.joints)) else { throw .jointCount(forecast.joints) }
        try self.init(stride: Ticks(Int32(stride)), joints: count, limits: limits)
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
}
