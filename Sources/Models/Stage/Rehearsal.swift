internal import Expressions
public import Policies

/// Plays whole episodes of a policy inside a reduced model, many lanes at once, in memory that it asks for once.
///
/// Starts no thread: whoever has several gives each a rehearsal and a share of the parts. Lanes know nothing of each
/// other, so neither their number nor who plays them changes a bit. The noise of a lane is that of its key, so a part
/// with the key of a real episode is its pair.
public struct Rehearsal: ~Copyable {
    public let stage: Stage
    /// The most parts that can be played at once.
    public let lanes: Int
    /// How many were.
    public private(set) var played = 0

    private var rolling: ModelLanes<Float>
    private var taskLanes: TaskLanes
    private var judge: StageJudge
    private var means: [Float]
    private var drawn: [Float]
    private var starts: [Float]
    private var startWorkspace: Workspace<Float>
    private var parts: [StagePart] = []
    /// Lane by lane, column by column, tick by tick.
    private var observations: [Float]
    private var latents: [Float]
    /// Lane by lane, tick by tick; empty unless somebody wants to know where the robot would be.
    private var sensed: [Float]
    private var commanded: [Float]

    /// - Parameter keepsPaths: whether `path` may be asked for afterwards; it takes memory.
    public init(_ stage: Stage, lanes: Int, keepsPaths: Bool = false) {
        guard lanes > 0 else { preconditionFailure("\(lanes) lanes") }
        let horizon = stage.task.horizon
        self.stage = stage
        self.lanes = lanes
        rolling = ModelLanes(of: stage.compiled, lanes: lanes)
        taskLanes = TaskLanes(stage, lanes: lanes)
        judge = StageJudge(stage.task, lanes: lanes)
        means = [Float](repeating: 0, count: stage.joints * lanes)
        drawn = means
        starts = [Float](repeating: 0, count: stage.model.count(of: .state) * lanes)
        startWorkspace = Workspace(for: stage.start)
        observations = [Float](repeating: 0, count: lanes * stage.task.observations * horizon)
        latents = [Float](repeating: 0, count: lanes * stage.joints * horizon)
        let kept = keepsPaths ? lanes * horizon : 0
        sensed = [Float](repeating: 0, count: kept * stage.task.measured)
        commanded = [Float](repeating: 0, count: kept * stage.joints)
    }

    /// Plays all parts to their end.
    ///
    /// - Parameter isQuiet: without noise, so that what is played is the mean.
    public mutating func play(_ policy: Policy, _ parts: [StagePart], isQuiet: Bool = false) {
        guard !parts.isEmpty, parts.count <= lanes else { preconditionFailure("\(parts.count) parts, \(lanes) lanes") }
        guard policy.shape.inputs == stage.task.observations, policy.shape.outputs == stage.joints else {
            preconditionFailure("the policy is not one for this task")
        }
        var batch = PolicyBatch<FloatLanes>(policy)
        var noise = StageNoise(policy, parts, isQuiet: isQuiet)
        begin(parts)
        var tick = 0
        while tick < stage.task.horizon, judge.playing > 0 {
            if tick > 0 { measure() }
            taskLanes.observe(tick: tick, lanes: played)
            Self.means(of: &batch, taskLanes.observations, lanes: played, of: lanes, into: &means)
            noise.draw(tick, means, lanes: lanes, horizon: stage.task.horizon, into: &drawn, &latents)
            taskLanes.act(drawn)
            taskLanes.pay(tick: tick, lanes: played)
            note(tick)
            taskLanes.command()
            keep(tick)
            step()
            tick += 1
        }
    }

    private static func means(
        of batch: inout PolicyBatch<FloatLanes>, _ observations: borrowing [Float], lanes: Int, of spacing: Int,
        into means: inout [Float]
    ) {
        var results = means.mutableSpan
        batch.means(lanes: lanes, spacing: spacing, states: observations.span, into: &results)
    }

    private mutating func begin(_ parts: [StagePart]) {
        self.parts = parts
        played = parts.count
        judge.begin(lanes: played)
        taskLanes.begin(parts)
        let believed = stage.believed
        var parameters = rolling.mutableParameters
        for lane in 0..<lanes {
            let own = lane < parts.count ? parts[lane].parameters ?? believed : believed
            for (place, value) in own.enumerated() { parameters[place * lanes + lane] = value }
        }
        setStates()
        var inputs = rolling.mutableInputs
        for place in 0..<stage.joints * lanes { inputs[place] = taskLanes.commands[place] }
        rolling.holdInputs()
    }

    /// The first tick sees what was measured; what the model makes of it is where the model begins.
    private mutating func setStates() {
        var parameters = [Float](repeating: 0, count: stage.believed.count * lanes)
        let own = rolling.mutableParameters
        for place in parameters.indices { parameters[place] = own[place] }
        run(
            stage.start, lanes: lanes, of: lanes, states: taskLanes.measured, inputs: [], parameters: parameters,
            into: &starts, &startWorkspace)
        var states = rolling.mutableStates
        for place in starts.indices { states[place] = starts[place] }
    }

    private mutating func measure() {
        rolling.measure()
        let now = rolling.measurements
        for (number, place) in stage.measurements.enumerated() {
            guard let place else { continue }
            for lane in 0..<lanes { taskLanes.measured[number * lanes + lane] = now[place * lanes + lane] }
        }
    }

