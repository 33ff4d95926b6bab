/// Where position control wants the output to be, and how fast: in revolutions and revolutions per second.
struct MoteusTrajectory: Equatable, Sendable {
    private(set) var position: Double?
    private(set) var velocity = 0.0
    /// What is not reached yet.
    private var target: Double?
    private(set) var isComplete = false

    mutating func stop() { self = MoteusTrajectory() }

    /// Follows a new command. Where nothing is followed yet, it begins where the output is.
    mutating func follow(_ target: Double?) {
        self.target = target
        isComplete = false
    }

    mutating func capture(_ position: Double, _ velocity: Double) {
        self.position = position
        self.velocity = velocity
    }

    mutating func step(
        to wanted: Double, limits: (velocity: Double?, acceleration: Double?), bounds: ClosedRange<Double>,
        over time: Double
    ) {
        guard var place = position else { return }
        let velocityLimit = limits.velocity ?? .infinity
        let last = min(max(wanted, -velocityLimit), velocityLimit)
        if limits.velocity == nil && limits.acceleration == nil {
            place = target ?? place
            arrive(with: last)
        } else if let target {
            approach(target - place, last, velocityLimit, limits.acceleration ?? .infinity, time)
            if isComplete { place = target - velocity * time }
        } else {
            let change = (limits.acceleration ?? .infinity) * time
            velocity += min(max(last - velocity, -change), change)
            isComplete = velocity == last
        }
        let next = place + velocity * time
        position = min(max(next, bounds.lowerBound), bounds.upperBound)
        if position != next { velocity = 0 }
    }

    private mutating func arrive(with velocity: Double) {
        self.velocity = velocity
        target = nil
        isComplete = true
    }

    /// As fast as allowed, and slow enough to have the last velocity at the target.
    private mutating func approach(
        _ rest: Double, _ last: Double, _ velocityLimit: Double, _ acceleration: Double, _ time: Double
    ) {
        let change = acceleration * time
        let spare = acceleration.isFinite ? (2 * acceleration * abs(rest)).squareRoot() : velocityLimit
        let wanted = last + (rest < 0 ? -spare : spare)
        let next = velocity + min(max(min(max(wanted, -velocityLimit), velocityLimit) - velocity, -change), change)
        velocity = next
        let isThere = abs(rest) <= abs(next) * time || rest == 0
        if isThere && (abs(next - last) <= 2 * change || rest == 0) { arrive(with: last) }
    }
}
