public import Quantities

extension Feetech {
    /// What register `mode` says.
    public enum OperatingMode: UInt8, CaseIterable, Sendable {
        case position = 0
        case velocity = 1
        case pwm = 2
    }

    /// What a robot's description says of one joint's servo.
    public struct Joint: Equatable, Sendable {
        public let id: ServoID
        public let model: Model
        public let mode: OperatingMode
        public let mounting: JointMounting
        /// The most of the supply that the servo may use; written into its volatile memory before it is switched on.
        public let torqueLimit: Duty
        /// What the calibration found in the servo. Another one there means another zero.
        public let homingOffset: Int32

        let rawTorqueLimit: Int32

        /// Nil for a torque limit that is none, or an offset that no servo holds.
        ///
        /// A goal of effort is a share of the supply, so a joint in that mode tells its torque so.
        public init?(
            id: ServoID, model: Model, mode: OperatingMode, mounting: JointMounting, torqueLimit: Duty,
            homingOffset: Int32 = 0
        ) {
            let units = Units(phase: 0)
            guard let rawLimit = units.raw(torqueLimit), (1...1_000).contains(rawLimit),
                Item.homingOffset.register.range.contains(homingOffset)
            else { return nil }
            if mode == .pwm, case .perAmpere = mounting.torque { return nil }
            self.id = id
            self.model = model
            self.mode = mode
            self.mounting = mounting
            self.torqueLimit = torqueLimit
            self.homingOffset = homingOffset
            rawTorqueLimit = rawLimit
        }
    }

    /// What the numbers in a goal packet are, for one servo: registers 41 to 49.
    struct Goal: Equatable, Sendable {
        static let region = Region(address: 41, count: 9)

        var position: Int32 = 0
        var duty: Int32 = 0
        var speed: Int32 = 0
        var torqueLimit: Int32

        /// Nil where a number does not fit its register.
        var bytes: InlineArray<9, UInt8>? {
            var bytes = InlineArray<9, UInt8>(repeating: 0)
            let numbers: [4 of (Item, Int32)] = [
                (.goalPosition, position), (.goalPWM, duty), (.goalVelocity, speed), (.torqueLimit, torqueLimit),
            ]
            for index in numbers.indices {
                let (item, number) = numbers[index]
                guard let encoded = item.register.bytes(of: number) else { return nil }
                let start = Int(item.register.address - Self.region.address)
                for place in encoded.span.indices { bytes[start + place] = encoded.span[place] }
            }
            return bytes
        }
    }
}

extension Feetech.Model {
    /// Twice what the motor does without a load at its highest voltage: nothing and nobody turns the output faster.
    var fastest: RadiansPerSecond {
        switch self {
        case .sts3215: RadiansPerSecond(11)
        case .sts3250: RadiansPerSecond(16)
        }
    }
}

extension Feetech.Joint {
    /// Whether the servo follows this kind of goal in its mode.
    func follows(_ goal: JointGoal) -> Bool {
        switch (goal, mode) {
        case (.position, .position), (.speed, .velocity), (.effort, .pwm): true
        default: false
        }
    }

    /// Nil when the goal does not fit into the servo's numbers. A position is one of the encoder's one turn: the servo
    /// would go to any other by way of all the turns between.
    func goal(_ goal: JointGoal, in units: Feetech.Units) -> Feetech.Goal? {
        var out = Feetech.Goal(torqueLimit: rawTorqueLimit)
        switch goal {
        case .position(let angle):
            guard let raw = units.raw(mounting.actuator(angle)), (0..<stepsPerTurn).contains(raw) else { return nil }
            out.position = raw
        case .speed(let speed):
            guard let raw = units.raw(mounting.actuator(speed)) else { return nil }
            out.speed = raw
        case .effort(let effort):
            guard case .load(let duty) = mounting.pull(for: effort), let raw = units.raw(duty),
                raw.magnitude <= UInt32(rawTorqueLimit)
            else { return nil }
            out.duty = raw
        }
        return out
    }

    /// What the goal registers ask of the joint.
    func goal(_ window: Feetech.Window, in units: Feetech.Units) -> JointGoal {
        switch mode {
        case .position: .position(mounting.joint(units.position(window.goalPosition)))
        case .velocity: .speed(mounting.joint(units.velocity(window.goalVelocity)))
        case .pwm: .effort(mounting.effort(of: .load(units.duty(window.goalDuty))))
        }
    }
}
