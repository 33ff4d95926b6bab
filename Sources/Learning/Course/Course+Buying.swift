internal import Models

extension Course {
    /// What the next episode would be bought for, what it costs and what it may bring; nil when the course is over.
    public var purchase: Purchase? {
        let purpose: Purchase.Purpose
        switch phase {
        case .look: purpose = .look
        case .check: purpose = .check
        case .climb: purpose = .climb
        case .finished: return nil
        }
        let left = max(0, wanted - batch.count)
        let played = hasPairs ? (1 + freePerReal) * (1 + others) : 0
        let cost = settings.realPrice + settings.modelPrice * Double(played)
        let gain = expectedGain
        let isWorthIt = settings.worthPrice.flatMap { price in
            gain.map { Purchase.isWorth($0, cost: cost * Double(left), unit: price) }
        }
        return Purchase(
            purpose, taken: batch.count, of: wanted, freePerReal: hasPairs ? freePerReal : 0, cost: cost,
            gain: gain, needed: left, isWorthIt: isWorthIt)
    }

    private var hasPairs: Bool { phase == .climb && settings.method != .real }

    /// Real episodes of the batch that is being bought.
    var wanted: Int {
        switch phase {
        case .look: wholeWaves(settings.look)
        case .check: incumbentFlights.worths.count
        case .climb: wholeWaves(allocation?.real ?? settings.step)
        case .finished: 0
        }
    }

    /// A robot that would stand still flies as well: that costs no time.
    private func wholeWaves(_ episodes: Int) -> Int {
        (episodes + settings.robots - 1) / settings.robots * settings.robots
    }

    var freePerReal: Int { settings.method == .real ? 0 : allocation?.freePerReal ?? settings.freePerReal }

    /// Nil where the method knows no correlation: of several models there is more than one.
    private var allocation: Allocation? {
        guard settings.allocates, settings.models == 1, settings.method == .unbiased || settings.method == .rehearse
        else { return nil }
        return Allocation(
            correlation: coefficient.correlation, realPrice: settings.realPrice, modelPrice: settings.modelPrice,
            real: min(settings.leastStep, settings.step)...settings.step,
            free: settings.freePerReal...max(settings.freePerReal, settings.mostFree))
    }

    private var expectedGain: Interval? {
        switch phase {
        case .look, .finished: nil
        case .check: promised
        case .climb: predicted
        }
    }

    /// What the model says that the candidate is better by. It may as well be wrong by as much.
    private var promised: Interval? {
        for note in notes.reversed() {
            if case .rehearsed(let before, let after) = note.event {
                return Interval(after - before, low: before - after, high: after - before)
            }
        }
        return nil
    }

    /// What the last step was expected to add: the next one's will be much the same.
    private var predicted: Interval? {
        for note in notes.reversed() {
            if case .estimated(_, let gain) = note.event { return gain }
        }
        return nil
    }

    /// Notes an episode of the policy that is held for the best, which may be worth the goal.
    mutating func weighGoal(_ worth: Double) {
        guard let goal = settings.goal else { return }
        // Only whether it is: then nothing has to be known of how the episodes are distributed.
        reached.add(worth >= goal ? 1 : -1)
    }

    var isGoalReached: Bool { settings.goal != nil && reached.evidence.up >= 1 / settings.goalError }

    /// Whether there is no reason to buy another one.
    mutating func stopIfEnough() {
        if isGoalReached {
            note(.stoppedBuying(.goalReached))
            phase = .finished
        } else if phase == .climb, let gain = predicted, let price = settings.worthPrice,
            !Purchase.isWorth(
                gain, cost: settings.realPrice * Double(wanted), unit: price)
        {
            note(.stoppedBuying(.notWorthIt))
            phase = .finished
        }
    }
}
