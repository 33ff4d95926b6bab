import Quantities
import Supervision

enum TaskKeys {
    static let horizon = Key<Seconds>(
        in: .task, "horizon_s", 0.05, 3_600, .required, "How long an episode lasts that nothing ends before.")
    static let action = KeyRow.of(
        .task, "action", .named(.action), .required, "What the policy's output does, by joint; each joint once.")
    static let definitions = KeyRow.of(
        .task, "definitions", .lines, .optional, "Names of your choice for what the lines below need more than once.")
    static let observation = KeyRow.of(
        .task, "observation", .lines, .required, "What the policy sees; best between -1 and 1.")
    static let reward = KeyRow.of(.task, "reward", .formula, .required, "What each tick is worth.")
    static let failure = KeyRow.of(
        .task, "failure", .lines, .optional, "Conditions that end the episode and make it a failed one.")
    static let failureReward = KeyRow.of(
        .task, "failure_reward", .plain, .required,
        "What each tick is worth that a failure or the supervisor took away; below any other.")
    static let done = KeyRow.of(
        .task, "done", .lines, .optional, "Conditions that end the episode well; the ticks it saves are worth nothing.")
    static let success = KeyRow.of(
        .task, "success", .condition, .optional, "What must hold at the end of an episode that counts as a success.")
    static let successTime = Key<Seconds>(
        in: .task, "success_time_s", 0, 3_600, .standard(0), "For how long up to the end it must have held.")
    static let draws = KeyRow.of(
        .task, "draws", .named(.draw), .optional, "Numbers that are drawn for each episode, such as a target.")

    static let group = KeyGroup(
        title: "The task",
        rows: [
            horizon.row, action, definitions, observation, reward, failure, failureReward, done, success,
            successTime.row, draws,
        ])
}

enum ActionKeys {
    static let lowPosition = Key<Radians>(
        in: .action, "low_rad", -1_000, 1_000, .optional, "The position that an output of -1 asks for.")
    static let highPosition = Key<Radians>(
        in: .action, "high_rad", -1_000, 1_000, .optional, "The position that an output of 1 asks for.")
    static let relative = KeyRow.of(
        .action, "relative", .flag, .usual("false"), "Whether positions are steps from the last command.")
    static let lowSpeed = Key<RadiansPerSecond>(
        in: .action, "low_rad_s", -200, 200, .optional, "The speed that an output of -1 asks for.")
    static let highSpeed = Key<RadiansPerSecond>(
        in: .action, "high_rad_s", -200, 200, .optional, "The speed that an output of 1 asks for.")
    static let lowEffort = Key<NewtonMetres>(
        in: .action, "low_nm", -1_000, 1_000, .optional, "The torque that an output of -1 asks for.")
    static let highEffort = Key<NewtonMetres>(
        in: .action, "high_nm", -1_000, 1_000, .optional, "The torque that an output of 1 asks for.")
    static let stiffness = Key<NewtonMetresPerRadian>(
        in: .action, "stiffness_nm_rad", 0.001, 10_000, .optional,
        "In an effort drive: the spring that pulls towards the position that the output asks for.")
    static let damping = Key<NewtonMetreSecondsPerRadian>(
        in: .action, "damping_nm_s_rad", 0, 1_000, .optional, "The damper beside that spring.")

    static let group = KeyGroup(
        title: "An action",
        rows: [
            lowPosition.row, highPosition.row, relative, lowSpeed.row, highSpeed.row, lowEffort.row, highEffort.row,
            stiffness.row, damping.row,
        ])
}

enum DrawKeys {
    static let unit = KeyRow.of(.draw, "unit", .unit, .required, "The unit of the number, such as m.")
    static let low = KeyRow.of(.draw, "low", .plain, .optional, "Where an even distribution begins.")
    static let high = KeyRow.of(.draw, "high", .plain, .optional, "Where an even distribution ends.")
    static let mean = KeyRow.of(.draw, "mean", .plain, .optional, "The middle of a normal distribution.")
    static let deviation = KeyRow.of(.draw, "sd", .plain, .optional, "The standard deviation of a normal distribution.")

    static let group = KeyGroup(title: "A number that is drawn", rows: [unit, low, high, mean, deviation])
}

enum StartKeys {
    static let position = Key<Radians>(
        in: .start, "position_rad", -1_000, 1_000, .standard(0), "Where the joint begins.")
    static let spread = Key<Radians>(
        in: .start, "spread_rad", 0, 100, .standard(0), "It may begin this far beside it, anywhere alike.")
    static let speedSpread = Key<RadiansPerSecond>(
        in: .start, "speed_spread_rad_s", 0, 100, .standard(0), "It may still move this fast, either way.")

    static let group = KeyGroup(title: "A joint at the start", rows: [position.row, spread.row, speedSpread.row])
}

enum ResetKeys {
    static let steps = KeyRow.of(.reset, "steps", .objects(.step), .required, "What it does, one after the other.")
    static let accept = KeyRow.of(
        .reset, "accept", .condition, .optional,
        "What must hold at the end; without it each joint is within the spread of its start.")
    static let attempts = KeyRow.count(
        .reset, "attempts", 1, 100, .standard(3), "After so many vain attempts a person is called.")

    static let group = KeyGroup(title: "The reset", rows: [steps, accept, attempts])
}

/// What the robot can do by itself between two episodes.
public enum ResetStepName: String, CaseIterable, Sendable { case move, relax, hold, rest, wait }

enum StepKeys {
    static let step = KeyRow.of(
        .step, "step", .choice(ResetStepName.allCases.map(\.rawValue)), .required,
        "move to a place, relax all motors, hold still, wait until at rest, or wait.")
    static let target = KeyRow.of(
        .step, "to_rad", .byJoint(symbol: "rad", low: -1_000, high: 1_000), .optional,
        "Where a move goes, by joint; without it to the start.")
    static let speed = Key<RadiansPerSecond>(
        in: .step, "speed_rad_s", 0.001, 100, .optional, "How fast a move is; without it as when parking.")
    static let duration = Key<Seconds>(
        in: .step, "for_s", 0.01, 3_600, .standard(0.5), "How long to hold, to wait, or to have been at rest.")
    static let timeout = Key<Seconds>(
        in: .step, "within_s", 0.1, 3_600, .standard(10), "A move or rest that takes longer has failed.")

    static let group = KeyGroup(
        title: "A step of the reset", rows: [step, target, speed.row, duration.row, timeout.row])
}
