public import Episodes
public import Models
public import Quantities

/// The motions by which a robot is measured, as a script that is approved and flown like an episode.
///
/// One joint after the other goes slowly through its range and back, returns to its start from both sides, and gets small
/// steps; in the end all of them move at once, as an experiment wants that tells much about the model.
public struct CalibrationCourse: Equatable, Sendable {
    public struct Joint: Equatable, Sendable {
        public let start: Radians
        /// Between these it sweeps.
        public let low: Radians
        public let high: Radians
        public let slow: RadiansPerSecond
        /// How far it goes away and comes back again, for its repeatability.
        public let step: Radians
        /// How far it goes in a single tick, where it follows positions: not further than it may go so quickly.
        public let jump: Radians
        /// The pushes of a joint that follows efforts; nil for one that does not.
        public let push: NewtonMetres?

        public init(
            start: Radians, low: Radians, high: Radians, slow: RadiansPerSecond, step: Radians, jump: Radians? = nil,
            push: NewtonMetres?
        ) {
            self.start = start
            self.low = low
            self.high = high
            self.slow = slow
            self.step = step
            self.jump = jump ?? step
            self.push = push
        }
    }

    public let script: MotionScript

    /// How often a joint comes back to its start, for its repeatability.
    static let returns = 4
    static let pushes = 3

    /// What a joint does while it is measured, one after the other.
    public enum Part: CaseIterable, Sendable {
        /// Slowly through its range and back.
        case sweep
        /// Away and back to its start, from both sides.
        case returns
        /// Suddenly, by a little.
        case steps
    }

    /// - Parameters:
    ///   - moving: the joints that are measured, by their places; nil is all of them.
    ///   - parts: what each of them does.
    ///   - experiment: waves for every joint, and how long; nil where the model is not to be fitted.
    public init(
        _ joints: [Joint], moving: [Int]? = nil, _ parts: [Part] = Part.allCases, period: Seconds, followsReset: Bool,
        experiment: (waves: [[Experiment.Wave]], ticks: Int)? = nil
    ) throws(ScriptDefect) {
        let maker = StepMaker(joints: joints, period: period)
        var steps = [maker.rest(0.5)]
        for place in moving ?? Array(joints.indices) { steps += parts.flatMap { maker.steps(of: $0, place) } }
        if let experiment { steps += maker.experiment(experiment.waves, ticks: experiment.ticks) }
        script = try MotionScript(.calibration, followsReset: followsReset, steps: steps)
    }

    /// How long a joint takes for parts of its course, in ticks.
    public static func ticks(of parts: [Part], for joint: Joint, period: Seconds) -> Int {
        let maker = StepMaker(joints: [joint], period: period)
        let steps = [maker.rest(0.5)] + parts.flatMap { maker.steps(of: $0, 0) }
        return steps.reduce(0) { $0 + Int($1.ticks.rawValue) }
    }

    /// The same in a few seconds: a way both ways and sudden steps, joint by joint. All of the way where there is time for
    /// it, since friction grows with what a joint carries, and a short way tells it from no load; else a short one.
    public init(
        quickly joints: [Joint], within time: Seconds, period: Seconds, followsReset: Bool
    ) throws(ScriptDefect) {
        let short = joints.map { joint in
            let reach = min(joint.high - joint.start, joint.start - joint.low, Radians(0.2))
            return Joint(
                start: joint.start, low: joint.start - reach, high: joint.start + reach, slow: joint.slow,
                step: joint.step, jump: joint.jump, push: joint.push)
        }
        let (whole, quick) = (Self.quick(joints, period), Self.quick(short, period))
        let ticks = whole.reduce(0) { $0 + Int($1.ticks.rawValue) }
        script = try MotionScript(
            .calibration, followsReset: followsReset, steps: Float(ticks) * period.value <= time.value ? whole : quick)
    }

    private static func quick(_ joints: [Joint], _ period: Seconds) -> [MotionScript.Step] {
        let maker = StepMaker(joints: joints, period: period)
        return [maker.rest(0.5)] + joints.indices.flatMap { maker.sweep($0) + maker.steps($0, count: 1) }
    }
}

