internal import Episodes
internal import Quantities
internal import Recordings
public import Robots
public import Supervision

/// What the supervisor was told on every tick of a flight.
///
/// Everything comes from the recording but three things that it does not hold: what the motors drew is computed from their
/// effort; the tick before the first one counts as one period ago; and motors count as rested when the flight began.
public struct SafetyInputs: Sendable {
    public let ticks: [SafetyTick]
    private let seen: [EpisodeTick]
    private let pulls: MotorPulls
    private let count: JointCount
    let permit: UInt64
    let plan: Digest
    let demandsTube: Bool

    public init(_ episode: FlownEpisode, _ robot: RobotFile, _ envelope: Envelope) throws(SafetyProblem) {
        let log = episode.log
        guard log.joints.count == Int(envelope.count.rawValue), log.joints.count == robot.joints.count else {
            throw .otherJoints(envelope: Int(envelope.count.rawValue), recorded: log.joints.count)
        }
        permit = max(episode.permit, 1)
        plan = episode.plan.digestOfProposal(episode.dossier)
        demandsTube = true
        (seen, pulls, count) = (log.ticks, try MotorPulls(robot, envelope), envelope.count)
        let bands = Bands(episode, envelope)
        var last: Timestamp?
        var made: [SafetyTick] = []
        made.reserveCapacity(log.ticks.count)
        for (place, tick) in log.ticks.enumerated() {
            let elapsed = last.map { Seconds(from: $0, to: tick.hostTime) } ?? envelope.robot.period
            last = tick.hostTime
            made.append(
                SafetyTick(
                    instant: tick.hostTime, elapsed: elapsed, tube: bands.tube(at: place),
                    recorded: SafetyVerdict(tick, envelope.count)))
        }
        ticks = made
    }

    /// What every joint had measured on a tick.
    func readings(at place: Int) -> PerJoint<JointReading> {
        var readings = PerJoint<JointReading>(repeating: .none)
        // The loop took the samples' ages after it had read the bus.
        let reading = seen[place].timing.reading
        for joint in count.all {
            let row = seen[place].joints[joint]
            let age = row.age + (reading.isFinite ? reading : .zero)
            readings[joint] = JointReading(
                position: row.position, speed: row.speed, effort: row.effort,
                current: pulls.current(of: joint, at: row.effort), temperature: row.temperature, voltage: row.voltage,
                motionAge: age, temperatureAge: age, voltageAge: age)
        }
        return readings
    }

    /// What the policy had wanted of every joint.
    func asked(at place: Int) -> PerJoint<JointCommand> {
        var asked = PerJoint<JointCommand>(repeating: .off)
        for joint in count.all { asked[joint] = JointCommand(seen[place].joints[joint].requested) }
        return asked
    }
}

/// One tick, as the supervisor takes it.
public struct SafetyTick: Sendable {
    let instant: Timestamp
    let elapsed: Seconds
    /// The approved band; nil stands for the whole range of the envelope.
    let tube: Tube?
    let recorded: SafetyVerdict
}

/// Why a recording cannot be judged anew.
public enum SafetyProblem: Error, Equatable, Sendable {
    case otherJoints(envelope: Int, recorded: Int)
    /// What this joint's motor draws follows neither from the recording nor from the robot's file.
    case unknownCurrent(joint: String)
    /// The robot was never under way: there is nothing to judge.
    case neverRan
}

/// The current that a motor must have drawn for the effort that its actuator told.
private struct MotorPulls: Sendable {
    private var amperesPerNewtonMetre = PerJoint<Float>(repeating: .nan)

    init(_ robot: RobotFile, _ envelope: Envelope) throws(SafetyProblem) {
        for (place, joint) in robot.joints.enumerated() {
            guard let index = envelope.count.joint(at: UInt8(clamping: place)) else { continue }
            switch joint.torque {
            case .perAmpere(let torque): amperesPerNewtonMetre[index] = 1 / torque.value
            case .atFullDuty(let torque):
                let limits = envelope.joints[index]
                let most = limits.voltage.high.value / limits.motor.resistance.value
                amperesPerNewtonMetre[index] = most / torque.value
            case .known: throw .unknownCurrent(joint: joint.name)
            }
        }
    }

    func current(of joint: JointIndex, at effort: NewtonMetres) -> Amperes {
        Amperes(effort.value * amperesPerNewtonMetre[joint])
    }
}

/// Where the robot was allowed to be on each tick.
private struct Bands {
    private let band: ApprovedBand
    private let acts: [Int]
    private let numbers: [Int: Int32]

    init(_ episode: FlownEpisode, _ envelope: Envelope) {
        band = episode.dossier.band
        acts = episode.acts
        numbers = Dictionary(
            uniqueKeysWithValues: episode.acts.enumerated().map { ($0.element, Int32($0.offset)) })
    }

    func tube(at place: Int) -> Tube? { numbers[place].flatMap { band.tube(at: Ticks($0)) } }
}

extension EpisodePlan {
    fileprivate func digestOfProposal(_ dossier: Dossier) -> Digest {
        do throws(PlanDefect) { return try Proposal(plan: self, dossier: dossier).digest } catch { return digest }
    }
}

extension Seconds {
    /// As the loop computes it, to the last bit.
    fileprivate init(from earlier: Timestamp, to later: Timestamp) {
        let span = Int64(bitPattern: later.nanoseconds &- earlier.nanoseconds)
        let (seconds, rest) = span.quotientAndRemainder(dividingBy: 1_000_000_000)
        self.init(Float(Double(seconds) + Double(rest * 1_000_000_000) * 1e-18))
    }
}

extension JointReading {
    fileprivate static let none = JointReading(
        position: .zero, speed: .zero, effort: .zero, current: .zero, temperature: Celsius(0), voltage: .zero,
        motionAge: .zero, temperatureAge: .zero, voltageAge: .zero)
}

extension JointCommand {
    fileprivate init(_ command: RecordedCommand) {
        switch command.kind {
        case .off: self = .off
        case .position: self = .position(Radians(command.value))
        case .speed: self = .speed(RadiansPerSecond(command.value))
        case .effort: self = .effort(NewtonMetres(command.value))
        }
    }
}
