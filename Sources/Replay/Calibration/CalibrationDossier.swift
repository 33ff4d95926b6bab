internal import Episodes
internal import Quantities
internal import Robots
internal import Supervision

/// What whoever approves motions is shown of them: where every joint will be, and what the supervisor holds it to.
///
/// Motions have a course, so no model has to foretell it. Of speed, effort and heat nothing better than what is enforced
/// is promised.
struct CalibrationDossier {
    private let robot: Robot
    private var envelope: Envelope { robot.envelope.envelope }

    init(_ robot: Robot) { self.robot = robot }

    func dossier(of script: MotionScript, from starts: [Radians]) throws(PlanDefect) -> Dossier {
        let period = envelope.robot.period
        let limits = starts.indices.map { envelope.joints.elements[$0] }
        // A tenth of a second a step, or coarser where that is too much to look at.
        let stride = max(Int32((0.1 / period.value).rounded()), script.ticks.rawValue / 300 + 1)
        let band = try script.band(
            from: starts, margins: limits.map(margin), free: limits.map(\.position), stride: Ticks(stride),
            period: period)
        let nearest = nearest(band, limits)
        guard let hottest = JointCount(UInt8(clamping: starts.count))?.joint(at: 0) else {
            throw .jointCount(starts.count)
        }
        return try Dossier(
            band: band, joints: try limits.map(forecast), nearest: nearest,
            worst: WorstRollout(rollouts: 1, index: 0, nearest: nearest, crossings: 0), distance: nil,
            thermal: ThermalForecast(
                joint: hottest, peak: limits[0].motor.windingLimit, timeLeft: limits[0].motor.leastTimeLeft),
            wear: Microlives(1))
    }

    /// How far beside its course a joint may be: a spring gives way under a load, a servo follows at a distance.
    private func margin(_ limits: JointEnvelope) -> Radians {
        switch limits.drive {
        case .effort(let stiffness, _): Radians(min(0.6, limits.effort.value / stiffness.value + 0.1))
        case .position, .speed: limits.lead + Radians(0.1)
        }
    }

    private func forecast(_ limits: JointEnvelope) throws(PlanDefect) -> JointForecast {
        guard let speed = Limit(.zero - limits.speed, limits.speed),
            let effort = Limit(.zero - limits.effort, limits.effort),
            let temperature = Limit(min(limits.motor.ambient, Celsius(limits.hottest.value - 1)), limits.hottest)
        else { throw .notFinite }
        return JointForecast(speed: speed, effort: effort, temperature: temperature)
    }

    /// The joint whose course comes nearest to the end of its range.
    private func nearest(_ band: ApprovedBand, _ limits: [JointEnvelope]) -> NearestLimit {
        var nearest = NearestLimit(joint: .first, rule: .position, margin: 1)
        for (place, joint) in limits.enumerated() {
            guard let index = JointIndex(UInt8(clamping: place)) else { continue }
            let hull = band.hull(of: index)
            let left = min(hull.low - joint.position.low, joint.position.high - hull.high)
            let share = left.value / joint.position.span.value
            if share < nearest.margin { nearest = NearestLimit(joint: index, rule: .position, margin: share) }
        }
        return nearest
    }
}
