public import Episodes
import Quantities
import Supervision

/// One thing that is verified before motion.
public struct Check: Equatable, Sendable {
    public enum Name: String, CaseIterable, Sendable {
        case identity, firmware, serials, settings, calibration, direction, temperatures, voltage, watchdog, sensors
        case deadMan = "dead-man"
        case ledger
    }

    public let name: Name
    public let passed: Bool
    /// What was found, with its numbers.
    public let reason: String
    /// What to do; empty when there is nothing to do.
    public let remedy: String

    public init(_ name: Name, _ passed: Bool, _ reason: String, remedy: String) {
        self.name = name
        self.passed = passed
        self.reason = reason
        self.remedy = passed ? "" : remedy
    }
}

/// How old what may be.
public struct VerificationRules: Equatable, Sendable {
    /// However long a record says that it holds.
    public var calibrationDays: Int64 = 365
    /// How long ago a watchdog must have been seen to stop a joint.
    public var watchdogDays: Int64 = 7
    /// Whether a robot of metal has to have shown that its joints turn the way its file says.
    public var demandsDirection = true

    public init() {}
}

/// Decides whether a robot may be moved, from what is known of it and what is seen. Looks at nothing itself.
public struct Verification: Sendable {
    public let facts: RobotFacts
    public let rules: VerificationRules

    public init(_ facts: RobotFacts, _ rules: VerificationRules = VerificationRules()) {
        self.facts = facts
        self.rules = rules
    }

    /// The checks that need only the answers of the devices.
    public func identity(_ found: [SeatDevice]?) -> [Check] {
        guard let found else {
            return [Check(.identity, false, "nobody has looked at the devices yet", remedy: "understudy resume")]
        }
        return [
            devices(found), compare(found, .firmware, "firmware", wanted: \.firmware, is: \.firmware),
            compare(found, .serials, "serial number", wanted: \.serial, is: \.serial),
            compare(found, .settings, "settings", wanted: \.settings?.text, is: \.settings?.text),
        ]
    }

    /// The checks that need the robot to be seen.
    public func state(_ sight: SeatSight, now: WallInstant) -> [Check] {
        [
            temperatures(sight), voltages(sight), watchdogs(sight, now), sensors(sight), deadMan(sight),
        ]
    }

    // MARK: Devices

    private func devices(_ found: [SeatDevice]) -> Check {
        var wrong: [String] = []
        for device in facts.devices {
            let answers = found.filter { $0.id == device.id }
            if answers.isEmpty { wrong.append("\(device.joint): no answer from id \(device.id)") }
            if answers.count > 1 { wrong.append("\(device.joint): \(answers.count) devices answer as id \(device.id)") }
            for complaint in answers.compactMap(\.complaint) { wrong.append("\(device.joint): \(complaint)") }
            for answer in answers where answer.model != device.model {
                wrong.append("\(device.joint): id \(device.id) is a '\(answer.model)', not a '\(device.model)'")
            }
        }
        let known = Set(facts.devices.map(\.id))
        for stranger in found where !known.contains(stranger.id) {
            wrong.append("id \(stranger.id), a '\(stranger.model)', belongs to no joint")
        }
        let all =
            found.count == 1 ? "one device with the id and model" : "\(found.count) devices with the ids and models"
        let good = "\(all) of the robot's file"
        return Check(
            .identity, wrong.isEmpty, wrong.isEmpty ? good : wrong.joined(separator: "; "),
            remedy: "check power and wiring; 'understudy scan --port PORT' shows who answers")
    }

    private func compare(
        _ found: [SeatDevice], _ name: Check.Name, _ what: String, wanted: KeyPath<RobotFacts.Device, String?>,
        is given: KeyPath<SeatDevice, String?>
    ) -> Check {
        let expected = facts.devices.filter { $0[keyPath: wanted] != nil }
        let wrong = expected.compactMap { device -> String? in
            let answer = found.first { $0.id == device.id }?[keyPath: given]
            guard answer != device[keyPath: wanted] else { return nil }
            return "\(device.joint) has \(what) \(answer ?? "(none)"), was calibrated with "
                + (device[keyPath: wanted] ?? "")
        }
        let good = expected.isEmpty ? "\(what): nothing is written down" : "\(what): all as it was calibrated with"
        return Check(
            name, wrong.isEmpty, wrong.isEmpty ? good : wrong.joined(separator: "; "),
            remedy: "put the calibrated device back, or calibrate again")
    }

    // MARK: State

    /// Whether the record holds, which needs no look at the robot.
    public func calibration(_ now: WallInstant) -> Check {
        guard let record = facts.calibration else {
            return Check(
                .calibration, false, "there is no record 'DATE-SERIAL.json' in the robot's folder",
                remedy: "calibrate the robot and put the record into its folder")
        }
        if record.isForVirtual, !facts.isVirtual {
            return Check(
                .calibration, false,
                "\(record.name) says that none is needed, which is so only for a robot behind 'lockstep:SOCKET'",
                remedy: "calibrate the robot and put the record into its folder")
        }
        let age = now.milliseconds - record.at.milliseconds
        guard age >= 0 else {
            return Check(.calibration, false, "\(record.name) is from the future", remedy: "set the clock")
        }
        if record.isForVirtual {
            return Check(.calibration, true, "\(record.name) says that a program needs none", remedy: "")
        }
        let most = min(Int64(record.validDays), rules.calibrationDays)
        return Check(
            .calibration, age <= most * WallInstant.day,
            "\(record.name) is \(age / WallInstant.day) days old, at most \(most) are allowed",
            remedy: "calibrate the robot again")
    }

