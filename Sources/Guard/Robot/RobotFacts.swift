public import Episodes
import Quantities
public import Supervision

/// What the guard knows of its robot before it has looked at it: from files that somebody reviewed.
public struct RobotFacts: Sendable {
    /// One device, as the robot's file and its calibration have it. Nil is not written down anywhere.
    public struct Device: Equatable, Sendable {
        public let joint: String
        public let model: String
        public let id: UInt8
        public let firmware: String?
        public let serial: String?

        public init(joint: String, model: String, id: UInt8, firmware: String? = nil, serial: String? = nil) {
            self.joint = joint
            self.model = model
            self.id = id
            self.firmware = firmware
            self.serial = serial
        }
    }

    public struct Calibration: Equatable, Sendable {
        public let name: Name
        public let digest: Digest
        public let at: WallInstant

        public init(name: Name, digest: Digest, at: WallInstant) {
            self.name = name
            self.digest = digest
            self.at = at
        }
    }

    public let name: Name
    /// The hash of the robot's file.
    public let digest: Digest
    public let joints: [String]
    public let devices: [Device]
    public let envelope: Envelope
    public let calibration: Calibration?
    /// Nil lets plans of any task through to whoever approves them.
    public let task: Digest?
    public let observations: Int
    public let actions: Int
    /// After how long without its host each device stops; nil when it has no watchdog.
    public let watchdog: Milliseconds?
    public let needsDeadMan: Bool

    public init(
        name: Name, digest: Digest, joints: [String], devices: [Device], envelope: Envelope,
        calibration: Calibration?, task: Digest?, observations: Int, actions: Int, watchdog: Milliseconds?,
        needsDeadMan: Bool
    ) {
        guard joints.count == Int(envelope.count.rawValue) else { preconditionFailure("one name for each joint") }
        self.name = name
        self.digest = digest
        self.joints = joints
        self.devices = devices
        self.envelope = envelope
        self.calibration = calibration
        self.task = task
        self.observations = observations
        self.actions = actions
        self.watchdog = watchdog
        self.needsDeadMan = needsDeadMan
    }

    func joint(_ index: JointIndex?) -> String? {
        guard let place = index.map({ Int($0.rawValue) }), place < joints.count else { return nil }
        return joints[place]
    }
}
