internal import Ports
public import Quantities

extension Moteus {
    /// What a robot's description says of one joint's controller.
    public struct Joint: Equatable, Sendable {
        public let id: ControllerID
        public let mounting: JointMounting
        /// The most torque at the controller's output, in every command.
        public let maximumTorque: NewtonMetres
        /// Which controller it is; nil where any will do. Two of a kind that changed places show only here.
        public let unit: UnitID?

        /// Nil for a torque that is not above zero.
        public init?(id: ControllerID, mounting: JointMounting, maximumTorque: NewtonMetres, unit: UnitID? = nil) {
            guard maximumTorque.isFinite, maximumTorque > .zero else { return nil }
            self.id = id
            self.mounting = mounting
            self.maximumTorque = maximumTorque
            self.unit = unit
        }
    }

    /// The controllers on one bus.
    public struct DriverSettings: Equatable, Sendable {
        /// How long a controller waits for the next command before it stops by itself; in every command.
        public let watchdog: Seconds

        /// Nil for a watchdog that is none: from 10 ms to 10 s.
        public init?(watchdog: Seconds) {
            guard Seconds(0.01) <= watchdog, watchdog <= Seconds(10) else { return nil }
            self.watchdog = watchdog
        }

        private init(known watchdog: Seconds) { self.watchdog = watchdog }

        public static let standard = DriverSettings(known: Seconds(0.1))
    }
}

extension Moteus.Joint {
    /// The frame of a goal; nil for one that is no number or beyond the torque limit.
    func payload(_ goal: JointGoal, watchdog: Seconds) throws(EncodingError) -> Moteus.Payload? {
        guard let command = command(goal, watchdog: watchdog) else { return nil }
        var payload = try Moteus.Payload(command)
        if case .effort = goal { try payload.writeNoStiffness() }
        return payload
    }

    private func command(_ goal: JointGoal, watchdog: Seconds) -> Moteus.PositionCommand? {
        switch goal {
        case .position(let angle): command(mounting.actuator(angle), watchdog: watchdog)
        case .speed(let speed): command(nil, mounting.actuator(speed), watchdog: watchdog)
        case .effort(let effort):
            mounting.actuator(effort).magnitude <= maximumTorque
                ? command(nil, torque: mounting.actuator(effort), watchdog: watchdog) : nil
        }
    }

    /// Stays wherever it is.
    func hold(watchdog: Seconds) throws(EncodingError) -> Moteus.Payload? {
        try command(nil, watchdog: watchdog).map { (command) throws(EncodingError) in try Moteus.Payload(command) }
    }

    private func command(
        _ position: Radians?, _ velocity: RadiansPerSecond = .zero, torque: NewtonMetres = .zero, watchdog: Seconds
    ) -> Moteus.PositionCommand? {
        Moteus.PositionCommand(
            position: position, velocity: velocity, torque: torque, maximumTorque: maximumTorque, watchdog: watchdog)
    }

    /// What the command in force asks of the joint; nil outside of position mode.
    func goal(_ reading: Moteus.Reading) -> JointGoal? {
        guard reading.mode == .position else { return nil }
        if let position = reading.commandPosition { return .position(mounting.joint(position)) }
        if reading.commandStiffness == 0 { return reading.commandTorque.map { .effort(mounting.joint($0)) } }
        return reading.commandVelocity.map { .speed(mounting.joint($0)) }
    }
}

extension Moteus.Reading {
    /// A mode without a reason in the fault register, where there should be one.
    static let faultWithoutReason: UInt32 = 0x100

    /// What the controller complains about. A limit at work is no complaint.
    var alarm: UInt32 {
        guard let condition, condition.limiter == nil, condition.rawValue != 0 else {
            return mode == .fault ? Self.faultWithoutReason : 0
        }
        return UInt32(condition.rawValue)
    }

    var watchdogState: WatchdogState {
        if mode == .timeout { return .tripped }
        return mode == .position && commandWatchdog.map { $0 > .zero } ?? false ? .armed : .off
    }

    var isDriven: Bool { mode != .stopped && mode != .fault }
}

extension JointSample {
    /// Nil where something that every reading has is missing or cannot be.
    init?(_ reading: Moteus.Reading, of controller: Moteus.Joint, at instant: MonotonicInstant) {
        guard reading.mode != nil, reading.condition != nil, let position = reading.position,
            let speed = reading.velocity, let torque = reading.torque, let current = reading.current,
            let voltage = reading.voltage, let temperature = reading.boardTemperature,
            // No supply of theirs, and no board that still calculates.
            (Volts(0)...Volts(80)).contains(voltage), (Celsius(-50)...Celsius(150)).contains(temperature)
        else { return nil }
        let mounting = controller.mounting
        self.init(
            position: mounting.joint(position), speed: mounting.joint(speed), pull: .current(current),
            effort: mounting.joint(torque), voltage: voltage,
            temperature: max(temperature, reading.motorTemperature ?? temperature),
            acknowledged: controller.goal(reading), isDriven: reading.isDriven, watchdog: reading.watchdogState,
            alarm: reading.alarm, deviceClock: reading.clock, instant: instant)
    }
}
