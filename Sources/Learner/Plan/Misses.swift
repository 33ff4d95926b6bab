/// How far this robot's flights went beside what was foretold of them, the newest last: by this the next band is widened.
///
/// A band shall be left by one flight in twenty. Of flights that are alike, the next one misses by more than the largest of
/// the 19 before it with a probability of one in twenty, whatever the model and however misses are distributed: so far a
/// band goes. While there are fewer, what is beyond the largest is taken to be half as frequent at twice the distance, and
/// before any flight one that missed by a room is assumed. A flight that was stopped at its band would have gone on: by the
/// same rule as often beyond twice the distance as not.
public struct Misses: Equatable, Sendable {
    struct Flight: Equatable, Sendable {
        /// In rooms beside the rollouts.
        let size: Float
        let hasLeft: Bool
    }

    private(set) var flights: [Flight] = []

    /// One flight of so many may leave its band.
    static let rarity = 20
    /// Older ones were of other policies and other models.
    static let memory = rarity - 1
    /// As far as anything is told apart.
    private static let most: Float = 1e6

    public init() {}

    init(_ flights: [Flight]) { self.flights = flights }

    public var count: Int { flights.count }
    /// How many of them were stopped because they left their bands.
    public var left: Int { flights.count(where: \.hasLeft) }

    /// - Parameters:
    ///   - miss: in rooms, as far as the flight went.
    ///   - hasLeft: whether it was stopped because it left its band.
    public mutating func add(_ miss: Float, hasLeft: Bool) {
        let size = hasLeft ? 2 * max(miss, rooms) : miss
        flights = (flights + [Flight(size: min(max(size, 0), Self.most), hasLeft: hasLeft)]).suffix(Self.memory)
    }

    /// So many rooms beside the rollouts the next band goes, and never less than one.
    public var rooms: Float {
        let largest = flights.reduce(1) { max($0, $1.size) }
        // Beyond the largest of n flights, and the one that is assumed, goes one of n + 2.
        return min(largest * max(1, Float(Self.rarity) / Float(flights.count + 2)), Self.most)
    }
}