private struct StepMaker {
    let joints: [CalibrationCourse.Joint]
    let period: Seconds

    private func ticks(_ time: Float) -> Ticks { Ticks(Int32(max(1, (time / period.value).rounded()))) }

    private func step(
        _ time: Float, fade: Ticks = Ticks(1), _ joint: Int? = nil, _ motion: MotionScript.Motion = .hold
    ) -> MotionScript.Step {
        var motions = [MotionScript.Motion](repeating: .hold, count: joints.count)
        if let joint { motions[joint] = motion }
        return MotionScript.Step(ticks: ticks(time), fade: fade, motions: motions)
    }

    func rest(_ time: Float) -> MotionScript.Step { step(time) }

    func steps(of part: CalibrationCourse.Part, _ place: Int) -> [MotionScript.Step] {
        switch part {
        case .sweep: sweep(place)
        case .returns: returns(place)
        case .steps: steps(place)
        }
    }

    /// The time of a way at the slow speed; a course of least jerk is nearly twice as quick in its middle.
    private func time(from: Radians, to: Radians, of joint: CalibrationCourse.Joint) -> Float {
        max(0.6, (to - from).magnitude.value / joint.slow.value)
    }

    func sweep(_ place: Int) -> [MotionScript.Step] {
        let joint = joints[place]
        let ways = [
            (joint.start, joint.low), (joint.low, joint.high), (joint.high, joint.low), (joint.low, joint.start),
        ]
        return ways.flatMap { from, to in
            [step(time(from: from, to: to, of: joint), place, .move(to: to)), rest(0.3)]
        }
    }

    /// From both sides in turn.
    func returns(_ place: Int) -> [MotionScript.Step] {
        let joint = joints[place]
        return (0..<CalibrationCourse.returns).flatMap { number in
            let away = number % 2 == 0 ? joint.start + joint.step : joint.start - joint.step
            return [
                step(0.6, place, .move(to: away)), rest(0.2), step(0.6, place, .move(to: joint.start)), rest(0.5),
            ]
        }
    }

    /// Sudden ones: how long a command is under way shows in nothing else.
    func steps(_ place: Int, count: Int = CalibrationCourse.pushes) -> [MotionScript.Step] {
        let joint = joints[place]
        return (0..<count).flatMap { number -> [MotionScript.Step] in
            let sign: Float = number % 2 == 0 ? 1 : -1
            guard let push = joint.push else {
                return [
                    step(period.value, place, .move(to: joint.start + joint.jump * sign)), rest(0.6),
                    step(0.6, place, .move(to: joint.start)), rest(0.6),
                ]
            }
            return [
                step(0.15, place, .push(push * sign, [])), step(0.8, place, .push(.zero, [])),
                step(0.8, place, .move(to: joint.start)), rest(0.4),
            ]
        }
    }

    func experiment(_ all: [[Experiment.Wave]], ticks: Int) -> [MotionScript.Step] {
        let motions = joints.indices.map { place -> MotionScript.Motion in
            let waves = place < all.count ? all[place] : []
            guard joints[place].push != nil else { return .swing(waves.map { $0.wave(Radians.self) }) }
            return .push(.zero, waves.map { $0.wave(NewtonMetres.self) })
        }
        let fade = Ticks(Int32(max(1, min(ticks / 10, ticks / 2))))
        let back = joints.map { MotionScript.Motion.move(to: $0.start) }
        return [
            MotionScript.Step(ticks: Ticks(Int32(ticks)), fade: fade, motions: motions),
            MotionScript.Step(ticks: self.ticks(1.5), motions: back), rest(0.5),
        ]
    }
}

extension Experiment.Wave {
    fileprivate func wave<Unit: LinearQuantity>(_: Unit.Type) -> MotionScript.Wave<Unit> {
        let turn = 2 * Double.pi
        let inside = phase - (phase / turn).rounded(.down) * turn
        return MotionScript.Wave(
            amplitude: Unit(Float(amplitude)), rate: RadiansPerSecond(Float(rate)), phase: Radians(Float(inside)))
    }
}
