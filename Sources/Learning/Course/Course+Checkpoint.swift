internal import Hashing
internal import Models
internal import Policies

/// A course in bytes: all that it will ever need, bit by bit, so that one that was read goes on as the one that was
/// written would have. The settings are not in it; a checkpoint of another run or another way of learning is refused.
extension Course {
    private static let mark: UInt32 = 0x5043_5355
    private static let version: UInt32 = 5

    public var checkpoint: [UInt8] {
        var writer = CheckpointWriter()
        writer.put(Self.mark)
        writer.put(Self.version)
        writer.put(settings.run)
        writer.put(settings.method.rawValue)
        for number in settings.way { writer.put(number) }
        writer.put(phase.rawValue)
        writer.put(UInt64(episodes))
        writer.put(iteration)
        writer.put(UInt64(strikes))
        writer.put(incumbent)
        writer.put(optional: candidate) { $0.put($1) }
        writer.put(belief)
        writer.put(prior)
        writer.put(critic)
        writer.put(adam)
        writer.put(optional: baseline.critic) { $0.put($1) }
        writer.put(baseline.state)
        for known in [coefficient, tickCoefficient] { writer.put(known) }
        writer.put(released.state)
        writer.put(manyModels.past) { $0.put($1) }
        writer.put(earlier) { $0.put($1) }
        writer.put(comparison.state)
        writer.put(reached.state)
        writer.put(begun) { $0.put($1) }
        writer.put(incumbentFlights)
        writer.put(foresight)
        writer.put(optional: held) { $0.put($1) }
        writer.put(above.state)
        writer.put(below.state)
        writer.put(boldness)
        writer.put(UInt64(nextRehearsal))
        writer.put(batch) { $0.put($1) }
        writer.put(traces) { $0.put($1) }
        writer.put(notes) { $0.put($1) }
        return writer.sealed
    }

    /// Goes on where `checkpoint` was made; also behind its end, when more episodes may be bought than then.
    public init(checkpoint: [UInt8], _ settings: Settings) throws(CheckpointError) {
        var reader = try CheckpointReader(sealed: checkpoint)
        guard try reader.number() == Self.mark else { throw .notACheckpoint }
        let version: UInt32 = try reader.number()
        guard version == Self.version else { throw .otherVersion(version, written: Self.version) }
        guard try reader.number() == settings.run, try reader.number() == settings.method.rawValue else {
            throw .ofAnotherCourse
        }
        for number in settings.way where try reader.number() != number { throw .ofAnotherCourse }
        guard let phase = Phase(rawValue: try reader.number()) else { throw .damaged }
        let (episodes, iteration): (UInt64, UInt32) = (try reader.number(), try reader.number())
        let strikes: UInt64 = try reader.number()
        let incumbent = try reader.policy()
        let candidate = try reader.optional { (reader) throws(CheckpointError) in try reader.policy() }
        let (belief, prior) = (try reader.belief(), try reader.belief())
        self.init(incumbent, belief, critic: try reader.critic(), settings)
        (self.phase, self.candidate, self.prior) = (phase, candidate, prior)
        (self.episodes, self.iteration, self.strikes) = (Int(episodes), iteration, Int(strikes))
        try readRest(&reader)
        guard reader.isAtEnd else { throw .damaged }
        goOn()
    }

    private mutating func readRest(_ reader: inout CheckpointReader) throws(CheckpointError) {
        adam = try reader.adam()
        // Not the one that the newest rehearsal has taught, where the gradient had taken over before.
        let known = try reader.optional { (reader) throws(CheckpointError) in try reader.critic() }
        baseline = Baseline(settings.objective, critic: known, state: try reader.doubles())
        (coefficient, tickCoefficient) = (try reader.coefficient(), try reader.coefficient())
        released = ReleasedMFPG(state: try reader.doubles())
        let models = settings.models
        manyModels = ManyModels(
            past: try reader.list { (reader) throws(CheckpointError) in try reader.products(of: models) })
        earlier = try reader.list { (reader) throws(CheckpointError) in try reader.earlier() }
        comparison = try Self.comparison(&reader)
        reached = try Self.comparison(&reader)
        begun = try reader.list { (reader) throws(CheckpointError) in try reader.part() }
        incumbentFlights = try reader.flights()
        foresight = try reader.coefficient()
        held = try reader.optional { (reader) throws(CheckpointError) in try reader.held() }
        (above, below) = (try Self.comparison(&reader), try Self.comparison(&reader))
        boldness = try reader.double()
        let next: UInt64 = try reader.number()
        nextRehearsal = Int(next)
        batch = try reader.list { (reader) throws(CheckpointError) in try reader.performance() }
        traces = try reader.list { (reader) throws(CheckpointError) in try reader.trace() }
        notes = try reader.list { (reader) throws(CheckpointError) in try reader.note() }
    }

    private static func comparison(_ reader: inout CheckpointReader) throws(CheckpointError) -> Comparison {
        let state = try reader.doubles()
        guard state.count == Comparison().state.count else { throw .damaged }
        return Comparison(state: state)
    }
}

extension Course.Settings {
    /// What a checkpoint is bound to beside its run and method.
    fileprivate var way: [UInt32] {
        [UInt32(StepRule.allCases.firstIndex(of: stepRule) ?? 0), UInt32(clamping: reuse), UInt32(clamping: models)]
    }
}
