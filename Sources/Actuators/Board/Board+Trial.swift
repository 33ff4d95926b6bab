public import BoardLink
public import Ports
import Quantities

/// What came of one thing that a board was asked to do.
public struct BoardTrial: Equatable, Sendable {
    public enum Subject: Equatable, Sendable { case identity, disarm, echoes, clock, states, arming }

    public let subject: Subject
    public let isPassed: Bool
    /// How many were tried, and how many were as they should be.
    public let tried: Int
    public let good: Int
}

extension Board {
    /// Tries a board without configuring it, so that nothing can be driven: its line, its clock, its reports, and that it
    /// cannot be armed as it is. A board that drives its joints is let be: `driven` is asked first.
    public static func trials(at line: consuming DeviceLine) throws(MasterFailure) -> [BoardTrial]? {
        var master = Master(line, rate: nil)
        let deadline = master.now + .seconds(5)
        let found = try master.identify(by: deadline)
        guard master.layout.refusal(of: found.layout) == nil else { return [BoardTrial(.identity, of: 1, good: 0)] }
        let state = try master.freshState(by: deadline)
        guard !state.isDriven else { return nil }
        var trials = [BoardTrial(.identity, of: 1, good: 1)]
        try master.request(.disarm, by: deadline)
        trials.append(BoardTrial(.disarm, of: 1, good: 1))
        trials.append(BoardTrial(.echoes, of: 50, good: try master.countEchoes(50, by: deadline)))
        trials.append(BoardTrial(.clock, of: 1, good: try master.advances() ? 1 : 0))
        trials.append(BoardTrial(.states, of: 20, good: try master.countStates(20, by: deadline)))
        if state.mode == .unconfigured {
            guard case .answer(let answer) = try master.ask(.askToArm, by: deadline) else { throw .garbled }
            trials.append(BoardTrial(.arming, of: 1, good: answer.outcome == .wrongMode ? 1 : 0))
        }
        return trials
    }

    /// Hands over what a board says, for so long; asks it only who it is. Ends early when it is told to.
    public static func listen(
        at line: consuming DeviceLine, for time: Duration, _ tell: (Message) -> Bool
    ) throws(MasterFailure) {
        var master = Master(line, rate: nil)
        let end = master.now + time
        _ = try master.identify(by: end)
        while master.now < end {
            guard case .packet(let packet) = try master.hear(by: min(end, master.now + .milliseconds(100))) else {
                continue
            }
            guard tell(packet.message) else { return }
        }
    }
}

extension BoardTrial {
    fileprivate init(_ subject: Subject, of tried: Int, good: Int) {
        self.init(subject: subject, isPassed: tried == good, tried: tried, good: good)
    }
}

extension Board.Master where Port: ~Copyable {
    /// Each with other bytes, and each of them the longest that there is.
    fileprivate mutating func countEchoes(_ count: Int, by deadline: MonotonicInstant) throws(MasterFailure) -> Int {
        var good = 0
        for number in 0..<count {
            var bytes = Bytes()
            for place in 0..<Echo.capacity { bytes.append(UInt8(truncatingIfNeeded: place &* (2 * number + 1))) }
            guard let echo = Echo(bytes: bytes) else { continue }
            try send(.echo(echo), by: deadline)
            let end = min(deadline, now + .milliseconds(100))
            while case .packet(let packet) = try hear(by: end) {
                guard case .echoed(let back) = packet.message else { continue }
                if back == echo { good += 1 }
                break
            }
        }
        return good
    }

    /// Whether the board's ticks go on.
    fileprivate mutating func advances() throws(MasterFailure) -> Bool {
        let first = try freshState(by: now + .seconds(1)).tick
        return (try freshState(by: now + .seconds(1)).tick - first).rawValue > 0
    }

    fileprivate mutating func countStates(_ count: Int, by deadline: MonotonicInstant) throws(MasterFailure) -> Int {
        var good = 0
        for _ in 0..<count {
            _ = try freshState(by: deadline)
            good += 1
        }
        return good
    }
}
