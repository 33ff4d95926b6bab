public import Quantities
import Supervision

/// Motions that try or measure a robot, one after the other: what a plan carries in the place of a policy.
///
/// It is proposed, approved, flown, supervised, held to the dossier's band and recorded as an episode is. Positions are
/// those of the robot's file and not distances: a joint that begins a little beside its planned start is brought onto its
/// course by its first move.
public struct MotionScript: Equatable, Sendable {
    public enum Purpose: UInt8, CaseIterable, Sendable {
        /// Small motions, one joint after the other, to see that each turns the way it should and no other does.
        case direction = 1
        /// Motions whose recording somebody measures the robot by.
        case calibration = 2
        /// The motion of a recording, once more.
        case replay = 3
    }

    /// A sine: `amplitude · sin(rate · time + phase)`, with the time of its step.
    public struct Wave<Unit: LinearQuantity>: Equatable, Sendable {
        public let amplitude: Unit
        public let rate: RadiansPerSecond
        public let phase: Radians

        public init(amplitude: Unit, rate: RadiansPerSecond, phase: Radians = .zero) {
            self.amplitude = amplitude
            self.rate = rate
            self.phase = phase
        }
    }

    /// What one joint does during a step.
    public enum Motion: Equatable, Sendable {
        /// Stays where its motion before has ended.
        case hold
        /// Goes there in the time of the step, slowly at both ends.
        case move(to: Radians)
        /// Swings about the place where its motion before has ended.
        case swing([Wave<Radians>])
        /// Pushes with this and these, wherever that leads; only joints that follow efforts can. Nothing and none lets go.
        case push(NewtonMetres, [Wave<NewtonMetres>])
        /// Goes by these places, the first at the beginning of the step and the last at its end, evenly in time; smoothly,
        /// and at rest at both ends.
        case follow([Radians])
    }

    public struct Step: Equatable, Sendable {
        public let ticks: Ticks
        /// Swings and pushes grow over so many ticks, and fade away over as many at the end of the step.
        public let fade: Ticks
        /// One for each joint, in their order.
        public let motions: [Motion]

        public init(ticks: Ticks, fade: Ticks = Ticks(1), motions: [Motion]) {
            self.ticks = ticks
            self.fade = fade
            self.motions = motions
        }
    }

    /// How plans write a script in the place of a policy.
    public static var format: Name {
        guard let name = Name("motions-1") else { preconditionFailure("a name of letters and digits") }
        return name
    }

    public static let mostSteps = 256
    public static let mostWaves = 64
    public static let mostPlaces = 8_192

    public let purpose: Purpose
    /// Whether the robot is brought to the start of its task first, as before an episode. Without that it begins where it
    /// stands, which has to be inside the band's first step.
    public let followsReset: Bool
    public let steps: [Step]
    public let ticks: Ticks

    public init(_ purpose: Purpose, followsReset: Bool = false, steps: [Step]) throws(ScriptDefect) {
        guard (1...MotionScript.mostSteps).contains(steps.count) else { throw .steps(steps.count) }
        for (place, step) in steps.enumerated() {
            guard (1...jointCapacity).contains(step.motions.count), step.motions.count == steps[0].motions.count else {
                throw .joints(step.motions.count, step: place)
            }
            guard step.fade > .zero, step.fade.rawValue <= step.ticks.rawValue / 2 || !step.fades else {
                throw .time(step.ticks, fade: step.fade, step: place)
            }
            guard step.ticks > .zero else { throw .time(step.ticks, fade: step.fade, step: place) }
            guard step.motions.allSatisfy({ $0.waves <= MotionScript.mostWaves }) else { throw .waves(step: place) }
            guard step.motions.allSatisfy({ (2...MotionScript.mostPlaces).contains($0.places) }) else {
                throw .places(step: place)
            }
            guard step.motions.allSatisfy(\.isFinite) else { throw .notFinite(step: place) }
        }
        let sum = steps.reduce(Int64(0)) { $0 + Int64($1.ticks.rawValue) }
        guard let ticks = Int32(exactly: sum) else { throw .steps(steps.count) }
        self.purpose = purpose
        self.followsReset = followsReset
        self.steps = steps
        self.ticks = Ticks(ticks)
    }

    public var joints: Int { steps[0].motions.count }

    /// The joints that some step moves to another place.
    public var moved: Set<Int> {
        Set(
            steps.flatMap { step in
                step.motions.indices.filter { if case .move = step.motions[$0] { true } else { false } }
            })
    }

    /// What a plan carries in the place of a policy; nil for a plan with a policy, and for bytes that are no script.
    public init?(ofPlan plan: EpisodePlan) {
        guard plan.policy.format == MotionScript.format else { return nil }
        do throws(CanonicalError) { try self.init(canonical: plan.policy.bytes) } catch { return nil }
    }

    /// As the policy of a plan.
    public var payload: PolicyPayload {
        guard let payload = PolicyPayload(format: MotionScript.format, bytes: canonicalBytes) else {
            preconditionFailure("a script has bytes, and fewer than a policy may have")
        }
        return payload
    }
}

/// What makes motions no script.
public enum ScriptDefect: Error, Equatable, Sendable {
    case steps(Int)
    case joints(Int, step: Int)
    case time(Ticks, fade: Ticks, step: Int)
    case waves(step: Int)
    /// A course by too few places or too many.
    case places(step: Int)
    case notFinite(step: Int)
}

extension MotionScript.Step {
    /// Whether anything in it grows and fades.
    fileprivate var fades: Bool {
        motions.contains {
            switch $0 {
            case .hold, .move, .follow: false
            case .swing, .push: true
            }
        }
    }
}

extension MotionScript.Motion {
    fileprivate var waves: Int {
        switch self {
        case .hold, .move, .follow: 0
        case .swing(let waves): waves.count
        case .push(_, let waves): waves.count
        }
    }

    /// Two for what has no list of them.
    fileprivate var places: Int { if case .follow(let places) = self { places.count } else { 2 } }

    fileprivate var isFinite: Bool {
        switch self {
        case .hold: true
        case .move(let target): target.isFinite
        case .swing(let waves): waves.allSatisfy(\.isFinite)
        case .push(let effort, let waves): effort.isFinite && waves.allSatisfy(\.isFinite)
        case .follow(let places): places.allSatisfy(\.isFinite)
        }
    }
}

extension MotionScript.Wave {
    fileprivate var isFinite: Bool { amplitude.isFinite && rate.isFinite && phase.isFinite }
}
