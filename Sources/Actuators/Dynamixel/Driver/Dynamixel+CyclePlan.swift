import Quantities

extension Dynamixel {
    /// What the packets of every tick look like. Made once, when the servos are known.
    struct CyclePlan: Sendable {
        /// Where the window stands in each servo. The width is the same everywhere.
        var windows: [Region] = []
        var width = Sample.width
        /// How much of it the last request asked for: all, or less by some bytes at its end.
        private(set) var asked = Sample.width
        private var left = (shared: UInt16(0), each: UInt16(0))
        /// Whether one address holds for all, so that the request names it once.
        var isCommonWindow = true
        var isFast = false
        /// The one goal register of all servos; nil where they differ, and every servo's is named in the packet.
        var commonGoal: Register?

        /// Each kind of request asks for another width than the ones before it. So an answer to one of those, come late,
        /// is told from the one that is awaited.
        mutating func vary(fast: Bool) {
            let widths = width - Sample.leastWidth + 1
            if fast {
                left.shared = (left.shared + 1) % widths
            } else {
                left.each = (left.each + 1) % widths
            }
            asked = width - (fast ? left.shared : left.each)
        }
    }

    /// The goal register of a mode.
    static func goal(of mode: OperatingMode) -> Item {
        switch mode {
        case .current: .goalCurrent
        case .velocity: .goalVelocity
        case .position, .extendedPosition, .currentBasedPosition: .goalPosition
        case .pwm: .goalPWM
        }
    }
}

extension Dynamixel.Joint {
    var goalRegister: Dynamixel.Register {
        guard let register = model.register(Dynamixel.goal(of: mode)) else {
            preconditionFailure("a joint is made only with a mode that its model has")
        }
        return register
    }

    /// The number in the goal register; nil when the goal does not fit into it.
    func raw(_ goal: JointGoal) -> Int64? {
        switch goal {
        case .position(let angle): model.raw(mounting.actuator(angle)).map(Int64.init)
        case .speed(let speed): model.raw(mounting.actuator(speed)).map(Int64.init)
        case .effort(let effort): raw(mounting.pull(for: effort))
        }
    }

    private func raw(_ pull: ActuatorPull) -> Int64? {
        switch pull {
        case .current(let current): model.raw(current).map(Int64.init)
        case .load(let duty): model.rawPWM(duty).map(Int64.init)
        }
    }

    /// Whether the servo follows this kind of goal in its mode.
    func follows(_ goal: JointGoal) -> Bool {
        switch (goal, mode) {
        case (.position, .position), (.position, .extendedPosition), (.position, .currentBasedPosition): true
        case (.speed, .velocity), (.effort, .current): true
        // A share of the supply is a torque only for a servo that knows no current.
        case (.effort, .pwm): !model.hasCurrentSensor
        default: false
        }
    }

    /// What the goal register's number asks of the joint.
    func goal(_ raw: Int32) -> JointGoal {
        switch mode {
        case .position, .extendedPosition, .currentBasedPosition: .position(mounting.joint(model.position(raw)))
        case .velocity: .speed(mounting.joint(model.velocity(raw)))
        case .current: .effort(mounting.effort(of: .current(model.current(Int16(truncatingIfNeeded: raw)) ?? .zero)))
        case .pwm: .effort(mounting.effort(of: .load(model.duty(pwm: Int16(truncatingIfNeeded: raw)))))
        }
    }
}
