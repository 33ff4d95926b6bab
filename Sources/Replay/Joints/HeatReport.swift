internal import Episodes
public import Metrology
internal import Quantities
public import Recordings
public import Robots
public import Supervision

/// What the recordings of some work say of how the motors of a robot warm, beside what its envelope counts on.
public struct HeatReport: Sendable {
    public enum Verdict: String, Sendable {
        /// The envelope takes the motor to be warmer than it becomes.
        case safe
        /// As far as the recordings tell, it is as the envelope says.
        case close
        /// It becomes warmer than the envelope knows.
        case unsafe
    }

    public struct Joint: Sendable {
        public let name: String
        public let counted: MotorHeat
        public let warming: Result<Warming, WarmingProblem>?

        /// Nil where nothing is known: of its current, or of its warmth.
        public var verdict: Verdict? {
            guard case .success(let warming)? = warming else { return nil }
            let capacity = Self.verdict(warming.capacity, counted: Double(counted.housingCapacity.value), worse: -1)
            let resistance = Self.verdict(warming.resistance, counted: Double(counted.housingToAmbient.value), worse: 1)
            if capacity == .unsafe || resistance == .unsafe { return .unsafe }
            return capacity == .close || resistance == .close ? .close : .safe
        }

        /// - Parameter worse: the way that a motor is in danger: more of a resistance, less of a capacity.
        private static func verdict(_ found: Measured, counted: Double, worse: Double) -> Verdict {
            let over = worse * (found.value - counted)
            if over > found.uncertainty { return .unsafe }
            return over > 0 ? .close : .safe
        }
    }

    public let joints: [Joint]
    public let recordings: Int

    /// - Parameter logs: of one robot, in any order, all since its computer was started.
    public init(_ logs: [EpisodeLog], _ robot: RobotFile, within envelope: Envelope) {
        let ordered = logs.filter { !$0.ticks.isEmpty }.sorted {
            $0.ticks[0].hostTime.nanoseconds < $1.ticks[0].hostTime.nanoseconds
        }
        self.init(recordings: ordered.count, robot, within: envelope) { joint, torque, motor in
            ordered.map { Self.work($0, joint, torque, Double(motor.resistance.value)) }
        }
    }

    /// - Parameter works: of a joint with so many newton metres an ampere.
    init(
        recordings: Int, _ robot: RobotFile, within envelope: Envelope,
        works: (_ joint: JointIndex, _ torque: Double, _ motor: MotorHeat) -> [Warming.Work]
    ) {
        self.recordings = recordings
        joints = robot.joints.enumerated().map { place, joint in
            let motor = envelope.joints.elements[place].motor
            guard case .perAmpere(let torque) = joint.torque, let index = JointIndex(UInt8(clamping: place)) else {
                return Joint(name: joint.name, counted: motor, warming: nil)
            }
            let winding = Warming.Winding(
                time: Double(motor.windingTime.value), capacity: Double(motor.windingCapacity.value))
            let works = works(index, Double(torque.value), motor)
            return Joint(
                name: joint.name, counted: motor,
                warming: Result { () throws(WarmingProblem) in try Warming(works, winding) })
        }
    }

    /// Second by second; what was not measured is taken to be as it was before, and a warmth that was not told is none.
    static func work(
        _ log: EpisodeLog, _ joint: JointIndex, _ torque: Double, _ resistance: Double
    ) -> Warming.Work {
        let first = log.ticks[0].hostTime.nanoseconds
        var work = Warming.Work(begin: Double(first) * 1e-9, powers: [], temperatures: [])
        var second = Second()
        for tick in log.ticks {
            let row = tick.joints[joint]
            let number = Int(Double(tick.hostTime.nanoseconds &- first) * 1e-9)
            while work.powers.count < number { second.close(&work) }
            let current = Double(row.effort.value) / torque
            second.take(current * current * resistance, Double(row.temperature.value))
        }
        return work
    }

    private struct Second {
        private var (heat, count, warmth, told) = (0.0, 0.0, 0.0, 0.0)
        private var last = 0.0

        mutating func take(_ watts: Double, _ temperature: Double) {
            if watts.isFinite { (heat, count) = (heat + watts, count + 1) }
            if temperature.isFinite { (warmth, told) = (warmth + temperature, told + 1) }
        }

        mutating func close(_ work: inout Warming.Work) {
            last = count > 0 ? heat / count : last
            work.powers.append(last)
            work.temperatures.append(told > 0 ? warmth / told : .nan)
            (heat, count, warmth, told) = (0, 0, 0, 0)
        }
    }
}
