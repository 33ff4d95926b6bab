/// When each lane's episode is over, and what its ticks were worth.
struct StageJudge: ~Copyable {
    private let task: Stage.Piece
    private let lanes: Int
    private var successes: [Int]
    private(set) var endings: [Performance.Ending?]
    private(set) var ticks: [Int]
    /// Lane by lane, tick by tick.
    private(set) var rewards: [Float]
    private(set) var playing = 0

    init(_ task: Stage.Piece, lanes: Int) {
        self.task = task
        self.lanes = lanes
        successes = [Int](repeating: 0, count: lanes)
        endings = [Performance.Ending?](repeating: nil, count: lanes)
        ticks = successes
        rewards = [Float](repeating: 0, count: lanes * task.horizon)
    }

    mutating func begin(lanes count: Int) {
        for lane in 0..<lanes { (successes[lane], endings[lane], ticks[lane]) = (0, nil, 0) }
        playing = count
    }

    func isPlaying(_ lane: Int) -> Bool { endings[lane] == nil }
    func isSuccess(_ lane: Int) -> Bool { successes[lane] >= max(1, task.successTicks) }

    /// - Parameter isFinite: whether the numbers that the tick came from are numbers.
    mutating func judge(_ lane: Int, tick: Int, payments: borrowing [Float], isFinite: Bool) {
        var ending: Performance.Ending?
        var isSuccess = false
        for (place, condition) in task.conditions.enumerated() where payments[(place + 1) * lanes + lane] > 0.5 {
            switch condition {
            case .failure: ending = ending ?? .failure
            case .done: ending = ending ?? .done
            case .success: isSuccess = true
            }
        }
        let reward = payments[lane]
        if !isFinite || !reward.isFinite { (ending, isSuccess) = (.diverged, false) }
        successes[lane] = isSuccess ? successes[lane] + 1 : 0
        if ending == nil, tick + 1 >= task.horizon { ending = .horizon }
        rewards[lane * task.horizon + tick] = ending?.isLoss == true ? task.failureReward : reward
        end(lane, ending, after: tick + 1)
    }

    /// The supervisor or the device ended it.
    mutating func stop(_ lane: Int) {
        guard isPlaying(lane) || endings[lane] == .horizon, ticks[lane] > 0 else { return }
        if isPlaying(lane) { playing -= 1 }
        endings[lane] = .stopped
        rewards[lane * task.horizon + ticks[lane] - 1] = task.failureReward
    }

    private mutating func end(_ lane: Int, _ ending: Performance.Ending?, after count: Int) {
        ticks[lane] = count
        endings[lane] = ending
        if ending != nil { playing -= 1 }
    }
}
