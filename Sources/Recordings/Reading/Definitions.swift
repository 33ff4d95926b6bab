/// The schemas and channels of a recording.
public struct Definitions: Equatable, Sendable {
    public internal(set) var schemas: [UInt16: Schema] = [:]
    public internal(set) var channels: [UInt16: Channel] = [:]

    /// The channels whose topics are these.
    public func channels(on topics: Set<String>) -> Set<UInt16> {
        Set(channels.values.filter { topics.contains($0.topic) }.map(\.id))
    }

    /// Takes a schema or a channel. The same number may only stand for the same thing.
    mutating func take(_ record: RawRecord) throws(RecordingError) {
        switch record.kind {
        case .schema:
            let schema = try Schema(record)
            guard schemas[schema.id] ?? schema == schema else {
                throw .redefined(id: schema.id, offset: record.offset)
            }
            schemas[schema.id] = schema
        case .channel:
            let channel = try Channel(record)
            guard channels[channel.id] ?? channel == channel else {
                throw .redefined(id: channel.id, offset: record.offset)
            }
            channels[channel.id] = channel
        default: break
        }
    }

    /// What `other` knows and this does not.
    mutating func complete(with other: Definitions) {
        schemas.merge(other.schemas) { mine, _ in mine }
        channels.merge(other.channels) { mine, _ in mine }
    }
}
