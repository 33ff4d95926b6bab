import Learning
import Quantities

/// How much of the robot's time a learner's own work takes on one core.
///
/// The robot's time is that of its episodes alone: ways back to the start would make the shares smaller.
struct LearnWork: Sendable {
    private struct Sum: Sendable {
        var own = 0.0
        var robot = 0.0

        var share: String { robot > 0 ? "\(Float((own / robot * 1_000).rounded() / 10)) %" : "none" }
    }

    private var all = Sum()
    /// Of steps along the gradient on the robot: pairs, free episodes of the model, and what is made of them.
    private var steps = Sum()

    /// - Parameters:
    ///   - own: nanoseconds of this thread for what followed an episode of so many ticks.
    ///   - isStep: whether nothing was rehearsed.
    mutating func add(own: UInt64, ticks: Int, of period: Seconds, isStep: Bool) {
        let (own, robot) = (Double(own) * 1e-9, Double(ticks) * Double(period.value))
        (all.own, all.robot) = (all.own + own, all.robot + robot)
        if isStep { (steps.own, steps.robot) = (steps.own + own, steps.robot + robot) }
    }

    var text: String { "own work \(all.share) of the robot's time, of steps alone \(steps.share)" }
}
