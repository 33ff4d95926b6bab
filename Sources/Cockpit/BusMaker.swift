import Actuators
import BoardLink
import Ports
import Quantities
import Robots
import Supervision

/// The bus that a robot's file names, over whatever port.
struct BusMaker {
    private let robot: Robot

    init(_ robot: Robot) { self.robot = robot }

    private var rate: BaudRate? { robot.file.bus.baud.flatMap { UInt32(exactly: $0) }.flatMap(BaudRate.init) }

    /// Makes it, and hands it to whoever knows what to do with it.
    func withBus<Port: BytePort & ~Copyable>(
        _ line: consuming sending Port, _ visitor: inout some BusVisitor
    ) throws(SeatProblem) {
        switch robot.file.bus.driver {
        case .dynamixel:
            guard let bus = DynamixelBus(line, rate: rate, joints: try dynamixels, settings: try dynamixelSettings)
            else {
                throw .joint("")
            }
            visitor.visit(bus)
        case .feetech:
            guard let bus = FeetechBus(line, rate: rate, joints: try feetechs) else { throw .joint("") }
            visitor.visit(bus)
        case .moteus:
            // Their adapter answers a line that has a checksum with one, over USB as over a plain serial line, where
            // nothing else would find a damaged byte.
            let bus = MoteusBus(line, rate: rate, hasChecksum: true, joints: try moteus, settings: try moteusSettings)
            guard let bus else { throw .joint("") }
            visitor.visit(bus)
        case .board:
            guard let bus = BoardBus(line, rate: nil, settings: try board) else { throw .board }
            visitor.visit(bus)
        }
    }

    /// A watchdog that the servos cannot be told is refused, and not replaced by a longer one.
    private var dynamixelSettings: Dynamixel.DriverSettings {
        get throws(SeatProblem) {
            guard let silence = robot.file.bus.watchdog else { return Dynamixel.DriverSettings() }
            guard let watchdog = Dynamixel.BusWatchdog.arming(within: silence) else { throw .watchdog(silence) }
            return Dynamixel.DriverSettings(watchdog: watchdog)
        }
    }

    private var moteusSettings: Moteus.DriverSettings {
        get throws(SeatProblem) {
            guard let silence = robot.file.bus.watchdog else { return .standard }
            guard let settings = Moteus.DriverSettings(watchdog: silence) else { throw .watchdog(silence) }
            return settings
        }
    }

    private func each<Made>(
        _ make: (RobotFile.Joint, JointMounting) -> Made?
    ) throws(SeatProblem) -> [Made] {
        var all: [Made] = []
        for joint in robot.file.joints {
            guard let mounting = JointMounting(joint), let made = make(joint, mounting) else {
                throw .joint(joint.name)
            }
            all.append(made)
        }
        return all
    }

    private var dynamixels: [Dynamixel.Joint] {
        get throws(SeatProblem) {
            try each { joint, mounting in
                let model = Dynamixel.Model.allCases.first { $0.productName.lowercased() == joint.model }
                guard let id = Dynamixel.ServoID(joint.id), let model else { return nil }
                let mode: Dynamixel.OperatingMode =
                    switch joint.drive {
                    case .position: .position
                    case .speed: .velocity
                    case .effort: model.hasCurrentSensor ? .current : .pwm
                    }
                return Dynamixel.Joint(
                    id: id, model: model, mode: mode, mounting: mounting, currentLimit: joint.currentLimit)
            }
        }
    }

    private var feetechs: [Feetech.Joint] {
        get throws(SeatProblem) {
            try each { joint, mounting in
                let models = ["sts3215": Feetech.Model.sts3215, "sts3215-12v": .sts3215, "sts3250": .sts3250]
                guard let id = Feetech.ServoID(joint.id), let model = models[joint.model] else { return nil }
                let mode: Feetech.OperatingMode =
                    switch joint.drive {
                    case .position: .position
                    case .speed: .velocity
                    case .effort: .pwm
                    }
                return Feetech.Joint(
                    id: id, model: model, mode: mode, mounting: mounting, torqueLimit: share(of: joint, mounting))
            }
        }
    }

    /// The most of the supply that a servo needs for what its envelope allows.
    private func share(of joint: RobotFile.Joint, _ mounting: JointMounting) -> Duty {
        let place = robot.file.joints.firstIndex { $0.name == joint.name } ?? 0
        let most = robot.envelope.envelope.joints.elements[place].overEffort
        guard case .load(let duty) = mounting.pull(for: most) else { return Duty(1) }
        return Duty(min(1, abs(duty.value)))
    }

    private var moteus: [Moteus.Joint] {
        get throws(SeatProblem) {
            try each { joint, mounting in
                let place = robot.file.joints.firstIndex { $0.name == joint.name } ?? 0
                let most = robot.envelope.envelope.joints.elements[place].effort
                return Moteus.ControllerID(joint.id).flatMap {
                    Moteus.Joint(id: $0, mounting: mounting, maximumTorque: mounting.actuator(most).magnitude)
                }
            }
        }
    }

    /// What our board is told of the envelope.
    var board: Board.Settings {
        get throws(SeatProblem) {
            let envelope = robot.envelope.envelope
            let bounds = robot.file.joints.indices.compactMap { place -> JointBounds? in
                guard let joint = JointIndex(UInt8(clamping: place)) else { return nil }
                let limits = envelope.joints[joint]
                return JointBounds(
                    joint: joint, position: limits.position, speed: limits.overspeed, effort: limits.overEffort,
                    temperature: limits.hottest, current: robot.file.joints[place].currentLimit ?? Amperes(14),
                    braking: limits.stoppingDeceleration)
            }
            let (identity, volts) = (envelope.identity.first, envelope.joints[.first].voltage)
            guard bounds.count == robot.file.joints.count, let first = bounds.first, bounds.count <= 4 else {
                throw .board
            }
            let rest = [1, 2, 3].map { $0 < bounds.count ? bounds[$0] : nil }
            let silence = Ticks(Int32(((robot.file.bus.watchdog?.value ?? 0.05) * 1_000).rounded()))
            let hash = EnvelopeHash(
                DoubleWord(high: UInt32(identity >> 32), low: UInt32(truncatingIfNeeded: identity)))
            let configuration = Configure(
                envelope: hash, supply: volts, silence: silence, first, rest[0], rest[1], rest[2])
            guard let configuration, let settings = Board.Settings(configuration) else { throw .board }
            return settings
        }
    }
}

extension JointMounting {
    fileprivate init?(_ joint: RobotFile.Joint) {
        let torque: Torque =
            switch joint.torque {
            case .perAmpere(let torque): .perAmpere(torque)
            case .atFullDuty(let torque): .atFullDuty(torque)
            case .known: .perAmpere(NewtonMetres(1))
            }
        self.init(
            direction: joint.isOpposite ? .opposite : .same, zero: joint.zero, gear: joint.gear, torque: torque)
    }
}
