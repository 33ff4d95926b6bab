internal import Quantities
internal import Recordings
internal import Supervision

/// What the supervisor made of one tick, in the numbers of recordings, so that two of them compare bit by bit.
public struct SafetyVerdict: Equatable, Sendable {
    public let mode: UInt8
    public let ruling: UInt8
    public let rule: UInt8
    public let rung: UInt8
    public let fault: UInt8
    /// By joint: the rule that changed its command.
    public let objections: [UInt8]
    /// By joint: kind and bits of what may be sent.
    let commands: [Command]

    struct Command: Equatable, Sendable {
        let kind: UInt8
        let bits: UInt32

        init(_ kind: RecordedCommand.Kind, _ value: Float) {
            self.kind = kind.rawValue
            bits = kind == .off ? 0 : value.bitPattern
        }
    }

    /// As it was recorded.
    init(_ tick: EpisodeTick, _ count: JointCount) {
        let joints = count.all
        mode = tick.verdict.mode
        ruling = tick.verdict.ruling
        rule = tick.verdict.rule
        rung = tick.verdict.rung
        fault = tick.verdict.fault
        objections = joints.map { tick.joints[$0].objection }
        commands = joints.map { Command(tick.joints[$0].supervised.kind, tick.joints[$0].supervised.value) }
    }

    init(_ verdict: borrowing Verdict, _ mode: Mode, _ count: JointCount) {
        let joints = count.all
        self.mode = mode.number
        rule = verdict.rule.rawValue
        rung = mode.rung?.rawValue ?? 0
        switch verdict.ruling {
        case .idle(let finding): (ruling, fault) = (0, finding?.fault.rawValue ?? 0)
        case .pass: (ruling, fault) = (1, 0)
        case .clamp: (ruling, fault) = (2, 0)
        case .stop(_, let finding): (ruling, fault) = (3, finding?.fault.rawValue ?? 0)
        }
        let given = copy verdict
        objections = joints.map { given.objections[$0].rawValue }
        commands = joints.map { Command(given.commands[$0]) }
    }

    /// The first thing in which this differs from another; nil for none.
    public func difference(from other: SafetyVerdict) -> String? {
        if mode != other.mode { return "mode" }
        if rung != other.rung { return "rung" }
        if ruling != other.ruling { return "ruling" }
        if rule != other.rule { return "rule" }
        if fault != other.fault { return "fault" }
        if objections != other.objections { return "objections" }
        return commands == other.commands ? nil : "commands"
    }
}

extension SafetyVerdict.Command {
    fileprivate init(_ command: JointCommand) {
        switch command {
        case .off: self.init(.off, 0)
        case .position(let goal): self.init(.position, goal.value)
        case .speed(let goal): self.init(.speed, goal.value)
        case .effort(let goal): self.init(.effort, goal.value)
        }
    }
}

extension JointCount {
    var all: [JointIndex] { (0..<rawValue).compactMap { joint(at: $0) } }
}
