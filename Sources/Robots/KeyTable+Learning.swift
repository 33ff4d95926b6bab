import Quantities
import Supervision

enum PolicyKeys {
    static let hidden = KeyRow.of(
        .policy, "hidden", .wholes(low: 1, high: 512, most: 4), .optional,
        "The widths of the hidden layers; without it one of 16, and an empty list is a linear policy.")
    static let deviation = KeyRow.share(
        .policy, "sd", 0.001, 10, .standard(0.5), "The standard deviation of the first policy's noise, in outputs.")
    static let floor = KeyRow.share(
        .policy, "sd_floor", 0.000_1, 10, .standard(0.05), "The noise never becomes smaller than this.")
    static let squash = KeyRow.of(
        .policy, "squash", .choice(["tanh", "clip"]), .usual("tanh"), "How outputs are kept between -1 and 1.")

    static let group = KeyGroup(title: "The policy", rows: [hidden, deviation, floor, squash])
}

/// How the gradient is estimated.
public enum EstimatorName: String, CaseIterable, Sendable {
    /// Real episodes alone.
    case realOnly = "real_only"
    /// Each with a model episode of the same noise.
    case paired
    /// The model's value of the states that were visited.
    case modelBaseline = "model_baseline"
    /// First in the identified model, then the two above.
    case rehearse
}

enum LearningKeys {
    static let estimator = KeyRow.of(
        .learning, "estimator", .choice(EstimatorName.allCases.map(\.rawValue)), .usual("rehearse"),
        "How real and model episodes become a step.")
    static let rate = KeyRow.share(
        .learning, "learning_rate", 0.000_001, 10, .standard(0.02), "How long a step is.")
    static let discount = KeyRow.share(
        .learning, "discount", 0.5, 1, .standard(0.99), "What a tick later is worth against a tick now.")
    static let realLow = KeyRow.count(
        .learning, "real_episodes_low", 1, 1_000, .standard(4), "The least real episodes before a step.")
    static let realHigh = KeyRow.count(
        .learning, "real_episodes_high", 1, 1_000, .standard(16), "The most real episodes before a step.")
    static let modelLow = KeyRow.count(
        .learning, "model_episodes_low", 0, 100_000, .standard(5), "The least model episodes for each real one.")
    static let modelHigh = KeyRow.count(
        .learning, "model_episodes_high", 0, 100_000, .standard(50), "The most model episodes for each real one.")

    static let group = KeyGroup(
        title: "Learning", rows: [estimator, rate, discount, realLow, realHigh, modelLow, modelHigh])
}

enum BudgetKeys {
    static let episode = price("episode_price_credits", "credits", "What an episode costs, however short.")
    static let time = price("time_price_credits_s", "credits/s", "What a second of an episode costs.")
    static let travel = price("travel_price_credits_rad", "credits/rad", "What a radian of any joint's travel costs.")
    static let torque = price(
        "torque_price_credits_nm_s", "credits/(N·m·s)", "What a newton metre of any joint costs for each second.")
    static let heat = price("heat_price_credits_k", "credits/K", "What a kelvin of the warmest motor costs.")
    static let person = price("operator_price_credits_min", "credits/min", "What a minute of the operator costs.")
    static let personTime = KeyRow.of(
        .budget, "operator_time_min", .number(symbol: "min", low: 0, high: 1_000), .standard(0),
        "What the operator does for each episode: resetting, approving, watching.")
    static let limit = KeyRow.of(
        .budget, "limit_credits", .number(symbol: "credits", low: 0, high: 1e9), .optional,
        "When so much is spent, no episode is bought.")
    static let limitEpisodes = KeyRow.count(
        .budget, "limit_episodes", 1, 1_000_000, .optional, "After so many real episodes none is bought.")
    static let limitTime = Key<Seconds>(
        in: .budget, "limit_time_s", 1, 10_000_000, .optional, "After so much time in episodes none is bought.")
    static let limitTravel = Key<Radians>(
        in: .budget, "limit_travel_rad", 1, 1e9, .optional, "After so much travel of any joint none is bought.")

    static let group = KeyGroup(
        title: "The budget",
        rows: [
            episode, time, travel, torque, heat, person, personTime, limit, limitEpisodes, limitTime.row,
            limitTravel.row,
        ])

    private static func price(_ name: String, _ symbol: String, _ help: String) -> KeyRow {
        .of(.budget, name, .number(symbol: symbol, low: 0, high: 1_000_000), .standard(0), help)
    }
}
