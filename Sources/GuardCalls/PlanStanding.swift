public import Episodes
public import JSON
public import Quantities
public import Supervision

/// Where a plan stands, as the guard says it.
public struct PlanStanding: Equatable, Sendable {
    /// The last six are final. Lost: the guard died while it ran; its permit is never used again.
    public enum State: String, CaseIterable, Sendable {
        case proposed, approved, running, denied, expired, finished, stopped, lost, failed

        public var isFinal: Bool {
            switch self {
            case .proposed, .approved, .running: false
            case .denied, .expired, .finished, .stopped, .lost, .failed: true
            }
        }
    }

    public let plan: Digest
    public let state: State
    /// What has to happen before it can fly, in the guard's words.
    public let waitsFor: [String]
    /// Who approved or denied it, by the number of the user, and when.
    public let decidedBy: UInt32?
    public let decidedAt: WallInstant?
    /// What who decided wrote.
    public let why: String?
    public let recording: String?
    public let recordingDigest: Digest?
    public let ticks: Ticks?
    /// The number of the fault that ended it.
    public let fault: UInt16?
    /// All of it in the guard's words, for whoever hands it on.
    public let words: JSONObject

    public init(_ words: JSONObject) throws(CallError) {
        guard let plan = words["sha256"]?.text.flatMap(Digest.init(text:)) else { throw .unreadable("sha256") }
        guard let state = words["state"]?.text.flatMap(State.init) else { throw .unreadable("state") }
        self.words = words
        self.plan = plan
        self.state = state
        waitsFor = words["waits_for"]?.list?.compactMap(\.text) ?? []
        decidedBy = words["decided_by"]?.integer.flatMap(UInt32.init(exactly:))
        decidedAt = words["decided_at_ns"]?.integer.map { WallInstant(milliseconds: $0 / 1_000_000) }
        why = words["why"]?.text
        recording = words["recording"]?.text
        recordingDigest = words["recording_sha256"]?.text.flatMap(Digest.init(text:))
        ticks = words["ticks"]?.integer.flatMap(Int32.init(exactly:)).map { Ticks($0) }
        fault = words["fault"]?.object?["number"]?.integer.flatMap(UInt16.init(exactly:))
    }
}

/// A price as the interface has it, and as whoever else writes one down.
extension Cost {
    public var words: JSONObject {
        [
            "time_ms": .integer(time.rawValue), "wear_microlives": .integer(wear.rawValue),
            "heat_mj": .integer(heat.rawValue), "attention_ms": .integer(attention.rawValue),
        ]
    }

    public init(words: JSONObject) throws(CallError) {
        func amount(_ key: String) throws(CallError) -> Int64 {
            guard let number = words[key]?.integer else { throw .unreadable(key) }
            return number
        }
        self.init(
            time: Milliseconds(try amount("time_ms")), wear: Microlives(try amount("wear_microlives")),
            heat: Millijoules(try amount("heat_mj")), attention: Milliseconds(try amount("attention_ms")))
    }
}
