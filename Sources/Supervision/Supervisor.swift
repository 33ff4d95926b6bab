public import Quantities

/// The gate between a learner and a robot: every tick passes through it, and nothing else turns an output on.
///
/// A value without clock, device or heap; the same source runs in the guard, on the actuator board and in replay. There
/// is one for a robot, so it cannot be copied.
///
/// Private helpers of the tick are `mutating` even where they only read: to lend itself to a borrowing helper, a value
/// that is being mutated is moved as a whole, three kilobytes a call (2026-11-21, `bench supervision`: 1.1 against
/// 0.6 µs a tick).
public struct Supervisor: ~Copyable, Sendable {
    public let envelope: Envelope
    public private(set) var mode = Mode.unknown
    private var latestSerial: UInt64
    var memory = PerJoint<JointMemory>(repeating: JointMemory())
    var watch = Watch()

    /// `latestSerial` is the highest serial number of an approval that the ledger knows to be used.
    public init(_ envelope: consuming Envelope, latestSerial: UInt64) {
        self.envelope = envelope
        self.latestSerial = latestSerial
    }

    /// Tells the supervisor what happened outside the tick.
    @_noAllocation @_noLocks
    public mutating func handle(_ event: Event) -> Action {
        if case .observe = event { watch = Watch() }
        return mode.handle(event)
    }

    /// What the latest judged tick found; permits are given only after one that found nothing.
    public var latestFinding: Finding? { watch.latestFinding }

    /// Turns an approval into the right to run its plan once.
    public mutating func grant(_ approval: Approval, for plan: Digest) throws(Refusal) -> EpisodePermit {
        guard case .observing = mode else { throw .notObserving }
        guard watch.hasJudged, latestFinding == nil else { throw .notHealthy(latestFinding?.fault) }
        guard approval.plan == plan else { throw .planDiffers }
        guard approval.envelope == envelope.identity else { throw .envelopeDiffers }
        guard approval.serial > latestSerial else { throw .serialUsed(approval.serial, latest: latestSerial) }
        let longest = envelope.robot.horizon
        guard approval.horizon > .zero, approval.horizon <= longest else {
            throw .horizonOutside(approval.horizon, longest: longest)
        }
        latestSerial = approval.serial
        _ = mode.permit()
        return EpisodePermit(approval: approval)
    }

    /// Uses the permit up and starts the episode; from the next tick on the robot moves.
    public mutating func begin(_ permit: consuming EpisodePermit) throws(Refusal) {
        let approval = permit.approval
        guard case .permitted = mode, approval.serial == latestSerial, approval.envelope == envelope.identity else {
            throw .permitVoid(approval.serial)
        }
        _ = mode.start(Run(horizon: approval.horizon, demandsTube: approval.demandsTube))
        var position: UInt8 = 0
        while let joint = envelope.count.joint(at: position) {
            memory[joint].start(envelope.joints[joint].drive)
            position += 1
        }
    }

    /// Judges what was measured and what is asked, goes down the stop ladder where it must, and says what may be sent.
    ///
    /// `elapsed` is the real time since the tick before. `tube` is the approved band of this tick, if there is one.
    @_noAllocation @_noLocks
    public mutating func tick(
        _ readings: borrowing PerJoint<JointReading>, asked: borrowing PerJoint<JointCommand>, elapsed: Seconds,
        tube: Tube? = nil
    ) -> Verdict {
        guard mode.isWatched else { return verdict(.idle(nil), after: .none) }
        var worst = Worst()
        let elapsed = judgeClock(elapsed, &worst)
        let motion = judge(readings, elapsed: elapsed, tube: tube, isFirst: !watch.hasJudged, &worst)
        let span = min(elapsed, envelope.robot.period)
        let wasRunning = mode.isRunning
        if wasRunning { drive(asked, readings, span: span, elapsed: elapsed, tube: tube, &worst) }
        watch.latestFinding = worst.finding
        watch.hasJudged = true
        let action = transit(worst.finding, motion)
        if wasRunning && mode.isRunning { return verdict(drivingRuling(asked), after: action) }
        guard let rung = mode.rung else { return verdict(.idle(worst.finding), after: action) }
        stop(readings, on: rung, span: span)
        return verdict(.stop(rung, worst.finding), after: action)
    }

    private mutating func transit(_ finding: Finding?, _ motion: Motion) -> Action {
        var first = Action.none
        if let finding { first = mode.handle(.fault(finding.fault)) }
        let second = mode.tick(motion, within: envelope.robot.times)
        return second == .none ? first : second
    }

    private mutating func verdict(_ ruling: Ruling, after action: Action) -> Verdict {
        var commands = PerJoint<JointCommand>(repeating: .off)
        var objections = PerJoint<Rule>(repeating: .none)
        var position: UInt8 = 0
        while mode.isPowered, let joint = envelope.count.joint(at: position) {
            commands[joint] = memory[joint].sent
            objections[joint] = memory[joint].objection
            position += 1
        }
        return Verdict(ruling: ruling, commands: commands, objections: objections, action: action)
    }

    private mutating func drivingRuling(_ asked: borrowing PerJoint<JointCommand>) -> Ruling {
        var position: UInt8 = 0
        while let joint = envelope.count.joint(at: position) {
            let (given, objection) = (memory[joint].sent, memory[joint].objection)
            if objection != .none {
                return .clamp(joint, objection, asked: asked[joint].value, given: given.value)
            }
            position += 1
        }
        return .pass
    }
}

/// What the supervisor has counted since it began to watch the robot; it begins anew with every watch.
struct Watch {
    var hasJudged = false
    var latestFinding: Finding?
    var lateTicks = Ticks.zero
    /// In joules.
    var energy = Bucket()
    /// In full ranges of a joint.
    var commandTravel = Bucket()
}
