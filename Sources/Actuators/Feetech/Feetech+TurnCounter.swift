extension Feetech {
    /// Follows an encoder of one turn past its end.
    ///
    /// It also is the second line of defence behind a weak checksum: a step that the joint cannot have made is refused.
    public struct TurnCounter: Equatable, Sendable {
        /// The way from the encoder's zero of the turn it began in.
        public private(set) var steps: Int64

        /// Nil when the reading is outside one turn.
        public init?(at reading: Int32) {
            guard Self.turn.contains(reading) else { return nil }
            steps = Int64(reading)
        }

        private static let turn: Range<Int32> = 0..<stepsPerTurn
        private static let halfTurn = Int64(stepsPerTurn / 2)

        /// The way to the new reading, or nil, and nothing changed, when it is no reading or not within reach.
        ///
        /// - Parameter reach: the most steps that the joint can make between two readings. Half a turn or more is
        ///   ambiguous and counts as one step less than that.
        public mutating func follow(_ reading: Int32, within reach: Int32) -> Int64? {
            guard Self.turn.contains(reading) else { return nil }
            let step = Self.shortestWay(from: steps, to: Int64(reading))
            guard step.magnitude <= Int64(reach), step.magnitude < Self.halfTurn else { return nil }
            steps += step
            return steps
        }

        private static func shortestWay(from steps: Int64, to reading: Int64) -> Int64 {
            let way = (reading - steps) % Int64(stepsPerTurn)
            if way >= halfTurn { return way - Int64(stepsPerTurn) }
            return way < -halfTurn ? way + Int64(stepsPerTurn) : way
        }
    }
}
