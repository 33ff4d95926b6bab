import Quantities
import Supervision

/// How a model goes from one moment to the next.
public enum IntegratorName: String, CaseIterable, Sendable {
    case euler, rk4
    case semiImplicit = "semi_implicit"
}

enum ModelKeys {
    static let states = KeyRow.of(
        .model, "states", .named(.state), .required, "What the model integrates, by names of your choice.")
    static let parameters = KeyRow.of(
        .model, "parameters", .named(.parameter), .optional, "Numbers of the model, by names of your choice.")
    static let equations = KeyRow.of(
        .model, "equations", .lines, .required,
        "x' = a rate, x+ = the value after the step, x = a name; each state once.")
    static let measured = KeyRow.of(
        .model, "measured", .lines, .optional,
        "What sensors would say, as in position.elbow = q; states that start as one say it themselves.")
    static let integrator = KeyRow.of(
        .model, "integrator", .choice(IntegratorName.allCases.map(\.rawValue)), .usual("rk4"),
        "How rates become motion.")
    static let substeps = KeyRow.count(.model, "substeps", 1, 1_000, .standard(1), "So many steps in each tick.")
    static let delay = KeyRow.count(
        .model, "delay_ticks", 0, 100, .standard(0), "So many ticks later a command reaches the model.")

    static let group = KeyGroup(
        title: "A reduced model",
        rows: [states, parameters, equations, measured, integrator, substeps, delay])
}

enum StateKeys {
    static let unit = KeyRow.of(.state, "unit", .unit, .required, "The unit of the state, such as rad/s.")
    static let start = KeyRow.of(
        .state, "start", .formula, .required, "What it is at the start, from what was measured: position.elbow.")

    static let group = KeyGroup(title: "A state of a model", rows: [unit, start])
}

enum ParameterKeys {
    static let value = KeyRow.of(.parameter, "value", .plain, .required, "What it is, as far as anybody knows.")
    static let unit = KeyRow.of(.parameter, "unit", .unit, .required, "Its unit, such as kg*m^2 or 1.")
    static let low = KeyRow.of(
        .parameter, "low", .plain, .optional, "The least that it can be; without low and high it is not identified.")
    static let high = KeyRow.of(.parameter, "high", .plain, .optional, "The most that it can be.")
    static let deviation = KeyRow.of(
        .parameter, "prior_sd", .plain, .optional,
        "How sure the value is: a standard deviation; without it a quarter from low to high.")
    static let intervalLow = KeyRow.of(
        .parameter, "interval_low", .plain, .optional, "After calibration: where its 95 % interval begins.")
    static let intervalHigh = KeyRow.of(
        .parameter, "interval_high", .plain, .optional, "After calibration: where its 95 % interval ends.")

    static let group = KeyGroup(
        title: "A parameter of a model", rows: [value, unit, low, high, deviation, intervalLow, intervalHigh])
}
