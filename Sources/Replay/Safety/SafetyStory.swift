internal import Quantities
internal import Recordings
public import Supervision

extension SafetyReplay {
    /// Ticks in a row on which the supervisor objected for the same reason.
    public struct Objection: Equatable, Sendable {
        public enum Kind: Equatable, Sendable {
            case clamped(joint: Int)
            /// Found on the tick itself, or zero where the ladder or somebody outside had its reasons.
            case stopped(fault: UInt8)
        }

        public let kind: Kind
        public let rule: Rule
        /// Places of the first and the last tick.
        public let first: Int
        public fileprivate(set) var last: Int
    }

    /// What the supervisor objected to, in the order of its beginning. A stop is one objection, from the tick on which
    /// the robot left `running`.
    public var objections: [Objection] {
        var all: [Objection] = []
        var open: [Int: Int] = [:]
        var wasStopped = false
        for (place, verdict) in verdicts.enumerated() {
            for joint in 0..<jointCapacity where verdict.ruling == 2 {
                let number = verdict.objections.elements[joint]
                guard number != 0, let rule = Rule(rawValue: number) else { continue }
                if let known = open[joint], all[known].last == place - 1, all[known].rule == rule {
                    all[known].last = place
                } else {
                    open[joint] = all.count
                    all.append(Objection(kind: .clamped(joint: joint), rule: rule, first: place, last: place))
                }
            }
            let isStopped = verdict.ruling == 3
            if isStopped, !wasStopped {
                let rule = Rule(rawValue: verdict.rule) ?? .ladder
                all.append(Objection(kind: .stopped(fault: verdict.fault), rule: rule, first: place, last: place))
            } else if isStopped, let last = all.indices.last, case .stopped = all[last].kind {
                all[last].last = place
            }
            wasStopped = isStopped
        }
        return all
    }

    /// The first tick on which this stops the robot although it was let run then.
    public var firstNewStop: Int? {
        verdicts.indices.first { place in
            verdicts[place].ruling == 3 && inputs.ticks[place].recorded.ruling != 3
        }
    }

    /// Seconds from the first tick of the recording to one of its ticks.
    public func time(at place: Int) -> Double {
        guard let first = inputs.ticks.first, place < inputs.ticks.count else { return 0 }
        return Double(inputs.ticks[place].instant.nanoseconds &- first.instant.nanoseconds) * 1e-9
    }

    /// What was on which tick: ticks on which the ruling was this, from the first to the last of each row.
    public func spans(of ruling: UInt8) -> [ClosedRange<Int>] {
        var spans: [ClosedRange<Int>] = []
        for place in verdicts.indices where verdicts[place].ruling == ruling {
            if let last = spans.last, last.upperBound == place - 1 {
                spans[spans.count - 1] = last.lowerBound...place
            } else {
                spans.append(place...place)
            }
        }
        return spans
    }
}
