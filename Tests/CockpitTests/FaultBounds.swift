import Episodes
import Guard
import GuardSamples
import Quantities
import Robots
import Supervision
import VirtualRobot

/// How long a motor may be driven, and a joint may move, after something went wrong: what envelope and folder promise.
struct FaultBounds {
    private let rig: RobotRig
    private let trouble: Trouble

    init(_ rig: RobotRig, _ trouble: Trouble) {
        self.rig = rig
        self.trouble = trouble
    }

    /// In seconds. What can still be braked has the times of the ladder. What cannot be driven any more is let go of when
    /// its silence is noticed, and by its own watchdog at the latest.
    func bounds(after cause: Supervision.Fault) -> (driven: Double, moved: Double) {
        let driven = noticed + (cause.row.rung == .limp ? silent : braked(after: cause))
        return (driven, driven + seconds(times.limp))
    }

    private var envelope: Envelope { rig.facts.envelope }
    private var times: LadderTimes { envelope.robot.times }

    private func seconds(_ ticks: Ticks) -> Double { Double(ticks.rawValue) * Double(envelope.robot.period.value) }

    /// Until old readings are too old, and a few ticks for what follows from it.
    private var noticed: Double {
        let periods = 4 * Double(envelope.robot.period.value)
        let reading = Double(envelope.joints[.first].oldestMotion.value) + periods
        // A recorder writes every tenth of a second, and as long again says how long a machine may take over that.
        return trouble == .host(.diskFull) ? reading + 0.2 : reading
    }

    private func braked(after cause: Supervision.Fault) -> Double {
        let hold = cause.row.rung == .hold ? seconds(times.hold) : 0
        return hold + seconds(times.slowStop) + (cause.row.parks ? seconds(times.park) : 0)
    }

    private var silent: Double {
        guard let watchdog = rig.facts.watchdog else {
            // A servo without a watchdog holds its last goal until it hears again; it is told to switch off again and again,
            // with pauses that are never longer than the silence was, and each attempt waits half a second at most.
            return trouble.longest * 2 + 0.5
        }
        // A servo's program that hangs is no watchdog: what it drives it drives until it goes on. Our board has a watchdog
        // beside its program, and is back in reset long before that.
        let isBoard = rig.robot.file.bus.driver == .board
        let hangs = if case .metal(.boardHang, _) = trouble, !isBoard { trouble.longest } else { 0.0 }
        return Double(watchdog.rawValue) / 1_000 + hangs + rig.sample.brakingAlone
    }
}

extension Trouble {
    /// For how long it keeps what is said from arriving, in seconds.
    fileprivate var longest: Double {
        switch self {
        case .metal(let fault, _):
            switch fault {
            case .servoReboot: 0.3
            case .overload, .stuckJoint, .slippingGear, .reversedJoint, .deadManReleased, .encoderJump: 0
            default: 1
            }
        case .host: 0
        }
    }
}
