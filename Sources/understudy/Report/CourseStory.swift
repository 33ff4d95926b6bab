import Learning

/// What a log of a course comes to.
struct CourseStory {
    let log: CourseLog
    /// Means are over so many of the newest episodes.
    static let window = 8

    init(_ log: CourseLog) { self.log = log }

    var entries: [CourseLog.Entry] { log.entries }
    var notes: [Course.Note] { entries.flatMap(\.notes) }
    var stopped: Int { entries.count { $0.fault != nil } }
    var robotSeconds: Double { entries.last?.robotSeconds ?? 0 }
    var spent: Double { entries.reduce(0) { $0 + ($1.purchase?.cost ?? 0) } }

    /// The mean worth of the newest episodes at each one, with 95 % confidence.
    var means: [(entry: CourseLog.Entry, worth: Interval)] {
        entries.indices.map { place in
            let newest = entries[max(0, place + 1 - Self.window)...place].map(\.worth)
            return (entries[place], Interval(meanOf: newest))
        }
    }

    /// Of the first episodes and of the newest.
    var ends: (first: Interval, last: Interval)? {
        guard !entries.isEmpty else { return nil }
        return (
            Interval(meanOf: entries.prefix(Self.window).map(\.worth)),
            Interval(meanOf: entries.suffix(Self.window).map(\.worth))
        )
    }

    /// What the policy is worth that is left, by every episode that it flew, and by how many; nil where the log is older than
    /// its naming.
    var kept: (worth: Interval, episodes: Int)? {
        guard let name = entries.last?.kept else { return nil }
        let worths = entries.filter { $0.policy == name }.map(\.worth)
        return worths.isEmpty ? nil : (Interval(meanOf: worths), worths.count)
    }

    /// Each step's variance ratio and correlation, after so many real episodes.
    var steps: [(episodes: Int, ratio: Double, correlation: Interval?, coefficient: Double)] {
        notes.compactMap { note in
            guard case .stepped(let ratio, let correlation, let coefficient, _) = note.event else { return nil }
            return (note.episodes, ratio, correlation, coefficient)
        }
    }

    /// What the model's predictions were off by before and after each refinement, in parts of what was measured.
    var refinements: [(episodes: Int, before: Double, after: Double)] {
        notes.compactMap { note in
            guard case .refined(let before, let after) = note.event else { return nil }
            return (note.episodes, before, after)
        }
    }

    var estimates: [(episodes: Int, effective: Double, gain: Interval)] {
        notes.compactMap { note in
            guard case .estimated(let effective, let gain) = note.event else { return nil }
            return (note.episodes, effective, gain)
        }
    }
}

extension Course.Note.Event {
    /// What happened, in plain words and numbers.
    var words: String {
        switch self {
        case .looked: "saw what the first policy does"
        case .refined(let before, let after) where after < before:
            "refined the model: its predictions are off by \(share(after)) of the motion instead of \(share(before))"
        case .refined(let before, _): "kept the model, whose predictions are off by \(share(before)) of the motion"
        case .rehearsed(let before, let after):
            "rehearsed: inside the model a tick is worth \(inWords(after)) instead of \(inWords(before))"
        case .accepted(let evidence):
            "the rehearsed policy is better on the robot, at odds of \(inWords(evidence)) to 1"
        case .rejected(let evidence): "the rehearsed policy is worse on the robot, at odds of \(inWords(evidence)) to 1"
        case .undecided: "the rehearsed policy is neither clearly better nor worse on the robot"
        case .handedOver(let strikes):
            "handed over to the gradient on the robot, after \(strikes) rehearsals that brought nothing"
        case .estimated(let effective, let gain):
            "the batch was worth \(inWords(effective)) episodes; its step is expected to bring \(inWords(gain.value)) a tick"
                + " [\(inWords(gain.low)), \(inWords(gain.high))]"
        case .stepped(let ratio, let correlation, let coefficient, _):
            "stepped: variance \(inWords(ratio)) times less than by real episodes alone"
                + (correlation.map {
                    ", correlation \(inWords($0.value)) [\(inWords($0.low)), \(inWords($0.high))]"
                        + ", factor \(inWords(coefficient))"
                } ?? "")
        case .held(let evidence):
            "what the gradient has made is better on the robot, at odds of \(inWords(evidence)) to 1, and is held from now on"
        case .wentBack(let evidence):
            "what the gradient has made is worse on the robot, at odds of \(inWords(evidence)) to 1: back to what was held"
        case .divergedStep: "no step: it would have changed the policy by more than is allowed, however short"
        case .stoppedBuying(.goalReached): "stopped: the goal is reached"
        case .stoppedBuying(.notWorthIt): "stopped: the next episodes may bring less than they cost"
        }
    }

    private func share(_ part: Double) -> String { "\((part * 1_000).rounded() / 10) %" }
}

/// Three digits behind the point.
func inWords(_ number: Double) -> String {
    guard number.isFinite else { return "unknown" }
    let short = (number * 1_000).rounded() / 1_000
    return abs(short) >= 1e6 ? "\(number)" : "\(short)"
}

extension Purchase {
    /// What the next episode is bought for, in one sentence.
    var words: String {
        let goal: String =
            switch purpose {
            case .look: "to see what the first policy does"
            case .check: "to find out whether the rehearsed policy is better on the robot"
            case .climb: "for a step along the gradient on the robot"
            }
        var sentence = "episode \(taken + 1) of at most \(episodes), \(goal); it costs \(inWords(cost))"
        if let gain {
            sentence += "; expected gain of a tick \(inWords(gain.value)) [\(inWords(gain.low)), \(inWords(gain.high))]"
        }
        if let needed { sentence += "; about \(needed) more needed" }
        if isWorthIt == false { sentence += "; not worth its price" }
        return sentence
    }
}
