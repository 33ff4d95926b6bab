import Quantities
import Robots

/// A robot of six joints, by its files: positions a little around zero, a policy that sees positions, speeds and what it
/// did last.
enum SixJoints {
    private static let names = (0..<6).map { "j\($0)" }

    private static func each(_ text: (String) -> String) -> String { names.map(text).joined(separator: ", ") }

    static let robot: Robot = {
        do throws(FileProblems) {
            let file = try RobotFile(parsing: Array(robotText.utf8))
            return try Robot(file, within: EnvelopeFile(parsing: Array(envelopeText.utf8)))
        } catch {
            preconditionFailure("the bench robot's files: \(error.all)")
        }
    }()

    private static var robotText: String {
        """
        {
            format: 1, robot: "six", period_s: 0.005,
            bus: { driver: "dynamixel", baud: 4000000, watchdog_s: 0.1 },
            every_joint: { model: "xl330-m288", drive: "position", torque_per_ampere_nm_a: 0.366 },
            joints: [\(names.enumerated().map { "{ name: \"\($1)\", id: \($0 + 1) }" }.joined(separator: ", "))],
            task: {
                action: { \(each { "\($0): { low_rad: -0.0005, high_rad: 0.0005 }" }) },
                horizon_s: 50,
                observation: ["positions = position", "speeds = speed / 10", "last = last_action"],
                reward: "-norm(position)^2", failure: ["away = norm(position) > 100"], failure_reward: -1000000,
                success: "norm(position) < 0.1",
            },
            reset: { steps: [{ step: "rest" }] },
            models: {
                still: {
                    states: { x: { unit: "rad", start: "position.j0" } },
                    parameters: { a: { value: 1, unit: "1/s", low: 0.5, high: 2, prior_sd: 0.1 } },
                    equations: ["x' = -a * x"],
                    measured: [
                        \(names.dropFirst().map { "\"position.\($0) = x\"" }.joined(separator: ", ")),
                        \(each { "\"speed.\($0) = -a * x\"" }),
                    ],
                },
            },
            policy: { hidden: [64, 64] },
        }
        """
    }

    private static var envelopeText: String {
        """
        {
            format: 1, robot: "six", period_s: 0.005, deadline_s: 0.008, late_ticks_to_hold: 3,
            late_ticks_to_stop: 10, reaction_s: 0.04, horizon_s: 60, power_limit_w: 4, energy_burst_j: 6,
            energy_sustained_w: 2, command_step_ranges: 0.03, command_burst_ranges: 2,
            command_sustained_ranges_s: 1.2, tube_hysteresis_rad: 0.02, tube_patience_ticks: 3,
            park_speed_rad_s: 0.4, hold_time_s: 5, slow_stop_time_s: 2, park_time_s: 12, limp_time_s: 3,
            rest_time_s: 0.3, recovery_time_s: 0.3, permit_time_s: 60,
            every_joint: {
                drive: "position", softening_rad: 0.1, command_lead_rad: 0.25, tracking_limit_rad: 0.4,
                jump_allowance_rad: 0.03, park_tolerance_rad: 0.05, speed_limit_rad_s: 2, overspeed_rad_s: 3,
                acceleration_limit_rad_s2: 10, stopping_deceleration_rad_s2: 6, rest_speed_rad_s: 0.1,
                effort_limit_nm: 1, over_effort_nm: 1.6, effort_slew_nm_s: 20, voltage_low_v: 11,
                voltage_high_v: 12.8, motion_age_s: 0.03, temperature_age_s: 2, voltage_age_s: 2,
                temperature_limit_c: 55, winding_resistance_ohm: 4.4, winding_capacity_j_k: 4,
                housing_capacity_j_k: 40, winding_to_housing_k_w: 6, housing_to_ambient_k_w: 12, ambient_c: 35,
                winding_limit_c: 90, least_time_left_s: 10,
            },
            joints: [
                \(each { "{ name: \"\($0)\", position_low_rad: -1.6, position_high_rad: 1.6, park_position_rad: 0 }" }),
            ],
        }
        """
    }
}
