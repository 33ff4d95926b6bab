public import Episodes
import Quantities
public import Robots
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
        /// The hash over the settings that the device keeps.
        public let settings: Digest?

        public init(
            joint: String, model: String, id: UInt8, firmware: String? = nil, serial: String? = nil,
            settings: Digest? = nil
        ) {
            self.joint = joint
            self.model = model
            self.id = id
            self.firmware = firmware
            self.serial = serial
            self.settings = settings
        }
    }

    public struct Calibration: Equatable, Sendable {
        public let name: Name
        public let digest: Digest
        public let at: WallInstant
        public let validDays: Int
        /// It says that none is needed, which is so only for a robot that is a program.
        public let isForVirtual: Bool

        public init(name: Name, digest: Digest, at: WallInstant, validDays: Int = 30, isForVirtual: Bool = false) {
            self.name = name
            self.digest = digest
            self.at = at
            self.validDays = validDays
            self.isForVirtual = isForVirtual
        }
    }

    public let name: Name
    /// The hash of the robot's file.
    public let digest: Digest
    public let joints: [String]
    public let devices: [Device]
    public let envelope: Envelope
    public let calibration: Calibration?
    /// Whether no real robot can be on this line: its time comes out of a socket.
    public let isVirtual: Bool
    /// Nil lets plans of any task through to whoever approves them.
    public let task: Digest?
    public let observations: Int
    public let actions: Int
    /// After how long without its host each device stops; nil when it has no watchdog.
    public let watchdog: Milliseconds?
    public let needsDeadMan: Bool

    public init(
        name: Name, digest: Digest, joints: [String], devices: [Device], envelope: Envelope,
        calibration: Calibration?, isVirtual: Bool = false, task: Digest?, observations: Int, actions: Int,
        watchdog: Milliseconds?, needsDeadMan: Bool
    ) {
        guard joints.count == Int(envelope.count.rawValue) else { preconditionFailure("one name for each joint") }
        self.name = name
        self.digest = digest
        self.joints = joints
        self.devices = devices
        self.envelope = envelope
        self.calibration = calibration
        self.isVirtual = isVirtual
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

/// Why files do not come to a robot that could be guarded.
public enum FactsProblem: Error, Equatable, Sendable {
    case robotName(String)
    /// The record is about another robot.
    case otherRobot(Name, needed: Name)
    /// The record knows this device of the robot under another id or model, or not at all.
    case otherDevice(joint: String)
    /// The record knows a device that the robot does not have.
    case strangeDevice(joint: String)
}

extension RobotFacts {
    /// Puts a robot's folder together with what was measured of it.
    ///
    /// - Parameters:
    ///   - bytes: of the robot's file; plans name their task by the hash of it, because tasks are written there.
    ///   - record: nil when there is none; then nothing will move, and the check before motion says why.
    public init(
        _ robot: Robot, bytes: [UInt8], record: (name: Name, file: CalibrationFile)?, isVirtual: Bool,
        needsDeadMan: Bool
    ) throws(FactsProblem) {
        guard let name = Name(robot.file.name) else { throw .robotName(robot.file.name) }
        if let record, record.file.robot != name { throw .otherRobot(record.file.robot, needed: name) }
        let digest = Digest(of: bytes.span)
        self.init(
            name: name, digest: digest, joints: robot.file.joints.map(\.name),
            devices: try RobotFacts.devices(of: robot.file, record?.file.kind), envelope: robot.envelope.envelope,
            calibration: record.map {
                Calibration(
                    name: $0.name, digest: $0.file.digest, at: $0.file.made, validDays: $0.file.validDays,
                    isForVirtual: $0.file.kind == .noneNeeded)
            },
            isVirtual: isVirtual, task: digest, observations: robot.file.task.observationCount,
            actions: robot.file.task.commands.count,
            watchdog: robot.file.bus.watchdog.map { Milliseconds(Int64(($0.value * 1_000).rounded())) },
            needsDeadMan: needsDeadMan)
    }

    private static func devices(
        of file: RobotFile, _ kind: CalibrationFile.Kind?
    ) throws(FactsProblem) -> [Device] {
        guard case .measured(let measured)? = kind else {
            return file.joints.map { Device(joint: $0.name, model: $0.model, id: $0.id) }
        }
        for device in measured where !file.joints.contains(where: { $0.name == device.joint }) {
            throw .strangeDevice(joint: device.joint)
        }
        var devices: [Device] = []
        for joint in file.joints {
            let known = measured.filter { $0.joint == joint.name }
            guard let device = known.first, known.count == 1, device.id == joint.id, device.model == joint.model else {
                throw .otherDevice(joint: joint.name)
            }
            devices.append(
                Device(
                    joint: joint.name, model: joint.model, id: joint.id, firmware: device.firmware,
                    serial: device.serial, settings: device.settings))
        }
        return devices
    }
}
