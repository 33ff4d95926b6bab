internal import Hashing
internal import Models
internal import Policies

extension CheckpointWriter {
    mutating func put(_ adam: Adam) {
        put([adam.rate, adam.longestGradient, adam.doubt])
        put(adam.first)
        put(adam.second)
        put(UInt64(adam.steps))
    }

    mutating func put(_ belief: Belief) {
        put(belief.parameters.flatMap { [$0.range.lowerBound, $0.range.upperBound, $0.value, $0.deviation] })
    }

    mutating func put(_ critic: Critic) {
        put(critic.network)
        put(critic.optimiser)
        put(critic.scale)
        put(UInt64(critic.horizon))
    }

    mutating func put(_ performance: Performance) {
        put(performance.start)
        put(UInt64(performance.ticks))
        put(performance.observations)
        put(performance.latents)
        put(performance.rewards)
        put(performance.ending.rawValue)
        put(UInt8(performance.isSuccess ? 1 : 0))
    }

    mutating func put(_ part: StagePart) {
        put(part.measured)
        put(part.commands)
        put(part.draws)
        put(part.noise.run)
        put(part.noise.iteration)
        put(part.noise.episode)
        put(optional: part.parameters) { $0.put($1) }
    }

    mutating func put(_ trace: Trace) {
        put(UInt32(trace.measured))
        put(UInt32(trace.joints))
        put(trace.measurements)
        put(trace.commands)
    }

    mutating func put(_ products: ManyModels.Products) {
        put(products.spread)
        put(products.real)
        put(products.models) { $0.put($1) }
    }

    mutating func put(_ earlier: Course.Earlier) {
        put(earlier.policy)
        put(earlier.performances) { $0.put($1) }
    }

    mutating func put(_ coefficient: Coefficient) { put(coefficient.pairs.flatMap { [$0.xx, $0.xy, $0.yy] }) }

    mutating func put(_ flights: Course.Flights) {
        put(flights.worths)
        put(flights.parts) { $0.put($1) }
    }

    mutating func put(_ held: Course.Held) {
        put(held.policy)
        put(held.flights)
    }

    mutating func put(_ note: Course.Note) {
        put(UInt64(note.episodes))
        put(note.worth)
        let (code, numbers) = note.event.coded
        put(code)
        put(numbers)
    }
}

extension CheckpointReader {
    mutating func adam() throws(CheckpointError) -> Adam {
        let (settings, first, second) = (try doubles(), try doubles(), try doubles())
        let steps: UInt64 = try number()
        guard settings.count == 3, first.count == second.count else { throw .damaged }
        return Adam(
            rate: settings[0], longestGradient: settings[1], first: first, second: second, doubt: settings[2],
            steps: Int(steps))
    }

    mutating func belief() throws(CheckpointError) -> Belief {
        let numbers = try doubles()
        guard numbers.count.isMultiple(of: 4) else { throw .damaged }
        return Belief(
            try stride(from: 0, to: numbers.count, by: 4).map { (place) throws(CheckpointError) in
                guard numbers[place] <= numbers[place + 1] else { throw .damaged }
                return Belief.Parameter(
                    numbers[place + 2], deviation: numbers[place + 3], in: numbers[place]...numbers[place + 1])
            })
    }

    mutating func critic() throws(CheckpointError) -> Critic {
        let (network, optimiser, scale) = (try policy(), try adam(), try double())
        let horizon: UInt64 = try number()
        return Critic(network: network, adam: optimiser, scale: scale, horizon: Int(horizon))
    }

    mutating func performance() throws(CheckpointError) -> Performance {
        let start = try part()
        let ticks: UInt64 = try number()
        let (observations, latents, rewards) = (try floats(), try floats(), try floats())
        let (endingNumber, success): (UInt8, UInt8) = (try number(), try number())
        guard let ending = Performance.Ending(rawValue: endingNumber), ticks > 0, rewards.count == Int(ticks) else {
            throw .damaged
        }
        guard observations.count.isMultiple(of: rewards.count), latents.count.isMultiple(of: rewards.count) else {
            throw .damaged
        }
        return Performance(
            start: start, ticks: Int(ticks), observations: observations, latents: latents, rewards: rewards,
            ending: ending, isSuccess: success == 1)
    }

    mutating func part() throws(CheckpointError) -> StagePart {
        let (measured, commands, draws) = (try floats(), try floats(), try floats())
        let noise = NoiseKey(run: try number(), iteration: try number(), episode: try number())
        let parameters = try optional { (reader) throws(CheckpointError) in try reader.floats() }
        return StagePart(measured: measured, commands: commands, draws: draws, noise: noise, parameters: parameters)
    }

