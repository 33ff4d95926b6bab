/// What ours is to reach, and what is known of what keeps it from that.
enum PeerGoals {
    // 2026-11-28, one core of an AMD EPYC (family 25, model 17): of the means' 198 ns a state, 68 are tangents.
    private static let rounding =
        "products are rounded before they are added, so that guards and learners of every machine have the same bits, "
        + "and the house's tangent, exact to two units, takes a third of the time; a peak of fused products knows neither"
    private static let cheaperTangent =
        "a rational tangent of the same rounding everywhere, which changes the bits of all policies once"
    private static let laneByLane =
        "beside the layers, a rehearsal carries noise by key, states, endings and records from lane to lane, and its "
        + "tangent costs more than the rational one in C"
    private static let wideTapes = "noise, observations and rewards in wide registers too, and a rational tangent"

    static func rollouts(_ jax: [String]) -> [PeerGoal] {
        [
            PeerGoal(
                "rollouts, at least 2 times JAX at its best batch", least: 2, of: jax, reason: laneByLane,
                lever: wideTapes),
            PeerGoal(
                "rollouts, at least 0.97 times the same kernel in C, products rounded", least: 0.97,
                of: ["unfused rollouts"], reason: laneByLane, lever: wideTapes),
        ]
    }

    // Sums of up to 16 tiles in registers were tried on 2026-11-28: 116 to 120 ns a state for 64 × 64, against 95 to 117.
    private static let order =
        "the derivatives of sixteen states are added in the order that narrow registers have, four lanes of each "
        + "parameter, and tangents as above; keeping the sums of several tiles in registers gained nothing"
    private static let widerOrder =
        "an order of sums made for sixteen lanes, which changes the bits of all gradients once"

    static let pooled = [
        PeerGoal(
            "pooled gradient, at least 2.5 times torch's best", least: 2.5,
            of: ["torch gradient 4096", "torch gradient whole"], reason: order, lever: widerOrder),
        PeerGoal(
            "pooled gradient, at least 0.95 times the same kernel in C, products rounded", least: 0.95,
            of: ["unfused gradient"], reason: order, lever: widerOrder),
    ]

    static let trajectories = [
        PeerGoal(
            "a gradient of each trajectory, at least 2.4 times torch.func", least: 2.4, of: ["torch trajectories"],
            reason: order + "; 200 ticks are twelve tiles and a half", lever: widerOrder)
    ]

    static let forward512 = [
        PeerGoal(
            "means, at least 0.55 of the AVX-512 peak of fused products", least: 0.55, of: ["kernels peak512"],
            reason: rounding, lever: cheaperTangent)
    ]

    static let forward256 = [
        PeerGoal(
            "means, at least 0.45 of the AVX2 peak of fused products", least: 0.45, of: ["kernels peak256"],
            reason: rounding, lever: cheaperTangent)
    ]

    static let iteration = [
        PeerGoal(
            "whole iteration, at least 4 times torch", least: 4, of: ["torch iteration 1024"], reason: laneByLane,
            lever: wideTapes),
        PeerGoal(
            "whole iteration, at least 5 times JAX", least: 5, of: ["jax iteration 1024"], reason: laneByLane,
            lever: wideTapes),
    ]

    private static let physics = "nearly all of the time is MuJoCo's own"

    static let stepping = [
        PeerGoal(
            "MuJoCo with a policy, at least 0.97 times a bare loop in C that only does what was commanded", least: 0.97,
            of: ["steps \(PeerStepping.commands)"], reason: physics, lever: "wide columns for one state"),
        PeerGoal(
            "MuJoCo with a policy, ahead of mujoco.rollout, mujoco.Batch and EnvPool", least: 1,
            of: ["mujoco rollout 64", "mujoco batch 64", "envpool 64 Hopper-v4"], reason: physics,
            lever: "the newest MuJoCo instead of Debian's"),
    ]

    static let inference = PeerGoal(
        "one action in at most 1 µs at the 99th percentile, without allocation (the compiler proves that)", least: 1,
        of: [], reason: "one state fills no wide register", lever: "wide columns for one state")

    static let memory = PeerGoal(
        "memory at most a tenth of torch's and JAX's", least: 10, of: ["torch", "jax"],
        reason: "all episodes of an iteration are held at once", lever: "weigh and forget them as they are played")
}
