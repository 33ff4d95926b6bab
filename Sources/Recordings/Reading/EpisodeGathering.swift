import Quantities

/// Puts the messages of an episode's channels together again, tick by tick.
struct EpisodeGathering {
    private let words: EpisodeNames
    var joints: [FieldScanner.Name] = []
    private(set) var sensors: [FieldScanner.Name] = []
    private(set) var ticks: [EpisodeTick] = []
    private(set) var events: [EpisodeEvent] = []
    private(set) var flaw: EpisodeLogError?
    /// Which channels have told of the latest tick; zero before the first.
    private var told: UInt8 = 0

    init(words: EpisodeWords) { self.words = EpisodeNames(words) }

    mutating func take<Source: ByteSource & ~Copyable>(
        _ reader: borrowing RecordingReader<Source>
    ) throws(RecordingError) {
        var topics: [UInt16: EpisodeTopic] = [:]
        for channel in reader.definitions.channels.values { topics[channel.id] = EpisodeTopic(rawValue: channel.topic) }
        var (gathering, tick) = (self, EpisodeTick.blank)
        // What a file says of itself is a guess at how much room it takes, and no more.
        gathering.ticks.reserveCapacity(Int(min((reader.statistics?.messages ?? 0) / 4, 1 << 13)))
        try reader.forEachMessage(on: Set(topics.keys)) { message in
            guard let topic = topics[message.head.channel], gathering.flaw == nil else { return }
            gathering.take(message, topic, into: &tick)
        }
        gathering.close(tick)
        self = gathering
    }

    private mutating func take(_ message: Message, _ topic: EpisodeTopic, into tick: inout EpisodeTick) {
        do throws(EpisodeFlaw) {
            if topic == .events { return events.append(try event(message)) }
            beginTick(message, &tick)
            try fill(message, topic, &tick)
            told |= topic.bit
        } catch {
            flaw = error.of(topic.rawValue, message.head.sequence)
        }
    }

    private mutating func beginTick(_ message: Message, _ tick: inout EpisodeTick) {
        let number = Tick(message.head.sequence)
        guard told == 0 || tick.tick != number else { return }
        close(tick)
        tick = .blank
        (tick.tick, tick.hostTime, tick.deviceTime) = (number, message.head.logTime, message.head.publishTime)
    }

    /// Every needed channel has to have told of a tick.
    private mutating func close(_ tick: EpisodeTick) {
        guard flaw == nil, told != 0 else { return }
        if let lacking = EpisodeTopic.needed.first(where: { told & $0.bit == 0 }) {
            flaw = .halfTick(tick.tick.rawValue, lacks: lacking.rawValue)
        }
        told = 0
        ticks.append(tick)
    }

    private mutating func fill(
        _ message: Message, _ topic: EpisodeTopic, _ tick: inout EpisodeTick
    ) throws(EpisodeFlaw) {
        var scanner = FieldScanner(message.data)
        switch topic {
        case .state: try state(&scanner, &tick)
        case .action: try action(&scanner, &tick)
        case .verdict: try verdict(&scanner, &tick)
        case .timing: try timing(&scanner, &tick)
        case .events: break
        }
    }
}

/// What can be wrong inside a message.
enum EpisodeFlaw: Error {
    case syntax(FieldScanner.Flaw)
    case word(String)
    case joints(Int)

    func of(_ topic: String, _ sequence: UInt32) -> EpisodeLogError {
        switch self {
        case .syntax(let flaw): .badMessage(topic: topic, sequence: sequence, byte: flaw.byte)
        case .word(let word): .unknownWord(word, topic: topic, sequence: sequence)
        case .joints(let count): .tooManyJoints(count)
        }
    }
}

// One function for each channel.
extension EpisodeGathering {
    private mutating func state(_ scanner: inout FieldScanner, _ tick: inout EpisodeTick) throws(EpisodeFlaw) {
        try each(&scanner) { gathering, key, scanner throws(EpisodeFlaw) in
            switch key {
            case "position_rad": try gathering.numbers(&scanner) { tick.joints[$0].position = Radians($1) }
            case "speed_rad_s": try gathering.numbers(&scanner) { tick.joints[$0].speed = RadiansPerSecond($1) }
            case "effort_nm": try gathering.numbers(&scanner) { tick.joints[$0].effort = NewtonMetres($1) }
            case "temperature_c": try gathering.numbers(&scanner) { tick.joints[$0].temperature = Celsius($1) }
            case "voltage_v": try gathering.numbers(&scanner) { tick.joints[$0].voltage = Volts($1) }
            case "age_s": try gathering.numbers(&scanner) { tick.joints[$0].age = Seconds($1) }
            case "sensors": try gathering.sensors(&scanner, &tick)
            case "alarm":
                try gathering.perJoint(&scanner) { _, joint, scanner throws(EpisodeFlaw) in
                    tick.joints[joint].alarm = UInt32(clamping: try scanner.whole())
                }
            default: try scanner.passOver()
            }
        }
    }

    private mutating func sensors(_ scanner: inout FieldScanner, _ tick: inout EpisodeTick) throws(EpisodeFlaw) {
        try each(&scanner) { gathering, name, scanner throws(EpisodeFlaw) in
            let known = gathering.sensors.firstIndex(of: name)
            let place = known ?? gathering.sensors.count
            guard place < tick.sensors.count else { throw .joints(place + 1) }
            if known == nil { gathering.sensors.append(name.alone) }
            tick.sensors[place] = try scanner.real()
        }
    }

