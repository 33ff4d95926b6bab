import ControlLoop
import Episodes
import Guard
import Policies
import Quantities
import Robots
import Supervision
import Threads

/// Turns the guard's orders into the loop's, and hands them over as there is room.
struct OrderDesk: ~Copyable {
    private var ring: RingProducer<Order<RobotProgram>>
    private let robot: Robot
    private let box: ScribeBox
    private let settings: SeatSettings
    private var waiting: [Order<RobotProgram>] = []
    private let mostWaiting = 16

    init(
        _ ring: consuming RingProducer<Order<RobotProgram>>, _ robot: Robot, _ box: ScribeBox, _ settings: SeatSettings
    ) {
        self.ring = ring
        self.robot = robot
        self.box = box
        self.settings = settings
    }

    mutating func take(_ order: SeatOrder) -> Bool {
        guard waiting.count < mostWaiting else { return false }
        switch order {
        case .identify: waiting.append(.identify)
        case .prepare: waiting.append(.prepare)
        case .observe: waiting += [.verified, .observe]
        case .resume(let person): waiting.append(.resume(person))
        case .clear(let person): waiting.append(.clear(person))
        case .close: waiting.append(.quit)
        case .fly(let flight): fly(flight)
        }
        flush()
        return true
    }

    mutating func flush() {
        while let order = waiting.first, ring.append(order) { waiting.removeFirst() }
    }

    /// The recording is on the disk before the loop hears of the flight: what cannot be recorded does not happen.
    private mutating func fly(_ flight: Flight) {
        let serial = flight.approval.serial
        do throws(FlightTrouble) {
            let (program, approval) = try program(flight)
            try box.begin(flight, robot, settings)
            waiting.append(.run(approval, plan: flight.proposal.digest, program, stops: flight.stops))
        } catch {
            box.tell(.warning(error.words))
            box.tell(.notPermitted(serial: serial, .notHealthy(.verificationFailed)))
        }
    }

    /// A reset and what comes after it are one flight: what is left of the longest flight is for the way to the start.
    private func program(_ flight: Flight) throws(FlightTrouble) -> (RobotProgram, Approval) {
        let plan = flight.proposal.plan
        let longest = robot.envelope.envelope.robot.horizon
        let allowance = Ticks(max(0, longest.rawValue - plan.horizon.rawValue))
        return plan.policy.format == MotionScript.format
            ? try motions(flight, allowance) : try episode(flight, allowance)
    }

    private func motions(
        _ flight: Flight, _ allowance: Ticks
    ) throws(FlightTrouble) -> (RobotProgram, Approval) {
        let plan = flight.proposal.plan
        let script: MotionScript
        do throws(CanonicalError) { script = try MotionScript(canonical: plan.policy.bytes) } catch { throw .policy }
        let needsReset = script.followsReset && allowance > .zero
        do throws(ProgramProblem) {
            let motions = try MotionProgram(robot, script, band: flight.proposal.dossier.band)
            let draws = robot.file.task.drawn(for: plan.noise)
            let reset = needsReset ? try ResetProgram(robot, draws: draws, within: allowance) : nil
            let approval = flight.proposal.approval(
                serial: flight.approval.serial, resetWithin: needsReset ? allowance : .zero)
            return (.motions(motions, after: reset), approval)
        } catch {
            throw .program(error)
        }
    }

    private func episode(
        _ flight: Flight, _ allowance: Ticks
    ) throws(FlightTrouble) -> (RobotProgram, Approval) {
        let (plan, dossier) = (flight.proposal.plan, flight.proposal.dossier)
        guard let policy = PolicyMeasure.policy(plan.policy.bytes) else { throw .policy }
        let draws = robot.file.task.drawn(for: plan.noise)
        do throws(ProgramProblem) {
            let episode = try EpisodeProgram(
                robot, policy: policy, noise: plan.noise, draws: draws, band: dossier.band, horizon: plan.horizon)
            let reset =
                allowance > .zero ? try ResetProgram(robot, draws: draws, within: allowance) : nil
            let approval = flight.proposal.approval(serial: flight.approval.serial, resetWithin: allowance)
            return (.episode(episode, after: reset), approval)
        } catch {
            throw .program(error)
        }
    }
}

/// Why a flight was not even ordered.
enum FlightTrouble: Error {
    case policy
    case program(ProgramProblem)
    case recording(String)

    var words: String {
        switch self {
        case .policy: "the policy of the plan cannot be read"
        case .program(let problem): "the plan cannot be flown by this robot: \(problem)"
        case .recording(let why): "the recording cannot be made: \(why)"
        }
    }
}
