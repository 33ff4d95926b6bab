/// The way through a damaged file.
struct SurveyWalk {
    let limits: ReadingLimits
    var window: RecordWindow
    private(set) var foundAnything = false
    private var statistics = Statistics()
    private var pieces: [Survey.Piece] = []
    private var damages: [Survey.Damage] = []
    private var isFinished = false
    private var unverified: UInt64 = 0
    private var profile = ""
    /// From the summary and from chunks, where a checksum vouches for them; and from elsewhere.
    private var trusted: Definitions
    private var loose = Definitions()
    private var hasChunks = false
    /// Messages that seem to stand outside chunks, found behind damage.
    private var doubtful: [(place: Int, bytes: Range<UInt64>, head: MessageHead)] = []
    private var isBehindDamage = false
    /// Whether the last thing was a damaged chunk, whose message indexes tell how much was in it.
    private var isCounting = false

    init(_ limits: ReadingLimits, definitions: Definitions) {
        self.limits = limits
        window = RecordWindow(limits)
        trusted = definitions
    }

    mutating func run<Source: ByteSource & ~Copyable>(_ source: borrowing Source) throws(RecordingError) {
        let magic = UInt64(MCAP.magic.count)
        let begins = try window.hasMagic(at: 0, of: source)
        foundAnything = begins
        var offset = begins ? magic : 0
        while offset < source.size, !isFinished {
            if let record = try soundRecord(at: offset, source) {
                try take(record, source)
                offset = record.end
            } else {
                offset = try passDamage(at: offset, source)
            }
        }
    }

    /// Goes on behind bytes that make no sense.
    private mutating func passDamage<Source: ByteSource & ~Copyable>(
        at offset: UInt64, _ source: borrowing Source
    ) throws(RecordingError) -> UInt64 {
        let next = try nextSound(behind: offset, source)
        isBehindDamage = true
        isCounting = true
        if let next {
            damages.append(Survey.Damage(bytes: offset..<next))
            return next
        }
        let cut = try CutChunk(at: offset, of: source, &window, limits)
        if let cut, !cut.messages.isEmpty {
            pieces.append(.cutChunk(offset))
            for message in cut.messages { statistics.count(message.head) }
            unverified += UInt64(cut.messages.count)
            learn(cut.definitions, isTrusted: false)
            hasChunks = true
            foundAnything = true
        }
        damages.append(Survey.Damage(bytes: offset..<source.size))
        return source.size
    }

    private mutating func take<Source: ByteSource & ~Copyable>(
        _ record: RawRecord, _ source: borrowing Source
    ) throws(RecordingError) {
        if record.kind != .messageIndex { isCounting = false }
        switch record.kind {
        case .header: profile = try Header(record).profile
        case .schema, .channel: try? loose.take(record)
        case .message: take(message: try Message(record), record)
        case .chunk: try take(chunk: record)
        case .messageIndex: if isCounting { countLost(try MessageIndex(record)) }
        case .attachment:
            pieces.append(.attachment(record.offset))
            statistics.attachments += 1
        case .metadata:
            pieces.append(.metadata(record.offset))
            statistics.metadata += 1
        case .footer: isFinished = true
        case nil: damages.append(Survey.Damage(bytes: record.offset..<record.end))
        default: break
        }
        if record.kind != nil { foundAnything = true }
    }

    private mutating func countLost(_ index: MessageIndex) {
        guard let last = damages.indices.last else { return }
        damages[last].messages = (damages[last].messages ?? 0) + UInt64(index.entries.count)
    }

    private mutating func take(message: Message, _ record: RawRecord) {
        if isBehindDamage {
            doubtful.append((pieces.count, record.offset..<record.end, message.head))
        } else {
            statistics.count(message.head)
        }
        pieces.append(.message(record.offset))
    }

    private mutating func take(chunk record: RawRecord) throws(RecordingError) {
        var records = try ChunkRecords(Chunk(record), at: record.offset, limits)
        var defined = Definitions()
        while let inner = try records.next() {
            if inner.kind == .message { statistics.count(try Message(inner).head) } else { try? defined.take(inner) }
        }
        learn(defined, isTrusted: true)
        pieces.append(.chunk(record.offset))
        statistics.chunks += 1
        hasChunks = true
    }

    private mutating func learn(_ definitions: Definitions, isTrusted: Bool) {
        if isTrusted { trusted.complete(with: definitions) } else { loose.complete(with: definitions) }
    }

    /// What is known of a channel; a message outside chunks is only believed when its channel is.
    func knows(_ channel: UInt16) -> Bool { trusted.channels[channel] != nil || loose.channels[channel] != nil }

    /// The result. Where messages are in chunks, what looks like one outside is a piece of a broken chunk.
    func drawUp(_ survey: inout Survey) {
        survey.isFinished = isFinished
        survey.damages = damages
        survey.statistics = statistics
        survey.unverified = unverified
        survey.profile = profile
        survey.pieces = pieces
        if hasChunks {
            let dropped = Set(doubtful.map(\.place))
            survey.pieces = pieces.indices.filter { !dropped.contains($0) }.map { pieces[$0] }
            survey.addDamages(doubtful.map(\.bytes))
        } else {
            for message in doubtful { survey.statistics.count(message.head) }
            survey.unverified += UInt64(doubtful.count)
        }
        survey.definitions = trusted
        survey.definitions.complete(with: loose)
        survey.nameless = Set(survey.statistics.messagesOfChannel.keys.filter { !knows($0) })
        survey.statistics.schemas = UInt16(truncatingIfNeeded: survey.definitions.schemas.count)
        survey.statistics.channels = UInt32(survey.definitions.channels.count + survey.nameless.count)
    }
}

extension Survey {
    /// Damages that touch become one.
    fileprivate mutating func addDamages(_ more: [Range<UInt64>]) {
        let all = (damages + more.map { Damage(bytes: $0) }).sorted { $0.bytes.lowerBound < $1.bytes.lowerBound }
        damages = []
        for damage in all {
            if let last = damages.indices.last, damages[last].bytes.upperBound >= damage.bytes.lowerBound {
                let end = max(damages[last].bytes.upperBound, damage.bytes.upperBound)
                damages[last].bytes = damages[last].bytes.lowerBound..<end
                if let count = damage.messages { damages[last].messages = (damages[last].messages ?? 0) + count }
            } else {
                damages.append(damage)
            }
        }
    }
}
