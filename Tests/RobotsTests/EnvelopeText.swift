import FoundationEssentials

@testable import Robots

/// A small valid envelope that tests bend in one place at a time.
struct EnvelopeText {
    var robot: [String: String] = [
        "format": "1", "robot": "'tester'", "period_s": "0.01", "deadline_s": "0.02", "late_ticks_to_hold": "3",
        "late_ticks_to_stop": "10", "reaction_s": "0.03", "horizon_s": "20", "power_limit_w": "5",
        "energy_burst_j": "2", "energy_sustained_w": "1", "command_step_ranges": "0.1", "command_burst_ranges": "1",
        "command_sustained_ranges_s": "3", "tube_hysteresis_rad": "0.02", "tube_patience_ticks": "4",
        "park_speed_rad_s": "0.5", "hold_time_s": "2", "slow_stop_time_s": "1", "park_time_s": "10",
        "limp_time_s": "3", "rest_time_s": "0.3", "recovery_time_s": "0.2", "permit_time_s": "60",
    ]
    var joints: [[String: String]]

    init(_ drives: DriveName...) {
        joints = drives.enumerated().map { EnvelopeText.joint("joint\($0)", $1) }
    }

    static func joint(_ name: String, _ drive: DriveName) -> [String: String] {
        var keys = [
            "name": "'\(name)'", "drive": "'\(drive.rawValue)'", "position_low_rad": "-1.5",
            "position_high_rad": "2.5", "softening_rad": "0.25", "command_lead_rad": "0.2",
            "tracking_limit_rad": "0.4", "jump_allowance_rad": "0.03", "park_position_rad": "0.5",
            "park_tolerance_rad": "0.05", "speed_limit_rad_s": "3", "overspeed_rad_s": "4",
            "acceleration_limit_rad_s2": "20", "stopping_deceleration_rad_s2": "10", "rest_speed_rad_s": "0.06",
            "effort_limit_nm": "1", "over_effort_nm": "1.6", "effort_slew_nm_s": "30", "voltage_low_v": "11",
            "voltage_high_v": "12.5", "motion_age_s": "0.035", "temperature_age_s": "2", "voltage_age_s": "3",
            "temperature_limit_c": "55", "winding_resistance_ohm": "4.4", "winding_capacity_j_k": "5",
            "housing_capacity_j_k": "45", "winding_to_housing_k_w": "6", "housing_to_ambient_k_w": "12",
            "ambient_c": "35", "winding_limit_c": "90", "least_time_left_s": "8",
        ]
        switch drive {
        case .position: break
        case .speed: keys["following_per_s"] = "7"
        case .effort:
            keys["hold_stiffness_nm_rad"] = "0.7"
            keys["hold_damping_nm_s_rad"] = "0.09"
        }
        return keys
    }

    /// The file, in the order of the alphabet; every key on a line of its own.
    var text: String {
        var lines = ["{"] + robot.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)," } + ["  joints: ["]
        for joint in joints {
            lines += ["    {"] + joint.sorted { $0.key < $1.key }.map { "      \($0.key): \($0.value)," } + ["    },"]
        }
        return (lines + ["  ],", "}"]).joined(separator: "\n") + "\n"
    }

    /// The same file with one key changed or, with nil, taken out; joint keys in the first joint.
    func setting(_ row: KeyRow, to value: String?) -> EnvelopeText {
        var changed = self
        switch row.scope {
        case .robot: changed.robot[row.name] = value
        default: changed.joints[0][row.name] = value
        }
        return changed
    }

    func parse() throws(FileProblems) -> EnvelopeFile { try EnvelopeFile(parsing: Array(text.utf8)) }

    var problems: [FileProblem] { RobotsTests.problems(in: text) }
}

/// What is wrong with a text; empty for a valid one.
func problems(in text: String) -> [FileProblem] {
    do throws(FileProblems) {
        _ = try EnvelopeFile(parsing: Array(text.utf8))
        return []
    } catch {
        return error.all
    }
}

/// The folder of the envelopes that are shipped.
let envelopeFolder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../safety/envelopes")
