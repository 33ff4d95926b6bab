import Actuators

/// The control loops' memory: where the profile is, and what the loops have gathered.
struct FeetechMotion: Equatable, Sendable {
    /// What the profile asks for now, in steps of the position register; nil before it has begun.
    private var setpoint: Double?
    private var speed = 0.0
    private var integral = 0.0
    private(set) var target = 0.0
    private var lastError = 0.0
    /// The share of the supply that the bridge gives, in the direction that the servo calls positive.
    private(set) var duty = 0.0
    private(set) var isUnderWay = false

    /// The profile begins anew where the shaft is.
    mutating func startOver() { self = FeetechMotion() }

    mutating func stepBy(_ steps: Int, from present: Int) {
        target = (setpoint == nil ? Double(present) : target) + Double(steps)
    }

    /// Nothing is driven.
    mutating func rest() {
        let kept = target
        startOver()
        target = kept
    }
}

/// What the control loops need to know of the registers and sensors.
struct FeetechOrder: Equatable, Sendable {
    var mode: FeetechMode
    /// Where to, in the numbers of the position register; ignored in the other modes.
    var goal: Double
    /// Steps per second; the limit of the profile, or with its sign the goal of the velocity mode.
    var speed: Double
    /// Steps per second squared.
    var acceleration: Double
    /// The share of the supply that the PWM mode asks for.
    var openDuty: Double
    /// The most that any loop may give.
    var limit: Double
    var gains: FeetechGains
    var deadZone: (positive: Double, negative: Double)
    var position: Double
    var velocity: Double

    static func == (left: Self, right: Self) -> Bool {
        left.mode == right.mode && left.goal == right.goal && left.speed == right.speed
            && left.acceleration == right.acceleration && left.openDuty == right.openDuty
            && left.limit == right.limit && left.gains == right.gains && left.deadZone == right.deadZone
            && left.position == right.position && left.velocity == right.velocity
    }
}

struct FeetechGains: Equatable, Sendable {
    var p: Double
    var i: Double
    var d: Double
    /// The most that the integral may give; zero is no limit of its own.
    var integralLimit: Double
    /// What it takes to start at all.
    var startForce: Double
}

extension FeetechMotion {
    /// The bridge never gives all of the supply.
    private static let fullDuty = 0.97
    /// Measured: this much duty for each radian and unit of the P gain, by the identification of others.
    private static let dutyPerRadian = 0.166
    private static let radiansPerStep = 1 / FeetechSight.stepsPerRadian

    mutating func step(_ order: FeetechOrder, over time: Double) {
        switch order.mode {
        case .position:
            target = order.goal
            duty = positionDuty(order, over: time)
        case .step: duty = positionDuty(order, over: time)
        case .velocity: duty = velocityDuty(order, over: time)
        case .pwm:
            isUnderWay = order.openDuty != 0
            duty = order.openDuty
        }
        let limit = min(order.limit, Self.fullDuty)
        duty = min(max(duty, -limit), limit)
    }

    private mutating func positionDuty(_ order: FeetechOrder, over time: Double) -> Double {
        let wanted = profile(order, over: time)
        let away = wanted - order.position
        let zone = away < 0 ? order.deadZone.negative : order.deadZone.positive
        let error = abs(away) <= zone ? 0 : away * Self.radiansPerStep
        let gains = order.gains
        integral += gains.i * 0.1 * error * time
        if gains.integralLimit > 0 { integral = min(max(integral, -gains.integralLimit), gains.integralLimit) }
        integral = min(max(integral, -1), 1)
        let damping = gains.d * 0.002 * (speed - order.velocity) * Self.radiansPerStep
        let raw = error == 0 ? integral : Self.dutyPerRadian * (gains.p * error + damping) + integral
        if error != 0 && abs(raw) < gains.startForce { return error < 0 ? -gains.startForce : gains.startForce }
        return raw
    }

    /// A trapezoid: as fast as allowed, and slow enough to stop at the goal.
    private mutating func profile(_ order: FeetechOrder, over time: Double) -> Double {
        let here = setpoint ?? order.position
        let rest = target - here
        let stopping = (2 * order.acceleration * abs(rest)).squareRoot()
        let wanted = min(order.speed, stopping) * (rest < 0 ? -1 : 1)
        let change = order.acceleration * time
        speed += min(max(wanted - speed, -change), change)
        let way = speed * time
        let arrives = abs(way) >= abs(rest) && (way < 0) == (rest < 0) || rest == 0
        if arrives { speed = 0 }
        let next = arrives ? target : here + way
        setpoint = next
        isUnderWay = next != target
        return next
    }

    private mutating func velocityDuty(_ order: FeetechOrder, over time: Double) -> Double {
        let change = order.acceleration * time
        speed += min(max(order.speed - speed, -change), change)
        isUnderWay = speed != 0
        let error = (speed - order.velocity) * Self.radiansPerStep
        integral = min(max(integral + order.gains.i * 0.2 * error * time, -order.limit), order.limit)
        if speed == 0 && order.speed == 0 && abs(error) < Self.radiansPerStep { integral = 0 }
        return order.gains.p * 0.02 * error + integral
    }
}
