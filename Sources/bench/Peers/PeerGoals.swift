/// What ours is to reach, and what is known of what keeps it from that.
enum PeerGoals {
    private static let rounding =
        "products are rounded before they are added, so that guards and learners of every machine have the same bits; "
        + "the kernels in C, with and without, show what fusing them would bring"
    private static let fusing = "fused products where every machine of a session has them, as a setting of the ledger"
    private static let laneByLane =
        "beside the layers, a rehearsal carries noise by key, states and records from lane to lane, four at a time at "
        + "best; the kernel in C without that is above"
    private static let wideNoise = "noise, observations and rewards in the wide registers too"

    static func rollouts(_ jax: [String]) -> [PeerGoal] {
        [
            PeerGoal(
                "rollouts, at least 2 times JAX at its best batch", least: 2, of: jax, reason: laneByLane,
                lever: wideNoise),
            PeerGoal(
                "rollouts, at least 0.97 times the same kernel in C, products rounded", least: 0.97,
                of: ["unfused rollouts"], reason: laneByLane, lever: wideNoise),
        ]
    }

    private static let traffic =
        "four lanes of each derivative go to memory and back with every sixteen states, in the order that narrow "
        + "registers have"
    private static let fewerTrips = "several tiles in a pass, added up in registers in the same order"

    static let pooled = [
        PeerGoal(
            "pooled gradient, at least 2.5 times torch's best", least: 2.5,
            of: ["torch gradient 4096", "torch gradient whole"], reason: traffic, lever: fewerTrips),
        PeerGoal(
            "pooled gradient, at least 0.95 times the same kernel in C, products rounded", least: 0.95,
            of: ["unfused gradient"], reason: traffic, lever: fewerTrips),
    ]

    static let trajectories = [
        PeerGoal(
            "a gradient of each trajectory, at least 2.4 times torch.func", least: 2.4, of: ["torch trajectories"],
            reason: traffic, lever: fewerTrips)
    ]

    static let forward512 = [
        PeerGoal(
            "means, at least 0.55 of the AVX-512 peak of fused products", least: 0.55, of: ["kernels peak512"],
            reason: rounding, lever: fusing)
    ]

    static let forward256 = [
        PeerGoal(
            "means, at least 0.45 of the AVX2 peak of fused products", least: 0.45, of: ["kernels peak256"],
            reason: rounding, lever: fusing)
    ]

    static let iteration = [
        PeerGoal(
            "whole iteration, at least 4 times torch", least: 4, of: ["torch iteration 1024"], reason: laneByLane,
            lever: wideNoise),
        PeerGoal(
            "whole iteration, at least 5 times JAX", least: 5, of: ["jax iteration 1024"], reason: laneByLane,
            lever: wideNoise),
    ]

    static let inference = PeerGoal(
        "one action in at most 1 µs at the 99th percentile, without allocation (the compiler proves that)", least: 1,
        of: [], reason: "one state fills no wide register", lever: "wide columns for one state")

    static let memory = PeerGoal(
        "memory at most a tenth of torch's and JAX's", least: 10, of: ["torch", "jax"],
        reason: "all episodes of an iteration are held at once", lever: "weigh and forget them as they are played")
}
