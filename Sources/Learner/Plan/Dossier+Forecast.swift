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
