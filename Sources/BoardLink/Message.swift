/// Everything that the host and a board can say to each other.
public enum Message: Equatable, Sendable {
    case identify(Identify)
    case configure(Configure)
    /// Give me a challenge. Answered by `challenge`, or by `answer` when the board cannot be armed.
    case askToArm
    case arm(Arm)
    /// Every output off. Needs no challenge, works always, answered by `answer`.
    case disarm
    case command(Command)
    case clear(Clear)
    case echo(Echo)
    case askTime(AskTime)

    case identification(Identification)
    case answer(Answer)
    case challenge(Challenge)
    case state(State)
    case event(Event)
    case faultReport(FaultReport)
    case echoed(Echo)
    case time(Time)

    public var kind: MessageKind {
        @_noAllocation @_noLocks get { kindOfCase }
    }

    private var kindOfCase: MessageKind {
        switch self {
        case .identify: .identify
        case .configure: .configure
        case .askToArm: .askToArm
        case .arm: .arm
        case .disarm: .disarm
        case .command: .command
        case .clear: .clear
        case .echo: .echo
        case .askTime: .askTime
        case .identification: .identification
        case .answer: .answer
        case .challenge: .challenge
        case .state: .state
        case .event: .event
        case .faultReport: .faultReport
        case .echoed: .echoed
        case .time: .time
        }
    }
}

extension Message {
    /// The message that the layout hash walks and that a reader overwrites: it holds every kind of part once.
    @_noAllocation @_noLocks
    static func specimen(of kind: MessageKind) -> Message {
        switch kind {
        case .identify: .identify(Identify())
        case .configure: .configure(Configure())
        case .askToArm: .askToArm
        case .arm: .arm(Arm())
        case .disarm: .disarm
        case .command: .command(Command())
        case .clear: .clear(Clear())
        case .echo: .echo(Echo())
        case .askTime: .askTime(AskTime())
        case .identification: .identification(Identification())
        case .answer: .answer(Answer())
        case .challenge: .challenge(Challenge())
        case .state: .state(State())
        case .event: .event(Event())
        case .faultReport: .faultReport(FaultReport())
        case .echoed: .echoed(Echo())
        case .time: .time(Time())
        }
    }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        switch self {
        case .identify(var body):
            body.visit(&fields)
            self = .identify(body)
        case .configure(var body):
            body.visit(&fields)
            self = .configure(body)
        case .arm(var body):
            body.visit(&fields)
            self = .arm(body)
        case .command(var body):
            body.visit(&fields)
            self = .command(body)
        case .clear(var body):
            body.visit(&fields)
            self = .clear(body)
        case .echo(var body):
            body.visit(&fields)
            self = .echo(body)
        case .askTime(var body):
            body.visit(&fields)
            self = .askTime(body)
        case .identification(var body):
            body.visit(&fields)
            self = .identification(body)
        case .answer(var body):
            body.visit(&fields)
            self = .answer(body)
        case .challenge(var body):
            body.visit(&fields)
            self = .challenge(body)
        case .state(var body):
            body.visit(&fields)
            self = .state(body)
        case .event(var body):
            body.visit(&fields)
            self = .event(body)
        case .faultReport(var body):
            body.visit(&fields)
            self = .faultReport(body)
        case .echoed(var body):
            body.visit(&fields)
            self = .echoed(body)
        case .askToArm, .disarm: break
        case .time(var body):
            body.visit(&fields)
            self = .time(body)
        }
    }
}
