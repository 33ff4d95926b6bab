/// One thing that a bus was told to do: what it asked of its port meanwhile, and what that answered.
///
/// Texts all of it, so that a recording can be read without this program; whose words they are Recordings does not know.
public struct BusRecord: Equatable, Sendable {
    /// Counted by the loop's thread.
    public var number: UInt32
    public var verb: String
    public var hostTime: Timestamp
    /// By when it had to be done, in nanoseconds of the same clock.
    public var deadline: Int64
    /// Where the bus was in the numbers that go round, before.
    public var rotation: UInt32
    /// What the joints were told, in their order; empty where they were told nothing.
    public var goals: String
    /// What was asked and answered, step by step.
    public var steps: String
    /// How many pieces of what went before could not be kept.
    public var lost: UInt64

    public init(
        number: UInt32, verb: String, hostTime: Timestamp, deadline: Int64, rotation: UInt32, goals: String = "",
        steps: String = "", lost: UInt64 = 0
    ) {
        self.number = number
        self.verb = verb
        self.hostTime = hostTime
        self.deadline = deadline
        self.rotation = rotation
        self.goals = goals
        self.steps = steps
        self.lost = lost
    }
}

extension JSONChannel<EpisodeEntry> {
    static var bus: JSONChannel {
        let fields: [JSONField<BusRecord>] = [
            .integer("number", "counted by the loop's thread") { Int64($0.number) },
            JSONField("verb", "what the bus was told to do", .text) { $1.text($0.verb) },
            .integer("deadline_ns", "by when, on the host's clock") { $0.deadline },
            .integer("rotation", "where it was in the numbers that go round, before") { Int64($0.rotation) },
            JSONField("goals", "of the joints in their order: p rad, s rad/s, e N·m", .text) { $1.text($0.goals) },
            JSONField(
                "steps",
                "@ns a reading of the clock, +ns a later one, >hex sent, <hex received, ?n thrown away, ~ slept; "
                    + "!t out of time, !h hung up, !x failed",
                .text
            ) { $1.text($0.steps) },
            .integer("lost", "pieces of what went before that could not be kept") { Int64(clamping: $0.lost) },
        ]
        return JSONChannel(
            topic: BusLog.topic, name: "understudy.Bus", summary: "every byte of the bus",
            fields: fields.map { $0.ofBus }, includes: { if case .bus = $0 { true } else { false } })
    }
}

extension JSONField<BusRecord> {
    fileprivate var ofBus: JSONField<EpisodeEntry> {
        let write = write
        return JSONField<EpisodeEntry>(name, summary, shape) { entry, line in
            if case .bus(let record) = entry { write(record, &line) }
        }
    }
}
