internal import Actuators

/// Where a servo wants to be now, on its way to its goal; in steps and in the unit of the velocity registers.
struct DynamixelControl: Equatable, Sendable {
    /// Steps in a millisecond at one unit of velocity: 0.0239691 rad/s.
    static let stepsPerUnit = 0.023_969_1 * 4_096 / (2 * Double.pi) / 1_000
    /// Units of velocity in a millisecond at one unit of acceleration: 214.577 rev/min².
    static let unitsPerUnit = 214.577 / 60_000 / 0.229

    private(set) var goal = 0.0
    private(set) var position = 0.0
    /// Units of velocity.
    private(set) var velocity = 0.0
    private(set) var acceleration = 0.0
    private(set) var shape: UInt8 = 0
    var integral = 0.0
    var lastError = 0.0
    var output = 0.0
    private var start = 0.0
    private var isFresh = false
    private var pace = Pace()

    /// How a way is gone, in steps and milliseconds.
    private struct Pace: Equatable {
        var speed = Double.infinity
        var gain = Double.infinity
    }

    var isOnItsWay: Bool { position != goal }

    /// Stays here.
    mutating func hold(at position: Double) {
        goal = position
        self.position = position
        velocity = 0
        acceleration = 0
        integral = 0
        lastError = 0
        output = 0
        shape = 0
    }

    mutating func begin(to goal: Double) {
        start = position
        self.goal = goal
        isFresh = true
    }

    /// Stops where it wants to be, without letting go.
    mutating func freeze(at position: Double) {
        goal = position
        self.position = position
        velocity = 0
        acceleration = 0
        shape = 0
    }

    /// One millisecond of the way; the registers are read when it begins.
    mutating func follow(velocity most: Int64, acceleration change: Int64, asTimes: Bool) {
        if isFresh { setPace(most, change, asTimes: asTimes) }
        isFresh = false
        let way = goal - position
        let before = velocity * Self.stepsPerUnit
        let braking = (2 * pace.gain * way.magnitude).squareRoot()
        let wanted = way.sign == .minus ? -min(pace.speed, braking) : min(pace.speed, braking)
        let speed = min(max(wanted, before - pace.gain), before + pace.gain)
        // Here, or there within this step.
        if !speed.isFinite || way == 0 || (speed * way > 0 && speed.magnitude >= way.magnitude) {
            position = goal
            velocity = 0
            acceleration = 0
            shape = 0
        } else {
            position += speed
            velocity = speed / Self.stepsPerUnit
            acceleration = (speed - before) / Self.stepsPerUnit / Self.unitsPerUnit
        }
    }

    private mutating func setPace(_ most: Int64, _ change: Int64, asTimes: Bool) {
        guard most > 0 else {
            pace = Pace()
            shape = 0
            return
        }
        if asTimes {
            // The whole time, and the share of it for speeding up, which is at most half.
            let rise = min(Double(change), Double(most) / 2)
            let speed = (goal - start).magnitude / (Double(most) - rise)
            pace = Pace(speed: speed, gain: rise > 0 ? speed / rise : .infinity)
        } else {
            let gain = Double(change) * Self.unitsPerUnit * Self.stepsPerUnit
            pace = Pace(speed: Double(most) * Self.stepsPerUnit, gain: change > 0 ? gain : .infinity)
        }
        let isTriangle = pace.gain.isFinite && pace.speed * pace.speed / pace.gain > (goal - start).magnitude
        shape = pace.gain.isFinite ? (isTriangle ? 2 : 3) : 1
    }

    /// One millisecond on the way to a velocity.
    mutating func ramp(to wanted: Double, acceleration change: Int64, time: Bool) {
        let step = change > 0 && !time ? Double(change) * Self.unitsPerUnit : .infinity
        velocity = min(max(wanted, velocity - step), velocity + step)
    }
}