    mutating func trace() throws(CheckpointError) -> Trace {
        let (measured, joints): (UInt32, UInt32) = (try number(), try number())
        return Trace(
            measured: Int(measured), joints: Int(joints), measurements: try floats(), commands: try floats())
    }

    mutating func products(of models: Int) throws(CheckpointError) -> ManyModels.Products {
        let (spread, real) = (try double(), try doubles())
        let matrix = try list { (reader) throws(CheckpointError) in try reader.doubles() }
        guard real.count == models, matrix.count == models, matrix.allSatisfy({ $0.count == models }) else {
            throw .damaged
        }
        return ManyModels.Products(spread: spread, real: real, models: matrix)
    }

    mutating func earlier() throws(CheckpointError) -> Course.Earlier {
        Course.Earlier(
            policy: try policy(),
            performances: try list { (reader) throws(CheckpointError) in try reader.performance() })
    }

    mutating func coefficient() throws(CheckpointError) -> Coefficient {
        let pairs = try doubles()
        guard pairs.count.isMultiple(of: 3) else { throw .damaged }
        return Coefficient(
            pairs: stride(from: 0, to: pairs.count, by: 3).map {
                Coefficient.Products(xx: pairs[$0], xy: pairs[$0 + 1], yy: pairs[$0 + 2])
            })
    }

    mutating func flights() throws(CheckpointError) -> Course.Flights {
        let worths = try doubles()
        let parts = try list { (reader) throws(CheckpointError) in try reader.part() }
        guard worths.count == parts.count else { throw .damaged }
        return Course.Flights(worths: worths, parts: parts)
    }

    mutating func held() throws(CheckpointError) -> Course.Held {
        Course.Held(policy: try policy(), flights: try flights())
    }

    mutating func note() throws(CheckpointError) -> Course.Note {
        let episodes: UInt64 = try number()
        let worth = try double()
        let code: UInt8 = try number()
        guard let event = Course.Note.Event(code, try doubles()) else { throw .damaged }
        return Course.Note(episodes: Int(episodes), worth: worth, event: event)
    }
}

extension Course.Note.Event {
    var coded: (UInt8, [Double]) {
        switch self {
        case .looked: (0, [])
        case .refined(let before, let after): (1, [before, after])
        case .rehearsed(let before, let after): (2, [before, after])
        case .accepted(let evidence): (3, [evidence])
        case .rejected(let evidence): (4, [evidence])
        case .undecided: (5, [])
        case .handedOver(let strikes): (6, [Double(strikes)])
        case .stepped(let ratio, let correlation, let coefficient, let factor):
            (7, [ratio, coefficient, factor] + (correlation.map { [$0.value, $0.low, $0.high] } ?? []))
        case .divergedStep: (8, [])
        case .estimated(let effective, let gain): (9, [effective, gain.value, gain.low, gain.high])
        case .stoppedBuying(let reason): (10, [Double(reason.rawValue)])
        case .held(let evidence): (11, [evidence])
        case .wentBack(let evidence): (12, [evidence])
        }
    }

    init?(_ code: UInt8, _ numbers: [Double]) {
        switch (code, numbers.count) {
        case (0, 0): self = .looked
        case (1, 2): self = .refined(before: numbers[0], after: numbers[1])
        case (2, 2): self = .rehearsed(modelWorthBefore: numbers[0], after: numbers[1])
        case (3, 1): self = .accepted(evidence: numbers[0])
        case (4, 1): self = .rejected(evidence: numbers[0])
        case (5, 0): self = .undecided
        case (6, 1): self = .handedOver(strikes: Int(numbers[0]))
        case (7, 3), (7, 6):
            let interval = numbers.count == 6 ? Interval(numbers[3], low: numbers[4], high: numbers[5]) : nil
            self = .stepped(
                varianceRatio: numbers[0], correlation: interval, coefficient: numbers[1], factor: numbers[2])
        case (8, 0): self = .divergedStep
        case (9, 4):
            self = .estimated(
                effectiveEpisodes: numbers[0], gain: Interval(numbers[1], low: numbers[2], high: numbers[3]))
        case (10, 1):
            guard let reason = Reason(rawValue: UInt8(clamping: Int(numbers[0]))) else { return nil }
            self = .stoppedBuying(reason)
        case (11, 1): self = .held(evidence: numbers[0])
        case (12, 1): self = .wentBack(evidence: numbers[0])
        default: return nil
        }
    }
}
