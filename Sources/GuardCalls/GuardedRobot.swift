public import Episodes
public import JSON
public import Supervision

/// A robot as its guard describes it: everything that a plan has to name, and a record of a calibration has to hold.
public struct GuardedRobot: Equatable, Sendable {
    /// One thing that is verified before motion.
    public struct Check: Equatable, Sendable {
        public let name: String
        public let passed: Bool
        public let reason: String
        public let remedy: String
    }

    public let name: String
    public let robot: Digest
    public let envelope: Digest
    /// Nil while the robot has no record of a calibration that counts.
    public let calibration: Digest?
    public let calibratedAt: WallInstant?
    /// Nanoseconds of a tick.
    public let tick: Int64
    /// By joint, where its device says it.
    public let serials: [String: String]
    public let firmware: [String: String]
    public let settings: [String: Digest]
    public let checks: [Check]
    /// All of it in the guard's words, for whoever hands it on.
    public let words: JSONObject

    public init(_ words: JSONObject) throws(CallError) {
        func digest(_ key: String) throws(CallError) -> Digest {
            guard let digest = words[key]?.text.flatMap(Digest.init(text:)) else { throw .unreadable(key) }
            return digest
        }
        guard let name = words["name"]?.text else { throw .unreadable("name") }
        guard let tick = words["tick_ns"]?.integer else { throw .unreadable("tick_ns") }
        self.words = words
        self.name = name
        self.tick = tick
        robot = try digest("robot_sha256")
        envelope = try digest("envelope_sha256")
        calibration = words["calibration_sha256"] == nil ? nil : try digest("calibration_sha256")
        calibratedAt = words["calibrated_at_ns"]?.integer.map { WallInstant(milliseconds: $0 / 1_000_000) }
        serials = Self.texts(words["serials"])
        firmware = Self.texts(words["firmware"])
        settings = Self.texts(words["settings_sha256"]).compactMapValues(Digest.init(text:))
        checks = (words["checks"]?.list ?? []).compactMap(\.object).map {
            Check(
                name: $0["name"]?.text ?? "", passed: $0["passed"]?.boolean ?? false, reason: $0["reason"]?.text ?? "",
                remedy: $0["remedy"]?.text ?? "")
        }
    }

    private static func texts(_ value: JSONValue?) -> [String: String] {
        var texts: [String: String] = [:]
        for member in value?.object?.members ?? [] { texts[member.key] = member.value.text }
        return texts
    }
}
