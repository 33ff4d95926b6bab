import JSON
import Robots

/// A robot as it moves, for a person in front of a terminal: where each joint is between its limits, where it has been
/// lately, and which plan it flies. What changes besides stays above as a line of its own.
struct WatchPicture {
    /// How many of the last answers a joint's trail goes back.
    private static let memory = 50
    private static let width = 25
    private static let nameWidth = 10

    private let robot: String
    private let texts: GuardTexts
    private let limits: [String: ClosedRange<Double>]
    private var trails: [String: [Int]] = [:]
    private var headline = ""
    private var joints: [String] = []
    private var plan: String?

    /// - Parameter known: what the guard says of its robot.
    init(of robot: String, _ known: JSONObject, _ texts: GuardTexts) {
        self.robot = robot
        self.texts = texts
        var limits: [String: ClosedRange<Double>] = [:]
        for joint in (known["limits"]?.list ?? []).compactMap(\.object) {
            guard let low = joint["position_low"]?.number, let high = joint["position_high"]?.number, low < high else {
                continue
            }
            limits[joint.word("joint")] = low...high
        }
        self.limits = limits
    }

    /// Takes what the guard tells; a line where it is more than a joint that moved.
    mutating func take(_ change: JSONObject) -> String? {
        joints = (change["joints"]?.list ?? []).compactMap(\.object).map { row($0) }
        let newest = texts.headline(change, of: robot)
        let isNew = newest != headline
        headline = newest
        if let summary = change["summary"]?.object {
            plan = texts.summary(summary)
            return plan
        }
        if let message = change["message"]?.text { return "  \(shown(message))" }
        return isNew ? newest : nil
    }

    var lines: [String] {
        let heading =
            String(repeating: " ", count: 2 + Self.nameWidth + 8 + Self.width + 7) + "     rad   rad/s    °C"
        return [headline, texts.style.faint(heading)] + joints + [plan ?? "  no plan has changed since this began"]
    }

    private mutating func row(_ joint: JSONObject) -> String {
        let name = joint.word("name")
        let power = joint["torque_on"]?.boolean == true ? texts.style.bold("on") : "off"
        let cells = [("position", 3, 8), ("speed", 2, 8), ("temperature_celsius", 0, 6)].map { key, places, width in
            let text = joint[key]?.number.map { decimal($0, places) } ?? "–"
            return String(repeating: " ", count: max(1, width - text.count)) + text
        }.joined()
        return "  \(padded(String(name.prefix(Self.nameWidth)), Self.nameWidth))"
            + bar(name, joint["position"]?.number) + cells + "  \(power)"
    }

    /// The way between the limits, with the trail on it; a joint beyond them stands at the end that it left by.
    private mutating func bar(_ name: String, _ position: Double?) -> String {
        guard let limits = limits[name] else { return String(repeating: " ", count: Self.width + 15) }
        var cells = [String](repeating: "─", count: Self.width)
        for cell in trails[name] ?? [] { cells[cell] = "━" }
        if let position, position.isFinite {
            let share = (position - limits.lowerBound) / (limits.upperBound - limits.lowerBound)
            let cell = Int(min(max(share, 0), 1) * Double(Self.width - 1) + 0.5)
            trails[name] = ((trails[name] ?? []) + [cell]).suffix(Self.memory)
            let isInside = limits.contains(position)
            cells[cell] = isInside ? texts.style.bold("●") : texts.style.red(share < 0 ? "◀" : "▶")
        }
        let (low, high) = (decimal(limits.lowerBound, 2), decimal(limits.upperBound, 2))
        return String(repeating: " ", count: max(1, 7 - low.count)) + low + " " + cells.joined() + " " + padded(high, 6)
    }
}