    private mutating func action(_ scanner: inout FieldScanner, _ tick: inout EpisodeTick) throws(EpisodeFlaw) {
        var truths = Truths()
        try each(&scanner) { gathering, key, scanner throws(EpisodeFlaw) in
            switch key {
            case "requested": try gathering.numbers(&scanner) { truths.requested[$0].1 = $1 }
            case "supervised": try gathering.numbers(&scanner) { truths.supervised[$0].1 = $1 }
            case "acknowledged": try gathering.numbers(&scanner) { truths.acknowledged[$0].1 = $1 }
            case "requested_kind": try gathering.kinds(&scanner) { truths.requested[$0].0 = $1 }
            case "supervised_kind": try gathering.kinds(&scanner) { truths.supervised[$0].0 = $1 }
            case "acknowledged_kind": try gathering.kinds(&scanner) { truths.acknowledged[$0].0 = $1 }
            default: try scanner.passOver()
            }
        }
        for place in joints.indices {
            guard let joint = JointIndex(UInt8(place)) else { continue }
            tick.joints[joint].requested = RecordedCommand(truths.requested[joint])
            tick.joints[joint].supervised = RecordedCommand(truths.supervised[joint])
            tick.joints[joint].acknowledged = RecordedCommand(truths.acknowledged[joint])
        }
    }

    private mutating func verdict(_ scanner: inout FieldScanner, _ tick: inout EpisodeTick) throws(EpisodeFlaw) {
        try each(&scanner) { gathering, key, scanner throws(EpisodeFlaw) in
            switch key {
            case "mode": tick.verdict.mode = try scanner.word(of: gathering.words.modes)
            case "ruling": tick.verdict.ruling = try scanner.word(of: gathering.words.rulings)
            case "rule": tick.verdict.rule = try scanner.word(of: gathering.words.rules)
            case "rung": tick.verdict.rung = try scanner.word(of: gathering.words.rungs)
            case "fault": tick.verdict.fault = UInt8(clamping: try scanner.whole())
            case "objections":
                try gathering.perJoint(&scanner) { gathering, joint, scanner throws(EpisodeFlaw) in
                    tick.joints[joint].objection = try scanner.word(of: gathering.words.rules)
                }
            default: try scanner.passOver()
            }
        }
    }

    private mutating func timing(_ scanner: inout FieldScanner, _ tick: inout EpisodeTick) throws(EpisodeFlaw) {
        try each(&scanner) { _, key, scanner throws(EpisodeFlaw) in
            switch key {
            case "lateness_s": tick.timing.lateness = Seconds(try scanner.real())
            case "work_s": tick.timing.work = Seconds(try scanner.real())
            case "reading_s": tick.timing.reading = Seconds(try scanner.real())
            case "writing_s": tick.timing.writing = Seconds(try scanner.real())
            case "misses": tick.timing.misses = UInt32(clamping: try scanner.whole())
            case "retries": tick.timing.retries = UInt32(clamping: try scanner.whole())
            case "time_outs": tick.timing.timeOuts = UInt32(clamping: try scanner.whole())
            case "damaged": tick.timing.damaged = UInt32(clamping: try scanner.whole())
            default: try scanner.passOver()
            }
        }
    }

    private mutating func event(_ message: Message) throws(EpisodeFlaw) -> EpisodeEvent {
        var event = EpisodeEvent(kind: 0, tick: Tick(message.head.sequence), hostTime: message.head.logTime)
        var scanner = FieldScanner(message.data)
        try each(&scanner) { gathering, key, scanner throws(EpisodeFlaw) in
            switch key {
            case "kind": event.kind = try scanner.word(of: gathering.words.events)
            case "number": event.number = try scanner.whole()
            case "joint":
                event.joint = gathering.joints.firstIndex(of: try scanner.word()).flatMap { JointIndex(UInt8($0)) }
            default: try scanner.passOver()
            }
        }
        return event
    }
}

/// Kind and value of each joint's commands.
private struct Truths {
    var requested = PerJoint<(UInt8, Float)>(repeating: (0, .nan))
    var supervised = PerJoint<(UInt8, Float)>(repeating: (0, .nan))
    var acknowledged = PerJoint<(UInt8, Float)>(repeating: (0, .nan))
}

extension RecordedCommand {
    fileprivate init(_ parts: (UInt8, Float)) {
        switch Kind(rawValue: parts.0) {
        case .position: self = .position(Radians(parts.1))
        case .speed: self = .speed(RadiansPerSecond(parts.1))
        case .effort: self = .effort(NewtonMetres(parts.1))
        case .off, nil: self = .off
        }
    }
}

extension EpisodeTick {
    /// One of which nothing is told.
    fileprivate static var blank: EpisodeTick {
        let start = Timestamp(nanoseconds: 0)
        return EpisodeTick(
            tick: Tick(0), hostTime: start, deviceTime: start, joints: PerJoint(repeating: JointTick()))
    }
}

extension EpisodeTopic {
    fileprivate var bit: UInt8 {
        switch self {
        case .state: 1
        case .action: 2
        case .verdict: 4
        case .timing: 8
        case .events: 16
        }
    }
}
