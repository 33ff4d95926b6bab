internal import CLinux
internal import Threads

/// The recorder's thread: takes entries, writes messages, closes chunks in time.
final class RecorderLoop<Entry: Sendable> {
    private let path: String
    private let layout: RecordingLayout<Entry>
    private let settings: RecorderSettings
    private let status: RecorderStatus
    private var entries: RingConsumer<Entry>
    private var writer: RecordingWriter<FileSink>
    private var line = JSONLine()
    private var lost: UInt64 = 0
    private var droppedSoFar: UInt64 = 0
    private var lastTime = Timestamp.zero
    /// When the ring was last seen empty: everything taken since then came later.
    private var lastEmpty = Moment.now()
    /// The same, for the oldest message that the system does not have yet.
    private var oldest: Moment?
    private var lastSync = Moment.now()
    private var longestExposure = Duration.zero

    /// How long the thread sleeps when there is nothing to do.
    private let pause = Duration.milliseconds(2)
    /// Not all at once, so that a chunk is closed in time even while the ring is full.
    private let entriesInOneGo = 128

    init(
        _ path: String, _ layout: RecordingLayout<Entry>, _ entries: consuming RingConsumer<Entry>,
        _ opening: RecordingExtras, _ settings: RecorderSettings, _ status: RecorderStatus
    ) throws(RecordingError) {
        self.path = path
        self.layout = layout
        self.settings = settings
        self.status = status
        var writer = try RecordingWriter(FileSink(creating: path), settings: settings.layout)
        for metadata in opening.metadata { try writer.write(metadata) }
        for attachment in opening.attachments { try writer.write(attachment) }
        for (place, channel) in layout.channels.enumerated() {
            try writer.define(channel, id: UInt16(place + 1))
        }
        try writer.define(RecorderNote.channel, id: RecorderNote.channelID)
        try writer.flush()
        try writer.sync()
        self.writer = writer
        self.entries = entries
    }

    func run() -> RecordingOutcome {
        while true {
            // Asked before the last look into the ring: what was handed over before the request is written.
            let ending = status.asked
            let taken = takeEntries()
            flushWhenDue()
            status.report(
                messages: writer.statistics.messages, dropped: entries.dropped, hasFailed: writer.failure != nil)
            if taken == entriesInOneGo { continue }
            if let ending { return finish(ending) }
            Moment.sleep(pause)
        }
    }

    private func takeEntries() -> Int {
        var taken = 0
        let moment = Moment.now()
        while taken < entriesInOneGo, let entry = entries.next() {
            taken += 1
            write(entry)
        }
        noteDrops()
        if writer.isHoldingMessages { oldest = oldest ?? lastEmpty }
        if taken < entriesInOneGo { lastEmpty = moment }
        return taken
    }

    private func write(_ entry: Entry) {
        lastTime = layout.logTime(entry)
        do throws(RecordingError) {
            for (place, channel) in layout.channels.enumerated() where channel.includes(entry) {
                line.clear()
                channel.write(entry, to: &line)
                let head = MessageHead(
                    channel: UInt16(place + 1), sequence: layout.sequence(entry), logTime: lastTime,
                    publishTime: layout.publishTime(entry))
                let bytes = line.bytes
                try writer.write(head, bytes.span)
            }
        } catch {
            lost += 1
        }
        if !writer.isHoldingMessages { wrote() }
    }

    /// What the ring had no room for is told in the recording itself, as soon as it is known.
    private func noteDrops() {
        guard entries.dropped != droppedSoFar else { return }
        droppedSoFar = entries.dropped
        line.clear()
        RecorderNote.channel.write(RecorderNote(dropped: droppedSoFar), to: &line)
        let head = MessageHead(channel: RecorderNote.channelID, sequence: 0, logTime: lastTime, publishTime: lastTime)
        let bytes = line.bytes
        try? writer.write(head, bytes.span)
    }

    private func flushWhenDue() {
        guard let oldest, Moment.now() - oldest >= settings.interval else { return }
        try? writer.flush()
        wrote()
    }

    /// The system has everything; perhaps the disk shall have it too.
    private func wrote() {
        guard let since = oldest else { return }
        longestExposure = max(longestExposure, Moment.now() - since)
        oldest = nil
        switch settings.syncing {
        case .everyChunk: sync()
        case .every(let span): if Moment.now() - lastSync >= span { sync() }
        case .atEnd: break
        }
    }

    private func sync() {
        guard writer.failure == nil else { return }
        try? writer.sync()
        lastSync = Moment.now()
    }

    private func finish(_ extras: RecordingExtras) -> RecordingOutcome {
        noteDrops()
        let isHolding = writer.isHoldingMessages
        try? writer.flush()
        if isHolding { wrote() }
        addLast(extras)
        var isFinished = true
        do throws(RecordingError) { try writer.writeEnd() } catch { isFinished = false }
        let hash = isFinished ? try? FileHash(of: FileSource(opening: path)) : nil
        return RecordingOutcome(
            path: path, messages: writer.statistics.messages, dropped: entries.dropped, lost: lost,
            failure: writer.failure, isFinished: isFinished, longestExposure: longestExposure, hash: hash)
    }

    private func addLast(_ extras: RecordingExtras) {
        let account = Metadata(
            name: RecorderNote.metadataName,
            texts: ["dropped_entries": "\(entries.dropped)", "messages": "\(writer.statistics.messages)"])
        do throws(RecordingError) {
            for attachment in extras.attachments { try writer.write(attachment) }
            for metadata in extras.metadata + [account] { try writer.write(metadata) }
        } catch {
            // The writer keeps it as its failure, and the outcome tells.
        }
    }
}

/// What a recorder says about itself.
struct RecorderNote: Sendable {
    let dropped: UInt64

    static let channelID: UInt16 = 1_000
    static let metadataName = "recorder"
    static let channel = JSONChannel<RecorderNote>(
        topic: "/recorder", name: "understudy.Recorder", summary: "what the recorder could not keep",
        fields: [
            .integer("dropped", "entries that found the ring full, since the start") { Int64(clamping: $0.dropped) }
        ])
}

extension RecordingWriter where Sink: ~Copyable {
    fileprivate mutating func define<Entry>(_ channel: JSONChannel<Entry>, id: UInt16) throws(RecordingError) {
        try add(channel.schema(id: id))
        try add(Channel(id: id, schema: id, topic: channel.topic, encoding: "json"))
    }
}

/// A moment of the machine's monotonic clock, for this thread's own waiting.
private struct Moment {
    let nanoseconds: Int64

    static func now() -> Moment { Moment(nanoseconds: clinux_monotonic_nanoseconds()) }

    static func sleep(_ span: Duration) {
        clinux_sleep(now().nanoseconds + span.components.attoseconds / 1_000_000_000)
    }

    static func - (later: Moment, earlier: Moment) -> Duration {
        .nanoseconds(later.nanoseconds - earlier.nanoseconds)
    }
}
