import Quantities
import Robots

/// Chance that every machine repeats.
struct GapChance {
    private var state: UInt64

    /// Seeds that follow one another begin anywhere: without mixing each would draw what the one before drew, a draw later.
    init(seed: UInt64) {
        state = seed
        state = bits()
    }

    /// Between −1 and 1, anywhere alike.
    mutating func next() -> Float { Float(Int32(truncatingIfNeeded: bits() >> 33)) / Float(1 << 30) - 1 }

    private mutating func bits() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Random outputs of a policy, the same for body and model, and what they come to as commands.
struct GapCommands {
    /// Every output stays for so long: a policy's noise is quicker, and then its mean is all that moves a robot.
    private static let hold = Seconds(0.1)

    private let file: RobotFile
    /// By joint, then by span of `hold`.
    private let outputs: [[Float]]
    private let ticksInSpan: Int

    init(for file: RobotFile, over duration: Seconds, _ chance: inout GapChance) {
        self.file = file
        ticksInSpan = max(1, Int((Self.hold / file.period).rounded()))
        let spans = Int((duration / Self.hold).rounded(.up))
        outputs = file.joints.map { _ in (0..<spans).map { _ in chance.next() } }
    }

    /// Before the first tick and until the robot is at rest: what keeps it at its start.
    static func resting(_ file: RobotFile, at starts: [Float], positions: [Float], speeds: [Float]) -> [Float] {
        file.joints.indices.map { joint in
            switch file.task.commands[joint] {
            case .direct: file.joints[joint].drive == .position ? starts[joint] : 0
            case .step: starts[joint]
            case .spring(_, _, let stiffness, let damping):
                stiffness.value * (starts[joint] - positions[joint]) - damping.value * speeds[joint]
            }
        }
    }

    /// The commands of a tick; `last` are those of the tick before.
    func commands(at tick: Int, last: [Float], positions: [Float], speeds: [Float]) -> [Float] {
        file.joints.indices.map { joint in
            let share = (outputs[joint][tick / ticksInSpan] + 1) / 2
            switch file.task.commands[joint] {
            case .direct(let low, let high): return low + share * (high - low)
            case .step(let low, let high): return last[joint] + low.value + share * (high.value - low.value)
            case .spring(let low, let high, let stiffness, let damping):
                let wanted = low.value + share * (high.value - low.value)
                return limited(
                    stiffness.value * (wanted - positions[joint]) - damping.value * speeds[joint], file.joints[joint])
            }
        }
    }

    /// Where springs pull to in a tick; nil where a command is none of a spring.
    func ends(at tick: Int) -> [Float]? {
        var ends: [Float] = []
        for joint in file.joints.indices {
            guard case .spring(let low, let high, _, _) = file.task.commands[joint] else { return nil }
            ends.append(low.value + (outputs[joint][tick / ticksInSpan] + 1) / 2 * (high.value - low.value))
        }
        return ends
    }

    private func limited(_ torque: Float, _ joint: RobotFile.Joint) -> Float {
        let most = Self.most(of: joint)
        return min(max(torque, -most), most)
    }

    /// The most that a motor gives, in newton metres.
    static func most(of joint: RobotFile.Joint) -> Float {
        guard case .perAmpere(let perAmpere) = joint.torque, let current = joint.currentLimit else { return 1e6 }
        return perAmpere.value * current.value
    }
}
