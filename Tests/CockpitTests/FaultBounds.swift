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
    /// How much of the flight was left when it went wrong, in ticks.
    private let left: Double

    init(_ rig: RobotRig, _ trouble: Trouble, left: Double) {
        self.rig = rig
        self.trouble = trouble
        self.left = left
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
        // What is wrong with a joint itself shows only when the joint is to move. A gear that slips while the reacher's base
        // stands shows when its servo pushes with more than 1.6 N·m: at 5.3 of the supply and so 15.4 N·m for a radian, when
        // its goal is 0.1 rad away. Goals go by 0.012 rad a tick at most, so that takes nine ticks, and by as little as the
        // policy wants, so it may be seen on any tick until the flight's end, or never, with nothing having moved. From then
        // on the ladder has its times, as ever.
        if trouble.isOfJoint { return reading + left * Double(envelope.robot.period.value) }
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
    /// Whether the joint does something else than its motor, and everything else is well.
    fileprivate var isOfJoint: Bool {
        guard case .metal(let fault, _) = self else { return false }
        return [
            .stuckJoint, .slippingGear, .stickyJoint, .reversedJoint, .swappedIdentities, .commandDelay, .hand,
        ].contains(fault)
    }

    /// For how long it keeps what is said from arriving, in seconds.
    fileprivate var longest: Double {
        switch self {
        case .metal(let fault, _):
            switch fault {
            case .servoReboot: 0.3
            case .commandDelay: 0.02
            case .overload, .stuckJoint, .slippingGear, .stickyJoint, .reversedJoint, .deadManReleased, .encoderJump: 0
            default: 1
            }
        case .host: 0
        }
    }
}
