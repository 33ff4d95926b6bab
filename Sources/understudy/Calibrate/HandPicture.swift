/// Joints that somebody turns by hand: how far each has been, and where it is between its stops.
struct HandPicture {
    struct Joint: Equatable {
        let name: String
        let stops: ClosedRange<Double>
        /// How far it has been; nil before it was read.
        private(set) var been: ClosedRange<Double>?
        private(set) var position: Double?

        init(_ name: String, stops: ClosedRange<Double>) { (self.name, self.stops) = (name, stops) }

        mutating func take(_ position: Double?) {
            self.position = position.flatMap { $0.isFinite ? $0 : nil }
            guard let position = self.position else { return }
            been = been.map { min($0.lowerBound, position)...max($0.upperBound, position) } ?? position...position
        }

        /// Less than that is no way from end to end, whatever its gear.
        private static let leastShare = 0.05

        var isMoved: Bool {
            guard let been else { return false }
            return been.upperBound - been.lowerBound > Self.leastShare * (stops.upperBound - stops.lowerBound)
        }
    }

    private static let width = 25
    private static let nameWidth = 10

    private let style: Style
    var joints: [Joint]

    init(_ joints: [Joint], _ style: Style) { (self.joints, self.style) = (joints, style) }

    var lines: [String] { joints.map(line) }

    private func line(_ joint: Joint) -> String {
        let (low, high) = (decimal(joint.stops.lowerBound, 2), decimal(joint.stops.upperBound, 2))
        let been = joint.been.map { "\(decimal($0.lowerBound, 2)) to \(decimal($0.upperBound, 2)) rad" }
        return "  \(padded(String(joint.name.prefix(Self.nameWidth)), Self.nameWidth))"
            + String(repeating: " ", count: max(1, 7 - low.count)) + low + " " + bar(joint) + " " + padded(high, 6)
            + (been ?? "not read")
    }

    private func bar(_ joint: Joint) -> String {
        var cells = [String](repeating: "─", count: Self.width)
        guard let been = joint.been, let position = joint.position else { return cells.joined() }
        for cell in cell(been.lowerBound, joint)...cell(been.upperBound, joint) { cells[cell] = "━" }
        cells[cell(position, joint)] = style.bold("●")
        return cells.joined()
    }

    private func cell(_ position: Double, _ joint: Joint) -> Int {
        let share = (position - joint.stops.lowerBound) / (joint.stops.upperBound - joint.stops.lowerBound)
        return Int(min(max(share, 0), 1) * Double(Self.width - 1) + 0.5)
    }
}
