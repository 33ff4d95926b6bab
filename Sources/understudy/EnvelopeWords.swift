import Quantities
import Robots
import Supervision

/// One line about an envelope: what it is about, and what it comes to.
struct EnvelopeLine: Equatable {
    let subject: String
    let words: String

    init(_ subject: String, _ words: String) {
        self.subject = subject
        self.words = words
    }
}

/// A value with its unit, as the file gave it; computed values are rounded.
func spelled(_ value: Seconds) -> String {
    value.value < 0.1 ? "\(rounded(value.value * 1_000)) ms" : "\(rounded(value.value)) s"
}
func spelled<Unit: NamedUnit>(_ value: Unit) -> String { "\(rounded(value.value)) \(Unit.symbol)" }
private func degrees(_ angle: Radians) -> String { "\(rounded(angle.value * 180 / .pi))°" }

/// The limits of the whole robot in plain words.
struct RobotWords {
    let robot: RobotEnvelope

    var time: [EnvelopeLine] {
        [
            EnvelopeLine(
                "ticks",
                "\(rounded(1 / robot.period.value)) a second; one that comes later than \(spelled(robot.deadline)) after "
                    + "the one before is late"),
            EnvelopeLine(
                "late ticks",
                "\(robot.lateTicksToHold.rawValue) in a row make the robot hold (after \(late(robot.lateTicksToHold)) or "
                    + "more), \(robot.lateTicksToStop.rawValue) make it stop (\(late(robot.lateTicksToStop)))"),
            EnvelopeLine("reaction", "a joint obeys \(spelled(robot.reaction)) after the measurement"),
            EnvelopeLine("episode", "at most \(time(robot.horizon))"),
        ]
    }

    var together: [EnvelopeLine] {
        [
            EnvelopeLine("power", "at most \(spelled(robot.power)), mechanical"),
            EnvelopeLine(
                "energy",
                "at most \(rounded(robot.energy.capacity)) J at once and \(rounded(robot.energy.drain.value)) W for ever"
            ),
            EnvelopeLine(
                "commands",
                "change by at most \(rounded(robot.commandRate)) ranges in a tick, "
                    + "\(rounded(robot.commandTravel.capacity)) ranges at once and "
                    + "\(rounded(robot.commandTravel.drain.value)) ranges a second for ever"),
            EnvelopeLine(
                "approved band",
                "left when a joint is \(spelled(robot.tube.hysteresis)) outside for "
                    + "\(robot.tube.patience.rawValue) ticks"),
        ]
    }

    var ladder: [EnvelopeLine] {
        let times = robot.times
        return [
            EnvelopeLine(
                "hold",
                "at most \(time(times.hold)); where it may end by itself, after \(time(times.recovery)) without a fault"
            ),
            EnvelopeLine("slow stop", "at most \(time(times.slowStop)); then the robot counts as not stopping"),
            EnvelopeLine("park", "at \(spelled(robot.parkSpeed)), at most \(time(times.park)); then limp"),
            EnvelopeLine("limp", "the robot must rest within \(time(times.limp))"),
            EnvelopeLine("rest", "is believed after \(time(times.rest))"),
            EnvelopeLine("permit", "void when not used within \(time(times.permit))"),
        ]
    }

    private func late(_ count: Ticks) -> String { spelled(robot.deadline * Float(count.rawValue)) }

    private func time(_ count: Ticks) -> String {
        "\(spelled(robot.period * Float(count.rawValue))) (\(count.rawValue) ticks)"
    }
}

/// The limits of one joint in plain words.
struct JointWords {
    let joint: JointEnvelope
    let robot: RobotEnvelope
    let figures: JointFigures

    init(_ joint: JointEnvelope, on robot: RobotEnvelope) {
        self.joint = joint
        self.robot = robot
        figures = JointFigures(joint, on: robot)
    }

    var lines: [EnvelopeLine] { motion + position + effort + supply + heat }

    private var motion: [EnvelopeLine] {
        [
            EnvelopeLine(
                "position",
                "from \(spelled(joint.position.low)) to \(spelled(joint.position.high)) "
                    + "(\(degrees(joint.position.low)) to \(degrees(joint.position.high))); commands from "
                    + "\(spelled(joint.commanded.low)) to \(spelled(joint.commanded.high))"),
            EnvelopeLine(
                "speed",
                "at most \(spelled(joint.speed)) (\(rounded(joint.speed.value * 60 / (2 * .pi))) turns a minute); "
                    + "measured above \(spelled(joint.overspeed)) it is a fault"),
            EnvelopeLine(
                "stopping",
                "from the speed limit within \(spelled(figures.stoppingDistance)) "
                    + "(\(degrees(figures.stoppingDistance))) and \(spelled(figures.stoppingTime)): "
                    + "\(spelled(robot.reaction)) to react, then braking at \(spelled(joint.stoppingDeceleration))"),
            EnvelopeLine("acceleration", "commanded speeds change by at most \(spelled(joint.acceleration))"),
        ]
    }

    private var position: [EnvelopeLine] {
        [
            EnvelopeLine(
                "tracking",
                "position commands lead by at most \(spelled(joint.lead)); further than \(spelled(joint.tracking)) "
                    + "from the command is a fault"),
            EnvelopeLine("jump", "a reading may jump by \(spelled(joint.jumpAllowance)) beside what speed explains"),
            EnvelopeLine(
                "park",
                "at \(spelled(joint.park)) give or take \(spelled(joint.parkTolerance)); the longest way there takes "
                    + "\(spelled(figures.longestPark)). Below \(spelled(joint.rest)) the joint rests"),
        ]
    }

    private var effort: [EnvelopeLine] {
        let share = Seconds(joint.effort.value / joint.effortSlew.value)
        let limit = EnvelopeLine(
            "effort",
            "at most \(spelled(joint.effort)); from nothing to the limit takes \(spelled(share)). Measured above "
                + "\(spelled(joint.overEffort)) it is a fault")
        switch joint.drive {
        case .position: return [limit]
        case .speed(let following):
            return [limit, EnvelopeLine("while stopping", "follows its goal with \(spelled(following))")]
        case .effort(let stiffness, let damping):
            let words = "a spring of \(spelled(stiffness)) and a damper of \(spelled(damping))"
            return [limit, EnvelopeLine("while stopping", words)]
        }
    }

    private var supply: [EnvelopeLine] {
        [
            EnvelopeLine("supply", "from \(spelled(joint.voltage.low)) to \(spelled(joint.voltage.high))"),
            EnvelopeLine(
                "sensors",
                "stale after \(spelled(joint.oldestMotion)) (motion), \(spelled(joint.oldestTemperature)) "
                    + "(temperature), \(spelled(joint.oldestVoltage)) (voltage)"),
        ]
    }

    private var heat: [EnvelopeLine] {
        let motor = joint.motor
        return [
            EnvelopeLine("temperature", "measured above \(spelled(joint.hottest)) it is a fault"),
            EnvelopeLine(
                "winding",
                "at most \(spelled(motor.windingLimit)) in air of \(spelled(motor.ambient)): "
                    + "\(rounded(figures.lastingCurrent.value)) A for ever. It follows its load within "
                    + "\(spelled(motor.windingTime)), the housing within \(spelled(figures.housingTime)). The episode "
                    + "ends when less than \(spelled(motor.leastTimeLeft)) are left"),
        ]
    }
}
