/// The links of a body: where they are, and one step of them.
///
/// One evaluation of MuJoCo in the middle of each step, as in the leapfrog method. For one joint that is exactly the
/// leapfrog method, which keeps energy for ever; for several the speed in the middle is guessed from the step before,
/// and the error of a step is of third order. Motors pull through gears that swing quicker than a step is long: what
/// they do within a step is integrated on the side, with the inertia and the slow forces of its middle.
struct LinkMotion: Sendable {
    private(set) var data: LinkData
    private(set) var positions: [Double]
    private(set) var speeds: [Double]
    /// Without the motors, in the middle of the step under way.
    private var smooth: [Double]
    /// What a unit of effort on one joint does to each, row by row.
    private var mobility: [Double]
    /// The forces of contacts and stops in the last step and in this one.
    private var constraint: [Double]
    private var renewed: [Double]
    private var scratch: [Double]
    private var hasConstraint = false
    /// The mean of the last step.
    private var acceleration: [Double]
    private var before: (positions: [Double], speeds: [Double])
    private var middle: (positions: [Double], speeds: [Double])

    init(_ model: LinkModel) throws(BodyError) {
        data = try LinkData(model)
        let still = [Double](repeating: 0, count: model.jointNames.count)
        positions = data.start
        speeds = still
        smooth = still
        mobility = [Double](repeating: 0, count: still.count * still.count)
        constraint = still
        renewed = still
        scratch = still
        acceleration = still
        before = (still, still)
        middle = (still, still)
    }

    var count: Int { positions.count }

    /// Only before the first step.
    mutating func place(_ joint: Int, at position: Double) { positions[joint] = position }

    /// How easily one joint alone is moved, after `prepare`.
    func mobility(of joint: Int) -> Double { mobility[joint * count + joint] }
}

// One step, in the order of these functions.
extension LinkMotion {
    /// Copies share nothing once one of them moves.
    mutating func makeOwn() {
        if !isKnownUniquelyReferenced(&data) { data = data.copy() }
    }

    mutating func push(_ body: Int, with force: SIMD3<Double>) { data.push(body, with: force) }
    mutating func clearPush(on body: Int) { data.clearPush(on: body) }

    /// False when MuJoCo failed.
    mutating func prepare(over time: Double) -> Bool {
        for joint in positions.indices {
            before.positions[joint] = positions[joint]
            before.speeds[joint] = speeds[joint]
            middle.positions[joint] = positions[joint] + 0.5 * time * speeds[joint]
            middle.speeds[joint] = speeds[joint] + 0.5 * time * acceleration[joint]
        }
        data.setState(middle.positions, middle.speeds)
        guard data.prepare(&smooth, &mobility) else { return false }
        if hasConstraint {
            for joint in smooth.indices { smooth[joint] += answer(joint, to: constraint) }
        }
        return true
    }

    /// The joint comes to rest in this step and then does not move: its force is whatever that takes.
    mutating func lock(_ joint: Int, over time: Double) {
        let pivot = mobility(of: joint)
        guard pivot > 0 else { return }
        let missing = (smooth[joint] + speeds[joint] / time) / pivot
        for row in positions.indices { scratch[row] = mobility[row * count + joint] }
        for row in positions.indices {
            smooth[row] -= scratch[row] * missing
            for other in positions.indices { mobility[row * count + other] -= scratch[row] * scratch[other] / pivot }
        }
        smooth[joint] = -speeds[joint] / time
    }

    mutating func drift(over time: Double) {
        for joint in positions.indices { positions[joint] += time * speeds[joint] }
    }

    /// A part of the step under the slow forces alone.
    mutating func kick(over time: Double) {
        for joint in positions.indices { speeds[joint] += time * smooth[joint] }
    }

    /// What the effort on one joint does to all of them in that part.
    mutating func kick(_ joint: Int, with effort: Double, over time: Double) {
        let impulse = time * effort
        for row in positions.indices { speeds[row] += mobility[row * count + joint] * impulse }
    }

    /// Contacts and stops answer to the motion that would be without them. False when MuJoCo failed.
    mutating func constrain(over time: Double) -> Bool {
        guard data.hasConstraints || hasConstraint else { return true }
        for joint in renewed.indices { renewed[joint] = 0 }
        if data.hasConstraints {
            for joint in smooth.indices {
                smooth[joint] = (speeds[joint] - before.speeds[joint]) / time - answer(joint, to: constraint)
            }
            guard data.constrain(smooth, &renewed) else { return false }
        }
        // The step was made with the forces of the last one; what they have changed by comes in evenly.
        for joint in renewed.indices { scratch[joint] = renewed[joint] - constraint[joint] }
        for joint in positions.indices {
            let change = time * answer(joint, to: scratch)
            speeds[joint] += change
            positions[joint] += 0.5 * time * change
        }
        swap(&constraint, &renewed)
        hasConstraint = data.hasConstraints
        return true
    }

    /// False when the numbers cannot be those of a robot.
    mutating func conclude(over time: Double) -> Bool {
        for joint in positions.indices { acceleration[joint] = (speeds[joint] - before.speeds[joint]) / time }
        for joint in positions.indices {
            guard abs(speeds[joint]) < Self.fastest, abs(positions[joint]) < Self.farthest else { return false }
        }
        return true
    }

    /// The joints are where they were before the step.
    mutating func takeBack() {
        positions = before.positions
        speeds = before.speeds
    }

    /// In rad/s or m/s, and in rad or m: far beyond what metal stands.
    private static let fastest = 1e4
    private static let farthest = 1e6

    /// What efforts on all joints do to one.
    private func answer(_ row: Int, to efforts: [Double]) -> Double {
        var sum = 0.0
        for joint in efforts.indices { sum += mobility[row * efforts.count + joint] * efforts[joint] }
        return sum
    }
}
