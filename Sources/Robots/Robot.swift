import Quantities
import Supervision

/// A robot and the envelope that guards it, held against each other: one that exists asks for nothing that the
/// supervisor would refuse from the first tick.
public struct Robot: Sendable {
    public private(set) var file: RobotFile
    public let envelope: EnvelopeFile

    /// Throws everything about the robot that does not fit the envelope, at its place in the robot's file.
    public init(_ file: RobotFile, within envelope: EnvelopeFile) throws(FileProblems) {
        if let problems = FileProblems(Fitting(file: file, envelope: envelope).problems) { throw problems }
        self.file = file
        self.envelope = envelope
    }

    /// The robot with what a calibration has found of its model, which no envelope judges.
    public func calibrated(by record: CalibrationFile) -> Robot {
        var robot = self
        robot.file = file.calibrated(by: record)
        return robot
    }
}

/// What of a robot does not fit its envelope.
private struct Fitting {
    let file: RobotFile
    let envelope: EnvelopeFile

    var problems: [FileProblem] {
        ofWhole + ofNames + pairs.flatMap { ofJoint($0.index, $0.joint, $0.limits) }
    }

    private func problem(_ path: String, _ complaint: FileComplaint) -> FileProblem {
        FileProblem(file.places.position(of: path), path, complaint)
    }

    private var ofWhole: [FileProblem] {
        var found: [FileProblem] = []
        let limits = envelope.envelope.robot
        if envelope.robot != file.envelopeName {
            found.append(problem("envelope", .fitting(.otherEnvelope(asked: file.envelopeName, found: envelope.robot))))
        }
        if limits.period != file.period {
            found.append(problem("period_s", .fitting(.otherPeriod(file.period.value, envelope: limits.period.value))))
        }
        let longest = Float(limits.horizon.rawValue) * limits.period.value
        if file.task.horizon.value > longest {
            found.append(
                problem(
                    "task.horizon_s", .fitting(.outsideEnvelope(file.task.horizon.value, low: 0, high: longest, "s"))))
        }
        return found
    }

    /// The same joints in the same order.
    private var ofNames: [FileProblem] {
        let wanted = envelope.joints.map(\.name)
        let names = file.joints.map(\.name)
        var found: [FileProblem] = []
        for (index, name) in names.enumerated() {
            let path = "joints[\(index)].name"
            if !wanted.contains(name) {
                let nearest = nearest(to: name, among: wanted)
                found.append(problem(path, .fitting(.notInEnvelope(name, nearest: nearest))))
            } else if Set(wanted) == Set(names), wanted[index] != name {
                found.append(problem(path, .fitting(.otherOrder(name, wanted: wanted[index]))))
            }
        }
        for name in wanted where !names.contains(name) { found.append(problem("joints", .fitting(.lacksJoint(name)))) }
        return found
    }

    private var pairs: [(index: Int, joint: RobotFile.Joint, limits: JointEnvelope)] {
        file.joints.enumerated().compactMap { index, joint in
            envelope.joints.firstIndex { $0.name == joint.name }
                .map { (index, joint, envelope.envelope.joints.elements[$0]) }
        }
    }

    private func ofJoint(_ index: Int, _ joint: RobotFile.Joint, _ limits: JointEnvelope) -> [FileProblem] {
        let path = "joints[\(index)]"
        let described = envelope.joints.first { $0.name == joint.name }
        var found: [FileProblem] = []
        if let drive = described?.drive, drive != joint.drive {
            found.append(problem("\(path).drive", .fitting(.otherEnvelopeDrive(joint.drive, envelope: drive))))
            return found
        }
        let range = limits.position
        for (key, stop) in [("stop_low_rad", joint.stopLow), ("stop_high_rad", joint.stopHigh)] {
            guard let stop, key == "stop_low_rad" ? range.low < stop : stop < range.high else { continue }
            found.append(
                problem(
                    "\(path).\(key)", .fitting(.stopInside(stop.value, low: range.low.value, high: range.high.value))))
        }
        return found + ofStart(index, joint, limits) + ofAction(index, joint, limits) + ofReset(index, joint, limits)
    }

    /// Nil when the value lies inside.
    private func outside(
        _ path: String, _ value: Float, _ low: Float, _ high: Float, _ symbol: String
    ) -> FileProblem? {
        if low <= value, value <= high { return nil }
        return problem(path, .fitting(.outsideEnvelope(value, low: low, high: high, symbol)))
    }

