internal import Quantities

/// An episode as its recording tells it: what the control loop handed over, tick by tick, with what belongs to it.
///
/// The inverse of what a recorder with the layout `.episode` writes: every number comes back with its bits.
public struct EpisodeLog: Sendable {
    public let joints: [String]
    /// What is measured beside the joints, by name, in the order of each tick's numbers.
    public let sensors: [String]
    public let ticks: [EpisodeTick]
    public let events: [EpisodeEvent]
    /// Named texts, by name.
    public let texts: [String: [String: String]]
    /// Files inside the recording, by name.
    public let files: [String: [UInt8]]

    /// Ticks between the first and the last that are not there: the recorder had no room for them.
    public var missing: Int {
        guard let first = ticks.first, let last = ticks.last else { return 0 }
        return Int((last.tick - first.tick).rawValue) + 1 - ticks.count
    }

    /// Reads all of it. The words have to be those that the recording was written with.
    public init<Source: ByteSource & ~Copyable>(
        _ reader: borrowing RecordingReader<Source>, words: EpisodeWords
    ) throws(EpisodeLogError) {
        let known = reader.definitions.channels.values
        let missing = EpisodeTopic.needed.filter { topic in !known.contains { $0.topic == topic.rawValue } }
        guard missing.isEmpty else { throw .missingChannels(missing.map(\.rawValue)) }
        var gathering = EpisodeGathering(words: words)
        do throws(RecordingError) {
            try gathering.take(reader)
            texts = try Self.texts(reader)
            files = try Self.files(reader)
        } catch { throw .recording(error) }
        if let flaw = gathering.flaw { throw flaw }
        guard !gathering.ticks.isEmpty else { throw .noTicks }
        joints = gathering.joints.map(\.text)
        sensors = gathering.sensors.map(\.text)
        ticks = gathering.ticks
        events = gathering.events
    }

    private static func texts<Source: ByteSource & ~Copyable>(
        _ reader: borrowing RecordingReader<Source>
    ) throws(RecordingError) -> [String: [String: String]] {
        var all: [String: [String: String]] = [:]
        for index in reader.metadata {
            let entry = try reader.metadata(index)
            all[entry.name, default: [:]].merge(entry.texts) { _, later in later }
        }
        return all
    }

    private static func files<Source: ByteSource & ~Copyable>(
        _ reader: borrowing RecordingReader<Source>
    ) throws(RecordingError) -> [String: [UInt8]] {
        var all: [String: [UInt8]] = [:]
        for index in reader.attachments {
            let file = try reader.attachment(index)
            all[file.name] = file.data
        }
        return all
    }
}

/// Why a recording is no episode of this house.
public enum EpisodeLogError: Error, Equatable, Sendable {
    case recording(RecordingError)
    /// It has been written by somebody else, or in part.
    case missingChannels([String])
    /// A message does not read as its channel promises.
    case badMessage(topic: String, sequence: UInt32, byte: Int)
    /// A word that this version has no number for.
    case unknownWord(String, topic: String, sequence: UInt32)
    case tooManyJoints(Int)
    /// One channel tells of a tick that another one does not.
    case halfTick(UInt32, lacks: String)
    case noTicks
}

/// The channels of an episode.
enum EpisodeTopic: String, CaseIterable {
    case state = "/state"
    case action = "/action"
    case verdict = "/verdict"
    case timing = "/timing"
    case events = "/events"

    /// Without these there is nothing to go by.
    static let needed: [EpisodeTopic] = [.state, .action, .verdict, .timing]
}