    /// Whether every joint was seen to turn the way that the robot's file of today says.
    ///
    /// - Parameter seen: when motions for that ran to their end, approved by somebody who watched.
    public func direction(_ seen: WallInstant?) -> Check {
        if facts.calibration?.isForVirtual == true, facts.isVirtual {
            return Check(.direction, true, "a program turns the way its file says", remedy: "")
        }
        guard rules.demandsDirection else { return Check(.direction, true, "none is asked for", remedy: "") }
        guard let seen else {
            return Check(
                .direction, false, "nobody has seen the joints turn the way that the robot's file of today says",
                remedy: "propose motions of purpose 'direction', watch them, and approve them")
        }
        return Check(.direction, true, "every joint was seen to turn the right way at \(seen)", remedy: "")
    }

    private func each(
        _ sight: SeatSight, _ judge: (SeatSight.Joint, JointEnvelope) -> String?
    ) -> [String] {
        guard sight.joints.count == facts.joints.count else { return ["the joints are not read yet"] }
        return facts.joints.enumerated().compactMap { place, name in
            facts.envelope.count.joint(at: UInt8(place)).flatMap { joint in
                judge(sight.joints[place], facts.envelope.joints[joint]).map { "\(name) \($0)" }
            }
        }
    }

    private func check(_ name: Check.Name, _ wrong: [String], _ good: String, remedy: String) -> Check {
        Check(name, wrong.isEmpty, wrong.isEmpty ? good : wrong.joined(separator: "; "), remedy: remedy)
    }

    private func temperatures(_ sight: SeatSight) -> Check {
        let wrong = each(sight) { joint, limits in
            let (found, most) = (joint.reading.temperature, limits.hottest)
            return found < most ? nil : "is \(found.value) °C, must be below \(most.value)"
        }
        return check(.temperatures, wrong, "every motor is below its limit", remedy: "let the motors cool down")
    }

    private func voltages(_ sight: SeatSight) -> Check {
        let wrong = each(sight) { joint, limits in
            let (found, range) = (joint.reading.voltage, limits.voltage)
            if range.contains(found) { return nil }
            return "has \(found.value) V, needs \(range.low.value) to \(range.high.value)"
        }
        return check(.voltage, wrong, "every supply is in its range", remedy: "check the power supply and its cables")
    }

    private func watchdogs(_ sight: SeatSight, _ now: WallInstant) -> Check {
        let oldest = now.advanced(by: -rules.watchdogDays * WallInstant.day)
        // Nobody can be hurt by a robot that is a program.
        let isProgram = facts.isVirtual && facts.calibration?.isForVirtual == true
        let isAttended = sight.deadMan == .held || isProgram
        let wrong = each(sight) { joint, _ in
            switch joint.watchdog {
            case .proven(let at): at >= oldest && at <= now ? nil : "has not been seen to stop since \(at)"
            case .provenWhenSwitchedOn: nil
            case .absent: isAttended ? nil : "has no watchdog, and nobody holds a dead-man switch"
            case .off: "has its watchdog off"
            case .armed: "has a watchdog that nobody has seen to stop it"
            case .tripped: "was stopped by its watchdog"
            }
        }
        return check(
            .watchdog, wrong, "every joint is seen to stop by itself when its host is silent",
            remedy:
                "'understudy resume' tries the watchdogs; without one: a bridge board, a relay, or a dead-man switch")
    }

    private func sensors(_ sight: SeatSight) -> Check {
        let wrong = each(sight) { joint, limits in
            let reading = joint.reading
            if !reading.position.isFinite || !reading.speed.isFinite { return "has no reading" }
            if !(reading.motionAge <= limits.oldestMotion) { return "was read \(reading.motionAge.value) s ago" }
            if limits.position.contains(reading.position) { return nil }
            return "stands at \(reading.position.value) rad, outside of its limits"
        }
        return check(
            .sensors, wrong, "every joint is read, and stands inside its limits",
            remedy: "move the joint inside by hand, or check its cable")
    }

    private func deadMan(_ sight: SeatSight) -> Check {
        guard facts.needsDeadMan else { return Check(.deadMan, true, "none is asked for", remedy: "") }
        return Check(
            .deadMan, sight.deadMan == .held, sight.deadMan == .held ? "is held" : "is not held",
            remedy: "hold the dead-man switch")
    }
}

extension [Check] {
    /// Those that matter for a plan: motions that are to measure a robot cannot wait for its having been measured. Motions of a
    /// recording can.
    public func needed(for plan: EpisodePlan) -> [Check] {
        guard let script = MotionScript(ofPlan: plan), script.purpose != .replay else { return self }
        return filter { $0.name != .calibration && $0.name != .direction }
    }

    public var allPass: Bool { !isEmpty && allSatisfy(\.passed) }
    public var failed: [Check] { filter { !$0.passed } }
}
