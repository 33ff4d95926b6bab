internal import Hashing
internal import Models
internal import Policies

/// A course in bytes: all that it will ever need, bit by bit, so that one that was read goes on as the one that was
/// written would have. The settings are not in it; a checkpoint of another run or another way of learning is refused.
extension Course {
    private static let mark: UInt32 = 0x5043_5355
    private static let version: UInt32 = 3

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
        writer.put(UInt8(baseline.critic == nil ? 0 : 1))
        writer.put(baseline.state)
        for known in [coefficient, tickCoefficient] { writer.put(known.pairs.flatMap { [$0.xx, $0.xy, $0.yy] }) }
        writer.put(released.state)
        writer.put(manyModels.past) { $0.put($1) }
        writer.put(earlier) { $0.put($1) }
        writer.put(comparison.state)
        writer.put(reached.state)
        writer.put(incumbentWorths)
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
        let hasCritic: UInt8 = try reader.number()
        baseline = Baseline(
            settings.objective, critic: hasCritic == 1 ? critic : nil, state: try reader.doubles())
        coefficient = try Self.coefficient(&reader)
        tickCoefficient = try Self.coefficient(&reader)
        released = ReleasedMFPG(state: try reader.doubles())
        let models = settings.models
        manyModels = ManyModels(
            past: try reader.list { (reader) throws(CheckpointError) in try reader.products(of: models) })
        earlier = try reader.list { (reader) throws(CheckpointError) in try reader.earlier() }
        comparison = try Self.comparison(&reader)
        reached = try Self.comparison(&reader)
        incumbentWorths = try reader.doubles()
        batch = try reader.list { (reader) throws(CheckpointError) in try reader.performance() }
        traces = try reader.list { (reader) throws(CheckpointError) in try reader.trace() }
        notes = try reader.list { (reader) throws(CheckpointError) in try reader.note() }
    }

    private static func comparison(_ reader: inout CheckpointReader) throws(CheckpointError) -> Comparison {
        let state = try reader.doubles()
        guard state.count == Comparison().state.count else { throw .damaged }
        return Comparison(state: state)
    }

    private static func coefficient(_ reader: inout CheckpointReader) throws(CheckpointError) -> Coefficient {
        let pairs = try reader.doubles()
        guard pairs.count.isMultiple(of: 3) else { throw .damaged }
        return Coefficient(
            pairs: stride(from: 0, to: pairs.count, by: 3).map {
                Coefficient.Products(xx: pairs[$0], xy: pairs[$0 + 1], yy: pairs[$0 + 2])
            })
    }
}

extension Course.Settings {
    /// What a checkpoint is bound to beside its run and method.
    fileprivate var way: [UInt32] {
        [UInt32(StepRule.allCases.firstIndex(of: stepRule) ?? 0), UInt32(clamping: reuse), UInt32(clamping: models)]
    }
}
