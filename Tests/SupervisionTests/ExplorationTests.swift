import Quantities
import Testing

@testable import Supervision

/// Every state of the modes that any order of events can reach, found by trying them all.
///
/// The ladder's times are as short as they may be, so that every time-out is passed and the number of states is finite.
@Suite struct ExplorationTests {
    static let times = LadderTimes(
        hold: Ticks(3), slowStop: Ticks(3), park: Ticks(2), limp: Ticks(3), rest: Ticks(2), recovery: Ticks(1),
        permit: Ticks(1))
    static let horizon = Ticks(3)

    enum Step: CaseIterable, Equatable {
        case identified, verified, observe, permit, start, finish, resume, clear, moving, resting, parked

        var motion: Motion? {
            switch self {
            case .moving: .moving
            case .resting: .resting
            case .parked: .parked
            default: nil
            }
        }

        func take(_ mode: inout Mode) -> Action {
            if let motion { return mode.tick(motion, within: times) }
            switch self {
            case .permit: return mode.permit()
            case .start: return mode.start(Run(horizon: horizon, demandsTube: false))
            case .identified: return mode.handle(.identified)
            case .verified: return mode.handle(.verified)
            case .observe: return mode.handle(.observe)
            case .finish: return mode.handle(.finish)
            case .resume: return mode.handle(.resume(by: alice))
            case .clear: return mode.handle(.clear(by: alice))
            case .moving, .resting, .parked: return .none
            }
        }
    }

    struct Edge {
        let from: Int
        let to: Int
        let label: String
        let isTick: Bool
        let isStart: Bool
        let isClear: Bool
    }

    struct Graph {
        static let faults = allFaults.map { ($0, "\($0)") }
        static let steps = Step.allCases.map { ($0, "\($0)") }
        var modes: [Mode] = [.unknown]
        var edges: [Edge] = []

        /// A mode in 64 bits. No time-out and no horizon here is above 3, so a counter makes no difference any more once
        /// it is past 4; it is cut off there so that the search ends.
        static func key(_ mode: Mode) -> UInt64 {
            var key = UInt64(mode.number)
            func append(_ value: UInt64) { key = key << 6 | value }
            func append(_ ticks: Ticks) { append(UInt64(min(ticks.rawValue, 5))) }
            switch mode {
            case .unknown, .identified, .verified, .observing: break
            case .permitted(let age): append(age)
            case .running(let run):
                append(run.ticks)
                append(run.horizon)
            case .held(let stop), .latched(let stop):
                append(UInt64(stop.cause?.rawValue ?? 0))
                append(UInt64(stop.rung.rawValue) << 3 | UInt64(stop.clearing.rawValue))
                append((stop.parks ? 2 : 0) | (stop.isStopped ? 1 : 0))
                for ticks in [stop.ticksOnRung, stop.healthyTicks, stop.restingTicks] { append(ticks) }
                append(stop.run.ticks)
                append(stop.run.horizon)
            }
            return key
        }

        init() {
            var index = [Graph.key(.unknown): 0]
            var next = 0
            func visit(_ mode: Mode) -> Int {
                let key = Graph.key(mode)
                if let known = index[key] { return known }
                index[key] = modes.count
                modes.append(mode)
                return modes.count - 1
            }
            while next < modes.count {
                for (step, label) in Self.steps {
                    var mode = modes[next]
                    _ = step.take(&mode)
                    edges.append(
                        Edge(
                            from: next, to: visit(mode), label: label, isTick: step.motion != nil,
                            isStart: step == .start, isClear: step == .clear))
                }
                for (fault, label) in Self.faults {
                    var mode = modes[next]
                    _ = mode.handle(.fault(fault))
                    edges.append(
                        Edge(
                            from: next, to: visit(mode), label: label, isTick: false, isStart: false,
                            isClear: false))
                }
                next += 1
            }
        }
    }

    static let graph = Graph()

    @Test("every sequence of events stays within a known number of states")
    func fixedPoint() {
        let graph = Self.graph
        print("explored: \(graph.modes.count) states, \(graph.edges.count) transitions, to a fixed point")
        #expect(graph.edges.count == graph.modes.count * (Step.allCases.count + allFaults.count))
        #expect(Set(graph.modes.map(\.number)) == Set(0...7))
    }