    private func ofStart(_ index: Int, _ joint: RobotFile.Joint, _ limits: JointEnvelope) -> [FileProblem] {
        let (low, high) = limits.commanded
        let start = file.starts[index]
        let path = "start.\(joint.name)"
        if let found = outside("\(path).position_rad", start.position.value, low.value, high.value, "rad") {
            return [found]
        }
        let room = min(start.position.value - low.value, high.value - start.position.value)
        return [
            outside("\(path).spread_rad", start.spread.value, 0, room, "rad"),
            outside("\(path).speed_spread_rad_s", start.speedSpread.value, 0, limits.speed.value, "rad/s"),
        ].compactMap { $0 }
    }

    private func ofAction(_ index: Int, _ joint: RobotFile.Joint, _ limits: JointEnvelope) -> [FileProblem] {
        let path = "task.action.\(joint.name)"
        let (first, last) = limits.commanded
        let ends: (low: Float, high: Float, least: Float, most: Float, suffix: String, symbol: String)
        switch (file.task.commands[index], joint.drive) {
        case (.direct(let low, let high), .position):
            ends = (low, high, first.value, last.value, "rad", "rad")
        case (.direct(let low, let high), .speed):
            ends = (low, high, -limits.speed.value, limits.speed.value, "rad_s", "rad/s")
        case (.direct(let low, let high), .effort):
            ends = (low, high, -limits.effort.value, limits.effort.value, "nm", "N·m")
        case (.step(let low, let high), _):
            let most = limits.speed.value * file.period.value
            ends = (low.value, high.value, -most, most, "rad", "rad")
        case (.spring(let low, let high, _, _), _):
            ends = (low.value, high.value, first.value, last.value, "rad", "rad")
        }
        return [
            outside("\(path).low_\(ends.suffix)", ends.low, ends.least, ends.most, ends.symbol),
            outside("\(path).high_\(ends.suffix)", ends.high, ends.least, ends.most, ends.symbol),
        ].compactMap { $0 }
    }

    private func ofReset(_ index: Int, _ joint: RobotFile.Joint, _ limits: JointEnvelope) -> [FileProblem] {
        let (low, high) = limits.commanded
        return file.reset.steps.enumerated().flatMap { number, step -> [FileProblem] in
            guard case .move(let targets, let speed, _) = step else { return [] }
            let path = "reset.steps[\(number)]"
            // Without a place of its own a step goes to the start, which has been looked at.
            let own = file.places.has("\(path).to_rad") ? targets[index] : nil
            let target = own.flatMap {
                outside("\(path).to_rad.\(joint.name)", $0.value, low.value, high.value, "rad")
            }
            let tooFast = speed.flatMap { outside("\(path).speed_rad_s", $0.value, 0, limits.speed.value, "rad/s") }
            return [target, tooFast].compactMap { $0 }
        }
    }
}

/// A product that servos of a driver can be.
public struct KnownProduct: Sendable {
    public let name: String
    public let driver: DriverName

    public init(name: String, driver: DriverName) {
        self.name = name
        self.driver = driver
    }
}

extension RobotFile {
    /// What of this file disagrees with the joints of its virtual body; whoever can load bodies says which those are.
    /// A body may have more joints than the robot has motors.
    public func problems(inBody known: [String]) -> FileProblems? {
        let ofJoints = joints.enumerated().map { ("joints[\($0)].name", $1.name) }
        let ofSensors = sensors.map { ("sensors.\($0.name).body_sensor", $0.bodySensor) }
        return FileProblems(
            (ofJoints + ofSensors).filter { !known.contains($1) }.map { path, name in
                let complaint = FileComplaint.fitting(
                    .notInBody(name, file: body.file, nearest: nearest(to: name, among: known)))
                return FileProblem(places.position(of: path), path, complaint)
            })
    }

    /// The body that this file names cannot be used, for a reason that its loader has words for.
    public func problem(ofBody reason: String) -> FileProblem {
        FileProblem(places.position(of: "body.file"), "body.file", .fitting(.brokenBody(body.file, reason: reason)))
    }

    /// Servos that nobody makes, or that speak another language than the bus; boards drive motors of any name.
    public func problems(knowing products: [KnownProduct]) -> FileProblems? {
        guard bus.driver != .board else { return nil }
        return FileProblems(
            joints.enumerated().compactMap { index, joint in
                let path = "joints[\(index)].model"
                let place = places.position(of: path)
                guard let product = products.first(where: { $0.name == joint.model }) else {
                    let names = products.filter { $0.driver == bus.driver }.map(\.name)
                    let nearest = nearest(to: joint.model, among: names)
                    return FileProblem(place, path, .unknownChoice(joint.model, choices: names, nearest: nearest))
                }
                guard product.driver != bus.driver else { return nil }
                return FileProblem(
                    place, path, .fitting(.otherLanguage(joint.model, speaks: product.driver, bus: bus.driver)))
            })
    }
}
