public import Quantities
public import Supervision

/// What a person allowed for several episodes at once: the mode `batch`.
public struct BatchApproval: Equatable, Sendable {
    public let robot: Name
    public let task: Digest
    public let envelope: Digest
    /// The policy that the person approved.
    public let policy: Digest
    public let episodes: UInt32
    public let greatestDistance: Float
    /// Every rollout must keep at least this share of the range to each limit.
    public let leastMargin: Float
    public let until: WallInstant

    public init(
        robot: Name, task: Digest, envelope: Digest, policy: Digest, episodes: UInt32, greatestDistance: Float,
        leastMargin: Float, until: WallInstant
    ) {
        self.robot = robot
        self.task = task
        self.envelope = envelope
        self.policy = policy
        self.episodes = episodes
        self.greatestDistance = greatestDistance
        self.leastMargin = leastMargin
        self.until = until
    }
}

/// A rule under which episodes need no person: the mode `standing`, as `safety/approval/NAME.json5` says it.
public struct StandingRule: Equatable, Sendable {
    public let name: Name
    public let robot: Name
    public let envelope: Digest
    public let leastMargin: Float
    /// From the policy that a person approved last.
    public let greatestDistance: Float
    /// Neither measured before the episode nor expected in it may a motor be hotter.
    public let hottest: Celsius
    public let leastTimeLeft: Seconds
    /// No joint's band may be wider at any tick; nil asks nothing of it.
    public let widestBand: Radians?
    /// In any 24 hours.
    public let episodesPerDay: UInt32
    public let until: WallInstant
    /// Whose signature the file asks for.
    public let signer: Name

    public init(
        name: Name, robot: Name, envelope: Digest, leastMargin: Float, greatestDistance: Float, hottest: Celsius,
        leastTimeLeft: Seconds, widestBand: Radians? = nil, episodesPerDay: UInt32, until: WallInstant, signer: Name
    ) {
        self.name = name
        self.robot = robot
        self.envelope = envelope
        self.leastMargin = leastMargin
        self.greatestDistance = greatestDistance
        self.hottest = hottest
        self.leastTimeLeft = leastTimeLeft
        self.widestBand = widestBand
        self.episodesPerDay = episodesPerDay
        self.until = until
        self.signer = signer
    }
}

/// That a person took responsibility for a rule: this user, for exactly these bytes of the file.
///
/// The signature is the ledger's entry: the guard knows the user from the socket, and any change of the file makes
/// another hash, which nobody has adopted.
public struct Adoption: Equatable, Sendable {
    public let rule: Name
    public let file: Digest
    public let by: Author
    public let at: WallInstant

    public init(rule: Name, file: Digest, by: Author, at: WallInstant) {
        self.rule = rule
        self.file = file
        self.by = by
        self.at = at
    }
}

/// Under which right an episode runs. The numbers are the ledger's.
public enum Ground: Hashable, Sendable {
    /// A person approved this plan: the mode `each`.
    case person
    case batch(UInt64)
    case standing(UInt64)
}

/// What is in force when a plan arrives. With nothing in it every plan waits for a person.
public struct ApprovalRules: Equatable, Sendable {
    public struct Batch: Equatable, Sendable {
        public let serial: UInt64
        public let approval: BatchApproval

        public init(serial: UInt64, approval: BatchApproval) {
            self.serial = serial
            self.approval = approval
        }
    }

    public struct Standing: Equatable, Sendable {
        /// The ledger's number of the adoption.
        public let serial: UInt64
        public let adoption: Adoption
        /// What the file says now, and its hash now.
        public let rule: StandingRule
        public let file: Digest

        public init(serial: UInt64, adoption: Adoption, rule: StandingRule, file: Digest) {
            self.serial = serial
            self.adoption = adoption
            self.rule = rule
            self.file = file
        }
    }

    public let batches: [Batch]
    public let standing: [Standing]

    public init(batches: [Batch] = [], standing: [Standing] = []) {
        self.batches = batches
        self.standing = standing
    }
}

/// What the guard itself knows when it decides; nothing in it comes from the learner.
public struct Situation: Equatable, Sendable {
    /// One episode that no person approved by itself.
    public struct Use: Equatable, Sendable {
        public let ground: Ground
        public let at: WallInstant

        public init(ground: Ground, at: WallInstant) {
            self.ground = ground
            self.at = at
        }
    }

    public let robot: Name
    public let envelope: Digest
    public let calibration: Digest
    public let longestHorizon: Ticks
    /// What is left of the budget.
    public let balance: Cost
    /// The time of the ledger's last entry.
    public let latest: WallInstant
    /// The policy that a person approved last.
    public let lastApproved: Digest?
    /// The hottest motor, measured now; nil when it cannot be measured.
    public let hottest: Celsius?
    /// How far the proposed policy is from others, measured by the guard on the weights themselves.
    public let distances: [PolicyDistance]
    /// Every episode that a batch or a rule has covered.
    public let uses: [Use]

    public init(
        robot: Name, envelope: Digest, calibration: Digest, longestHorizon: Ticks, balance: Cost, latest: WallInstant,
        lastApproved: Digest?, hottest: Celsius?, distances: [PolicyDistance], uses: [Use]
    ) {
        self.robot = robot
        self.envelope = envelope
        self.calibration = calibration
        self.longestHorizon = longestHorizon
        self.balance = balance
        self.latest = latest
        self.lastApproved = lastApproved
        self.hottest = hottest
        self.distances = distances
        self.uses = uses
    }
}
