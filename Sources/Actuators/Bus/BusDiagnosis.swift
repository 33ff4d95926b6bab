public import Ports

/// What is behind a slow or unreliable bus, with the numbers that say so.
public enum BusCause: Equatable, Sendable {
    /// Something arrives, and nothing of it is intact: the devices talk at another rate, or the wire carries noise.
    case wrongRate(BaudRate?, damaged: UInt64)
    /// The adapter repeats what it sends. The bus works; every request has to be heard twice.
    case echo(UInt64, of: UInt64)
    /// The adapter holds short answers back. nil when its driver does not say for how long.
    case latencyTimer(Duration?, medianWait: Duration)
    /// The devices wait before they answer, each time.
    case returnDelay(Duration, medianWait: Duration)
    /// Two devices answer to one number.
    case sharedNumber(UInt8, failures: UInt64, unexpected: UInt64, of: UInt64)
    /// This device and those behind it fail, those before it do not: the plug or the wire in front of it.
    case flakyWire(before: UInt8, failures: UInt64, of: UInt64)
    /// Answers come after they have been given up.
    case lateAnswers(bytes: UInt64, packets: UInt64, timeOuts: UInt64)
    /// Most answers are seen soon and some much later: this machine wakes up late.
    case slowHost(median: Duration, worst: Duration, answers: UInt64)
}

/// Names causes out of counters and times. Pure: the same evidence gives the same causes, the gravest first.
public struct BusDiagnosis: Equatable, Sendable {
    public let causes: [BusCause]

    public init(_ evidence: BusEvidence) {
        if let wrong = evidence.wrongRate {
            // Who understands nothing has measured nothing else.
            causes = [wrong]
            return
        }
        let devices = [evidence.sharedNumber, evidence.flakyWire].compactMap { $0 }
        let timing = [evidence.lateAnswers, evidence.heldBack, evidence.waiting, evidence.slowHost].compactMap { $0 }
        causes = devices + timing + [evidence.echo].compactMap { $0 }
    }
}

// What was damaged or lost.
extension BusEvidence {
    /// Fewer are an accident.
    private static let fewest: UInt64 = 4

    fileprivate var wrongRate: BusCause? {
        guard timing.whole.isEmpty, counters.damaged >= Self.fewest, counters.damaged * 2 >= counters.transactions
        else { return nil }
        return .wrongRate(rate, damaged: counters.damaged)
    }

    fileprivate var echo: BusCause? {
        guard counters.echoes > 0, counters.echoes * 2 >= counters.transactions else { return nil }
        return .echo(counters.echoes, of: counters.transactions)
    }

    /// Intact answers after the first one. Where nobody had to be given up, late bytes are such answers as well.
    private var second: UInt64 {
        counters.unexpected + (counters.timeOuts == 0 ? counters.lateBytes / Self.bytesOfAnswer : 0)
    }

    /// About as many as a short one has.
    private static let bytesOfAnswer: UInt64 = 12

    /// One device alone fails, and when it does, something is there: nobody is silent, two speak.
    fileprivate var sharedNumber: BusCause? {
        guard let worst = devices.max(by: { $0.share < $1.share }) else { return nil }
        let others = devices.filter { $0.id != worst.id }
        guard others.allSatisfy({ $0.share * 10 <= worst.share }) else { return nil }
        let heard = counters.damaged + counters.unexpected
        let collides = worst.failures >= 2 && worst.share >= 0.1 && heard * 2 >= worst.failures
        // Both answer intact when one of them waits longer; whose the second answer was is known only of one device.
        guard collides || devices.count == 1 && second * 3 >= worst.asked && second >= 2 else { return nil }
        return .sharedNumber(worst.id, failures: worst.failures, unexpected: second, of: worst.asked)
    }

    fileprivate var flakyWire: BusCause? {
        guard sharedNumber == nil else { return nil }
        return brokenChain ?? brokenTail
    }

    /// Where shared answers break first, most of the time.
    private var brokenChain: BusCause? {
        let all = devices.reduce(0) { $0 + $1.chainBreaks }
        guard all >= Self.fewest, let worst = devices.max(by: { $0.chainBreaks < $1.chainBreaks }),
            worst.chainBreaks * 10 >= all * 6
        else { return nil }
        return .flakyWire(before: worst.id, failures: worst.chainBreaks, of: worst.asked)
    }

    /// The first device from which on every one fails five times as often as any before it.
    private var brokenTail: BusCause? {
        for place in devices.indices {
            let before = devices[..<place].map(\.share).max() ?? 0
            let behind = devices[place...].map(\.share).min() ?? 0
            let first = devices[place]
            guard behind >= 0.01, behind >= 5 * before, first.failures >= Self.fewest else { continue }
            return .flakyWire(before: first.id, failures: first.failures, of: first.asked)
        }
        return nil
    }
}

// Where the time went.
extension BusEvidence {
    /// Fewer answers say little about time.
    private static let enough: UInt64 = 8

    private func wait(_ share: Double) -> Duration? {
        timing.wait.count >= Self.enough ? timing.wait.quantile(share).map { .nanoseconds($0) } : nil
    }

    fileprivate var lateAnswers: BusCause? {
        guard sharedNumber == nil, counters.lateBytes > 0 || counters.unexpected > 0 && counters.timeOuts > 0 else {
            return nil
        }
        return .lateAnswers(
            bytes: counters.lateBytes, packets: counters.unexpected, timeOuts: counters.timeOuts)
    }

    /// A timer of FTDI's kind passes a short answer on when it runs out, or earlier by chance.
    fileprivate var heldBack: BusCause? {
        guard let median = wait(0.5) else { return nil }
        if let latencyTimer {
            guard latencyTimer > .milliseconds(1), median * 4 >= latencyTimer else { return nil }
            return .latencyTimer(latencyTimer, medianWait: median)
        }
        // As delivered it is 16 ms; nothing else on a healthy bus takes half of that.
        guard median >= .milliseconds(7), median <= .milliseconds(18) else { return nil }
        return .latencyTimer(nil, medianWait: median)
    }

    fileprivate var waiting: BusCause? {
        guard let median = wait(0.5) else { return nil }
        if let returnDelay {
            return returnDelay >= .microseconds(100) ? .returnDelay(returnDelay, medianWait: median) : nil
        }
        // As delivered it is 500 µs. When not one answer was quicker, and the median hardly longer, that is it.
        let quickest = Duration.nanoseconds(timing.wait.least)
        guard quickest >= .microseconds(490), quickest <= .microseconds(620), median <= .microseconds(900) else {
            return nil
        }
        return .returnDelay(.microseconds(500), medianWait: median)
    }

    fileprivate var slowHost: BusCause? {
        guard heldBack == nil, let median = wait(0.5), let worst = wait(0.99),
            worst >= .milliseconds(2), worst >= median * 5
        else { return nil }
        return .slowHost(median: median, worst: worst, answers: timing.wait.count)
    }
}