    @Test("outputs come on only by a start, which needs a permit")
    func onlyByStart() {
        for edge in Self.graph.edges {
            let (before, after) = (Self.graph.modes[edge.from], Self.graph.modes[edge.to])
            if after.isPowered && !before.isPowered {
                #expect(edge.isStart, "\(before) --\(edge.label)--> \(after)")
                #expect(before.number == Mode.permitted(age: .zero).number)
            }
        }
    }

    @Test("nothing but the way over identified, verified, observing and permitted leads to running")
    func onlyWayUp() {
        for edge in Self.graph.edges {
            let (before, after) = (Self.graph.modes[edge.from], Self.graph.modes[edge.to])
            guard after.number > before.number, after.number <= 5 else { continue }
            #expect(after.number == before.number + 1, "\(before) --\(edge.label)--> \(after)")
        }
    }

    @Test("a latched fault is left only by a person's act, to unknown, and only when stopped")
    func latched() {
        for edge in Self.graph.edges {
            guard case .latched(let stop) = Self.graph.modes[edge.from] else { continue }
            let after = Self.graph.modes[edge.to]
            if case .latched = after { continue }
            #expect(edge.isClear && after == .unknown && stop.isStopped && stop.rung == .limp, "\(edge.label)")
        }
    }

    @Test("during a stop the rung never goes up again, except that a hold may end in going on")
    func downwards() {
        for edge in Self.graph.edges {
            guard let before = stop(edge.from), let after = stop(edge.to) else { continue }
            #expect(after.rung >= before.rung && after.clearing >= before.clearing, "\(edge.label)")
        }
        for edge in Self.graph.edges where Self.graph.modes[edge.to].isRunning {
            guard let before = stop(edge.from) else { continue }
            #expect(before.rung == .hold && before.clearing <= .byOperator, "\(edge.label)")
        }
    }

    func stop(_ index: Int) -> Stop? {
        switch Self.graph.modes[index] {
        case .held(let stop), .latched(let stop): stop
        case .unknown, .identified, .verified, .observing, .permitted, .running: nil
        }
    }

    /// The longest way, in ticks, that stays in powered states and takes no new start; nil when there is a way without
    /// end, which would be a robot that an adversary can keep from ever stopping.
    static func longestPoweredWay(_ graph: Graph) -> Int? {
        let powered = graph.modes.indices.filter { graph.modes[$0].isPowered }
        var longest = Dictionary(uniqueKeysWithValues: powered.map { ($0, 0) })
        let within = graph.edges.filter { longest[$0.from] != nil && longest[$0.to] != nil && $0.from != $0.to }
        let loops = graph.edges.contains { $0.from == $0.to && $0.isTick && graph.modes[$0.from].isPowered }
        if loops { return nil }
        for _ in 0...powered.count {
            var changed = false
            for edge in within {
                let length = (longest[edge.to] ?? 0) + (edge.isTick ? 1 : 0)
                if length > longest[edge.from] ?? 0 {
                    longest[edge.from] = length
                    changed = true
                }
            }
            if !changed { return (longest.values.max() ?? 0) + 1 }
            if (longest.values.max() ?? 0) > powered.count { return nil }
        }
        return nil
    }

    @Test("every powered state reaches outputs off in bounded ticks, whatever happens")
    func bounded() throws {
        let bound = try #require(Self.longestPoweredWay(Self.graph))
        let times = Self.times
        let sum = Self.horizon.rawValue + times.hold.rawValue + times.slowStop.rawValue + times.park.rawValue
        print("explored: outputs are off after at most \(bound) ticks; the time-outs sum to \(sum)")
        #expect(bound <= Int(sum) + 1)
    }

    @Test("the search would notice a robot that can be kept from stopping")
    func noticesEndless() {
        var graph = Self.graph
        guard let running = graph.modes.firstIndex(where: \.isRunning) else { return unexpected(.unknown) }
        graph.edges.append(
            Edge(from: running, to: running, label: "planted", isTick: true, isStart: false, isClear: false))
        #expect(Self.longestPoweredWay(graph) == nil)
    }
}
