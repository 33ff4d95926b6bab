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
    let objections: PerJoint<UInt8>
    /// By joint: kind and bits of what may be sent.
    let commands: PerJoint<Command>

    struct Command: Equatable, Sendable {
        let kind: UInt8
        let bits: UInt32

        init(_ kind: RecordedCommand.Kind, _ value: Float) {
            self.kind = kind.rawValue
            bits = kind == .off ? 0 : value.bitPattern
        }
    }

    /// As it was recorded.
    init(_ tick: borrowing EpisodeTick, _ count: JointCount) {
        mode = tick.verdict.mode
        ruling = tick.verdict.ruling
        rule = tick.verdict.rule
        rung = tick.verdict.rung
        fault = tick.verdict.fault
        var (objections, commands) = (PerJoint<UInt8>(repeating: 0), PerJoint(repeating: Command(.off, 0)))
        for joint in count.all {
            objections[joint] = tick.joints[joint].objection
            commands[joint] = Command(tick.joints[joint].supervised.kind, tick.joints[joint].supervised.value)
        }
        (self.objections, self.commands) = (objections, commands)
    }

    init(_ verdict: borrowing Verdict, _ mode: Mode, _ count: JointCount) {
        self.mode = mode.number
        rule = verdict.rule.rawValue
        rung = mode.rung?.rawValue ?? 0
        switch verdict.ruling {
        case .idle(let finding): (ruling, fault) = (0, finding?.fault.rawValue ?? 0)
        case .pass: (ruling, fault) = (1, 0)
        case .clamp: (ruling, fault) = (2, 0)
        case .stop(_, let finding): (ruling, fault) = (3, finding?.fault.rawValue ?? 0)
        }
        var (objections, commands) = (PerJoint<UInt8>(repeating: 0), PerJoint(repeating: Command(.off, 0)))
        for joint in count.all {
            objections[joint] = verdict.objections[joint].rawValue
            commands[joint] = Command(verdict.commands[joint])
        }
        (self.objections, self.commands) = (objections, commands)
    }

    /// The first thing in which this differs from another; nil for none.
    public func difference(from other: SafetyVerdict) -> String? {
        if mode != other.mode { return "mode" }
        if rung != other.rung { return "rung" }
        if ruling != other.ruling { return "ruling" }
        if rule != other.rule { return "rule" }
        if fault != other.fault { return "fault" }
        for place in 0..<jointCapacity where objections.elements[place] != other.objections.elements[place] {
            return "objections"
        }
        for place in 0..<jointCapacity where commands.elements[place] != other.commands.elements[place] {
            return "commands"
        }
        return nil
    }

    public static func == (one: SafetyVerdict, other: SafetyVerdict) -> Bool { one.difference(from: other) == nil }
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
    var all: some Sequence<JointIndex> { (0..<rawValue).lazy.compactMap { joint(at: $0) } }
}
