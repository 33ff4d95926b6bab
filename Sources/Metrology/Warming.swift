internal import Expressions

/// How a motor warms and cools, found from the work of an hour or more: what heats its housing by a kelvin, and how much
/// warmer than the air each watt keeps it.
///
/// For a time constant of the housing the temperatures are sums of known columns: the air, where the work began, the heat
/// so far, and what runs through the winding just now. The time constant that leaves least is looked for.
public struct Warming: Equatable, Sendable {
    /// One recording: whoever works and is watched.
    public struct Work: Equatable, Sendable {
        /// Seconds, on a clock that all recordings share.
        public var begin: Double
        /// Second by second: watts in the winding, and what the sensor said, in degrees Celsius.
        public var powers: [Double]
        public var temperatures: [Double]

        public init(begin: Double, powers: [Double], temperatures: [Double]) {
            guard powers.count == temperatures.count else { preconditionFailure("both have a number for each second") }
            (self.begin, self.powers, self.temperatures) = (begin, powers, temperatures)
        }

        var end: Double { begin + Double(powers.count) }
    }

    /// What is known of the winding beforehand.
    public struct Winding: Equatable, Sendable {
        /// How many seconds the housing feels a load later than it.
        public let time: Double
        /// In joules a kelvin.
        public let capacity: Double

        public init(time: Double, capacity: Double) { (self.time, self.capacity) = (time, capacity) }
    }

    /// Of the housing, in joules a kelvin.
    public let capacity: Measured
    /// In kelvins a watt.
    public let resistance: Measured
    /// Of the air, in degrees Celsius.
    public let ambient: Measured
    /// What is left, in kelvins.
    public let residual: Double
    /// From the coldest to the warmest that was told, in kelvins.
    public let span: Double

    /// So many recordings are needed to say how sure it is.
    public static let leastWorks = 5
    /// A sensor of whole degrees says little of less.
    public static let leastSpan = 4.0
    private static let rowSeconds = 5
    /// Between two recordings further apart nobody knows what was done.
    static let longestRest = 7_200.0

    /// - Parameters:
    ///   - works: in the order of their time. Between them no current flows.
    ///   - winding: of the motor; what it stores itself is not the housing's.
    public init(_ works: [Work], _ winding: Winding) throws(WarmingProblem) {
        let told = works.flatMap(\.temperatures).filter(\.isFinite)
        span = (told.max() ?? 0) - (told.min() ?? 0)
        guard works.count >= Self.leastWorks else { throw .tooFew(works.count) }
        guard span >= Self.leastSpan else { throw .tooCold(span) }
        guard let whole = Self.best(works, winding, without: nil) else { throw .notTold }
        // By how much all would move if one recording after the other were left out.
        let others = works.indices.compactMap { Self.best(works, winding, without: $0) }
        let share = Double(others.count - 1) / Double(max(others.count, 1))
        func measured(_ number: (Found) -> Double) -> Measured {
            let mean = others.reduce(0) { $0 + number($1) } / Double(max(others.count, 1))
            let squares = others.reduce(0) { $0 + (number($1) - mean) * (number($1) - mean) }
            return Measured(number(whole), uncertainty: 2.2 * (share * squares).squareRoot())
        }
        (capacity, resistance) = (measured(\.capacity), measured(\.resistance))
        (ambient, residual) = (measured(\.ambient), whole.residual)
    }

    private struct Found {
        let capacity, resistance, ambient, residual: Double
    }

    /// The time constant of the housing is looked for between ten seconds and three hours, by golden sections.
    private static func best(_ works: [Work], _ winding: Winding, without left: Int?) -> Found? {
        let golden = 0.618_033_988_75
        var (low, high) = (10.0, 10_800.0)
        func look(_ time: Double) -> (time: Double, found: Found?) {
            (time, fitted(works, winding, time, without: left))
        }
        var first = look(high / power(high / low, golden))
        var second = look(low * power(high / low, golden))
        for _ in 0..<22 {
            if first.found?.residual ?? .infinity < second.found?.residual ?? .infinity {
                (high, second) = (second.time, first)
                first = look(high / power(high / low, golden))
            } else {
                (low, first) = (first.time, second)
                second = look(low * power(high / low, golden))
            }
        }
        return first.found
    }

