import Episodes
import JSON
import Quantities
import Supervision

// The robot in the words of the interface.
extension Wire {
    static func check(_ check: Check) -> JSONObject {
        [
            "name": .text(check.name.rawValue), "passed": .boolean(check.passed), "reason": .text(check.reason),
            "remedy": .text(check.remedy),
        ]
    }

    static func joints(_ sight: SeatSight, _ facts: RobotFacts) -> JSONValue {
        .list(zip(facts.joints, sight.joints).map { .object(joint($0, $1)) })
    }

    private static func joint(_ name: String, _ joint: SeatSight.Joint) -> JSONObject {
        let reading = joint.reading
        var object: JSONObject = ["name": .text(name), "torque_on": .boolean(joint.isOn)]
        object["position"] = measured(reading.position.value)
        object["speed"] = measured(reading.speed.value)
        object["effort"] = measured(reading.effort.value)
        object["temperature_celsius"] = measured(reading.temperature.value)
        object["voltage"] = measured(reading.voltage.value)
        let age = Double(reading.motionAge.value) * 1e9
        if age.isFinite, age >= 0, age < 1e18 { object["age_ns"] = .integer(Int64(age)) }
        return object
    }

    static func ground(_ ground: OpenGround) -> JSONObject {
        var object: JSONObject = ["number": count(ground.serial), "until_ns": nanoseconds(ground.until)]
        object["rule"] = ground.rule.map { .text($0.text) }
        object["episodes_left"] = ground.episodesLeft.map { count($0) }
        return object
    }

    static func timing(_ timing: SeatSight.Timing) -> JSONObject {
        [
            "ticks": count(timing.ticks), "missed": count(timing.missed),
            "late_p50_ns": nanoseconds(timing.lateHalf), "late_p99_ns": nanoseconds(timing.lateHundredth),
            "late_worst_ns": nanoseconds(timing.lateWorst), "work_p99_ns": nanoseconds(timing.workHundredth),
        ]
    }

    /// State, rung and fault: what `Status` and `Watch` have in common.
    static func stand(_ state: GuardState, _ sight: SeatSight, _ latched: LatchedFault?) -> JSONObject {
        var object: JSONObject = ["state": .text(state.rawValue)]
        object["rung"] = rung(sight.mode).map { .text($0) }
        object["fault"] = latched.map { .object(fault($0)) }
        return object
    }

    static func stopped(_ stop: PersonStop) -> JSONObject {
        ["by": count(stop.by), "why": .text(stop.why), "at_ns": nanoseconds(stop.at)]
    }

    private static func rung(_ mode: Mode) -> String? {
        switch mode {
        case .unknown, .identified, .verified, .observing, .permitted, .running: nil
        case .held(let stop), .latched(let stop):
            switch stop.rung {
            case .hold: "hold"
            case .slowStop: "slow_stop"
            case .park: "park"
            case .limp: "limp"
            }
        }
    }

    static func robot(_ facts: RobotFacts, _ devices: [SeatDevice], _ checks: [Check]) -> JSONObject {
        var object: JSONObject = [
            "name": .text(facts.name.text), "robot_sha256": .text(facts.digest.text),
            "envelope_sha256": .text(facts.envelope.identity.text),
            "tick_ns": .integer(Int64((Double(facts.envelope.robot.period.value) * 1e9).rounded())),
            "limits": .list(facts.joints.indices.map { .object(limits(of: $0, facts)) }),
            "serials": .object(texts(facts, devices, \.serial)), "firmware": .object(texts(facts, devices, \.firmware)),
            "settings_sha256": .object(texts(facts, devices, \.settings?.text)), "checks": list(checks, check),
        ]
        object["calibration_sha256"] = facts.calibration.map { .text($0.digest.text) }
        object["calibrated_at_ns"] = facts.calibration.map { nanoseconds($0.at) }
        object["stops_by_itself_after_ms"] = facts.watchdog.map { count($0.rawValue) }
        return object
    }

    private static func texts(
        _ facts: RobotFacts, _ devices: [SeatDevice], _ path: KeyPath<SeatDevice, String?>
    ) -> JSONObject {
        var object = JSONObject()
        for known in facts.devices {
            let text = devices.first { $0.id == known.id }?[keyPath: path]
            object[known.joint] = text.map { .text($0) }
        }
        return object
    }

    private static func limits(of place: Int, _ facts: RobotFacts) -> JSONObject {
        guard let joint = facts.envelope.count.joint(at: UInt8(clamping: place)) else { return [:] }
        let limits = facts.envelope.joints[joint]
        return [
            "joint": .text(facts.joints[place]), "position_low": real(limits.position.low.value),
            "position_high": real(limits.position.high.value), "speed": real(limits.speed.value),
            "effort": real(limits.effort.value), "temperature_celsius": real(limits.hottest.value),
        ]
    }
}
