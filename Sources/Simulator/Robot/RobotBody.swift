public import Quantities

/// A robot of links and servos, as a value: what moves, warms up, wears and is measured.
///
/// Links, contacts and stops are MuJoCo's, from an MJCF; motors, gears, friction, heat and sensors are the metal's. The
/// same settings and drives give the same robot and the same run, bit for bit, in every build of this machine; on another
/// processor the C library's sine, which MuJoCo takes, may differ in its last bit. A copy goes its own way.
/// A step allocates nothing, except the first one after a copy.
public struct RobotBody: VirtualBody {
    /// Longer spans of time are cut into steps of at most this.
    static let longestStep = 0.001

    let plan: BodyPlan
    private(set) var links: LinkMotion
    private(set) var axles: [Axle]
    /// As they were before the step under way.
    private var axlesBefore: [Axle]
    private var touches: [JointTouch]
    private var senses: [Senses]
    private var supply: SharedSupply
    private(set) var clock = 0.0
    /// Why this body does not move any more; nil while it does.
    public private(set) var end: BodyEnd?

    /// Makes the one robot of these settings that has their seed.
    public init(_ settings: BodySettings) throws(BodyError) {
        try settings.checkNumbers()
        let chance = Chance(seed: settings.seed)
        let model = try LinkModel(
            settings.mjcf, step: Self.longestStep, chance: chance.of("links"), spread: Double(settings.spread))
        plan = try BodyPlan(settings, model)
        links = try LinkMotion(model)
        supply = SharedSupply(settings.supply)
        axles = []
        axlesBefore = []
        touches = []
        senses = []
        for (place, joint) in settings.joints.enumerated() {
            add(joint, to: plan.joints[place], settings.spread, chance.of("servo \(place)"))
        }
        try checkGears()
    }

    private mutating func add(_ joint: BodyJoint, to degree: Int, _ spread: Float, _ chance: Chance) {
        if let start = joint.start { links.place(degree, at: Double(start.value)) }
        let metal = joint.metal.picked(by: chance.of("metal"), spread: spread)
        let output = links.positions[degree]
        let axle = Axle(metal.behind(joint.gear), at: output, ambient: supply.ambient)
        axles.append(axle)
        axlesBefore.append(axle)
        touches.append(.none)
        senses.append(
            Senses(
                metal, axle, output: output, supply: supply.voltage,
                turns: Double(joint.isReversed ? -joint.gear : joint.gear),
                chance: chance.of("senses")))
    }

    /// Refuses a gear that no step could follow, before it makes the numbers explode.
    private func checkGears() throws(BodyError) {
        var rehearsal = links
        rehearsal.makeOwn()
        guard rehearsal.prepare(over: Self.longestStep) else { throw .failed(text: rehearsal.data.words) }
        for (place, axle) in axles.enumerated() {
            let mobility = rehearsal.mobility(of: plan.joints[place])
            guard axle.parts(of: Self.longestStep, mobility: mobility) <= Self.mostParts / 2 else {
                throw .gearTooStiff(joint: plan.names[place])
            }
        }
    }

    public var jointCount: Int { axles.count }

    public func state(of joint: Int) -> MotorState { senses[joint].report }

    public func measurement(of sensor: Int) -> Float? {
        plan.sensors.indices.contains(sensor) ? Float(links.positions[plan.sensors[sensor]]) : nil
    }

    public mutating func set(_ condition: MetalCondition, of joint: Int) { axles[joint].condition = condition }

    public mutating func set(_ touch: JointTouch, of joint: Int) { touches[joint] = touch }

    public mutating func advance(by time: Seconds, drives: Span<MotorDrive>) {
        guard drives.count == axles.count else { preconditionFailure("one drive for each joint") }
        // Whole nanoseconds: a thousandth is none in a Float.
        let time = (Double(time.value) * 1e9).rounded() / 1e9
        guard end == nil, time > 0 else { return }
        guard time.isFinite else { preconditionFailure("a span of time is finite") }
        let parts = max(1, (time / Self.longestStep - 1e-6).rounded(.up))
        for _ in 0..<Int(parts) where end == nil { step(over: time / parts, drives) }
    }
}

extension RobotBody {
    /// Lets it fall, swing and come to rest with its motors off.
    public mutating func settle(for time: Seconds) {
        let off = [MotorDrive](repeating: .off, count: axles.count)
        advance(by: time, drives: off.span)
    }
}