    private mutating func note(_ tick: Int) {
        let (columns, horizon) = (stage.task.observations, stage.task.horizon)
        for lane in 0..<played where judge.isPlaying(lane) {
            var isFinite = true
            for column in 0..<columns {
                let value = taskLanes.observations[column * lanes + lane]
                isFinite = isFinite && value.isFinite
                observations[(lane * columns + column) * horizon + tick] = value
            }
            judge.judge(lane, tick: tick, payments: taskLanes.payments, isFinite: isFinite)
        }
    }

    private mutating func keep(_ tick: Int) {
        guard !sensed.isEmpty else { return }
        let (numbers, joints, horizon) = (stage.task.measured, stage.joints, stage.task.horizon)
        for lane in 0..<played {
            let first = lane * horizon + tick
            for number in 0..<numbers { sensed[first * numbers + number] = taskLanes.measured[number * lanes + lane] }
            for joint in 0..<joints { commanded[first * joints + joint] = taskLanes.commands[joint * lanes + lane] }
        }
    }

    private mutating func step() {
        var inputs = rolling.mutableInputs
        for place in 0..<stage.joints * lanes { inputs[place] = taskLanes.commands[place] }
        rolling.step()
    }

    /// What the sensors would have said in one of the episodes that were played last, and what was commanded: tick by
    /// tick, as far as it went.
    public func path(_ lane: Int) -> (measurements: [Float], commands: [Float]) {
        guard lane >= 0, lane < played, !sensed.isEmpty else { preconditionFailure("no path of lane \(lane) was kept") }
        let (numbers, joints) = (stage.task.measured, stage.joints)
        let (first, end) = (lane * stage.task.horizon, lane * stage.task.horizon + judge.ticks[lane])
        return (Array(sensed[first * numbers..<end * numbers]), Array(commanded[first * joints..<end * joints]))
    }

    /// One of the episodes that were played last.
    public func performance(_ lane: Int) -> Performance {
        guard lane >= 0, lane < played, let ending = judge.endings[lane] else {
            preconditionFailure("lane \(lane) of \(played) that were played")
        }
        let (ticks, horizon) = (judge.ticks[lane], stage.task.horizon)
        func columns(_ numbers: borrowing [Float], _ count: Int) -> [Float] {
            var result: [Float] = []
            result.reserveCapacity(count * ticks)
            for column in 0..<count {
                let first = (lane * count + column) * horizon
                for tick in 0..<ticks { result.append(numbers[first + tick]) }
            }
            return result
        }
        return Performance(
            start: parts[lane], ticks: ticks, observations: columns(observations, stage.task.observations),
            latents: columns(latents, stage.joints),
            rewards: (0..<ticks).map { judge.rewards[lane * horizon + $0] }, ending: ending,
            isSuccess: judge.isSuccess(lane))
    }
}

/// The noise of many lanes, by their keys.
struct StageNoise {
    private let deviations: [Float]
    private let streams: [NoiseStream]
    private let squashes: Bool
    private let isQuiet: Bool

    init(_ policy: Policy, _ parts: [StagePart], isQuiet: Bool) {
        deviations = (0..<policy.shape.outputs).map { policy.deviation(of: $0) }
        streams = parts.map { NoiseStream($0.noise, for: .action) }
        squashes = policy.shape.squashes
        self.isQuiet = isQuiet
    }

    /// Draws every lane's outputs; `latents` are written lane by lane, column by column, tick by tick.
    mutating func draw(
        _ tick: Int, _ means: borrowing [Float], lanes: Int, horizon: Int, into drawn: inout [Float],
        _ latents: inout [Float]
    ) {
        let outputs = deviations.count
        var done = 0
        while outputs <= 2, !isQuiet, done + 4 <= streams.count {
            drawFour(done, tick, means, lanes: lanes, horizon: horizon, into: &drawn, &latents)
            done += 4
        }
        for lane in done..<streams.count {
            var block = 0
            while 4 * block < outputs {
                var numbers = FloatLanes(repeating: 0)
                if !isQuiet { numbers = streams[lane].normals(tick: UInt32(tick), block: UInt32(block)) }
                let end = min(4, outputs - 4 * block)
                for place in 0..<end {
                    let output = 4 * block + place
                    let latent = means[output * lanes + lane] + deviations[output] * numbers[place]
                    latents[(lane * outputs + output) * horizon + tick] = latent
                    numbers[place] = latent
                }
                let squashed = squashes ? numbers.hyperbolicTangent : numbers
                for place in 0..<end { drawn[(4 * block + place) * lanes + lane] = squashed[place] }
                block += 1
            }
        }
    }

    /// Four lanes from one on, side by side; one or two outputs leave most of a block's normals unused.
    @inline(__always)
    private func drawFour(
        _ lane: Int, _ tick: Int, _ means: borrowing [Float], lanes: Int, horizon: Int, into drawn: inout [Float],
        _ latents: inout [Float]
    ) {
        let pairs = NoiseStream.pairs(
            of: (streams[lane], streams[lane + 1], streams[lane + 2], streams[lane + 3]), tick: UInt32(tick))
        for output in 0..<deviations.count {
            let place = output * lanes + lane
            let mean = FloatLanes(SIMD4(means[place], means[place + 1], means[place + 2], means[place + 3]))
            let latent = mean + FloatLanes(repeating: deviations[output]) * (output == 0 ? pairs.first : pairs.second)
            let squashed = squashes ? latent.hyperbolicTangent : latent
            for own in 0..<4 {
                latents[((lane + own) * deviations.count + output) * horizon + tick] = latent[own]
                drawn[place + own] = squashed[own]
            }
        }
    }
}
