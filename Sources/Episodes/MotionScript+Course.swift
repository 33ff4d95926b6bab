public import Quantities
import Supervision

// Where a script wants its joints to be, as whoever proposes it, the guard and the loop compute it alike: with
// arithmetic only, so that all of them get the same bits.

extension MotionScript {
    /// What a joint is to follow on one tick.
    public enum Point: Equatable, Sendable {
        case position(Radians)
        case effort(NewtonMetres)
    }

    /// Calls `visit` for every joint of every tick, with what it is to follow; nil where a push has left it somewhere.
    ///
    /// - Parameter starts: where the joints are planned to begin.
    public func forEachPoint(
        from starts: [Radians], period: Seconds,
        _ visit: (_ step: Int, _ tick: Ticks, _ joint: Int, _ point: Point?) throws(PlanDefect) -> Void
    ) throws(PlanDefect) {
        var bases = starts.map { Optional($0) }
        var first: Int32 = 0
        for (place, step) in steps.enumerated() {
            for tick in 0..<step.ticks.rawValue {
                for joint in 0..<min(joints, bases.count) {
                    let point = step.point(of: joint, at: Ticks(tick), from: bases[joint], period: period)
                    try visit(place, Ticks(first + tick), joint, point)
                }
            }
            for joint in 0..<min(joints, bases.count) { bases[joint] = step.end(of: joint, from: bases[joint]) }
            first += step.ticks.rawValue
        }
    }
}

extension MotionScript.Step {
    /// What a joint is to follow, so many ticks into the step. Allocates nothing.
    ///
    /// - Parameter base: where its motion before has ended; nil when nobody planned that.
    public func point(
        of joint: Int, at tick: Ticks, from base: Radians?, period: Seconds
    ) -> MotionScript.Point? {
        switch motions[joint] {
        case .hold: return base.map { .position($0) }
        case .move(let target):
            return base.map { .position($0 + (target - $0) * Self.course(Double(tick.rawValue + 1) / length)) }
        case .swing(let waves):
            return base.map { .position($0 + Self.sum(waves, at: tick, period) * window(at: tick)) }
        case .push(let effort, let waves):
            return .effort((effort + Self.sum(waves, at: tick, period)) * window(at: tick))
        case .follow(let places):
            return base.map { _ in .position(Self.along(places, Double(tick.rawValue + 1) / length)) }
        }
    }

    /// Where a joint is when the step is over; nil when it was pushed to wherever it is.
    public func end(of joint: Int, from base: Radians?) -> Radians? {
        switch motions[joint] {
        case .hold, .swing: base
        case .move(let target): target
        case .push: nil
        case .follow(let places): places.last
        }
    }

    /// A share of the way by places that are even in time: between two of them a cubic whose slopes are those of their
    /// neighbours.
    private static func along(_ places: [Radians], _ share: Double) -> Radians {
        let last = places.count - 1
        let whole = share * Double(last)
        let first = max(0, min(Int(whole), last - 1))
        let part = Float(whole - Double(first))
        let (from, to) = (places[first].value, places[first + 1].value)
        let leaving = first > 0 ? (to - places[first - 1].value) / 2 : 0
        let arriving = first + 1 < last ? (places[first + 2].value - from) / 2 : 0
        let bend = 2 * (from - to) + leaving + arriving
        let curve = 3 * (to - from) - 2 * leaving - arriving
        return Radians(from + part * (leaving + part * (curve + part * bend)))
    }

    private var length: Double { Double(ticks.rawValue) }

    /// How much of a swing or push there is: nothing before the step and on its last tick.
    private func window(at tick: Ticks) -> Float {
        let rising = Double(tick.rawValue + 1) / Double(fade.rawValue)
        let falling = Double(ticks.rawValue - 1 - tick.rawValue) / Double(fade.rawValue)
        return Self.course(max(0, min(1, min(rising, falling))))
    }

    /// From 0 to 1 with neither speed nor acceleration at both ends: the course of least jerk.
    private static func course(_ share: Double) -> Float {
        Float(share * share * share * (10 - share * (15 - share * 6)))
    }

    private static func sum<Unit: LinearQuantity>(
        _ waves: [MotionScript.Wave<Unit>], at tick: Ticks, _ period: Seconds
    ) -> Unit {
        let time = Double(tick.rawValue + 1) * Double(period.value)
        var sum = Unit.zero
        // Not by an iterator: where this is not compiled for one unit, it reads elements through a coroutine, whose frame
        // is asked of the heap.
        var place = 0
        while place < waves.count {
            let wave = waves[place]
            sum += wave.amplitude * sine(Double(wave.rate.value) * time + Double(wave.phase.value))
            place += 1
        }
        return sum
    }

    /// A sine that is the same on every machine, good to a unit in the last place of a `Float`.
    private static func sine(_ angle: Double) -> Float {
        let quarters = (angle * 2 / .pi).rounded()
        guard quarters.magnitude < 1e9 else { return 0 }
        let rest = angle - quarters * .pi / 2
        let square = rest * rest
        let isCosine = Int(quarters) & 1 == 1
        let value =
            isCosine
            ? 1 - square / 2 * (1 - square / 12 * (1 - square / 30 * (1 - square / 56 * (1 - square / 90))))
            : rest * (1 - square / 6 * (1 - square / 20 * (1 - square / 42 * (1 - square / 72 * (1 - square / 110)))))
        return Float(Int(quarters) & 2 == 2 ? -value : value)
    }
}
