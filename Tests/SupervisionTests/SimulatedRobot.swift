import Quantities

@testable import Supervision

/// A joint as simple as it can be and still have inertia, friction, gravity, delay and noise.
struct SimulatedJoint {
    var position: Float
    var speed: Float = 0
    let inertia: Float
    let friction: Float
    let gravity: Float
    /// What a servo's own loop can do to reach its command.
    let servoAcceleration: Float = 256
    private var pending: [JointCommand]
    private var seen: [(position: Float, speed: Float)]

    init(position: Float, inertia: Float, friction: Float, gravity: Float, commandDelay: Int, sensorDelay: Int) {
        self.position = position
        self.inertia = inertia
        self.friction = friction
        self.gravity = gravity
        pending = Array(repeating: .off, count: commandDelay)
        seen = Array(repeating: (position, 0), count: sensorDelay)
    }

    /// Moves for one tick under a command that was given `commandDelay` ticks ago.
    mutating func move(_ command: JointCommand, for period: Float) {
        pending.append(command)
        let obeyed = pending.removeFirst()
        let step = period / 8
        for _ in 0..<8 {
            let slowing = friction * min(max(speed * 100, -1), 1)
            switch obeyed {
            case .off: speed += (gravity - slowing) / inertia * step
            case .effort(let effort): speed += (effort.value + gravity - slowing) / inertia * step
            case .speed(let wanted): follow(wanted.value, step)
            case .position(let wanted): follow((wanted.value - position) * 64, step)
            }
            position += speed * step
        }
    }

    private mutating func follow(_ wanted: Float, _ step: Float) {
        speed += min(max(wanted - speed, -servoAcceleration * step), servoAcceleration * step)
    }

    /// What its sensor says, `sensorDelay` ticks late and with this error.
    mutating func sense(error: Float) -> JointReading {
        seen.append((position, speed))
        let (position, speed) = seen.removeFirst()
        return .at(position + error, speed: speed + error * 8)
    }
}

/// Whatever a learner may come up with.
enum WildPolicy: CaseIterable {
    case towardsLimit, bangBang, chatter, drift, resonance, sometimesNaN

    func command(_ drive: Drive, tick: Int, _ chance: inout SplitMix64) -> JointCommand {
        let sign: Float
        switch self {
        case .towardsLimit: sign = 1
        case .bangBang: sign = chance.once(in: 40) ? -1 : 1
        case .chatter: sign = chance.uniform(-1, 1)
        case .drift: sign = Float(tick % 700) / 350 - 1
        case .resonance: sign = (tick / 37).isMultiple(of: 2) ? 1 : -1
        case .sometimesNaN: sign = chance.once(in: 900) ? .nan : chance.uniform(0, 1)
        }
        return switch drive {
        case .position: .position(Radians(sign * 4))
        case .speed: .speed(RadiansPerSecond(sign * 20))
        case .effort: .effort(NewtonMetres(sign * 10))
        }
    }
}

/// One joint, one policy, one supervisor and everything that can go wrong between them, from one seed.
struct World: ~Copyable {
    static let period: Float = 1 / 128
    let limits: JointEnvelope
    var chance: SplitMix64
    var joint: SimulatedJoint
    var policy = WildPolicy.towardsLimit
    var supervisor: Supervisor
    var serial: UInt64 = 0
    var runningTicks = 0
    var stops = 0
    var worstPosition: Float = 0
    var worstSpeed: Float = 0

    init(seed: UInt64) {
        chance = SplitMix64(seed: seed)
        let drives: [Drive] = [.position, .sampleSpeed, .sampleEffort]
        var limits = JointEnvelope.sample(drives[chance.below(3)])
        limits.motor = EnvelopeTests.motor(toAmbient: 0.5)
        self.limits = limits
        var robot = RobotEnvelope.sample
        robot.reaction = Seconds(1 / 32)
        robot.commandRate = 100
        robot.commandTravel = Allowance(capacity: 1e6, drain: PerSecond(1e6))
        robot.energy = Allowance(capacity: 1e6, drain: PerSecond(1e6))
        robot.horizon = Ticks(1 << 20)
        supervisor = Supervisor(.sample([limits], robot: robot), latestSerial: 0)
        // The effort of 4 N·m always outweighs gravity and still gives the deceleration that the envelope counts on.
        joint = SimulatedJoint(
            position: chance.uniform(-1.5, 1.5), inertia: chance.uniform(0.04, 0.06),
            friction: chance.uniform(0, 0.1), gravity: chance.uniform(-0.8, 0.8), commandDelay: chance.below(2),
            sensorDelay: chance.below(2))
    }

    /// Runs so many ticks; whenever the robot has stopped, a person clears, verifies and approves the next episode.
    mutating func run(ticks: Int) {
        for tick in 0..<ticks {
            if tick % 4096 == 0 { policy = WildPolicy.allCases[chance.below(WildPolicy.allCases.count)] }
            restart()
            let reading = joint.sense(error: chance.uniform(-0.002, 0.002))
            let asked = PerJoint(repeating: policy.command(limits.drive, tick: tick, &chance))
            let elapsed = Self.period * (chance.once(in: 50) ? 1.5 : 1)
            let verdict = supervisor.tick(
                PerJoint(repeating: reading), asked: asked, elapsed: Seconds(elapsed), tube: nil)
            joint.move(verdict[0], for: elapsed)
            note(verdict)
        }
    }

    private mutating func note(_ verdict: Verdict) {
        if supervisor.mode.isRunning { runningTicks += 1 }
        if case .descend = verdict.action { stops += 1 }
        guard supervisor.mode.isPowered else { return }
        worstPosition = max(worstPosition, joint.position.magnitude)
        worstSpeed = max(worstSpeed, joint.speed.magnitude)
    }

    /// A limp joint falls; a person puts it back before the next episode.
    private mutating func restart() {
        switch supervisor.mode {
        case .unknown:
            for event in [Event.identified, .verified, .observe] { _ = supervisor.handle(event) }
        case .latched(let stop) where stop.isStopped:
            _ = supervisor.handle(.clear(by: alice))
        case .held(let stop), .latched(let stop):
            if stop.rung == .limp { rest() }
        case .observing:
            serial += 1
            let approval = Approval.sample(serial: serial, horizon: 1 << 20)
            if let permit = try? supervisor.grant(approval, for: approvedPlan) {
                try? supervisor.begin(permit)
            } else {
                rest()
            }
        case .identified, .verified, .permitted, .running: break
        }
    }

    private mutating func rest() {
        joint.speed = 0
        joint.position = min(max(joint.position, -1.5), 1.5)
    }
}
