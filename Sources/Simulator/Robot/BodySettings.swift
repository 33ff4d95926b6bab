public import Quantities

/// What a virtual robot is made of, before a seed makes one of many of it.
public struct BodySettings: Equatable, Sendable {
    /// The text of the MJCF file: links, hinges and slides, contacts. Motors and gears are the metal's business, so it has
    /// no actuators; its time step and integrator are not used. It may start in its first key frame.
    public var mjcf: String
    /// One for each servo, in the order of the bus. Every other joint of the MJCF moves freely.
    public var joints: [BodyJoint]
    public var supply: SupplySettings
    /// Robots of one seed are the same robot; also the noise of their sensors comes from it.
    public var seed: UInt64
    /// How much of the parameters' spreads is used: 0 makes every robot the one that is written, 1 is as stated.
    public var spread: Float
    public var pushes: [Push] = []
    /// Joints of the MJCF that have a sensor of their own, whether or not a servo is on them.
    public var sensors: [String] = []

    public init(
        mjcf: String, joints: [BodyJoint], supply: SupplySettings, seed: UInt64 = 1, spread: Float = 0
    ) {
        self.mjcf = mjcf
        self.joints = joints
        self.supply = supply
        self.seed = seed
        self.spread = spread
    }
}

/// One servo on its joint.
public struct BodyJoint: Equatable, Sendable {
    /// What the MJCF calls the joint; it must be a hinge.
    public var name: String
    public var metal: ServoMetal
    /// The servo counts down when the joint's angle in the MJCF goes up.
    public var isReversed: Bool
    /// How often the servo's output turns while the joint turns once, through a gear outside of the servo that loses
    /// nothing. The servo's numbers and sensors are those of its own output.
    public var gear: Float
    /// Where the joint is in the first moment; nil is where the MJCF has it.
    public var start: Radians?

    public init(_ name: String, _ metal: ServoMetal, isReversed: Bool = false, gear: Float = 1, start: Radians? = nil) {
        self.name = name
        self.metal = metal
        self.isReversed = isReversed
        self.gear = gear
        self.start = start
    }
}

/// Somebody pushes: a force on the centre of one body, for a while.
public struct Push: Equatable, Sendable {
    public var body: String
    public var from: Seconds
    public var duration: Seconds
    /// Along the axes of the world.
    public var force: SIMD3<Float>

    /// The force is in newtons.
    public init(on body: String, from: Seconds, for duration: Seconds, force: SIMD3<Float>) {
        self.body = body
        self.from = from
        self.duration = duration
        self.force = force
    }
}
