/// What a recording says of the bytes of its bus, call by call.
public struct BusLog: Sendable {
    static let topic = "/bus"

    /// Empty where the recording keeps no bytes.
    public let calls: [BusRecord]

    public init(calls: [BusRecord]) { self.calls = calls }

    public init<Source: ByteSource & ~Copyable>(
        _ reader: borrowing RecordingReader<Source>
    ) throws(EpisodeLogError) {
        let channels = reader.definitions.channels.values.filter { $0.topic == Self.topic }.map(\.id)
        var (calls, flaw) = ([BusRecord](), EpisodeLogError?.none)
        do throws(RecordingError) {
            try reader.forEachMessage(on: Set(channels)) { message in
                guard flaw == nil else { return }
                do throws(FieldScanner.Flaw) { calls.append(try BusRecord(message)) } catch {
                    flaw = .badMessage(topic: Self.topic, sequence: message.head.sequence, byte: error.byte)
                }
            }
        } catch { throw .recording(error) }
        if let flaw { throw flaw }
        self.calls = calls.sorted { $0.number < $1.number }
    }
}

extension BusRecord {
    fileprivate init(_ message: Message) throws(FieldScanner.Flaw) {
        var record = BusRecord(
            number: message.head.sequence, verb: "", hostTime: message.head.logTime, deadline: 0, rotation: 0)
        var scanner = FieldScanner(message.data)
        try scanner.members { key, scanner throws(FieldScanner.Flaw) in
            switch key {
            case "verb": record.verb = try scanner.text()
            case "deadline_ns": record.deadline = try scanner.integer()
            case "rotation": record.rotation = UInt32(clamping: try scanner.integer())
            case "goals": record.goals = try scanner.text()
            case "steps": record.steps = try scanner.text()
            case "lost": record.lost = UInt64(clamping: try scanner.integer())
            default: try scanner.skip()
            }
        }
        self = record
    }
}
