/// What the reports of a dead-man switch mean: values in, a verdict out.
struct DeadManJudge: Equatable, Sendable {
    private let settings: DeadMan.Settings
    /// When the last call was: the earliest moment at which what is new now can have arrived.
    private var lastCall: MonotonicInstant?
    /// The earliest moment at which the last good report can have arrived.
    private var heard: MonotonicInstant?
    /// What the last report said.
    private var last = DeadMan.State.released(.notHeard)
    /// The worst of what came since the last call.
    private var worst: DeadMan.Reason?
    private var isNew = false

    init(_ settings: DeadMan.Settings) { self.settings = settings }

    /// Takes in a report; whether it was ours and made sense.
    mutating func hear(_ report: Span<UInt8>) -> Bool {
        if let number = settings.report, report.isEmpty || report[0] != number { return note(other: report) }
        guard report.count > Int(settings.byte) else {
            release(.malformed(length: report.count))
            return false
        }
        isNew = true
        if report[Int(settings.byte)] & (1 << settings.bit) != 0 {
            last = .held
        } else {
            release(.letGo)
        }
        return true
    }

    /// Reports with another number belong to other keys of the device.
    private mutating func note(other report: Span<UInt8>) -> Bool {
        if report.isEmpty { release(.malformed(length: 0)) }
        return false
    }

    mutating func fail(_ error: PortError) {
        if case .hungUp = error { release(.unplugged) } else { release(.failed(error)) }
    }

    private mutating func release(_ reason: DeadMan.Reason) {
        last = .released(reason)
        worst = reason
    }

    /// The verdict on all that came since the last one.
    mutating func conclude(at instant: MonotonicInstant) -> DeadMan.State {
        if isNew { heard = lastCall ?? instant }
        let worst = self.worst
        (isNew, self.worst, lastCall) = (false, nil, instant)
        if let worst { return .released(worst) }
        guard case .held = last else { return last }
        guard let heard else { return .released(.notHeard) }
        let silence = instant - heard
        return silence > settings.longestSilence ? .released(.silent(for: silence)) : .held
    }
}
