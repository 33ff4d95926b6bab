internal import Quantities

/// The words for the numbers in ticks and events. They belong to others; a recording carries them in its schemas.
public struct EpisodeWords: Sendable {
    public var modes: [String] = []
    public var rulings: [String] = []
    public var rules: [String] = []
    public var rungs: [String] = []
    public var events: [String] = []

    public init() {}
}

extension RecordingLayout<EpisodeEntry> {
    /// The channels of an episode: state, action, verdict, timing, events.
    ///
    /// - Parameters:
    ///   - sensors: what is measured beside the joints; at most eight, and more are left out.
    ///   - hasBytes: whether there is one more, of the bytes of the bus.
    public static func episode(
        joints: JointNames, sensors: [String] = [], words: EpisodeWords, hasBytes: Bool = false
    ) -> RecordingLayout {
        RecordingLayout(
            channels: [
                .state(joints, sensors), .action(joints), .verdict(joints, words), .timing, .events(joints, words),
            ] + (hasBytes ? [.bus] : []),
            logTime: \.hostTime,
            publishTime: { entry in
                if case .tick(let tick) = entry { tick.deviceTime } else { entry.hostTime }
            },
            sequence: { $0.number.rawValue })
    }
}

extension EpisodeEntry {
    fileprivate var hostTime: Timestamp {
        switch self {
        case .tick(let tick): tick.hostTime
        case .event(let event): event.hostTime
        case .bus(let record): record.hostTime
        }
    }

    fileprivate var number: Tick {
        switch self {
        case .tick(let tick): tick.tick
        case .event(let event): event.tick
        case .bus(let record): Tick(record.number)
        }
    }
}

extension JSONChannel<EpisodeEntry> {
    /// A channel of ticks.
    private static func ticks(
        _ topic: String, _ name: String, _ summary: String, _ fields: [JSONField<EpisodeTick>]
    ) -> JSONChannel {
        let tick = JSONField<EpisodeTick>.integer("tick", "counted by the loop") { Int64($0.tick.rawValue) }
        return JSONChannel(
            topic: topic, name: name, summary: summary, fields: ([tick] + fields).map { $0.ofTicks },
            includes: { if case .tick = $0 { true } else { false } })
    }

    fileprivate static func state(_ joints: JointNames, _ sensors: [String]) -> JSONChannel {
        ticks(
            "/state", "understudy.State", "what the joints measured",
            [
                .joints("position_rad", "angle", joints) { $0.joints[$1].position },
                .joints("speed_rad_s", "angular speed", joints) { $0.joints[$1].speed },
                .joints("effort_nm", "torque, as the actuator estimates it", joints) { $0.joints[$1].effort },
                .joints("temperature_c", "of the motor", joints) { $0.joints[$1].temperature },
                .joints("voltage_v", "at the actuator", joints) { $0.joints[$1].voltage },
                .joints("age_s", "how old the sample was when the loop used it", joints) { $0.joints[$1].age },
                .jointIntegers("alarm", "what the actuator complains about; 0 is nothing", joints) {
                    Int64($0.joints[$1].alarm)
                },
            ] + (sensors.isEmpty ? [] : [.sensors(Array(sensors.prefix(8)))]))
    }

    fileprivate static func action(_ joints: JointNames) -> JSONChannel {
        let kinds = RecordedCommand.Kind.allCases.map { "\($0)" }
        func truth(
            _ name: String, _ summary: String, _ command: @escaping @Sendable (JointTick) -> RecordedCommand
        ) -> [JSONField<EpisodeTick>] {
            [
                .each(name, summary, joints, .number) { $2.number(command($0.joints[$1]).value) },
                .jointWords("\(name)_kind", "off, or what the number means", joints, kinds) {
                    command($0.joints[$1]).kind.rawValue
                },
            ]
        }
        return ticks(
            "/action", "understudy.Action", "what the joints were told: rad, rad/s or N·m, by the kind",
            truth("requested", "what the policy wanted") { $0.requested }
                + truth("supervised", "what the supervisor let through") { $0.supervised }
                + truth("acknowledged", "what the device says that it follows") { $0.acknowledged })
    }

    fileprivate static func verdict(_ joints: JointNames, _ words: EpisodeWords) -> JSONChannel {
        ticks(
            "/verdict", "understudy.Verdict", "what the supervisor made of the tick",
            [
                .word("mode", "where the guard stands", words.modes) { $0.verdict.mode },
                .word("ruling", "what became of the commands", words.rulings) { $0.verdict.ruling },
                .word("rule", "the rule that decided", words.rules) { $0.verdict.rule },
                .word("rung", "of the stop ladder", words.rungs) { $0.verdict.rung },
                .integer("fault", "by its number; 0 is none") { Int64($0.verdict.fault) },
                .jointWords("objections", "the rule that changed each joint's command", joints, words.rules) {
                    $0.joints[$1].objection
                },
            ])
    }

    fileprivate static var timing: JSONChannel {
        ticks(
            "/timing", "understudy.Timing", "how long the tick took; counters count from the start",
            [
                .quantity("lateness_s", "from the tick's instant to its beginning") { $0.timing.lateness },
                .quantity("work_s", "from its beginning to its end") { $0.timing.work },
                .quantity("reading_s", "of the bus") { $0.timing.reading },
                .quantity("writing_s", "to the bus") { $0.timing.writing },
                .integer("misses", "ticks that came too late") { Int64($0.timing.misses) },
                .integer("retries", "requests sent once more") { Int64($0.timing.retries) },
                .integer("time_outs", "answers that did not come") { Int64($0.timing.timeOuts) },
                .integer("damaged", "packets that arrived damaged") { Int64($0.timing.damaged) },
            ])
    }

    fileprivate static func events(_ joints: JointNames, _ words: EpisodeWords) -> JSONChannel {
        let fields: [JSONField<EpisodeEvent>] = [
            .integer("tick", "counted by the loop") { Int64($0.tick.rawValue) },
            .word("kind", "what happened", words.events) { $0.kind },
            JSONField("joint", "where; empty for the whole robot", .text) { event, line in
                line.text(event.joint.flatMap { joints.name(of: $0) } ?? "")
            },
            .integer("number", "what the kind wants: a fault's number, a mode's") { $0.number },
        ]
        return JSONChannel(
            topic: "/events", name: "understudy.Event", summary: "what happened", fields: fields.map { $0.ofEvents },
            includes: { if case .event = $0 { true } else { false } })
    }
}

extension JointNames {
    fileprivate func name(of joint: JointIndex) -> String? {
        Int(joint.rawValue) < names.count ? names[Int(joint.rawValue)] : nil
    }
}

extension JSONField<EpisodeTick> {
    /// In the units of the robot's file, by their names.
    fileprivate static func sensors(_ names: [String]) -> JSONField {
        let keys = names.map { JSONKey($0) }
        return JSONField("sensors", "what is measured beside the joints", .joints(names, .number)) { tick, line in
            line.beginObject()
            for (place, key) in keys.enumerated() {
                line.key(key)
                line.number(tick.sensors[place])
            }
            line.endObject()
        }
    }

    fileprivate var ofTicks: JSONField<EpisodeEntry> {
        let write = write
        return JSONField<EpisodeEntry>(name, summary, shape) { entry, line in
            if case .tick(let tick) = entry { write(tick, &line) }
        }
    }
}

extension JSONField<EpisodeEvent> {
    fileprivate var ofEvents: JSONField<EpisodeEntry> {
        let write = write
        return JSONField<EpisodeEntry>(name, summary, shape) { entry, line in
            if case .event(let event) = entry { write(event, &line) }
        }
    }
}
