internal import Quantities

/// What of a body's settings holds for all its life, with names turned into places.
struct BodyPlan: Sendable {
    let names: [String]
    /// The degree of freedom of each servo.
    let joints: [Int]
    let isReversed: [Bool]
    let pushes: [PlannedPush]
    /// The degrees of freedom that have a sensor.
    let sensors: [Int]

    struct PlannedPush: Sendable {
        let body: Int
        let from, until: Double
        let force: SIMD3<Double>
    }

    init(_ settings: BodySettings, _ model: LinkModel) throws(BodyError) {
        var joints: [Int] = []
        for joint in settings.joints {
            let found = try Self.degree(of: joint.name, in: model)
            guard !joints.contains(found) else { throw .twice(joint.name) }
            if let fault = joint.metal.fault {
                throw .outOfRange(joint: joint.name, fault, value: joint.metal[fault])
            }
            joints.append(found)
        }
        var pushes: [PlannedPush] = []
        for push in settings.pushes { pushes.append(try PlannedPush(push, in: model)) }
        self.pushes = pushes
        var sensors: [Int] = []
        for name in settings.sensors { sensors.append(try Self.place(of: name, in: model)) }
        self.sensors = sensors
        self.joints = joints
        names = settings.joints.map(\.name)
        isReversed = settings.joints.map(\.isReversed)
    }

    private static func degree(of name: String, in model: LinkModel) throws(BodyError) -> Int {
        let found = try place(of: name, in: model)
        guard model.isHinge(found) else { throw .notAHinge(name) }
        return found
    }

    private static func place(of name: String, in model: LinkModel) throws(BodyError) -> Int {
        guard !name.isEmpty, let found = model.jointNames.firstIndex(of: name) else {
            throw .noSuchJoint(name, known: model.jointNames.filter { !$0.isEmpty })
        }
        return found
    }
}

extension BodyPlan.PlannedPush {
    init(_ push: Push, in model: LinkModel) throws(BodyError) {
        guard !push.body.isEmpty, let found = model.bodyNames.dropFirst().firstIndex(of: push.body) else {
            throw .noSuchBody(push.body, known: model.bodyNames.dropFirst().filter { !$0.isEmpty })
        }
        body = found
        from = Double(push.from.value)
        until = from + Double(push.duration.value)
        force = SIMD3<Double>(push.force)
    }
}

extension BodySettings {
    func checkNumbers() throws(BodyError) {
        let isNumber = { (value: Float) in value.isFinite && value >= 0 }
        guard isNumber(supply.voltage.value) else { throw .notANumber(.supplyVoltage) }
        guard isNumber(supply.resistance.value) else { throw .notANumber(.supplyResistance) }
        guard supply.ambient.isFinite else { throw .notANumber(.ambient) }
        guard isNumber(spread) else { throw .notANumber(.spread) }
        for joint in joints {
            guard joint.gear.isFinite, joint.gear > 0 else { throw .notANumber(.gear(joint: joint.name)) }
            guard joint.start?.isFinite ?? true else { throw .notANumber(.start(joint: joint.name)) }
        }
        for (place, push) in pushes.enumerated() {
            let force = push.force.x + push.force.y + push.force.z
            guard isNumber(push.from.value), isNumber(push.duration.value), force.isFinite else {
                throw .notANumber(.push(place))
            }
        }
    }
}
