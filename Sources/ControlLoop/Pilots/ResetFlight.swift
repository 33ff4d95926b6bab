internal import Quantities
internal import Robots
internal import Supervision

/// A reset under way: its steps, one after the other, again and again until the start is accepted.
struct ResetFlight: ~Copyable {
    enum Progress: Equatable {
        case goesOn
        case isDone
        case failed(ResetTrouble)
    }

    private let program: ResetProgram
    private var motion: GoalMotion
    private var accept: TaskSense?
    private var place = 0
    private var ticksInStep = Ticks.zero
    private var restingTicks = Ticks.zero
    private var ticks = Ticks.zero
    private var attempts = 0
    private let nothing: SightActions

    init(_ program: ResetProgram) {
        self.program = program
        motion = GoalMotion(program.limits)
        accept = program.accept.map { TaskSense($0, period: program.limits.period) }
        nothing = SightActions(count: Int(program.limits.count.rawValue))
    }

    mutating func act(_ moment: borrowing Moment, into commands: inout PerJoint<JointCommand>) -> Progress {
        if ticks == .zero { motion.stay(moment) }
        ticks = ticks.next
        restingTicks = program.limits.isResting(moment.readings) ? restingTicks.next : .zero
        let progress = step(moment)
        motion.write(moment, into: &commands)
        if progress == .goesOn, ticks >= program.allowance { return .failed(.time) }
        return progress
    }

    private mutating func step(_ moment: borrowing Moment) -> Progress {
        guard place < program.steps.count else { return judge(moment) }
        if ticksInStep == .zero { begin(program.steps[place], moment) }
        ticksInStep = ticksInStep.next
        switch progress(of: program.steps[place], moment) {
        case .goesOn: return .goesOn
        case .isDone:
            place += 1
            ticksInStep = .zero
            return .goesOn
        case .failed(let trouble): return again(trouble)
        }
    }

    private mutating func begin(_ step: RobotFile.Reset.Step, _ moment: borrowing Moment) {
        switch step {
        case .move(let targets, _, _):
            motion.stay(moment)
            var number: UInt8 = 0
            while let joint = program.limits.count.joint(at: number) {
                if let target = targets[Int(number)] { motion.aim(joint, at: target) }
                number += 1
            }
        case .relax: motion.relax()
        case .hold: if motion.isRelaxed { motion.stay(moment) }
        case .rest, .wait: break
        }
    }

    private mutating func progress(of step: RobotFile.Reset.Step, _ moment: borrowing Moment) -> Progress {
        let limits = program.limits
        switch step {
        case .move(_, let speed, let time):
            motion.move(at: speed ?? limits.parkSpeed)
            // A joint that gravity keeps beside its goal has arrived when it rests: whether that is near enough is for
            // the end to judge.
            let isThere = motion.isReached(moment.readings) || restingTicks >= limits.restTicks
            if motion.hasArrived, isThere { return .isDone }
            return ticksInStep >= limits.ticks(in: time) ? .failed(.step(place)) : .goesOn
        case .relax: return .isDone
        case .hold(let time), .wait(let time):
            return ticksInStep >= limits.ticks(in: time) ? .isDone : .goesOn
        case .rest(let time, let longest):
            if min(restingTicks, ticksInStep) >= limits.ticks(in: time) { return .isDone }
            return ticksInStep >= limits.ticks(in: longest) ? .failed(.step(place)) : .goesOn
        }
    }

    private mutating func judge(_ moment: borrowing Moment) -> Progress {
        isAccepted(moment) ? .isDone : again(.notAccepted)
    }

    private mutating func isAccepted(_ moment: borrowing Moment) -> Bool {
        if let accepted = accept?.look(moment, nothing) { return accepted }
        var number: UInt8 = 0
        while let joint = program.limits.count.joint(at: number) {
            let start = program.starts[Int(number)]
            let distance = (moment.readings[joint].position - start.position).magnitude
            guard distance <= start.spread else { return false }
            number += 1
        }
        return true
    }

    private mutating func again(_ trouble: ResetTrouble) -> Progress {
        attempts += 1
        guard attempts < program.attempts else { return .failed(trouble) }
        (place, ticksInStep) = (0, .zero)
        return .goesOn
    }
}

extension TaskSense {
    /// A single condition, before any action was taken.
    fileprivate mutating func look(_ moment: borrowing Moment, _ nothing: borrowing SightActions) -> Bool {
        look(moment, tick: .zero, nothing)
        return holds(0)
    }
}
