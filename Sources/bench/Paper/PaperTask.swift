import Simulator

/// One task of the published tables: a robot, how the real one differs from its model, and what is done to the model on
/// top of that, which no table has.
struct PaperTask: Hashable, Sendable {
    enum Model: String, Sendable {
        /// Gymnasium's robot as it is, and its reward.
        case nominal
        /// It calls good bad.
        case contrary
        /// Its motors turn the other way round.
        case backwards
    }

    let robot: PublishedRobot
    let shift: String
    let shifts: [PublishedShift]
    var model = Model.nominal

    var name: String { "\(robot.rawValue) \(shift)" + (model == .nominal ? "" : " \(model.rawValue)") }

    /// All of the published code, robot by robot.
    static let published: [PaperTask] = PublishedRobot.allCases.flatMap { robot in
        let scales = ["0.5": 0.5, "0.8": 0.8, "1.2": 1.2, "2": 2, "5": 5].sorted { $0.value < $1.value }
        let ranges = [("easy", 0.8), ("medium", 0.5), ("hard", 0.2)]
        return scales.map { PaperTask(robot: robot, shift: "gravity-\($0.key)", shifts: [.gravity($0.value)]) }
            + scales.map { PaperTask(robot: robot, shift: "friction-\($0.key)", shifts: [.friction($0.value)]) }
            + ranges.map { PaperTask(robot: robot, shift: "kinematic-\($0.0)", shifts: [.range(.leg, $0.1)]) }
    }

    /// For each robot a mild shift, and the one whose gradients are least like those of the model.
    static let quick = [
        "hopper gravity-1.2", "hopper gravity-5", "walker2d friction-1.2", "walker2d kinematic-hard",
        "half_cheetah gravity-1.2", "half_cheetah friction-5",
    ].compactMap(named)

    /// Models that no table has, to see what becomes of who relies on them.
    static let odd = ["hopper gravity-1.2", "half_cheetah gravity-1.2"].compactMap(named).flatMap { task in
        [Model.contrary, .backwards].map { model in
            var other = task
            other.model = model
            return other
        }
    }

    static func named(_ name: String) -> PaperTask? { published.first { $0.name == name } }

    /// The robot that learning is about; whatever it does is counted.
    func real(_ mjcf: String) -> PaperPlant { PaperPlant(robot, mjcf, shifts) }

    func modelled(_ mjcf: String) -> PaperPlant {
        PaperPlant(robot, mjcf, model == .backwards ? [.backwards] : [], isContrary: model == .contrary)
    }
}

/// What is compared.
enum PaperMethod: String, CaseIterable, Sendable {
    /// High-fidelity data alone, as in the released code.
    case high
    /// Low-fidelity data alone, as in the released code.
    case low
    /// Fifteen times as much high-fidelity data, in batches of 3,072.
    case more
    case released
    /// The unbiased estimator on short segments, from the first policy on.
    case unbiased
    /// What we do: rehearse in the model, see on the robot whether that helped, go on with the unbiased estimator.
    case ours

    /// Whether it looks at the model at all.
    var hasModel: Bool { self != .high && self != .more }
}