    private static func power(_ base: Double, _ exponent: Double) -> Double {
        exponential(exponent * DoubleLanes(repeating: base).logarithm[0])
    }

    private static func exponential(_ value: Double) -> Double { DoubleLanes(repeating: value).exponential[0] }

    private static func fitted(_ works: [Work], _ winding: Winding, _ time: Double, without left: Int?) -> Found? {
        let sessions = sessions(works)
        let count = (sessions.last ?? 0) + 1
        var rows: [[Double]] = []
        var values: [Double] = []
        var store = Store(time: time, windingTime: winding.time)
        for (place, work) in works.enumerated() {
            if place == 0 || sessions[place] != sessions[place - 1] {
                store = Store(time: time, windingTime: winding.time)
            } else {
                store.rest(work.begin - works[place - 1].end)
            }
            // Seconds follow one another; a row of every few of them says as much.
            var few: [Double] = []
            for (watts, told) in zip(work.powers, work.temperatures) {
                store.work(watts)
                few.append(told)
                guard few.count == rowSeconds else { continue }
                let mean = few.reduce(0, +) / Double(rowSeconds)
                few.removeAll()
                guard mean.isFinite, place != left else { continue }
                var row = [1 - store.kept, store.heat, store.passing] + [Double](repeating: 0, count: count)
                row[3 + sessions[place]] = store.kept
                rows.append(row)
                values.append(mean)
            }
        }
        guard let fit = LeastSquares(rows, values), fit.weights[1].value > 0 else { return nil }
        // Slowly, the winding warms with its housing.
        let both = 1 / fit.weights[1].value
        return Found(
            capacity: max(both - winding.capacity, 0), resistance: time / both, ambient: fit.weights[0].value,
            residual: fit.residual)
    }

    /// Which recordings belong together: after a long rest, or on another clock, nobody knows how warm it was.
    private static func sessions(_ works: [Work]) -> [Int] {
        var (session, all) = (0, [Int]())
        for (place, work) in works.enumerated() {
            if place > 0, !(0...longestRest).contains(work.begin - works[place - 1].end) { session += 1 }
            all.append(session)
        }
        return all
    }

    /// A housing of one joule a kelvin behind its winding, second by second.
    private struct Store {
        /// How much of where it began is left.
        private(set) var kept = 1.0
        /// Joules that came and have not gone.
        private(set) var heat = 0.0
        /// Watts that the winding gives the housing just now.
        private(set) var passing = 0.0
        private let time: Double
        private let second: Double
        private let winding: Double

        init(time: Double, windingTime: Double) {
            self.time = time
            second = exponential(-1 / time)
            winding = exponential(-1 / windingTime)
        }

        mutating func work(_ watts: Double) {
            passing = watts + (passing - watts) * winding
            heat = heat * second + passing
            kept *= second
        }

        mutating func rest(_ seconds: Double) {
            let whole = Int(seconds.rounded(.down))
            // What is still in the winding comes out; behind that nothing is left to follow second by second.
            for _ in 0..<min(whole, 120) { work(0) }
            let rest = exponential(-(seconds - Double(min(whole, 120))) / time)
            (heat, kept) = (heat * rest, kept * rest)
        }
    }
}

/// Why recordings say nothing about warmth.
public enum WarmingProblem: Error, Equatable, Sendable {
    /// So many recordings, fewer than it takes.
    case tooFew(Int)
    /// It became warmer by so many kelvins only.
    case tooCold(Double)
    /// It never was at work and at rest.
    case notTold
}
