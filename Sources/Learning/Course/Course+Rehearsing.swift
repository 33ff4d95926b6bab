internal import Hashing
internal import Models
internal import Policies

extension Course {
    mutating func look(_ troupe: inout some Troupe) throws(PolicyError) {
        incumbentFlights = Flights(batch, settings.objective)
        foresee(incumbent, incumbentFlights, &troupe)
        if held?.policy == incumbent { held?.flights = incumbentFlights }
        note(.looked)
        if settings.handOver == .atOnce { handOver() } else { try rehearse(&troupe) }
        // Whoever goes on from it, when all that is rehearsed is turned down, knows what it brings.
        if phase == .check { baseline.fit(batch) }
    }

    mutating func check(_ troupe: inout some Troupe) throws(PolicyError) {
        compare(&troupe)
        let (up, down) = comparison.evidence
        switch comparison.verdict(error: settings.checkError) {
        case .better:
            note(.accepted(evidence: up))
            accept()
            strikes = 0
            if settings.handOver == .atOnce { handOver() } else { try rehearse(&troupe) }
        case .worse:
            note(.rejected(evidence: down))
            try strike(&troupe)
        case .open:
            note(.undecided)
            // The better mean goes on, and nobody says that it is better.
            if comparison.sum > 0 { accept() }
            try strike(&troupe)
        }
    }

    /// Each of the incumbent's episodes is compared once: used again, it would count as evidence twice.
    private mutating func compare(_ troupe: inout some Troupe) {
        guard let candidate else { return }
        let flights = Flights(batch, settings.objective)
        let (new, old) = beside((candidate, flights), (incumbent, incumbentFlights), &troupe)
        for (new, old) in zip(new, old) { comparison.add(new - old) }
        foresee(candidate, flights, &troupe)
    }

    private mutating func accept() {
        if let candidate { incumbent = candidate }
        incumbentFlights = Flights(batch, settings.objective)
        held = Held(policy: incumbent, flights: incumbentFlights)
        // What Adam remembers is of another policy.
        adam = Self.adam(for: incumbent, settings)
        reached = Comparison()
        for worth in worths { weighGoal(worth) }
        baseline.fit(batch)
    }

    private mutating func strike(_ troupe: inout some Troupe) throws(PolicyError) {
        strikes += 1
        if isHandingOver { handOver() } else { try rehearse(&troupe) }
    }

    private var isHandingOver: Bool {
        switch settings.handOver {
        case .automatic: strikes >= settings.patience
        case .never: false
        case .atOnce: true
        }
    }

    /// The unbiased gradient takes over from the incumbent. What the model still knows helps it as a control variate,
    /// by a factor that is zero as long as nothing speaks for it.
    private mutating func handOver() {
        note(.handedOver(strikes: strikes))
        // The episodes of a policy that was turned down say nothing of what the incumbent's bring.
        if candidate == nil || candidate == incumbent {
            // What the critic learnt inside the model is weighed by the regression on real episodes, and may weigh nothing.
            baseline = Baseline(settings.objective, critic: critic)
            baseline.fit(batch)
        }
        candidate = nil
        comparison = Comparison()
        (above, below) = (Comparison(), Comparison())
        nextRehearsal = episodes + episodes / 2
        phase = .climb
    }

    /// Refines the model by what was measured and improves the incumbent inside it, for as long as somebody flies it.
    mutating func rehearse(_ troupe: inout some Troupe) throws(PolicyError) {
        guard !isOver else { return }
        let key = NoiseKey(run: settings.run, iteration: iteration, episode: Self.rehearsing)
        let refined = Refinement().refine(belief, from: prior, of: troupe.stage, by: traces, key)
        belief = refined.belief
        note(.refined(before: refined.before, after: refined.after))
        guard refined.saysSomething || isTrusted || Self.pulls(troupe.stage) else { return try distrust(&troupe) }
        let before = rehearsedWorth(incumbent, key, &troupe)
        var (proximal, after) = (
            Proximal(incumbent, critic: critic, .init(discount: settings.objective.discount)), before
        )
        // Chance may end the rounds before anything has come of them, and costs no real episode to be tried again.
        for attempt in 0..<UInt32(Self.attempts) where !(after > before) {
            let own = NoiseKey(run: key.run, iteration: key.iteration, episode: key.episode | attempt << 24)
            try proximal.improve(
                rounds: settings.rehearsals, settings.starts, anywhere: settings.rehearsedStarts, like: begun, belief,
                settings.objective, own, with: &troupe)
            after = rehearsedWorth(proximal.policy, key, &troupe)
        }
        critic = proximal.critic
        note(.rehearsed(modelWorthBefore: before, after: after))
        guard after > before || settings.handOver == .never else { return handOver() }
        (candidate, comparison, phase) = (proximal.policy, Comparison(), .check)
    }

    /// So often a rehearsal goes on that has brought nothing, before the model has no more to give.
    private static let attempts = 3

    /// Torques of a spring answer what the robot does. Played again as they were recorded they answer nothing, and what they
    /// move runs away within a second, in the best of models: a leg's, off by 146 %, teaches it to hop.
    private static func pulls(_ stage: Stage) -> Bool {
        stage.task.commands.contains { if case .spring = $0 { true } else { false } }
    }

    /// Once something that it taught was better on the robot, the checks judge a model, and not its predictions.
    private var isTrusted: Bool {
        settings.handOver != .automatic || notes.contains { if case .accepted = $0.event { true } else { false } }
    }

    /// A policy that is rehearsed in a model which says nothing may well be better than the first one and lead nowhere.
    /// So the gradient begins from the policy as it is, and what was seen of it is the gradient's first batch.
    private mutating func distrust(_ troupe: inout some Troupe) throws(PolicyError) {
        strikes += 1
        if phase == .look { try step(&troupe) }
        candidate = nil
        if isHandingOver { handOver() } else { phase = .climb }
    }

    /// On the same parts for whoever is asked about, so that the difference is theirs.
    private func rehearsedWorth(_ policy: Policy, _ key: NoiseKey, _ troupe: inout some Troupe) -> Double {
        let parts = (0..<32).map { number in
            let own = NoiseKey(run: key.run, iteration: key.iteration, episode: key.episode | 0xF000 + UInt32(number))
            return settings.starts.part(like: begun, own, parameters: belief.drawn(own))
        }
        let all = troupe.play(policy, parts, isQuiet: false).map { settings.objective.perTick($0) }
        return all.reduce(0, +) / Double(all.count)
    }

    /// Episode numbers that no real episode ever has.
    static let rehearsing: UInt32 = 0x8000_0000
    static let free: UInt32 = 0xC000_0000
    static let possible: UInt32 = 0xD000_0000
}
