import Quantities
import Testing

@testable import Supervision

// A robot whose numbers are powers of two, so that every limit can be met exactly and missed by one step.

let one = Digest(1, 2, 3, 4)
let approvedPlan = Digest(5, 6, 7, 8)
let alice = Operator(userNumber: 1000)

func joint(_ raw: UInt8) -> JointIndex {
    guard let index = JointIndex(raw) else { preconditionFailure("joint \(raw) does not exist") }
    return index
}

func limit<Unit: Quantity>(_ low: Float, _ high: Float, of _: Unit.Type = Unit.self) -> Limit<Unit> {
    guard let limit = Limit(Unit(low), Unit(high)) else { preconditionFailure("\(low) is not below \(high)") }
    return limit
}

extension LadderTimes {
    static let sample = LadderTimes(
        hold: Ticks(8), slowStop: Ticks(128), park: Ticks(1024), limp: Ticks(16), rest: Ticks(3), recovery: Ticks(4),
        permit: Ticks(4))
}

extension RobotEnvelope {
    static let sample = RobotEnvelope(
        period: Seconds(1 / 128), deadline: Seconds(1 / 64), lateTicksToHold: Ticks(2), lateTicksToStop: Ticks(4),
        reaction: Seconds(1 / 64), power: Watts(64), energy: Allowance(capacity: 16, drain: PerSecond(32)),
        commandRate: 2, commandTravel: Allowance(capacity: 8, drain: PerSecond(4)), parkSpeed: RadiansPerSecond(1),
        tube: TubeRules(hysteresis: Radians(0.125), patience: Ticks(2)), times: .sample, horizon: Ticks(1000))
}

extension MotorHeat {
    static let sample = MotorHeat(
        resistance: Ohms(2), windingCapacity: JoulesPerKelvin(8), housingCapacity: JoulesPerKelvin(64),
        windingToHousing: KelvinsPerWatt(1), housingToAmbient: KelvinsPerWatt(4), ambient: Celsius(16),
        windingLimit: Celsius(96), leastTimeLeft: Seconds(4))
}

extension Drive {
    static let sampleSpeed = Drive.speed(following: PerSecond(2))
    static let sampleEffort = Drive.effort(
        stiffness: NewtonMetresPerRadian(8), damping: NewtonMetreSecondsPerRadian(0.5))
}

extension JointEnvelope {
    static func sample(_ drive: Drive = .position) -> JointEnvelope {
        JointEnvelope(
            drive: drive, position: limit(-2, 2), softening: Radians(0.25), speed: RadiansPerSecond(8),
            overspeed: RadiansPerSecond(16), acceleration: RadiansPerSecondSquared(64),
            stoppingDeceleration: RadiansPerSecondSquared(32), effort: NewtonMetres(4), overEffort: NewtonMetres(8),
            effortSlew: NewtonMetresPerSecond(256), lead: Radians(0.5), tracking: Radians(1),
            jumpAllowance: Radians(0.125), rest: RadiansPerSecond(0.0625), park: Radians(0.5),
            parkTolerance: Radians(0.0625), hottest: Celsius(64), voltage: limit(4, 16),
            oldestMotion: Seconds(0.0625), oldestTemperature: Seconds(2), oldestVoltage: Seconds(1), motor: .sample)
    }
}

extension JointReading {
    static let sample = JointReading(
        position: .zero, speed: .zero, effort: .zero, current: .zero, temperature: Celsius(32), voltage: Volts(8),
        motionAge: .zero, temperatureAge: .zero, voltageAge: .zero)

    static func at(_ position: Float, speed: Float = 0) -> JointReading {
        var reading = sample
        reading.position = Radians(position)
        reading.speed = RadiansPerSecond(speed)
        return reading
    }
}

extension Envelope {
    static func sample(
        _ joints: [JointEnvelope] = [.sample()], robot: RobotEnvelope = .sample
    ) -> Envelope {
        var each = PerJoint<JointEnvelope>(repeating: .sample())
        for (position, limits) in joints.enumerated() { each[joint(UInt8(position))] = limits }
        guard let count = JointCount(UInt8(joints.count)),
            let envelope = Envelope(identity: one, robot: robot, count: count, joints: each)
        else { preconditionFailure("the sample envelope contradicts itself") }
        return envelope
    }
}

extension Approval {
    static func sample(
        serial: UInt64 = 1, plan: Digest = approvedPlan, envelope: Digest = one, horizon: Int32 = 1000,
        tube: Bool = false
    ) -> Approval {
        Approval(serial: serial, plan: plan, envelope: envelope, horizon: Ticks(horizon), demandsTube: tube)
    }
}

extension Verdict {
    subscript(_ raw: UInt8) -> JointCommand { commands[joint(raw)] }

    var finding: Finding? {
        switch ruling {
        case .idle(let finding), .stop(_, let finding): finding
        case .pass, .clamp: nil
        }
    }
    var fault: Fault? { finding?.fault }
    var rung: Rung? { if case .stop(let rung, _) = ruling { rung } else { nil } }
}

/// A supervisor with the readings and commands of its next tick at hand.
struct Rig: ~Copyable {
    var supervisor: Supervisor
    var readings = PerJoint<JointReading>(repeating: .sample)
    var asked = PerJoint<JointCommand>(repeating: .position(.zero))
    var tube: Tube?
    var elapsed = Seconds(1 / 128)

    init(_ joints: [JointEnvelope] = [.sample()], robot: RobotEnvelope = .sample, latestSerial: UInt64 = 0) {
        supervisor = Supervisor(.sample(joints, robot: robot), latestSerial: latestSerial)
        for (position, limits) in joints.enumerated() {
            asked[joint(UInt8(position))] =
                switch limits.drive {
                case .position: .position(.zero)
                case .speed: .speed(.zero)
                case .effort: .effort(.zero)
                }
        }
    }

    subscript(_ raw: UInt8) -> JointReading {
        get { readings[joint(raw)] }
        set { readings[joint(raw)] = newValue }
    }

    @discardableResult
    mutating func tick(_ command: JointCommand? = nil) -> Verdict {
        if let command { asked[joint(0)] = command }
        return supervisor.tick(readings, asked: asked, elapsed: elapsed, tube: tube)
    }

    /// From nothing to watched, with one healthy tick behind it.
    mutating func observe() {
        for event in [Event.identified, .verified, .observe] { _ = supervisor.handle(event) }
        tick()
    }

    mutating func start(_ approval: Approval = .sample()) throws {
        observe()
        let permit = try supervisor.grant(approval, for: approvedPlan)
        try supervisor.begin(permit)
    }
}

/// A robot that runs, with joint 0 where the test wants it.
func running(
    _ limits: JointEnvelope = .sample(), robot: RobotEnvelope = .sample, at position: Float = 0, speed: Float = 0
) throws -> Rig {
    var rig = Rig([limits], robot: robot)
    rig[0] = .at(position, speed: speed)
    try rig.start()
    return rig
}

func unexpected(_ mode: Mode, sourceLocation: SourceLocation = #_sourceLocation) {
    Issue.record("the mode is \(mode)", sourceLocation: sourceLocation)
}
