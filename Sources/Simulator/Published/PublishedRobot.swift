/// The robots of the published comparisons, as Gymnasium's environments of version 4 have them. What they look like is
/// read from Gymnasium's own files; what is here is how those environments step, reward and end.
public enum PublishedRobot: String, CaseIterable, Sendable {
    case hopper
    case walker2d
    case halfCheetah = "half_cheetah"

    /// Gymnasium's file for it.
    public var file: String { "\(rawValue).xml" }

    /// The slide along the way comes first, and is no part of what is observed.
    public var positions: Int { self == .hopper ? 6 : 9 }
    public var actions: Int { self == .hopper ? 3 : 6 }
    public var observations: Int { 2 * positions - 1 }

    /// So many steps of MuJoCo are one of the environment.
    var stepsInTick: Int { self == .halfCheetah ? 5 : 4 }

    /// Speeds beyond it are not observed; nil where they are.
    var fastest: Double? { self == .halfCheetah ? nil : 10 }

    /// Single precision, as NumPy computes it from an action of single precision.
    var effortPrice: Float { self == .halfCheetah ? 0.1 : 0.001 }

    /// For being upright, and at the tick of a fall as well.
    var wage: Double { self == .halfCheetah ? 0 : 1 }

    /// How far from its place a robot may begin, and whether its speeds are spread evenly like its places.
    public var startSpread: (places: Double, speeds: Double, isEven: Bool) {
        self == .halfCheetah ? (0.1, 0.1, false) : (0.005, 0.005, true)
    }

    /// Whether it has not fallen.
    func isUpright(_ positions: [Double], _ speeds: [Double]) -> Bool {
        let (height, lean) = (positions[1], positions[2])
        switch self {
        case .hopper:
            let isBounded = (positions.dropFirst(2) + speeds).allSatisfy { -100 < $0 && $0 < 100 }
            return isBounded && height > 0.7 && height < .infinity && -0.2 < lean && lean < 0.2
        case .walker2d: return 0.8 < height && height < 2 && -1 < lean && lean < 1
        case .halfCheetah: return true
        }
    }

    /// The joint whose range the published kinematic shifts narrow, and the other one that off-dynamics work narrows.
    func joints(_ part: PublishedShift.Part) -> [String] {
        switch (self, part) {
        case (.hopper, .leg): ["leg_joint"]
        case (.hopper, .foot): ["foot_joint"]
        case (.walker2d, .leg): ["thigh_joint", "thigh_left_joint"]
        case (.walker2d, .foot): ["foot_joint", "foot_left_joint"]
        case (.halfCheetah, .leg): ["bthigh", "fthigh"]
        case (.halfCheetah, .foot): ["bfoot", "ffoot"]
        }
    }
}

/// What makes a robot another one than its file says.
public enum PublishedShift: Hashable, Sendable {
    /// Of the three, only the joint of the leg is in the published tables.
    public enum Part: String, Sendable { case leg, foot }

    case gravity(Double)
    case friction(Double)
    /// Both ends of the range of a joint, times a factor.
    case range(Part, Double)
    /// Every motor turns the other way round: a model that is worse than none.
    case backwards
}