/// Why a body stands still for ever.
public enum BodyEnd: Equatable, Sendable {
    /// Its numbers left what a robot can be, after so long. It is kept as it was a step before.
    case diverged(after: Seconds)
    /// MuJoCo stopped in the middle of its work.
    case failed(after: Seconds, text: String)
}

// One step.
extension RobotBody {
    /// Twice of what a gear may need at first: in other poses a link may be moved more easily.
    private static let mostParts = 128.0

    private mutating func step(over time: Double, _ drives: Span<MotorDrive>) {
        links.makeOwn()
        push()
        for place in axles.indices { axlesBefore[place] = axles[place] }
        guard links.prepare(over: time) else { return fail() }
        for place in axles.indices {
            let drive = plan.isReversed[place] ? drives[place].reversed : drives[place]
            let degree = plan.joints[place]
            axles[place].begin(drive, supply: supply.voltage, output: links.positions[degree])
            if axles[place].condition.contains(.stuck) { links.lock(degree, over: time) }
        }
        swing(over: time)
        guard links.constrain(over: time) else { return fail() }
        clock += time
        var isSound = links.conclude(over: time)
        for place in axles.indices {
            axles[place].finish(over: time, ambient: supply.ambient)
            isSound = isSound && axles[place].isSound
        }
        guard isSound else { return diverge() }
        settle(over: time)
    }

    private mutating func diverge() { stop(.diverged(after: age)) }
    private mutating func fail() { stop(.failed(after: age, text: links.data.words)) }

    private mutating func stop(_ reason: BodyEnd) {
        links.takeBack()
        for place in axles.indices { axles[place] = axlesBefore[place] }
        end = reason
    }

    /// Rotors against links, through gears and friction, in parts that are short enough for the quickest gear.
    ///
    /// Drift, kick, drift: half of a drift at both ends, whole ones between the kicks.
    private mutating func swing(over time: Double) {
        let parts = partCount(of: time)
        let part = time / Double(parts)
        drift(over: 0.5 * part)
        for number in 1...parts {
            links.kick(over: part)
            for place in axles.indices { kick(place, over: part) }
            drift(over: number == parts ? 0.5 * part : part)
        }
    }

    private func partCount(of time: Double) -> Int {
        var most = 1.0
        for place in axles.indices {
            most = max(most, axles[place].parts(of: time, mobility: links.mobility(of: plan.joints[place])))
        }
        return Int(min(most, Self.mostParts))
    }

    private mutating func drift(over time: Double) {
        links.drift(over: time)
        for place in axles.indices { axles[place].drift(over: time) }
    }

    private mutating func kick(_ place: Int, over time: Double) {
        let degree = plan.joints[place]
        let effort = axles[place].kick(
            over: time, output: links.positions[degree], outputSpeed: links.speeds[degree])
        if effort != 0 { links.kick(degree, with: effort, over: time) }
        if touches[place] != .none { touch(place, degree, over: time) }
    }

    private mutating func touch(_ place: Int, _ degree: Int, over time: Double) {
        let effort = touches[place].effort(
            at: links.positions[degree], speed: links.speeds[degree], mobility: links.mobility(of: degree),
            friction: axles[place].constants.coulomb + axles[place].constants.stribeck, over: time)
        links.kick(degree, with: effort, over: time)
    }

    private mutating func settle(over time: Double) {
        var drawn = 0.0
        var perVolt = 0.0
        for place in axles.indices {
            drawn += axles[place].drawn
            perVolt += axles[place].drawnPerVolt
        }
        supply.settle(drawn: drawn, perVolt: perVolt)
        for place in axles.indices {
            let degree = plan.joints[place]
            senses[place].look(
                axles[place], output: links.positions[degree], outputSpeed: links.speeds[degree],
                supply: supply.voltage, after: time)
        }
    }

    private mutating func push() {
        for push in plan.pushes { links.clearPush(on: push.body) }
        for push in plan.pushes where clock >= push.from && clock < push.until {
            links.push(push.body, with: push.force)
        }
    }
}

extension MotorDrive {
    fileprivate var reversed: MotorDrive {
        switch self {
        case .off: .off
        case .current(let current): .current(-current)
        case .duty(let duty): .duty(-duty)
        }
    }
}
